#include "agree_wanted.hpp"
#include "wengert/explain/cost.hpp"

#include <algorithm>

#include "wengert/rules/linear_algebra.hpp"
#include "wengert/rules/build.hpp"

namespace wengert {

namespace {

// Why the complex step has no product at this very point, where it gave NaN.
void explain_absence(Derivative& d, const Prepared& f, const Point& point) {
  if (f.mode() != Mode::complex_step) return;
  for (const Block& block : d.blocks)
    if (std::any_of(block.begin(), block.end(), [](double x) { return x != x; })) {
      const Derivative all = f.jacobian(point);
      if (all.unavailable.empty()) return;
      d.unavailable = all.unavailable;
      d.where = all.where;
      d.blocks.clear();
      return;
    }
}

}  // namespace

Derivative derivative_by(const Prepared& f, const Wanted& wanted, const Point& point) {
  Derivative d;
  switch (wanted.what) {
    case Quantity::jacobian:
      return f.jacobian(point);
    case Quantity::hessian: {
      Hessian h = f.hessian(point);
      d = {std::move(h.value), {}, {}, std::move(h.unavailable), h.where};
      if (!d.unavailable.empty()) return d;
      d.blocks.push_back(std::move(h.matrix));
      if (!h.estimates.empty()) d.estimates.push_back(std::move(h.estimates));
      return d;
    }
    case Quantity::jvp: {
      std::vector<double> estimates;
      d.unavailable = f.unavailable();
      if (!d.unavailable.empty()) return d;
      d.blocks.push_back(f.jvp(point, wanted.directions, &estimates));
      if (!estimates.empty()) d.estimates.push_back(std::move(estimates));
      explain_absence(d, f, point);
      return d;
    }
    case Quantity::vjp:
      d.unavailable = f.unavailable();
      if (d.unavailable.empty()) d.blocks = f.vjp(point, wanted.directions.front(), &d.estimates);
      explain_absence(d, f, point);
      return d;
  }
  return d;
}

namespace agreeing {

namespace {

constexpr double operation_seconds = 4e-9;  // of the interpreter, to predict by
constexpr double elimination_seconds = 5e-5;  // to linearise and eliminate an operation, its order found
constexpr double decimal_seconds = 4e-7;    // of a 50-digit operation

std::string element_name(const Problem& p, std::size_t element) {
  for (const NodeId w : p.wrt) {
    const std::size_t size = (*p.graph)[w].shape.size();
    const std::string& name = p.graph->input_of(w).name;
    if (element < size) return size == 1 ? name : name + ", element " + std::to_string(element + 1);
    element -= size;
  }
  return {};
}

// Sweeps that a mode takes for a product.
double product_sweeps(Mode mode, Quantity what, double n, double m) {
  if (mode == Mode::reverse) return what == Quantity::vjp ? 1 : m;
  if (mode == Mode::symbolic) return 1;
  return what == Quantity::jvp ? 1 : n;
}

}  // namespace

Reference reference_of(const Problem& p, const Wanted& wanted, const Point& point, const Literals& literals) {
  switch (wanted.what) {
    case Quantity::jacobian:
      return reference_at(p, point, literals);
    case Quantity::hessian: {
      Reference r{reference_at({p.graph, p.output, {}}, point, literals).value, {}};
      r.blocks.push_back(reference_hessian(p, point, literals));
      return r;
    }
    case Quantity::jvp:
      return reference_jvp(p, point, wanted.directions, literals);
    case Quantity::vjp:
      return reference_vjp(p, point, wanted.directions.front(), literals);
  }
  return {};
}

std::string place_of(const Problem& p, const Wanted& wanted, std::size_t block, std::size_t element) {
  const auto wrt = [&](std::size_t k) {
    const std::string& name = p.graph->input_of(p.wrt[k]).name;
    return " by " + name + ((*p.graph)[p.wrt[k]].shape.scalar() ? "" : ", element " + std::to_string(element + 1));
  };
  switch (wanted.what) {
    case Quantity::hessian:
      return " by " + element_name(p, element / p.inputs()) + " and " + element_name(p, element % p.inputs());
    case Quantity::jvp:
      return p.shape().scalar() ? "" : " in element " + std::to_string(element + 1);
    case Quantity::jacobian:
    case Quantity::vjp:
      break;
  }
  return wrt(block);
}

double value_work(const Tape& tape, const OperationCount& value) {
  constexpr double product_price = 0.1;
  double products = 0;
  for (const Instruction& i : tape.code())
    if (i.op == op_of<MatMul> || i.op == op_of<StrongMatMul>) {
      const Shape a = tape.shape(tape.arguments(i)[0]);
      products += 2.0 * static_cast<double>(a.size()) * tape.shape(i.out).cols;
    }
  const double all = static_cast<double>(value.total());
  return std::max(all - (1 - product_price) * std::min(all, products), static_cast<double>(tape.code().size()));
}

Prediction predict(Mode mode, const Problem& p, Quantity what, const Tape& tape, double value_work) {
  const double n = static_cast<double>(p.inputs()), m = static_cast<double>(p.outputs());
  const double plane = 8.0 * static_cast<double>(tape.elements());
  const double code = static_cast<double>(tape.code().size());
  const bool product = what == Quantity::jvp || what == Quantity::vjp, second = what == Quantity::hessian;
  const double result = 8.0 * (second ? n * n : product ? n + m : n * m);
  const double sweeps = product ? product_sweeps(mode, what, n, m) : 0;
  const auto work = [&](double evaluations) { return operation_seconds * value_work * evaluations; };
  switch (mode) {
    case Mode::reverse:
      if (second) return {work(1 + 10 * n), 4 * plane + result};
      return {work(1 + 3 * (product ? sweeps : m)), 2 * plane + result};
    case Mode::forward:
      if (second) return {work(1 + 3 * n + 3 * n * (n + 1)), 4 * plane + result};
      return {work(1 + 2 * (product ? sweeps : n)), (product ? 2 : 9) * plane + result};
    case Mode::symbolic: {
      const bool scalars = p.wrt.size() <= 64 && n == static_cast<double>(p.wrt.size());
      double programs = product ? 1 : scalars ? n : m == 1 ? 1 : std::min(m, n);
      if (second) programs *= 4 * n;
      // Building a node of the derivative costs far more than evaluating it.
      const double built = code * programs * 4;
      return {built * 2.5e-7 + work(1 + 3 * programs), built * 120 + plane * (1 + programs) + result};
    }
    case Mode::cross: {
      // Every vertex is a few maps; what elimination multiplies is seldom more than the cheaper sweep does.
      const double size = second ? 6 * code : code;
      const double sweep = work(1 + 3 * std::min(n, second ? n : m));
      return {size * elimination_seconds + sweep, size * 2000 + 2 * plane + result};
    }
    case Mode::finite:
      if (second) return {work(1 + 80 * n * (n + 1)), plane + 2 * result};
      return {work(1 + 20 * (product ? sweeps : n)), plane + 2 * result};
    case Mode::complex_step:
      if (second) return {4 * work(5 * n) + code * 1e-6, 8 * plane + code * 500 + result};
      return {4 * work(product ? sweeps : n), 2 * plane + result};
  }
  return {};
}

Prediction predict_reference(const Problem& p, Quantity what, const Tape& tape, double value_work) {
  const double n = static_cast<double>(p.inputs()), m = static_cast<double>(p.outputs());
  double sweeps = std::min(n, m), each = 3;
  if (what == Quantity::hessian) sweeps = n, each = 10;
  if (what == Quantity::jvp || what == Quantity::vjp) sweeps = 1;
  return {decimal_seconds * value_work * (1 + each * sweeps), 3 * 64.0 * static_cast<double>(tape.elements())};
}

}  // namespace agreeing

double predicted_seconds(Mode mode, const Problem& p, Quantity what) {
  const Tape tape = Tape::record(*p.graph, std::span(&p.output, 1), p.wrt);
  return agreeing::predict(mode, p, what, tape, agreeing::value_work(tape, value_operations(*p.graph, p.output)))
      .seconds;
}

}  // namespace wengert
