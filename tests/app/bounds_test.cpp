// The table of limits in docs/conventions.md against the limits.
#include <doctest/doctest.h>

#include <cstdlib>
#include <fstream>
#include <map>
#include <sstream>
#include <string>

#include "app/options.hpp"

using namespace wengert;
using namespace wengert::app;

namespace {

// "50,000,000", "100 MB", "10 s"; none is 0.
double amount(std::string text) {
  std::erase(text, ',');
  if (text == "none") return 0;
  const double number = std::strtod(text.c_str(), nullptr);
  return text.ends_with("MB") ? number * 1e6 : text.ends_with("GB") ? number * 1e9 : number;
}

// By name: outside of a sandbox, and in it.
std::map<std::string, std::pair<double, double>> table() {
  std::ifstream page(std::string(WENGERT_SOURCE) + "/docs/conventions.md");
  std::map<std::string, std::pair<double, double>> rows;
  std::string line;
  bool within = false;
  while (std::getline(page, line)) {
    if (line.starts_with("| name | limit |")) within = true;
    if (!within || !line.starts_with("| ") || line.starts_with("| name")) continue;
    std::istringstream cells(line.substr(1));
    std::string name, limit, tight;
    std::getline(cells, name, '|');
    std::getline(cells, limit, '|');
    std::getline(cells, tight, '|');
    const auto trimmed = [](const std::string& s) { return s.substr(1, s.size() - 2); };
    rows[trimmed(name)] = {amount(trimmed(limit)), amount(trimmed(tight))};
  }
  return rows;
}

std::map<std::string, double> limits(const Bounds& b) {
  return {{"text", static_cast<double>(b.text.text)},
          {"brackets", b.text.brackets},
          {"nodes", static_cast<double>(b.text.nodes)},
          {"elements", static_cast<double>(b.text.elements)},
          {"repetitions", static_cast<double>(b.text.repetitions)},
          {"calls", b.text.calls},
          {"digits", b.digits},
          {"time", b.seconds},
          {"memory", static_cast<double>(b.memory)}};
}

}  // namespace

TEST_CASE("the limits are those of the table in the conventions, in a sandbox and outside") {
  const auto written = table();
  const auto usual = limits(Bounds{}), tight = limits(sandbox_bounds());
  CHECK(written.size() == usual.size());
  for (const auto& [name, row] : written) {
    CAPTURE(name);
    REQUIRE(usual.contains(name));
    CHECK(usual.at(name) == row.first);
    CHECK(tight.at(name) == row.second);
  }
}
