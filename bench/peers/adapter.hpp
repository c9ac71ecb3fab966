// What every C++ adapter does: read the data, check the derivatives, then time them.
//
//   with_TOOL DATA_FOLDER SECONDS [PROBLEM SIZE TASK]     prints a line of JSON a problem
//
// An adapter says what it can do by `prepare`: from a problem to a call that fills the results (the value, then the
// derivative by each input that one differentiates by, by rows), or none.
#pragma once
#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <functional>
#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

namespace peers {

using Json = nlohmann::ordered_json;
using Numbers = std::vector<double>;

struct Problem {
  std::string name, task;
  std::size_t size = 1, points = 1;
  std::map<std::string, Numbers> given;
  std::vector<std::string> by;  // in the order of the results
  std::vector<Numbers> expected;
  Numbers at() const {  // of all that one differentiates by, one after the other
    Numbers all;
    for (const auto& name : by) all.insert(all.end(), given.at(name).begin(), given.at(name).end());
    return all;
  }
};

using Results = std::vector<Numbers>;
using Call = std::function<void(Results&)>;

inline double now() {
  return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

inline std::vector<Problem> read(const std::string& folder) {
  std::ifstream file(folder + "/numbers.bin", std::ios::binary | std::ios::ate);
  Numbers numbers(static_cast<std::size_t>(file.tellg()) / sizeof(double));
  file.seekg(0);
  file.read(reinterpret_cast<char*>(numbers.data()), static_cast<std::streamsize>(numbers.size() * sizeof(double)));
  const auto part = [&](const Json& j) {
    const auto from = numbers.begin() + j["offset"].get<std::ptrdiff_t>();
    return Numbers(from, from + j["count"].get<std::ptrdiff_t>());
  };
  std::vector<Problem> all;
  for (const Json& j : Json::parse(std::ifstream(folder + "/problems.json"))) {
    Problem p{j["problem"], j["task"], j["size"], j["points"], {}, {}, {}};
    for (const Json& i : j["inputs"]) {
      p.given[i["name"]] = part(i);
      if (i["by"]) p.by.push_back(i["name"]);
    }
    for (const Json& r : j["results"]) p.expected.push_back(part(r));
    all.push_back(std::move(p));
  }
  return all;
}

inline double error_of(const Results& got, const Results& expected) {
  double worst = 0;
  for (std::size_t k = 0; k < expected.size(); ++k) {
    if (k >= got.size() || got[k].size() != expected[k].size()) return INFINITY;
    double scale = 1e-300, gap = 0;
    for (std::size_t i = 0; i < got[k].size(); ++i) {
      const double d = std::fabs(got[k][i] - expected[k][i]);
      gap = d == d ? std::max(gap, d) : INFINITY;
      scale = std::max(scale, std::fabs(expected[k][i]));
    }
    worst = std::max(worst, gap / scale);
  }
  return worst;
}

inline void measure(Json& j, const Call& call, Results& results, double seconds) {
  const auto once = [&](std::size_t calls) {
    const double begin = now();
    for (std::size_t k = 0; k < calls; ++k) call(results);
    return (now() - begin) / static_cast<double>(calls);
  };
  std::size_t calls = 1;
  while (once(calls) * static_cast<double>(calls) < 2e-4) calls *= 2;
  std::vector<double> times;
  for (const double end = now() + seconds; times.size() < 5 || now() < end;) times.push_back(once(calls));
  std::sort(times.begin(), times.end());
  const std::size_t n = times.size();
  j["seconds"] = times[0], j["median_seconds"] = times[n / 2];
  j["spread"] = (times[n * 3 / 4] - times[n / 4]) / times[n / 2];
}

template <class Prepare>
int run(int count, char** words, const char* version, Prepare&& prepare) {
  if (count < 3) return 2;
  const double seconds = std::strtod(words[2], nullptr);
  for (const Problem& p : read(words[1])) {
    if (count == 6 && (p.name != words[3] || std::to_string(p.size) != words[4] || p.task != words[5])) continue;
    Json j{{"version", version}, {"problem", p.name}, {"size", p.size}, {"task", p.task}};
    const double begin = now();
    const Call call = prepare(p);
    if (!call) {
      j["gap"] = "the adapter does not state it";
    } else {
      Results results;
      for (const Numbers& r : p.expected) results.emplace_back(r.size());
      call(results);
      j["prepare_seconds"] = now() - begin;
      j["error"] = error_of(results, p.expected);
      if (j["error"] <= 1e-9)
        measure(j, call, results, seconds);
      else
        j["gap"] = "its numbers differ";
    }
    std::printf("%s\n", j.dump().c_str());
    std::fflush(stdout);
  }
  return 0;
}

}  // namespace peers
