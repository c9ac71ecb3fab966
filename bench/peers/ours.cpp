// Our side of the comparison with peers: the data of every problem, what must come out, and our own time.
//
//   bench_peers data FOLDER                     problems.json and numbers.bin, which every adapter reads
//   bench_peers time SECONDS                    for every line "NAME SIZE TASK" on its input a line of JSON
//
// The problems, their data and their programs are those of the speed table; Taylor coefficients are stated here.
#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <nlohmann/json.hpp>
#include <numeric>
#include <sstream>
#include <string_view>

#include "../speed/engines.hpp"
#include "timing.hpp"
#include "wengert/modes/taylor.hpp"
#include "wengert/rules/functions.hpp"

namespace wengert::bench {
namespace {

using peers::Json;
using peers::measure;
constexpr const char* tasks[] = {"gradient", "gradients of a batch", "jacobian",
                                 "hessian",  "sparse jacobian",      "sparse hessian"};
constexpr std::string_view compared[] = {
    "lecture", "speelpenning", "rosenbrock", "logsumexp-chain", "network", "mixture", "bundle", "mlp", "chain"};
constexpr int taylor_orders[] = {5, 20};
constexpr double taylor_x = 2, taylor_z = 3;

std::vector<Problem> chosen() {
  std::vector<Problem> all = problems();
  std::erase_if(all, [](const Problem& p) {
    return std::find(std::begin(compared), std::end(compared), p.name) == std::end(compared);
  });
  return all;
}

struct Taylor {
  Graph graph;
  Expr x = variable(graph, "x"), z = variable(graph, "z");
  Expr y = exp(x * z) + x * z / log(x) + sin(log(x)) / (x * z);
  TaylorCoefficients coefficients(int order) const { return taylor_along(graph, y.id, point(), direction(), order); }
  Point point() const { return {{x.id, {taylor_x}}, {z.id, {taylor_z}}}; }
  Point direction() const { return {{x.id, {1.0}}}; }
};

// Appends numbers to the one file, and says where they stand.
class Numbered {
 public:
  explicit Numbered(const std::string& path) : file_(path, std::ios::binary) {}
  Json add(const double* x, std::size_t count) {
    file_.write(reinterpret_cast<const char*>(x), static_cast<std::streamsize>(count * sizeof(double)));
    const std::size_t at = std::exchange(count_, count_ + count);
    return {{"offset", at}, {"count", count}};
  }
  Json add(const std::vector<double>& x) { return add(x.data(), x.size()); }

 private:
  std::ofstream file_;
  std::size_t count_ = 0;
};

Json described(const std::string& name, std::size_t size, const std::string& task, std::size_t points) {
  return {{"problem", name}, {"size", size}, {"task", task}, {"points", points}};
}

int write_data(const std::string& folder) {
  Numbered numbers(folder + "/numbers.bin");
  Json all = Json::array();
  for (const Problem& p : chosen()) {
    Json j = described(p.name, p.size, tasks[static_cast<int>(p.work)], p.points);
    for (const Given& g : p.inputs) {
      Json i = numbers.add(g.numbers);
      i["name"] = g.name, i["rows"] = g.shape.rows, i["cols"] = g.shape.cols, i["by"] = g.by;
      j["inputs"].push_back(i);
    }
    const auto hand = by_hand(p);
    hand->call();
    for (const auto& result : hand->out) j["results"].push_back(numbers.add(result));
    all.push_back(j);
  }
  const Taylor taylor;
  for (const int order : taylor_orders) {
    Json j = described("taylor", static_cast<std::size_t>(order), "coefficients", 1);
    for (const auto& [name, value] : {std::pair{"x", taylor_x}, std::pair{"z", taylor_z}}) {
      Json i = numbers.add(&value, 1);
      i["name"] = name, i["rows"] = 1, i["cols"] = 1, i["by"] = true;
      j["inputs"].push_back(i);
    }
    j["results"].push_back(numbers.add(taylor.coefficients(order).at(0)));
    all.push_back(j);
  }
  std::ofstream(folder + "/problems.json") << all.dump(1) << "\n";
  return 0;
}

// By both engines; the faster of them is our time. A long tape is not worth compiling.
Json ours(const Problem& p, double seconds) {
  Json best{{"gap", "no engine takes it"}};
  Json by_engine;
  for (const bool native : {false, true}) {
    if (native && p.name == "chain") continue;
    try {
      const auto ready = engine(p, exec::widest_instructions(), native);
      Json e;
      e["engine"] = native ? "native" : "interpreter", e["prepare_seconds"] = ready->prepared;
      measure(e, ready->call, seconds / 2);
      by_engine[e["engine"].get<std::string>()] = e["seconds"];
      if (!best.contains("seconds") || e["seconds"] < best["seconds"]) best = e;
    } catch (const std::exception& why) {  // nothing of it can be compiled
      if (!best.contains("seconds")) best["gap"] = why.what();
    }
  }
  best["by_engine"] = by_engine;
  return best;
}

Json ours_of_taylor(int order, double seconds) {
  const Taylor taylor;
  const TaylorSeries series(taylor.graph, taylor.y.id);
  Json j{{"engine", "sweep"}};
  measure(
      j,
      [&, point = taylor.point(), direction = taylor.direction()] {
        static_cast<void>(series.along(point, direction, order));
      },
      seconds);
  return j;
}

int time_ours(double seconds) {
  const std::vector<Problem> all = chosen();
  for (std::string line; std::getline(std::cin, line);) {
    std::istringstream asked(line);
    std::string name, size, task;
    std::getline(asked, name, '\t'), std::getline(asked, size, '\t'), std::getline(asked, task, '\t');
    const auto p = std::find_if(all.begin(), all.end(), [&](const Problem& each) {
      return each.name == name && std::to_string(each.size) == size && tasks[static_cast<int>(each.work)] == task;
    });
    const Json j = name == "taylor" ? ours_of_taylor(std::stoi(size), seconds)
                   : p == all.end() ? Json{{"gap", "no such problem"}}
                                    : ours(*p, seconds);
    fmt::print("{}\n", j.dump());
    std::fflush(stdout);
  }
  return 0;
}

}  // namespace
}  // namespace wengert::bench

int main(int count, char** words) {
  const std::string_view what = count > 1 ? words[1] : "";
  if (what == "data" && count == 3) return wengert::bench::write_data(words[2]);
  if (what == "time" && count == 3) return wengert::bench::time_ours(std::strtod(words[2], nullptr));
  fmt::print(stderr, "bench_peers data FOLDER | bench_peers time SECONDS\n");
  return 2;
}
