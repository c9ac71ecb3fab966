// Finite differences: central, over a falling sequence of steps, extrapolated to step 0 (Ridders'
// scheme: C. Ridders, Adv. Eng. Software 4 (1982) 75-76), with an estimate of its own error that
// includes the rounding of the values. The steps are the same whatever the values, so the cost is known beforehand.
#include <cmath>
#include <limits>

#include "implementation.hpp"

namespace wengert {

namespace {

constexpr int steps = 10;       // for one scale
constexpr double shrink = 2.0;  // the step's factor from one to the next
constexpr double epsilon = std::numeric_limits<double>::epsilon();

struct Estimate {
  double derivative = 0;
  double error = std::numeric_limits<double>::infinity();
};

using Values = std::vector<double>;

// The limit at step 0 of difference quotients that are even in their step, for every element of the output.
// quotient(h, q, noise): the quotients at step h, and what the rounding of the values does to them.
template <class Quotient>
void extrapolate(Quotient&& quotient, double scale, std::vector<Estimate>& best) {
  const std::size_t m = best.size();
  std::vector<std::vector<Values>> table;  // [row][order][element]
  Values noise(m);
  double h = scale;
  for (int r = 0; r < steps; ++r, h /= shrink) {
    table.emplace_back(static_cast<std::size_t>(r) + 1, Values(m));
    auto& row = table.back();
    quotient(h, row[0], noise);
    for (std::size_t i = 0; i < m; ++i) {
      double factor = shrink * shrink;
      for (std::size_t k = 1; k < row.size(); ++k, factor *= shrink * shrink) {
        const double previous = table[table.size() - 2][k - 1][i];
        row[k][i] = row[k - 1][i] + (row[k - 1][i] - previous) / (factor - 1);
        const double change = std::max(std::fabs(row[k][i] - row[k - 1][i]), std::fabs(row[k][i] - previous));
        const double error = change + noise[i];
        if (error < best[i].error) best[i] = {row[k][i], error};
      }
    }
  }
}

// Central differences along t -> f(t) at t = 0; f(t, out) evaluates.
template <class F>
auto central(F&& f, std::size_t m) {
  return [&f, up = Values(m), down = Values(m)](double h, Values& q, Values& noise) mutable {
    f(h, up);
    f(-h, down);
    for (std::size_t i = 0; i < q.size(); ++i) {
      q[i] = (up[i] - down[i]) / (2 * h);
      noise[i] = epsilon * std::max(std::fabs(up[i]), std::fabs(down[i])) / h;
    }
  };
}

// The first steps worth trying at a coordinate: relative to it, and absolute where that differs much.
constexpr std::size_t most_scales = 2;
std::vector<double> scales(double x) {
  const double size = std::fabs(x);
  if (size == 0 || !std::isfinite(size)) return {0.1};
  if (size > 0.01 && size <= 1) return {0.1 * size};
  return {0.1 * size, 0.1};
}

struct Evaluator {
  Evaluator(const Recorded& p, const Point& point) : program(p), frame(frame_at(p.tape, point)) {}
  void operator()(Values& out) {
    evaluate(frame);
    const std::size_t at = program.tape.offset(program.output());
    for (std::size_t i = 0; i < out.size(); ++i) out[i] = frame.values.get(at + i);
  }
  const Recorded& program;
  NumericFrame<double> frame;
};

}  // namespace

FiniteMode::FiniteMode(const Problem& p) : program(p, Keep::outputs), value(count_sweeps(program.tape).value) {}

std::uint64_t FiniteMode::scales_tried(const Point* point) const {
  std::uint64_t tried = 0;
  each_element(program, [&](std::size_t k, std::size_t e, SlotId slot) {
    if (slot == Tape::no_slot) return;
    tried += point == nullptr ? most_scales : scales(numbers_of(*point, program.problem.wrt[k])[e]).size();
  });
  return tried;
}

std::uint64_t FiniteMode::evaluations(const Point* point) const { return 1 + 2 * steps * scales_tried(point); }

// For every element of the output a quotient a step, and what extrapolates it. What the estimate of the error takes is
// not counted.
OperationCount FiniteMode::operations(const Point* point) const {
  OperationCount c = scaled(value, evaluations(point));
  const std::uint64_t columns = scales_tried(point) * program.m(), extrapolated = steps * (steps - 1) / 2;
  c.add += columns * (steps + 2 * extrapolated);
  c.div += columns * (steps + extrapolated);
  return c;
}

Derivative FiniteMode::jacobian(const Point& point) const {
  const Tape& tape = program.tape;
  Evaluator f(program, point);
  Derivative d;
  d.value.resize(program.m());
  f(d.value);
  d.blocks = empty_blocks(program);
  d.estimates = empty_blocks(program);
  each_element(program, [&](std::size_t k, std::size_t e, SlotId slot) {
    if (slot == Tape::no_slot) return;
    const std::size_t at = tape.offset(slot) + e;
    const double x = f.frame.values.get(at);
    std::vector<Estimate> best(program.m());
    const auto moved = [&](double h, Values& out) {
      f.frame.values.set(at, x + h);
      f(out);
    };
    // steps that x absorbs exactly
    for (const double scale : scales(x)) extrapolate(central(moved, best.size()), (x + scale) - x, best);
    f.frame.values.set(at, x);
    const std::size_t width = program.shapes[k].size();
    for (std::size_t i = 0; i < best.size(); ++i) {
      const bool found = std::isfinite(best[i].error);
      d.blocks[k][i * width + e] = found ? best[i].derivative : std::numeric_limits<double>::quiet_NaN();
      d.estimates[k][i * width + e] = best[i].error;
    }
  });
  return d;
}

std::vector<double> FiniteMode::jvp(const Point& point, const std::vector<std::vector<double>>& v,
                                    std::vector<double>* estimates) const {
  const Tape& tape = program.tape;
  Evaluator f(program, point);
  const NumericFrame<double> start = f.frame;
  double size = 0, direction = 0;
  each_element(program, [&](std::size_t k, std::size_t e, SlotId slot) {
    if (slot == Tape::no_slot) return;
    size = std::max(size, std::fabs(start.values.get(tape.offset(slot) + e)));
    direction = std::max(direction, std::fabs(v[k][e]));
  });
  std::vector<Estimate> best(program.m());
  if (estimates != nullptr) estimates->assign(program.m(), 0.0);
  if (direction == 0) return std::vector<double>(program.m(), 0.0);
  const auto moved = [&](double h, Values& out) {
    each_element(program, [&](std::size_t k, std::size_t e, SlotId slot) {
      if (slot != Tape::no_slot) f.frame.values.set(tape.offset(slot) + e, start.values.get(tape.offset(slot) + e) + h * v[k][e]);
    });
    f(out);
  };
  extrapolate(central(moved, best.size()), 0.1 * (size == 0 ? 1 : size) / direction, best);
  std::vector<double> out;
  for (const Estimate& b : best) out.push_back(std::isfinite(b.error) ? b.derivative : std::numeric_limits<double>::quiet_NaN());
  if (estimates != nullptr)
    for (std::size_t i = 0; i < best.size(); ++i) (*estimates)[i] = best[i].error;
  return out;
}

// Second central differences of the values, extrapolated like the first: four evaluations a pair and step.
Hessian FiniteMode::hessian(const Point& point) const {
  const Tape& tape = program.tape;
  Evaluator f(program, point);
  Hessian result;
  result.value.resize(1);
  f(result.value);
  std::vector<std::size_t> places;
  each_element(program, [&](std::size_t, std::size_t e, SlotId slot) {
    places.push_back(slot == Tape::no_slot ? std::size_t(-1) : tape.offset(slot) + e);
  });
  const std::size_t n = places.size();
  result.matrix.assign(n * n, 0.0);
  result.estimates.assign(n * n, 0.0);
  Values y(1);
  double size = 0;
  const auto at = [&](std::size_t i, double hi, std::size_t j, double hj) {
    const double xi = f.frame.values.get(places[i]), xj = f.frame.values.get(places[j]);
    f.frame.values.set(places[i], xi + hi);
    f.frame.values.set(places[j], (i == j ? xi + hi : xj) + hj);
    f(y);
    f.frame.values.set(places[j], xj);
    f.frame.values.set(places[i], xi);
    size = std::max(size, std::fabs(y[0]));
    return y[0];
  };
  for (std::size_t i = 0; i < n; ++i)
    for (std::size_t j = i; j < n; ++j) {
      if (places[i] == std::size_t(-1) || places[j] == std::size_t(-1)) continue;
      std::vector<Estimate> best(1);
      for (const double si : scales(f.frame.values.get(places[i])))
        for (const double sj : scales(f.frame.values.get(places[j]))) {
          const auto mixed = [&](double h, Values& q, Values& noise) {
            const double a = h * si, b = h * sj;
            size = 0;
            q[0] = ((at(i, a, j, b) - at(i, a, j, -b)) - (at(i, -a, j, b) - at(i, -a, j, -b))) / (4 * a * b);
            noise[0] = epsilon * size / (a * b);
          };
          extrapolate(mixed, 1, best);
        }
      const bool found = std::isfinite(best[0].error);
      result.matrix[i * n + j] = result.matrix[j * n + i] = found ? best[0].derivative : std::numeric_limits<double>::quiet_NaN();
      result.estimates[i * n + j] = result.estimates[j * n + i] = best[0].error;
    }
  return result;
}

}  // namespace wengert
