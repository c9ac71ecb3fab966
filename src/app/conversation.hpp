// A session at the prompt without its terminal: each entry is a program or a command.
//
//   Conversation c(options, report);
//   c.enter("x = 2");  c.enter("x^2");  c.enter(":grad x^2");
#pragma once
#include <string>
#include <vector>

#include "app/answer.hpp"
#include "app/exercises.hpp"
#include "app/options.hpp"
#include "app/report.hpp"

namespace wengert::app {

class Conversation {
 public:
  Conversation(const Options& options, Report& report);

  void enter(const std::string& entry);
  bool over() const { return over_; }
  Session& session() { return session_; }
  double seconds() const { return options_.bounds.seconds; }  // for one entry
  // Runs a file; what it answers is printed.
  bool load(const std::string& path);
  std::vector<std::string> completions(const std::string& before, const std::string& word) const;

 private:
  struct Command {
    std::string_view name, usage, help;
    void (Conversation::*act)(const std::string& rest);
  };
  static const std::vector<Command>& own_commands();

  void statements(const std::string& source, const std::string& text);
  void command(const std::string& text);
  void exercise(Task task, const std::string& answer, const Options& options);
  void question(const CommandInfo& command, const std::string& rest);

  void do_help(const std::string& rest);
  void do_list(const std::string& rest);
  void do_info(const std::string& rest);
  void do_mode(const std::string& rest);
  void do_load(const std::string& rest);
  void do_save(const std::string& rest);
  void do_set(const std::string& rest);
  void do_reset(const std::string& rest);
  void do_undo(const std::string& rest);
  void do_time(const std::string& rest);
  void do_quit(const std::string& rest);

  void configure();
  void say(const std::string& line);
  void fail(const Diagnostic& error);
  void keep_answer();

  Options options_;
  Report& report_;
  Session session_;
  Answerer answerer_;
  std::optional<Exercise> exercise_;
  bool over_ = false;
};

}  // namespace wengert::app
