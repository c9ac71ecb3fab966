// The accuracy of every scalar row: its value and partials against 60 digits, over the whole domain.
//
//   accuracy [--points N] [--markdown]
//
// For each row and part the table has the point where the error comes nearest to what is promised:
// 4 units in the last place times 1 + the condition number there, plus the error of the library function
// behind the row where that is larger. It ends with status 1 if a row breaks its promise.
#include <fmt/format.h>

#include <cstring>

#include "../tests/tools/calls.hpp"
#include "../tests/tools/reference.hpp"

namespace wengert::test {
namespace {

// Library functions with an error above 4 units of their own, measured here.
struct Culprit {
  Op op;
  int part;
  double ulps;
  const char* function;
};
const Culprit culprits[] = {
    {op_of<Beta>, -1, 300, "Boost.Math beta"},
};

const Culprit* culprit(Op op, int part) {
  for (const Culprit& c : culprits)
    if (c.op == op && c.part == part) return &c;
  return nullptr;
}

// Where rows are sampled that are not sampled everywhere: references of special functions are slow far
// out, and elu's exponential underflows before its factor alpha can make up for it.
struct Limits { Op op; double low, high; };
const Limits limits[] = {
    {op_of<Gamma>, -20, 171}, {op_of<Lgamma>, -20, 1e8}, {op_of<Digamma>, -20, 1e8}, {op_of<Polygamma>, 1e-3, 1e4}, {op_of<PolygammaRise>, 1e-3, 1e4}, {op_of<Beta>, 1e-3, 1e3}, {op_of<Elu>, -2, 2},
};

// Rows whose reference takes milliseconds a point get a tenth of the points.
bool slow(Op op) { return op == op_of<Digamma> || op == op_of<Polygamma> || op == op_of<PolygammaRise> || op == op_of<Beta>; }

double argument(const Row& row, std::size_t j, Random& random) {
  const Range range = row.info->range[std::min<std::size_t>(j, 2)];
  if (range.low == range.high) return range.low;
  const double sign = (random.next() & 1u) != 0 ? 1 : -1;
  constexpr double centres[] = {0.5, 1, 2, 3.141592653589793 / 2, 3.141592653589793};
  switch (random.next() % 5) {
    case 0: case 1: return random.between(range.low, range.high);
    case 2: return sign * std::pow(10.0, random.between(-8, 3));
    case 3: return sign * std::pow(10.0, random.between(-150, 150));
    default: {
      const double away = ((random.next() & 1u) != 0 ? 1 : -1) * std::pow(10.0, random.between(-17, 0));
      return sign * (centres[random.next() % 5] + away);
    }
  }
}

std::optional<Point> point(const Row& row, Random& random) {
  Point at;
  for (std::size_t j = 0; j < static_cast<std::size_t>(row.arity); ++j) at.push_back(argument(row, j, random));
  for (const Limits& l : limits)
    if (l.op == row.op)
      for (std::size_t j = l.op == op_of<Polygamma> || l.op == op_of<PolygammaRise> || l.op == op_of<Elu> ? 1 : 0; j < at.size(); ++j)
        if (!(at[j] >= l.low && at[j] <= l.high)) return {};
  return at;
}

struct Worst {
  Error error;
  Point at;
  double share = -1;  // of what is promised
};

std::vector<Worst> measure(const Row& row, int points) {
  const Program p = scalar_program(row);
  std::vector<Worst> worst(static_cast<std::size_t>(row.arity) + 1);
  Random random(static_cast<std::uint64_t>(row.op) + 99);
  if (slow(row.op)) points = (points + 9) / 10;
  for (int k = 0; k < points; ++k) {
    const auto at = point(row, random);
    if (!at || (row.kink != nullptr && row.kink(at->data()))) continue;
    for (const Error& e : errors(p, *at)) {
      // Outside the domain, where the result is not a number, and where it is too large for one.
      if (!std::isfinite(e.exact) || std::isnan(e.condition)) continue;
      const auto part = static_cast<std::size_t>(e.part + 1);
      const Culprit* c = culprit(row.op, e.part);
      const double share = e.ulps / (c != nullptr ? std::max(e.bar(), c->ulps) : e.bar());
      if (share > worst[part].share) worst[part] = {e, *at, share};
    }
  }
  return worst;
}

int run(int points, bool markdown) {
  int broken = 0;
  const char* line = markdown ? "| {} | {} | {} | {} | {} | {} | {} |\n" : "{:14} {:10} {:>10} {:>10} {:>8}  {} {}\n";
  fmt::print(fmt::runtime(line), "row", "part", "error, ulp", "condition", "share", "at", "library function");
  if (markdown) fmt::print("|---|---|---|---|---|---|---|\n");
  for (const Row& row : rows()) {
    if (!row.elementwise) continue;
    const auto worst = measure(row, points);
    for (const Worst& w : worst) {
      if (w.share < 0 || (w.error.part >= 0 && !varies(row, static_cast<std::size_t>(w.error.part)))) continue;
      std::string at;
      for (double x : w.at) at += fmt::format("{}{:.17g}", at.empty() ? "" : ", ", x);
      const Culprit* c = culprit(row.op, w.error.part);
      fmt::print(fmt::runtime(line), name_of(row), w.error.part < 0 ? "value" : fmt::format("partial {}", w.error.part + 1), fmt::format("{:.2f}", w.error.ulps),
                 fmt::format("{:.3g}", w.error.condition), fmt::format("{:.2f}{}", w.share, w.share > 1 ? " !" : ""), at, c != nullptr ? fmt::format("{}: {} ulp", c->function, c->ulps) : "");
      broken += w.share > 1 ? 1 : 0;
    }
  }
  if (broken > 0) fmt::print(stderr, "accuracy: {} of the table's lines are above what is promised\n", broken);
  return broken > 0 ? 1 : 0;
}

}  // namespace
}  // namespace wengert::test

int main(int argc, char** argv) {
  int points = 4000;
  bool markdown = false;
  for (int i = 1; i < argc; ++i) {
    if (std::strcmp(argv[i], "--points") == 0 && i + 1 < argc) points = std::atoi(argv[++i]);
    else if (std::strcmp(argv[i], "--markdown") == 0) markdown = true;
    else return fmt::print(stderr, "usage: accuracy [--points N] [--markdown]\n"), 2;
  }
  return wengert::test::run(points, markdown);
}
