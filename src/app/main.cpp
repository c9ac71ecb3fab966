// The program `wengert`.
#include <sys/resource.h>

#include <algorithm>
#include <csignal>
#include <cstdio>
#include <exception>
#include <new>

#include "app/command_line.hpp"
#include "app/help.hpp"
#include "app/interrupt.hpp"
#include "app/job.hpp"
#include "app/options.hpp"
#include "app/prompt.hpp"
#include "app/report.hpp"
#include "app/usage.hpp"

namespace wengert::app {
namespace {

void print_help(const Words& words, Report& report) {
  if (words.asks_for_help && words.command->task != Task::everything && words.command->task != Task::help)
    return report.answer(*help_on(std::string(words.command->name)));
  if (words.topics.empty()) return report.answer(help());
  for (const std::string& topic : words.topics) {
    if (const std::optional<std::string> text = help_on(topic)) {
      report.answer(*text);
      continue;
    }
    const std::optional<std::string> meant = topic_meant(topic);
    report.error(
        usage("there is no command and no function `" + topic + "`", meant ? "did you mean `" + *meant + "`?" : ""),
        Sources());
  }
}

void act(const Words& words, const Options& options, Report& report) {
  if (options.version) return report.answer(version_line());
  const Task task = words.command->task;
  if (task == Task::help || words.asks_for_help) return print_help(words, report);
  if (task == Task::format) return run_format(words, options, report);
  const bool idle = task == Task::everything && words.questions.empty() && words.files.empty() && words.values.empty();
  if (!idle) return run_job(words, options, report);
  if (on_terminal(stdin)) return run_prompt(words, options, report);
  Words script = words;
  script.files.emplace_back("-");
  run_job(script, options, report);
}

void limit_memory(std::uint64_t bytes) {
  rlimit most{};
  getrlimit(RLIMIT_AS, &most);
  most.rlim_cur = std::min<rlim_t>(most.rlim_max, bytes);
  setrlimit(RLIMIT_AS, &most);
}

bool asks_for_json(const std::vector<std::string_view>& words) {
  for (const std::string_view word : words)
    if (word == "--json") return true;
  return false;
}

int run(const std::vector<std::string_view>& arguments) {
  Report report;
  Options first;
  first.json = asks_for_json(arguments);  // so that a mistake among the words is reported in JSON too
  report.configure(first);
  const Result<Words> words = split(arguments);
  if (!words) {
    report.error(words.error(), Sources());
    return report.exit_code();
  }
  if (words->command->task == Task::later && !words->asks_for_help) {
    report.error(usage("the command `" + std::string(words->command->name) + "` is not available yet"), Sources());
    return report.exit_code();
  }
  const Result<Options> options = parse_options(words->options, *words->command);
  if (!options) {
    report.error(options.error(), Sources());
    return report.exit_code();
  }
  report.configure(*options);
  if (options->bounds.memory > 0) limit_memory(options->bounds.memory);
  try {
    act(*words, *options, report);
  } catch (const std::bad_alloc&) {
    report.error({.kind = Kind::memory, .message = "there is not enough memory"}, Sources());
  } catch (const Stopped& stopped) {
    report.error(stopped.diagnostic, Sources());
  } catch (const std::exception& error) {
    report.error({.kind = Kind::internal, .message = error.what()}, Sources());
  }
  if (!report.flush()) {
    std::fputs("error: cannot write the answer\n", stderr);
    report.raise(status::no_number);
  }
  return report.exit_code();
}

}  // namespace
}  // namespace wengert::app

int main(int count, char** words) {
  std::signal(SIGPIPE, SIG_DFL);  // a reader that has gone ends the process quietly
  wengert::app::interrupts_end_the_process();
  return wengert::app::run(std::vector<std::string_view>(words + 1, words + count));
}
