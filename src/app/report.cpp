#include "app/report.hpp"

#include <unistd.h>

#include <cstdio>
#include <cstdlib>

#include "app/interrupt.hpp"
#include "app/layout.hpp"

namespace wengert::app {

int exit_status(Kind kind) {
  switch (kind) {
    case Kind::usage:
      return status::usage;
    case Kind::domain:
    case Kind::internal:
      return status::no_number;
    case Kind::singular:
    case Kind::memory:
      return status::no_number;
    case Kind::interrupted:
      return status::interrupted;
    default:
      return status::text;
  }
}

bool on_terminal(std::FILE* stream) { return isatty(fileno(stream)) != 0; }

void Report::configure(const Options& options) {
  json_ = options.json;
  quiet_ = options.quiet;
  strict_ = options.strict;
  const auto colored = [&](std::FILE* stream) {
    if (options.color != When::automatic) return options.color == When::always;
    const char* refused = std::getenv("NO_COLOR");
    const char* terminal = std::getenv("TERM");
    return (refused == nullptr || *refused == '\0') && terminal != nullptr && std::string_view(terminal) != "dumb" &&
           on_terminal(stream);
  };
  color_out_ = !json_ && colored(stdout);
  color_err_ = colored(stderr);
  progress_.allow(!json_ && !quiet_);
}

void Report::answer(std::string_view text) {
  progress_.clear();
  std::fwrite(text.data(), 1, text.size(), stdout);
  std::fflush(stdout);
}

void Report::answer(const Json& line) { answer(line.text() + "\n"); }

bool Report::flush() { return std::fflush(stdout) == 0 && std::ferror(stdout) == 0; }

void Report::remark(std::string_view line) {
  if (quiet_ || json_) return;
  progress_.clear();
  std::fwrite(line.data(), 1, line.size(), stderr);
  std::fputc('\n', stderr);
}

void Report::complain(const Diagnostic& diagnostic, const Sources& sources, std::string_view severity,
                      std::string_view color) {
  std::string text = repaired(render(diagnostic, sources, severity));
  if (color_err_ && text.starts_with(severity))
    text = std::string(color) + std::string(severity) + "\x1b[0m" + text.substr(severity.size());
  std::fflush(stdout);
  progress_.clear();
  std::fwrite(text.data(), 1, text.size(), stderr);
}

void Report::error(const Diagnostic& given, const Sources& sources, std::string_view input) {
  Diagnostic diagnostic = given;
  if (diagnostic.kind == Kind::interrupted && !take_interrupt() && out_of_time()) {
    diagnostic.kind = Kind::limit;
    diagnostic.message = "this takes longer than the limit of " + duration(time_limit());
    diagnostic.help = "raise it: --limit time=1min";
  }
  raise(exit_status(diagnostic.kind));
  if (!json_) return complain(diagnostic, sources, "error", "\x1b[1;31m");
  Json line;
  line.open('{').key("schema").number(std::uint64_t{1}).key("input").string(input).key("error").open('{');
  put_diagnostic(line, diagnostic, sources);
  line.close('}').close('}');
  answer(line);
}

void Report::warnings(const std::vector<Diagnostic>& warnings, const Sources& sources) {
  for (const Diagnostic& warning : warnings) {
    if (warning.kind == Kind::note) continue;
    if (strict_) raise(status::no_number);
    if (json_ || quiet_) continue;
    const Span& at = warning.span;
    std::string what = std::string(to_string(warning.kind)) + ' ';
    what += at.known() ? std::to_string(at.source) + ':' + std::to_string(at.begin) + '-' + std::to_string(at.end) : warning.message;
    if (told_.insert(std::move(what)).second) complain(warning, sources, "warning", "\x1b[1;33m");
  }
}

void Report::notes(const std::vector<Diagnostic>& notes, const Sources& sources) {
  for (const Diagnostic& note : notes) {
    if (note.kind != Kind::note)
      warnings({note}, sources);
    else if (!json_ && !quiet_ && on_terminal(stderr))
      complain(note, sources, "note", "\x1b[1;36m");
  }
}

void put_diagnostic(Json& json, const Diagnostic& diagnostic, const Sources& sources) {
  json.key("kind").string(to_string(diagnostic.kind)).key("message").string(diagnostic.message);
  if (diagnostic.span.known()) {
    const Position place = sources.position(diagnostic.span);
    json.key("source").string(sources.name(diagnostic.span.source));
    json.key("line").number(std::uint64_t{place.line}).key("column").number(std::uint64_t{place.column});
    json.key("length").number(std::uint64_t{place.length});
  }
  if (!diagnostic.help.empty()) json.key("help").string(diagnostic.help);
}

}  // namespace wengert::app
