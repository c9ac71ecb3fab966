// The prompt (REPL): the language as input, commands after a colon.
#pragma once
#include "app/command_line.hpp"
#include "app/options.hpp"
#include "app/report.hpp"

namespace wengert::app {

void run_prompt(const Words& words, const Options& options, Report& report);

}  // namespace wengert::app
