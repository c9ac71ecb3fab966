// Where answers and complaints go, and what the exit status becomes.
//
// Answers go to standard output, complaints to standard error; with --json both are objects on standard output.
#pragma once
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "app/json.hpp"
#include "app/options.hpp"
#include "app/progress.hpp"
#include "wengert/core/diagnostic.hpp"
#include "wengert/core/source.hpp"

namespace wengert::app {

namespace status {
inline constexpr int done = 0, no_number = 1, usage = 2, text = 3, disagree = 4, interrupted = 130;
}

int exit_status(Kind kind);

// True where answers, or complaints, are read by a person at a terminal.
bool on_terminal(std::FILE* stream);

class Report {
 public:
  void configure(const Options& options);
  bool json() const { return json_; }
  bool colored() const { return color_out_; }

  void answer(std::string_view text);  // with its newline
  void answer(const Json& line);
  void error(const Diagnostic& diagnostic, const Sources& sources, std::string_view input = {});
  // For people only: in JSON they are part of the answer. What a place of the program is warned of once is not
  // said again.
  void warnings(const std::vector<Diagnostic>& warnings, const Sources& sources);
  void notes(const std::vector<Diagnostic>& notes, const Sources& sources);
  void remark(std::string_view line);  // a line for people on standard error

  // Shown on a terminal where it lasts; what is written here takes it away.
  Progress& progress() { return progress_; }

  void raise(int exit_status) {
    if (status_ == status::done) status_ = exit_status;
  }
  int exit_code() const { return status_; }
  void forget() { status_ = status::done; }
  void warn_anew() { told_.clear(); }
  // Hands over what was written; false if that is impossible (a full disk).
  bool flush();

 private:
  void complain(const Diagnostic& diagnostic, const Sources& sources, std::string_view severity,
                std::string_view color);
  bool json_ = false, quiet_ = false, strict_ = false, color_out_ = false, color_err_ = false;
  int status_ = status::done;
  std::set<std::string> told_;
  Progress progress_;
};

// "kind", "message", where it is, "help": the fields of an error or a warning.
void put_diagnostic(Json& json, const Diagnostic& diagnostic, const Sources& sources);

}  // namespace wengert::app
