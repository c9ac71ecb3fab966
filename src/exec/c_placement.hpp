// Numbers put where they stand, as loops of C.
#pragma once
#include <cstdint>
#include <string>
#include <vector>

namespace wengert::exec {

constexpr std::size_t most_runs = 100;  // in one function

// Numbers whose places, of up to four kinds (such as the place among the nonzeros, the row, ...), all are affine.
struct CRun {
  std::int64_t count = 0;
  std::int64_t first[4], step[4];
};

class CRuns {
 public:
  std::vector<CRun> all;
  void begin() { open_ = false; }  // what comes is no part of the last run
  void add(const std::int64_t (&at)[4]);

 private:
  bool open_ = false;
};

// "a + 3 * k"
std::string c_affine(std::int64_t first, std::int64_t step);
// The body for all k, or for the only one.
std::string c_run(const CRun& run, const std::string& body);

}  // namespace wengert::exec
