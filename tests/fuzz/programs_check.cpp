#include <algorithm>
#include <cmath>

#include "programs.hpp"
#include "random.hpp"
#include "wengert/explain/rounding.hpp"
#include "wengert/print/text.hpp"
#include "wengert/rules/table.hpp"

namespace wengert::fuzz {

namespace {

bool told(const std::vector<Diagnostic>& warnings, std::initializer_list<Kind> kinds) {
  for (const Diagnostic& d : warnings)
    for (const Kind k : kinds)
      if (d.kind == k) return true;
  return false;
}

// <w, J v> by the forward sweep and <J'w, v> by the reverse one.
std::string product_both_ways(const Problem& problem, const Point& point, Random& random) {
  std::vector<std::vector<double>> v;
  double size = 0, forward = 0, reverse = 0;
  for (const NodeId x : problem.wrt) {
    auto& direction = v.emplace_back();
    for (std::uint64_t k = 0; k < (*problem.graph)[x].shape.size(); ++k) direction.push_back(random.between(-1, 1));
  }
  std::vector<double> w;
  for (std::uint64_t k = 0; k < problem.outputs(); ++k) w.push_back(random.between(-1, 1));
  const std::vector<double> jv = prepare(Mode::forward, problem).jvp(point, v);
  const auto jw = prepare(Mode::reverse, problem).vjp(point, w);
  for (std::size_t k = 0; k < w.size(); ++k) forward += w[k] * jv[k], size += std::fabs(w[k] * jv[k]);
  for (std::size_t k = 0; k < v.size(); ++k)
    for (std::size_t e = 0; e < v[k].size(); ++e) reverse += jw[k][e] * v[k][e], size += std::fabs(jw[k][e] * v[k][e]);
  if (!std::isfinite(size) || std::fabs(forward - reverse) <= 1e-12 * size) return {};
  if (std::fabs(forward - reverse) <= product_rounding(problem, point, v, w)) return {};
  return "<w, Jv> is " + shortest(forward) + " forward, and <J'w, v> " + shortest(reverse) + " reverse";
}

std::string read_back(Session& session, const Query& query, const std::vector<double>& value) {
  TextOptions whole;
  whole.limit = 20'000;
  whole.functions = true;
  const Text printed = to_text(query.expression, whole);
  if (printed.cut) return {};
  const Result<Query> again = session.query("", printed.all());
  if (!again) return "what is printed cannot be read: " + again.error().message + "\n" + printed.all();
  const std::vector<double> y = value_at(session.graph(), again->expression.id, session.point());
  for (std::size_t k = 0; k < y.size(); ++k) {
    const bool same = y[k] == value[k] || (std::isnan(y[k]) && std::isnan(value[k])) ||
                      std::fabs(y[k] - value[k]) <= 1e-9 * std::fabs(value[k]);
    // A strong product is printed as an ordinary one.
    if (!same && !std::isnan(y[k]))
      return "printed and read back it is " + shortest(y[k]) + ", not " + shortest(value[k]) + "\n" + printed.all();
  }
  return {};
}

}  // namespace

std::string disagreement_in(const Made& program, std::uint64_t seed) {
  Session session({.nodes = 400'000, .elements = 100'000, .repetitions = 1000});
  for (const auto& [name, value] : program.values) session.give(name, value);
  const Result<Query> query = session.query("", program.text);
  if (!query) return query.error().kind == Kind::limit ? "" : "it is refused: " + query.error().message;
  const Problem problem{query->expression.graph, query->expression.id, query->inputs};
  AgreementOptions options;
  options.measure_seconds = 0;
  options.budget_seconds = 0.2;
  const Agreement a = compare(problem, session.point(), options);
  if (a.verdict == Verdict::differ) return "the modes disagree: " + a.disagreement;
  if (query->inputs.empty() || told(a.warnings, {Kind::domain, Kind::strong_zero, Kind::singular})) return {};
  Random random(seed);
  if (std::string wrong = product_both_ways(problem, session.point(), random); !wrong.empty()) return wrong;
  return read_back(session, *query, a.value);
}

}  // namespace wengert::fuzz
