#include <algorithm>
#include <cmath>
#include <ctime>

#include "engines.hpp"
#include "programs.hpp"
#include "wengert/explain/rounding.hpp"
#include "wengert/print/text.hpp"
#include "wengert/session/session.hpp"

namespace wengert::fuzz {

namespace {

bool told(const std::vector<Diagnostic>& warnings, std::initializer_list<Kind> kinds) {
  return std::any_of(warnings.begin(), warnings.end(),
                     [&](const Diagnostic& d) { return std::find(kinds.begin(), kinds.end(), d.kind) != kinds.end(); });
}

std::vector<double> random_numbers(std::uint64_t count, Random& random) {
  std::vector<double> numbers(count);
  for (double& x : numbers) x = random.between(-1, 1);
  return numbers;
}

std::vector<std::vector<double>> random_directions(const Problem& problem, Random& random) {
  std::vector<std::vector<double>> v;
  for (const NodeId x : problem.wrt) v.push_back(random_numbers((*problem.graph)[x].shape.size(), random));
  return v;
}

// <w, J v> by the forward sweep and <J'w, v> by the reverse one.
std::string product_both_ways(const Problem& problem, const Point& point, Random& random) {
  const auto v = random_directions(problem, random);
  const std::vector<double> w = random_numbers(problem.outputs(), random);
  double size = 0, forward = 0, reverse = 0;
  const std::vector<double> jv = prepare(Mode::forward, problem).jvp(point, v);
  const auto jw = prepare(Mode::reverse, problem).vjp(point, w);
  for (std::size_t k = 0; k < w.size(); ++k) forward += w[k] * jv[k], size += std::fabs(w[k] * jv[k]);
  for (std::size_t k = 0; k < v.size(); ++k)
    for (std::size_t e = 0; e < v[k].size(); ++e) reverse += jw[k][e] * v[k][e], size += std::fabs(jw[k][e] * v[k][e]);
  if (!std::isfinite(size) || std::fabs(forward - reverse) <= 1e-12 * size) return {};
  if (std::fabs(forward - reverse) <= product_rounding(problem, point, v, w)) return {};
  return "<w, Jv> is " + shortest(forward) + " forward, and <J'w, v> " + shortest(reverse) + " reverse";
}

AgreementOptions options_for(Wanted wanted) {
  AgreementOptions options;
  options.wanted = std::move(wanted);
  options.measure_seconds = 0;
  options.budget_seconds = 0.1;
  return options;
}

// A Hessian or a product by all modes.
std::string another_question(const Problem& problem, const Point& point, Random& random) {
  Wanted wanted;
  const bool hessian = problem.shape().scalar() && problem.inputs() <= 12 && random.chance(60);
  if (hessian)
    wanted.what = Quantity::hessian;
  else if (random.chance(50))
    wanted = {Quantity::jvp, random_directions(problem, random)};
  else
    wanted = {Quantity::vjp, {random_numbers(problem.outputs(), random)}};
  const Agreement a = compare(problem, point, options_for(wanted));
  if (a.verdict != Verdict::differ) return {};
  return std::string(hessian ? "of the Hessian, " : "of a product, ") + a.disagreement;
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
  std::vector<double> bounds;
  for (std::size_t k = 0; k < y.size(); ++k) {
    // A strong product is printed as an ordinary one.
    if (y[k] == value[k] || std::isnan(y[k])) continue;
    if (bounds.empty()) {
      bounds = value_rounding(session.graph(), query.expression.id, session.point());
      const std::vector<double> other = value_rounding(session.graph(), again->expression.id, session.point());
      for (std::size_t i = 0; i < bounds.size(); ++i) bounds[i] += other[i];
    }
    if (!(std::fabs(y[k] - value[k]) <= RoundingBounds::orders * bounds[k]))
      return "printed and read back it is " + shortest(y[k]) + ", not " + shortest(value[k]) + "\n" + printed.all();
  }
  return {};
}

}  // namespace

std::string disagreement_in(const std::string& program, std::uint64_t seed) {
  Session session({.nodes = 400'000, .elements = 100'000, .repetitions = 1000});
  const std::clock_t begin = std::clock();
  const Result<Query> query = session.query("", program);
  if (!query) return query.error().kind == Kind::limit ? "" : "it is refused: " + query.error().message;
  const Problem problem{query->expression.graph, query->expression.id, query->inputs};
  Random random(seed);
  AgreementOptions options = options_for({});
  // The dearest mode, and the one that finds least.
  if (random.chance(50)) std::erase(options.modes, Mode::finite);
  const Agreement a = compare(problem, session.point(), options);
  if (a.verdict == Verdict::differ) return "the modes disagree: " + a.disagreement;
  const ModeReport& reverse = a.modes.front();
  const bool special = told(a.warnings, {Kind::domain, Kind::strong_zero, Kind::singular});
  if (!reverse.skipped_seconds)
    if (std::string wrong = engines_disagree(problem, session.point(), reverse.derivative, special,
                                             told(a.warnings, {Kind::kink}), random);
        !wrong.empty())
      return wrong;
  if (!query->inputs.empty() && random.chance(30))
    if (std::string wrong = another_question(problem, session.point(), random); !wrong.empty()) return wrong;
  if (!query->inputs.empty() && !special)
    if (std::string wrong = product_both_ways(problem, session.point(), random); !wrong.empty()) return wrong;
  if (!special)
    if (std::string wrong = read_back(session, *query, a.value); !wrong.empty()) return wrong;
  const double seconds = static_cast<double>(std::clock() - begin) / CLOCKS_PER_SEC;  // however busy the machine is
  if (seconds > allowed_seconds) return "it took " + shortest(seconds) + " s";
  return {};
}

}  // namespace wengert::fuzz
