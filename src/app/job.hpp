// One call of the command line from its words to its exit status.
#pragma once
#include "app/command_line.hpp"
#include "app/options.hpp"
#include "app/report.hpp"
#include "wengert/session/session.hpp"

namespace wengert::app {

// Gives the session the values of --at and of NAME=VALUE words; what is wrong with them otherwise.
std::optional<Diagnostic> give_values(Session& session, const Words& words, const Options& options);

// Everything but help and the prompt.
void run_job(const Words& words, const Options& options, Report& report);
// `fmt`.
void run_format(const Words& words, const Options& options, Report& report);

}  // namespace wengert::app
