#include "wide.hpp"

#include <algorithm>

#include "wengert/exec/plan.hpp"
#include "wengert/sweep/extract.hpp"

namespace wengert {

namespace {

constexpr std::size_t fewest_directions = 16;
constexpr std::size_t at_once = 512;  // directions between questions whether to stop
constexpr double least_work = 2e6;    // elements times directions; less is swept faster than it is planned

// The plan's own copy of the program: deriving there disturbs nobody.
class Wide {
 public:
  Wide(const Recorded& program, const Point& point)
      : program_(program),
        own_(extract(*program.problem.graph, std::span(&program.problem.output, 1), program.problem.wrt)),
        y_(*own_.graph, own_.outputs[0]) {
    for (const NodeId x : own_.inputs) wrt_.emplace_back(*own_.graph, x);
    for (const auto& [copy, original] : own_.original) {
      inputs_.push_back(copy);
      in_.push_back(numbers_of(point, original).data());
    }
  }

  Derivative jacobian(SweepDirection direction) {
    Derivative d;
    d.value.resize(y_.shape().size());
    double* to = d.value.data();
    const exec::Plan value(*own_.graph, {y_.id}, inputs_, {.mathematics = exec::Mathematics::exact});
    exec::Workspace w(value);
    value.run(w, in_, std::span(&to, 1));
    d.blocks = empty_blocks(program_);
    if (direction == SweepDirection::reverse)
      reverse(d);
    else
      for (std::size_t k = 0; k < wrt_.size(); ++k) forward(d, k);
    return d;
  }

 private:
  const Recorded& program_;
  Extract own_;
  Expr y_;
  std::vector<Expr> wrt_;
  std::vector<NodeId> inputs_;
  std::vector<const double*> in_;

  // f of the unit vectors of the direction: out[k] has the elements of output k by directions.
  std::vector<std::vector<double>> run(const std::vector<NodeId>& outputs, const Expr& direction) const {
    const std::size_t n = direction.shape().size(), most = std::min(n, at_once);
    std::vector<NodeId> inputs = inputs_;
    inputs.push_back(direction.id);
    const std::uint32_t width =
        std::min(exec::batch_width(*own_.graph, outputs), static_cast<std::uint32_t>((most + 7) / 8 * 8));
    const exec::Plan plan(*own_.graph, outputs, inputs,
                          {.width = width, .mathematics = exec::Mathematics::exact, .shared = inputs_});
    std::vector<std::vector<double>> out, some(outputs.size());
    for (const NodeId o : outputs) out.emplace_back((*own_.graph)[o].shape.size() * n);
    std::vector<exec::Workspace> workspaces = exec::workspaces(plan, program_.problem.threads);
    std::vector<const double*> in = in_;
    in.push_back(nullptr);
    for (std::size_t first = 0; first < n; first += most) {
      ask_whether_to_stop(program_.problem.graph->stop());
      const std::size_t count = std::min(most, n - first);
      std::vector<double> seeds(n * count);
      for (std::size_t k = 0; k < count; ++k) seeds[(first + k) * count + k] = 1;
      in.back() = seeds.data();
      std::vector<double*> to;
      for (std::size_t k = 0; k < outputs.size(); ++k) {
        some[k].resize(out[k].size() / n * count);
        to.push_back(some[k].data());
      }
      plan.run(workspaces, count, in, to);
      for (std::size_t k = 0; k < outputs.size(); ++k)
        for (std::size_t e = 0; e < out[k].size() / n; ++e)
          std::copy_n(some[k].data() + e * count, count, out[k].data() + e * n + first);
    }
    return out;
  }

  void forward(Derivative& d, std::size_t k) const {
    const Expr t(*own_.graph, own_.graph->input("tangent", wrt_[k].shape()));
    d.blocks[k] = run({jvp(y_, std::span(&wrt_[k], 1), std::span(&t, 1)).id}, t)[0];
  }
  void reverse(Derivative& d) const {
    const Expr w(*own_.graph, own_.graph->input("cotangent", y_.shape()));
    std::vector<NodeId> outputs;
    for (const Expr& g : vjp(y_, wrt_, w)) outputs.push_back(g.id);
    const auto columns = run(outputs, w);
    const std::size_t m = y_.shape().size();
    for (std::size_t k = 0; k < columns.size(); ++k)
      for (std::size_t e = 0, n = columns[k].size() / m; e < n; ++e)
        for (std::size_t i = 0; i < m; ++i) d.blocks[k][i * n + e] = columns[k][e * m + i];
  }
};

}  // namespace

bool swept_wide(const Recorded& program, SweepDirection direction) {
  const std::size_t n = direction == SweepDirection::forward ? program.n() : program.m();
  return n >= fewest_directions && static_cast<double>(n) * static_cast<double>(program.tape.elements()) >= least_work;
}

std::optional<Derivative> wide_jacobian(const Recorded& program, const Point& point, SweepDirection direction) {
  if (!swept_wide(program, direction)) return std::nullopt;
  try {
    return Wide(program, point).jacobian(direction);
  } catch (const std::invalid_argument&) {
    return std::nullopt;
  }
}

}  // namespace wengert
