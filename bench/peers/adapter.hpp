// What every C++ adapter does: read the data, check the derivatives, then time them.
//
//   with_TOOL DATA_FOLDER SECONDS     for every line "PROBLEM SIZE TASK" on its input a line of JSON
//
// An adapter says what it can do by `prepare`: from a problem to a call that fills the results (the value, then the
// derivative by each input that one differentiates by, by rows), or none. What it throws is why there is none.
#pragma once
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <fstream>
#include <functional>
#include <iostream>
#include <map>
#include <sstream>
#include <string>
#include <vector>

#include "timing.hpp"

namespace peers {

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

inline Problem read(const std::string& folder, const Json& j) {
  std::ifstream file(folder + "/numbers.bin", std::ios::binary);
  const auto part = [&](const Json& where) {
    Numbers numbers(where["count"].get<std::size_t>());
    file.seekg(where["offset"].get<std::streamoff>() * static_cast<std::streamoff>(sizeof(double)));
    file.read(reinterpret_cast<char*>(numbers.data()), static_cast<std::streamsize>(numbers.size() * sizeof(double)));
    return numbers;
  };
  Problem p{j["problem"], j["task"], j["size"], j["points"], {}, {}, {}};
  for (const Json& i : j["inputs"]) {
    p.given[i["name"]] = part(i);
    if (i["by"]) p.by.push_back(i["name"]);
  }
  for (const Json& r : j["results"]) p.expected.push_back(part(r));
  return p;
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

template <class Prepare>
void answer(Json& j, const Problem& p, double seconds, Prepare&& prepare) {
  const double begin = now();
  const Call call = prepare(p);
  if (!call) {
    j["gap"] = "the adapter does not state it";
    return;
  }
  Results results;
  for (const Numbers& r : p.expected) results.emplace_back(r.size());
  call(results);
  j["prepare_seconds"] = now() - begin;
  const double error = error_of(results, p.expected);
  j["error"] = error;
  if (error <= 1e-9)
    measure(j, [&] { call(results); }, seconds);
  else
    j["gap"] = "its numbers differ";
}

template <class Prepare>
int run(int count, char** words, const char* version, Prepare&& prepare) {
  if (count != 3) return 2;
  const double seconds = std::strtod(words[2], nullptr);
  const Json problems = Json::parse(std::ifstream(std::string(words[1]) + "/problems.json"));
  for (std::string line; std::getline(std::cin, line);) {
    std::istringstream asked(line);
    std::string name, size, task;
    std::getline(asked, name, '\t'), std::getline(asked, size, '\t'), std::getline(asked, task, '\t');
    for (const Json& each : problems) {
      if (each["problem"] != name || each["size"].dump() != size || each["task"] != task) continue;
      Json j{{"version", version}};
      try {
        answer(j, read(words[1], each), seconds, prepare);
      } catch (const std::exception& why) {
        j["gap"] = why.what();
      }
      std::printf("%s\n", j.dump().c_str());
      std::fflush(stdout);
    }
  }
  return 0;
}

}  // namespace peers
