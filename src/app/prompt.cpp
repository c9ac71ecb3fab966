#include "app/prompt.hpp"

#include <unistd.h>

#include <cstdlib>

#include "app/conversation.hpp"
#include "app/files.hpp"
#include "app/help.hpp"
#include "app/interrupt.hpp"
#include "app/job.hpp"
#include "app/line_reader.hpp"
#include "parse.hpp"

namespace wengert::app {

namespace {

// An entry of several lines comes back as one line where newlines mean nothing.
std::string one_line(std::string entry) {
  if (entry.find_first_of("#{") != std::string::npos) return entry;
  for (char& c : entry)
    if (c == '\n') c = ' ';
  return entry;
}

template <class Lines>
void talk(Conversation& conversation, Lines& lines) {
  std::string entry;
  while (!conversation.over()) {
    const LineRead read = lines.read(entry.empty() ? "> " : ". ");
    if (read.outcome == LineRead::Outcome::end) return;
    if (read.outcome == LineRead::Outcome::interrupted) {
      entry.clear();
      continue;
    }
    entry += (entry.empty() ? "" : "\n") + read.text;
    if (entry.find_first_not_of(" \t\n") == std::string::npos) {
      entry.clear();
      continue;
    }
    if (entry[entry.find_first_not_of(" \t\n")] != ':' && continues(entry)) continue;
    lines.remember(one_line(entry));
    take_interrupt();
    limit_time(conversation.seconds(), Overrun::is_asked_for, false);
    conversation.enter(entry);
    limit_time(0, Overrun::is_asked_for, false);
    if (take_interrupt()) std::fputs("interrupted\n", stderr);
    entry.clear();
  }
}

}  // namespace

void run_prompt(const Words& words, const Options& options, Report& report) {
  interrupts_are_noted();
  Conversation conversation(options, report);
  if (const std::optional<Diagnostic> wrong = give_values(conversation.session(), words, options))
    return report.error(*wrong, conversation.session().sources());
  const std::string start = options.sandbox ? "" : start_up_file();
  if (!options.no_config && !start.empty() && access(start.c_str(), R_OK) == 0) conversation.load(start);
  const char* terminal = std::getenv("TERM");
  const bool plain = !on_terminal(stdout) || terminal == nullptr || std::string_view(terminal) == "dumb";
  if (plain) {
    PlainLines lines;
    talk(conversation, lines);
  } else {
    report.answer(version_line().substr(0, version_line().size() - 1) + "   :help for help, Ctrl-D ends\n");
    EditedLines lines(options.sandbox ? "" : history_file(), [&](const std::string& before, const std::string& word) {
      return conversation.completions(before, word);
    });
    talk(conversation, lines);
  }
  report.forget();  // what went wrong was said; the conversation itself went well
}

}  // namespace wengert::app
