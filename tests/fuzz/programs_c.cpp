#include "programs_c.hpp"

#include <unistd.h>

#include <algorithm>
#include <cctype>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <memory>
#include <optional>
#include <set>
#include <sstream>

#include "programs.hpp"
#include "random.hpp"
#include "wengert/exec/c_source.hpp"
#include "wengert/explain/rounding.hpp"
#include "wengert/print/text.hpp"
#include "wengert/session/session.hpp"

namespace wengert::fuzz {

namespace {

namespace fs = std::filesystem;
using Numbers = std::vector<double>;

std::string program_of(std::uint64_t seed, std::size_t k) {
  Random random(seed * programs_a_batch + k);
  return make_program(seed * programs_a_batch + k, 3 + random.below(random.chance(90) ? 10 : 60));
}

// Helpers of their own for each program.
std::string with_own_helpers(std::string text, const std::string& name) {
  const auto in_word = [](char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_'; };
  for (std::size_t at = 0; (at = text.find("wg_", at)) != std::string::npos; at += name.size() + 4)
    if (at == 0 || !in_word(text[at - 1])) text.insert(at, name + "_");
  return text;
}

std::string c_literal(double x) {
  if (x != x) return "NAN";
  if (std::isinf(x)) return x > 0 ? "INFINITY" : "-INFINITY";
  char text[40];
  std::snprintf(text, sizeof text, "%a", x);
  return text;
}

// A program, what C is to compute of it, and what the sweeps do.
class Player {
 public:
  Player(std::string text, std::uint64_t seed, std::size_t number)
      : text_(std::move(text)), name_("f" + std::to_string(number)), random_(seed) {}

  // The program's C and a function play_f3 that prints; empty where there is none.
  std::string source() {
    const Result<Query> query = session_.query("", text_);
    if (!query) return {};
    problem_ = {query->expression.graph, query->expression.id, query->inputs};
    exec::CSource c{.name = name_, .output = query->expression, .inputs = {}, .text = text_};
    for (const NodeId id : query->all_inputs) {
      const bool by = std::find(query->inputs.begin(), query->inputs.end(), id) != query->inputs.end();
      c.inputs.push_back({{session_.graph(), id}, input_name(id), by, {}});
    }
    const Result<std::string> written = exec::write_c(c);
    if (!written) return {};  // the C library lacks an operation
    source_ = with_own_helpers(*written, name_);
    return source_ + player(c);
  }

  // got: what was printed.
  std::string wrong(const Numbers& got) {
    std::size_t at = 0;
    const Point& point = session_.point();
    const Derivative truth = prepare(Mode::reverse, problem_).jacobian(point);
    const std::vector<double> bounds = value_rounding(*problem_.graph, problem_.output, point);
    if (got.size() != expected_) return "it prints " + std::to_string(got.size()) + " numbers";
    for (std::size_t i = 0; i < truth.value.size(); ++i, ++at)
      if (!alike(got[at], truth.value[i], bounds[i])) return told("value", i, got[at], truth.value[i]);
    if (problem_.wrt.empty()) return {};
    at += truth.value.size();  // once more, with the derivative
    std::optional<RoundingBounds> rounding;
    for (std::size_t k = 0; k < truth.blocks.size(); ++k)
      for (std::size_t i = 0; i < truth.blocks[k].size(); ++i, ++at) {
        if (alike(got[at], truth.blocks[k][i], 0)) continue;
        if (!rounding) rounding.emplace(problem_, Wanted{}, point);
        if (!alike(got[at], truth.blocks[k][i], rounding->of(k, i).bound))
          return told("derivative by " + problem_.graph->input_of(problem_.wrt[k]).name, i, got[at],
                      truth.blocks[k][i]);
      }
    return {};
  }
  const std::string& text() const { return text_; }

 private:
  std::string text_, name_, source_;
  Random random_;
  Session session_{{.nodes = 400'000, .elements = 100'000, .repetitions = 1000}};
  Problem problem_;
  std::size_t expected_ = 0;

  // Sometimes one that C, or what is written, has for itself.
  std::string input_name(NodeId id) {
    static constexpr const char* taken[] = {"i",     "j",      "k",     "s",      "t",   "f",    "r",
                                            "n",     "seed",   "work",  "v1",     "a1",  "i0",   "exp",
                                            "main",  "unit",   "pivot", "column", "NAN", "out",  "value",
                                            "wrong", "double", "end",   "lgamma", "b",   "begin"};
    return random_.chance(50) ? taken[random_.below(std::size(taken))] : session_.graph().input_of(id).name;
  }

  static bool alike(double a, double b, double bound) {
    if (!std::isfinite(b) || std::isinf(bound)) return true;
    return a == b || std::fabs(a - b) <= 1e-12 * std::fabs(b) || std::fabs(a - b) <= 2 * RoundingBounds::orders * bound;
  }
  static std::string told(const std::string& what, std::size_t element, double got, double wanted) {
    return "C gives " + shortest(got) + " for element " + std::to_string(element + 1) + " of the " + what +
           ", and the sweeps " + shortest(wanted);
  }

  std::string call(const std::string& function, const std::string& arguments) const {
    const std::string full = name_ + "_" + function, size = full + "_work";
    if (source_.find("enum { " + size + " ") == std::string::npos) return "  " + full + "(" + arguments + ");\n";
    return "  {\n    static double work[" + size + "];\n    " + full + "(" + arguments + ", work);\n  }\n";
  }

  std::string player(const exec::CSource& c) {
    const std::size_t m = c.output.shape().size();
    std::string head = "\nstatic void play_" + name_ + "(void) {\n", given, results = "value",
                print = shown("value", m);
    expected_ = m;
    std::string extra;
    std::size_t more = 0;
    for (std::size_t k = 0; k < c.inputs.size(); ++k) {
      const Shape s = c.inputs[k].input.shape();
      std::string numbers;
      for (const double x : session_.point().at(c.inputs[k].input.id))
        numbers += (numbers.empty() ? "" : ", ") + c_literal(x);
      const std::string in = "in" + std::to_string(k), d = "d" + std::to_string(k);
      head += "  static const double " + in + "[] = {" + numbers + "};\n";
      given += (given.empty() ? "" : ", ") + (s.scalar() ? "*" + in : in);
      if (!c.inputs[k].by) continue;
      head += "  static double " + d + "[" + std::to_string(m * s.size()) + "];\n";
      results += ", " + d;
      extra += shown(d, m * s.size());
      more += m * s.size();
    }
    const std::string separator = given.empty() ? "" : ", ";
    head += "  static double value[" + std::to_string(m) + "];\n";
    std::string text = head + call("value", given + separator + "value") + print;
    if (!problem_.wrt.empty()) {
      text += call(m == 1 && c.output.shape().scalar() ? "gradient" : "jacobian", given + separator + results);
      text += print + extra;
      expected_ += m + more;
    }
    return text + "}\n\n";
  }
  static std::string shown(const std::string& array, std::size_t n) {
    return "  for (int i = 0; i < " + std::to_string(n) + "; ++i) printf(\" %a\", " + array + "[i]);\n";
  }
};

struct Folder {
  fs::path path = fs::temp_directory_path() / ("wengert-fuzz-c-" + std::to_string(::getpid()));
  Folder() { fs::create_directories(path); }
  ~Folder() { fs::remove_all(path); }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
};

std::string contents(const fs::path& file) {
  std::ostringstream out;
  out << std::ifstream(file).rdbuf();
  return out.str();
}

}  // namespace

std::string batch_of(std::uint64_t seed) {
  std::string out;
  for (std::size_t k = 0; k < programs_a_batch; ++k)
    out += "--- " + std::to_string(k) + "\n" + program_of(seed, k) + "\n";
  return out;
}

std::string c_disagrees(std::uint64_t seed) {
  std::vector<std::unique_ptr<Player>> players;
  std::string text = "#include <stdio.h>\n", calls;
  for (std::size_t k = 0; k < programs_a_batch; ++k) {
    auto player = std::make_unique<Player>(program_of(seed, k), seed + k, k);
    const std::string source = player->source();
    if (source.empty()) continue;
    text += source;
    calls += "  play_f" + std::to_string(k) + "();\n  printf(\"\\n\");\n";
    players.push_back(std::move(player));
  }
  const Folder folder;
  const fs::path file = folder.path / "batch.c", program = folder.path / "batch", errors = folder.path / "errors",
                 printed = folder.path / "printed";
  std::ofstream(file) << text << "int main(void) {\n" << calls << "  return 0;\n}\n";
  const std::string compile = "cc -std=c11 -O0 -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Werror " +
                              file.string() + " -o " + program.string() + " -lm 2> " + errors.string();
  if (std::system(compile.c_str()) != 0) return "the compiler refuses it: " + contents(errors).substr(0, 3000);
  if (std::system((program.string() + " > " + printed.string()).c_str()) != 0) return "the C program fails";
  std::istringstream lines(contents(printed));
  for (const auto& player : players) {
    std::string line;
    std::getline(lines, line);
    std::istringstream words(line);
    Numbers got;
    for (std::string word; words >> word;) got.push_back(std::strtod(word.c_str(), nullptr));
    if (const std::string wrong = player->wrong(got); !wrong.empty()) return wrong + "\n" + player->text();
  }
  return {};
}

}  // namespace wengert::fuzz
