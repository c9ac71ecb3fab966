#include "c_placement.hpp"

namespace wengert::exec {

namespace {

using std::to_string;

// The second one decides the steps; where they do not fit, the first stays alone, without steps.
bool fits(CRun& run, const std::int64_t (&at)[4]) {
  CRun longer = run;
  for (int j = 0; j < 4; ++j) {
    if (run.count == 1) longer.step[j] = at[j] - run.first[j];
    if (longer.step[j] < 0 || at[j] != run.first[j] + run.count * longer.step[j]) return false;
  }
  run = longer;
  return true;
}

}  // namespace

void CRuns::add(const std::int64_t (&at)[4]) {
  if (open_ && fits(all.back(), at)) {
    ++all.back().count;
    return;
  }
  CRun run;
  run.count = 1;
  for (int j = 0; j < 4; ++j) {
    run.first[j] = at[j];
    run.step[j] = 0;
  }
  all.push_back(run);
  open_ = true;
}

std::string c_affine(std::int64_t first, std::int64_t step) {
  if (step == 0) return to_string(first);
  const std::string k = step == 1 ? "k" : to_string(step) + " * k";
  return first == 0 ? k : to_string(first) + " + " + k;
}

std::string c_run(const CRun& run, const std::string& body) {
  if (run.count == 1) return "  " + body + "\n";
  return "  for (size_t k = 0; k < " + to_string(run.count) + "; ++k) " + body + "\n";
}

}  // namespace wengert::exec
