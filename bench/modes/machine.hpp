// On what a run was made.
#pragma once
#include <string>

namespace wengert::mode_costs {

struct Machine {
  std::string processor, features, compiler, commit, when;
  unsigned cores = 0;
  double load = 0;        // runnable programs, over the last minute
  double clock_step = 0;  // seconds: the smallest that the clock shows
};

Machine this_machine(std::string commit);

}  // namespace wengert::mode_costs
