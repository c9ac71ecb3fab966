#include "machine.hpp"

#include <cstdlib>
#include <ctime>
#include <fstream>
#include <sstream>
#include <thread>

#include "clock.hpp"

namespace wengert::mode_costs {

namespace {

// Of the first processor: the text behind the colon.
std::string entry(const char* name) {
  std::ifstream file("/proc/cpuinfo");
  for (std::string line; std::getline(file, line);)
    if (line.rfind(name, 0) == 0)
      if (const auto at = line.find(": "); at != std::string::npos) return line.substr(at + 2);
  return "unknown";
}

// Those that make a difference to the numbers.
std::string vector_features() {
  std::istringstream flags(entry("flags"));
  std::string out;
  for (std::string flag; flags >> flag;)
    if (flag == "avx" || flag == "avx2" || flag == "fma" || flag == "avx512f" || flag == "avx512dq")
      out += (out.empty() ? "" : " ") + flag;
  return out;
}

}  // namespace

Machine this_machine(std::string commit) {
  Machine m;
  m.processor = entry("model name");
  m.features = vector_features();
#if defined(__clang__)
  m.compiler = "Clang " __clang_version__;
#else
  m.compiler = "GCC " __VERSION__;
#endif
  m.commit = std::move(commit);
  m.cores = std::thread::hardware_concurrency();
  double load[1] = {0};
  if (getloadavg(load, 1) == 1) m.load = load[0];
  m.clock_step = clock_step();
  const std::time_t now = std::time(nullptr);
  char text[32];
  std::strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", std::gmtime(&now));
  m.when = text;
  return m;
}

}  // namespace wengert::mode_costs
