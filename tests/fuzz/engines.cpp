#include "engines.hpp"

#include <cmath>
#include <cstring>

#include "explain/rounding_modes.hpp"
#include "wengert/exec/sparse.hpp"
#include "wengert/explain/rounding.hpp"
#include "wengert/print/text.hpp"

namespace wengert::fuzz {

namespace {

// The sign of a sum of zeros is none that is promised, nor that of an infinity which is a quotient by it.
bool same_bits(double a, double b) {
  if (std::isinf(a) && std::isinf(b)) return true;
  return std::memcmp(&a, &b, sizeof a) == 0 || (std::isnan(a) && std::isnan(b)) || (a == 0 && b == 0);
}

std::string differ(const std::string& what, std::size_t element, double got, double wanted) {
  return what + " gives " + shortest(got) + " for element " + std::to_string(element + 1) + ", and the modes " +
         shortest(wanted);
}

// A problem's inputs as exec wants them.
struct Given {
  std::vector<Expr> inputs;
  std::vector<const double*> numbers;
};

Given given(const Problem& p, const Point& point) {
  Given g;
  for (const NodeId id : p.graph->reachable({&p.output, 1})) {
    if ((*p.graph)[id].op != Op::input) continue;
    g.inputs.emplace_back(*p.graph, id);
    g.numbers.push_back(point.at(id).data());
  }
  return g;
}

exec::PlanOptions any_options(Random& random) {
  exec::PlanOptions options;
  const auto widest = static_cast<std::uint64_t>(exec::widest_instructions());
  options.instructions = static_cast<exec::InstructionSet>(random.below(widest + 1));
  options.native = random.chance(40);
  return options;
}

std::string told(const exec::PlanOptions& o) {
  constexpr const char* sets[] = {"baseline", "avx2", "avx512"};
  return std::string(" (") + sets[static_cast<int>(o.instructions)] + (o.native ? ", native" : "") +
         (o.mathematics == exec::Mathematics::exact ? ", exact" : "") + ")";
}

// Whether rounding explains a difference of an element: in the sweeps, or in the order of an elimination.
bool rounded(const Problem& p, const Wanted& wanted, const Point& point, std::optional<RoundingBounds>& bounds,
             std::size_t block, std::size_t element, double difference) {
  const auto explains = [&](double bound) {
    return std::isinf(bound) || difference <= 2 * RoundingBounds::orders * bound;
  };
  if (!bounds) bounds.emplace(p, wanted, point);
  if (explains(bounds->of(block, element).bound)) return true;
  try {
    return explains(CrossBounds(p, wanted, point).of(block, element));
  } catch (const std::invalid_argument&) {
    return false;  // it cannot be eliminated
  }
}

// Whether the sign of a 0, which is none that is promised, decides an element: on which side of a jump it is.
bool on_a_jump(const Problem& p, const Point& point, std::size_t element, double difference) {
  return difference <= RoundingBounds::orders * value_rounding(*p.graph, p.output, point)[element];
}

// One point, or several that are the same.
std::string value_by_plan(const Problem& p, const Point& point, const Given& g, const Derivative& truth, bool kink,
                          Random& random) {
  exec::PlanOptions options = any_options(random);
  options.mathematics = exec::Mathematics::exact;
  options.width = random.chance(50) ? 1 : 8;
  std::vector<NodeId> inputs;
  for (const Expr& x : g.inputs) inputs.push_back(x.id);
  const exec::Plan plan(*p.graph, {p.output}, inputs, options);
  exec::Workspace w(plan);
  const std::size_t count = options.width == 1 ? 1 : 1 + random.below(11);
  std::vector<std::vector<double>> in;
  std::vector<const double*> at;
  for (std::size_t k = 0; k < inputs.size(); ++k) {
    auto& numbers = in.emplace_back();
    for (std::size_t e = 0; e < (*p.graph)[inputs[k]].shape.size(); ++e)
      numbers.insert(numbers.end(), count, g.numbers[k][e]);
    at.push_back(numbers.data());
  }
  std::vector<double> out(p.outputs() * count);
  double* to = out.data();
  if (options.width == 1)
    plan.run(w, at, std::span(&to, 1));
  else
    plan.run(w, count, at, std::span(&to, 1));
  for (std::size_t e = 0; e < p.outputs(); ++e)
    for (std::size_t k = 0; k < count; ++k)
      if (!same_bits(out[e * count + k], truth.value[e]) &&
          !(kink && on_a_jump(p, point, e, std::fabs(out[e * count + k] - truth.value[e]))))
        return differ("a plan of width " + std::to_string(options.width) + told(options), e, out[e * count + k],
                      truth.value[e]);
  return {};
}

class Matrices {
 public:
  Matrices(const Problem& p, const Point& point, const Given& g, const Derivative& truth, std::size_t k)
      : p_(p), point_(point), g_(g), truth_(truth), k_(k), y_(*p.graph, p.output), x_(*p.graph, p.wrt[k]) {}

  std::string dense(Random& random) {
    using Sweep = exec::Jacobian::Sweep;
    const exec::PlanOptions options = any_options(random);
    const auto run = [&](const char* name, const exec::Jacobian& j) {
      exec::Jacobian::Memory m(j);
      std::vector<double> value(p_.outputs()), matrix(y_.shape().size() * x_.shape().size());
      j.run(m, g_.numbers, value.data(), matrix.data());
      return compared(name + told(options), matrix);
    };
    switch (random.below(3)) {
      case 0:
        return run("the forward sweep in lanes", {y_, x_, g_.inputs, Sweep::forward, options});
      case 1:
        return run("the reverse sweep in lanes", {y_, x_, g_.inputs, Sweep::reverse, options});
      default:
        try {
          return run("elimination", {y_, x_, g_.inputs, Sweep::elimination, options});
        } catch (const std::invalid_argument&) {
          return {};  // a local Jacobian without a form that is known
        }
    }
  }

  std::string sparse(Random& random) {
    const exec::PlanOptions options = any_options(random);
    const exec::SparseJacobian j(
        y_, x_, g_.inputs, options,
        random.chance(50) ? exec::SparseJacobian::Way::cheapest : exec::SparseJacobian::Way::colours);
    exec::SparseJacobian::Memory m(j);
    const exec::Pattern& pattern = j.pattern();
    std::vector<double> values(pattern.nonzeros()), matrix(pattern.rows * pattern.cols);
    j.run(m, g_.numbers, values.data());
    for (std::size_t r = 0; r < pattern.rows; ++r)
      for (std::uint32_t i = pattern.begin[r]; i < pattern.begin[r + 1]; ++i)
        matrix[r * pattern.cols + pattern.columns[i]] = values[i];
    return compared("the sparse Jacobian" + told(options), matrix);
  }

 private:
  std::string compared(const std::string& name, const std::vector<double>& matrix) {
    const Block& wanted = truth_.blocks[k_];
    for (std::size_t i = 0; i < wanted.size(); ++i) {
      if (matrix[i] == wanted[i] || std::fabs(matrix[i] - wanted[i]) <= 1e-12 * std::fabs(wanted[i])) continue;
      if (!rounded(p_, {}, point_, bounds_, k_, i, std::fabs(matrix[i] - wanted[i])))
        return differ(name + " by " + p_.graph->input_of(p_.wrt[k_]).name, i, matrix[i], wanted[i]);
    }
    return {};
  }

  const Problem& p_;
  const Point& point_;
  const Given& g_;
  const Derivative& truth_;
  std::size_t k_;
  Expr y_, x_;
  std::optional<RoundingBounds> bounds_;
};

bool all_finite(const Derivative& d) {
  for (const double x : d.value)
    if (!std::isfinite(x)) return false;
  for (const Block& block : d.blocks)
    for (const double x : block)
      if (!std::isfinite(x)) return false;
  return true;
}

std::string sparse_second_derivatives(const Problem& p, const Point& point, const Given& g, Random& random) {
  const NodeId by = random.pick(p.wrt);
  const Problem one{p.graph, p.output, {by}};
  const Expr y(*p.graph, p.output), x(*p.graph, by);
  const exec::PlanOptions options = any_options(random);
  const Hessian truth = prepare(Mode::reverse, one).hessian(point);
  const exec::SparseJacobian h = exec::sparse_hessian(
      y, x, g.inputs, options,
      random.chance(50) ? exec::SparseJacobian::Way::cheapest : exec::SparseJacobian::Way::colours);
  exec::SparseJacobian::Memory m(h);
  const exec::Pattern& pattern = h.pattern();
  std::vector<double> values(pattern.nonzeros()), matrix(truth.matrix.size());
  h.run(m, g.numbers, values.data());
  for (std::size_t r = 0; r < pattern.rows; ++r)
    for (std::uint32_t i = pattern.begin[r]; i < pattern.begin[r + 1]; ++i)
      matrix[r * pattern.cols + pattern.columns[i]] = values[i];
  std::optional<RoundingBounds> bounds;
  for (std::size_t i = 0; i < matrix.size(); ++i) {
    const double wanted = truth.matrix[i];
    if (!std::isfinite(wanted) || std::fabs(matrix[i] - wanted) <= 1e-12 * std::fabs(wanted)) continue;
    if (!rounded(one, {Quantity::hessian, {}}, point, bounds, 0, i, std::fabs(matrix[i] - wanted)))
      return differ("the sparse Hessian" + told(options) + " by " + p.graph->input_of(by).name, i, matrix[i], wanted);
  }
  return {};
}

}  // namespace

std::string engines_disagree(const Problem& problem, const Point& point, const Derivative& truth, bool special,
                             bool kink, Random& random) {
  const Given g = given(problem, point);
  if (std::string wrong = value_by_plan(problem, point, g, truth, kink, random); !wrong.empty()) return wrong;
  if (problem.wrt.empty() || !all_finite(truth)) return {};
  if (!special && problem.outputs() == 1 && random.chance(20))
    return sparse_second_derivatives(problem, point, g, random);
  Matrices matrices(problem, point, g, truth, random.below(problem.wrt.size()));
  return random.chance(60) ? matrices.dense(random) : matrices.sparse(random);
}

}  // namespace wengert::fuzz
