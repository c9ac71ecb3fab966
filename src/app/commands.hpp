// The commands and options of the command line: one table for reading words, for help and for the prompt.
#pragma once
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace wengert::app {

// What a command does with its answers; `later` commands are known by name only.
enum class Task : std::uint8_t {
  everything,
  eval,
  diff,
  grad,
  jacobian,
  hessian,
  jvp,
  vjp,
  simplify,
  latex,
  taylor,
  trace,
  paths,
  eliminate,
  steps,
  kinks,
  blame,
  stability,
  gradcheck,
  cost,
  bench,
  minimize,
  check,
  why,
  graph,
  exercise,
  page,
  plot,
  codegen,
  run,
  format,
  help,
  later
};

struct CommandInfo {
  std::string_view name;
  std::string_view usage;  // what follows the name
  std::string_view help;   // one line
  Task task = Task::later;
  std::string_view options = {};  // those beyond the shared ones, separated by blanks
  std::string_view example = {};
};

struct OptionInfo {
  std::string_view name;   // "--mode", "-e"
  std::string_view value;  // what it takes, for help; empty for a flag
  std::string_view help;
  bool shared = true;  // belongs to every command
};

std::span<const CommandInfo> commands();
const CommandInfo* find_command(std::string_view name);
// The job without a command: value, every derivative, agreement and cost.
const CommandInfo& main_job();

std::span<const OptionInfo> options();
const OptionInfo* find_option(std::string_view name);
// True if the command's answer needs the values of all inputs.
bool needs_values(Task task);
// True if the command tells of sweeps of doubles: `--digits` is how many digits of them are shown.
bool shows_doubles(Task task);
// True if the command takes the option.
bool takes(const CommandInfo& command, const OptionInfo& option);

// The names of all options, for suggestions.
std::vector<std::string> option_names();

}  // namespace wengert::app
