#include "wengert/modes/repeated.hpp"

#include <algorithm>
#include <chrono>
#include <stdexcept>

#include "wengert/exec/forecast.hpp"
#include "wengert/rules/build.hpp"
#include "wengert/sweep/differentiate.hpp"
#include "wengert/sweep/extract.hpp"

namespace wengert {

namespace {

constexpr std::string_view engine_names[] = {"auto", "interpreter", "native"};
constexpr std::uint64_t tried = 3;  // evaluations of which the fastest is what one takes

using Clock = std::chrono::steady_clock;

}  // namespace

std::string_view to_string(Engine engine) { return engine_names[static_cast<std::size_t>(engine)]; }

std::optional<Engine> engine_named(std::string_view name) {
  for (const Engine e : {Engine::automatic, Engine::interpreter, Engine::native})
    if (to_string(e) == name) return e;
  return {};
}

// A plan that becomes machine code when so many evaluations are to come, or are over, that it pays.
class TieredPlan {
 public:
  TieredPlan(const Graph& graph, std::vector<NodeId> outputs, std::vector<NodeId> inputs,
             const RepeatedOptions& options)
      : graph_(graph), outputs_(std::move(outputs)), inputs_(std::move(inputs)), options_(options), plan_(made()) {
    workspace_.emplace(plan_);
    settled_ = options.engine != Engine::automatic;
  }

  void run(std::span<const double* const> in, std::span<double* const> out) {
    if (settled_) return plan_.run(*workspace_, in, out);
    if (done_ >= tried) {
      plan_.run(*workspace_, in, out);
    } else {
      const auto start = Clock::now();
      plan_.run(*workspace_, in, out);
      seconds_ = std::min(seconds_, std::chrono::duration<double>(Clock::now() - start).count());
      if (done_ + 1 == tried) pays_from_ = exec::expected(plan_, seconds_).pays_from();
    }
    ++done_;
    if (done_ >= tried && static_cast<double>(std::max(done_, options_.evaluations)) >= pays_from_) compile();
  }
  bool native() const { return plan_.native(); }

 private:
  exec::Plan made() const {
    return {graph_,
            outputs_,
            inputs_,
            {.mathematics = exec::Mathematics::exact,
             .native = options_.engine == Engine::native,
             .numbers = options_.plan_bytes / sizeof(double)}};
  }
  void compile() {
    settled_ = true;
    exec::Plan compiled(
        graph_, outputs_, inputs_,
        {.mathematics = exec::Mathematics::exact, .native = true, .numbers = options_.plan_bytes / sizeof(double)});
    if (!compiled.native()) return;
    plan_ = std::move(compiled);
    workspace_.emplace(plan_);
  }

  const Graph& graph_;
  std::vector<NodeId> outputs_, inputs_;
  RepeatedOptions options_;
  exec::Plan plan_;
  std::optional<exec::Workspace> workspace_;
  bool settled_ = false;
  std::uint64_t done_ = 0;
  double seconds_ = 1e300, pays_from_ = 1e300;
};

struct Repeated::State {
  State(const Problem& problem, const Point& at, RepeatedOptions with)
      : options(with),
        point(at),
        wrt(problem.wrt),
        swept(prepare(Mode::reverse, problem)),
        own(extract(*problem.graph, std::span(&problem.output, 1), problem.wrt)),
        y(*own.graph, own.outputs[0]) {
    for (const NodeId x : own.inputs) {
      by.emplace_back(*own.graph, x);
      inputs.push_back(x);
      offsets.push_back(size);
      size += by.back().shape().size();
    }
    for (const auto& [copy, original] : own.original) {
      if (std::find(own.inputs.begin(), own.inputs.end(), copy) != own.inputs.end()) continue;
      const auto known = point.find(original);
      if (known == point.end() || known->second.size() != (*own.graph)[copy].shape.size())
        throw std::invalid_argument("an input has no value, or one of another shape");
      fixed.push_back(copy);
      inputs.push_back(copy);
      in.push_back(known->second.data());
    }
    in.insert(in.begin(), by.size(), nullptr);
    ignored.resize(size);
  }

  void move_to(const double* x) {
    for (std::size_t k = 0; k < by.size(); ++k) in[k] = x + offsets[k];
  }
  // For the sweeps, which read a point.
  const Point& point_at(const double* x) {
    for (std::size_t k = 0; k < wrt.size(); ++k) point[wrt[k]].assign(x + offsets[k], x + end_of(k));
    return point;
  }
  std::size_t end_of(std::size_t k) const { return k + 1 < offsets.size() ? offsets[k + 1] : size; }

  const std::vector<NodeId>& adjoints() {
    if (gradient.empty()) gradient = ids(vjp(y, by, number(*own.graph, 1)));
    return gradient;
  }
  std::vector<NodeId> value_and_adjoints() {
    std::vector<NodeId> all{y.id};
    all.insert(all.end(), adjoints().begin(), adjoints().end());
    return all;
  }
  // Null where no plan can run it.
  TieredPlan* first() {
    if (!first_plan && !without_plan) try {
        first_plan.emplace(*own.graph, value_and_adjoints(), inputs, options);
      } catch (const std::invalid_argument&) {
        without_plan = true;
      }
    return first_plan ? &*first_plan : nullptr;
  }
  TieredPlan* second() {
    if (!second_plan && !without_second) try {
        std::vector<Expr> directions;
        std::vector<NodeId> outputs, all = inputs;
        for (const Expr& x : by) directions.push_back(variable(*own.graph, "direction", x.shape()));
        for (const NodeId g : adjoints()) outputs.push_back(jvp(Expr(*own.graph, g), by, directions).id);
        for (const Expr& d : directions) all.push_back(d.id);
        second_plan.emplace(*own.graph, outputs, all, options);
      } catch (const std::invalid_argument&) {
        without_second = true;
      }
    return second_plan ? &*second_plan : nullptr;
  }

  RepeatedOptions options;
  Point point;
  std::vector<NodeId> wrt;
  Prepared swept;
  Extract own;
  Expr y;
  std::vector<Expr> by;
  std::vector<NodeId> inputs, fixed, gradient;  // of wrt, then the others; adjoints of wrt
  std::vector<std::size_t> offsets;             // of wrt in x
  std::size_t size = 0;
  std::vector<const double*> in;
  std::vector<double*> out;
  std::vector<double> ignored;
  std::optional<TieredPlan> first_plan, second_plan;
  bool without_plan = false, without_second = false;
  std::string_view ran = "sweeps";
};

Repeated::Repeated(const Problem& problem, const Point& at, RepeatedOptions options) {
  if (!problem.shape().scalar()) throw std::invalid_argument("only a scalar is evaluated repeatedly");
  state_ = std::make_unique<State>(problem, at, options);
}
Repeated::Repeated(Repeated&&) noexcept = default;
Repeated::~Repeated() = default;

std::size_t Repeated::size() const { return state_->size; }
std::string_view Repeated::engine() const { return state_->ran; }

double Repeated::operator()(const double* x, double* gradient) {
  State& s = *state_;
  double value = 0;
  double* to = gradient != nullptr ? gradient : s.ignored.data();
  if (TieredPlan* plan = s.first()) {
    s.move_to(x);
    s.out.assign(1, &value);
    for (const std::size_t at : s.offsets) s.out.push_back(to + at);
    plan->run(s.in, s.out);
    s.ran = plan->native() ? "native" : "interpreter";
    return value;
  }
  const Derivative d = s.swept.jacobian(s.point_at(x));
  for (std::size_t k = 0; k < d.blocks.size(); ++k)
    std::copy(d.blocks[k].begin(), d.blocks[k].end(), to + s.offsets[k]);
  return d.value[0];
}

void Repeated::hessian_times(const double* x, const double* v, double* out) {
  State& s = *state_;
  if (TieredPlan* plan = s.second()) {
    s.move_to(x);
    std::vector<const double*> in = s.in;
    s.out.clear();
    for (const std::size_t at : s.offsets) {
      in.push_back(v + at);
      s.out.push_back(out + at);
    }
    plan->run(in, s.out);
    s.ran = plan->native() ? "native" : "interpreter";
    return;
  }
  std::vector<std::vector<double>> direction;
  for (std::size_t k = 0; k < s.by.size(); ++k) direction.emplace_back(v + s.offsets[k], v + s.end_of(k));
  for (const Block& b : s.swept.hessian_times(s.point_at(x), direction)) out = std::copy(b.begin(), b.end(), out);
}

void Repeated::batch(std::size_t count, const double* points, double* values, double* gradients) {
  State& s = *state_;
  const std::vector<NodeId> outputs = gradients != nullptr ? s.value_and_adjoints() : std::vector<NodeId>{s.y.id};
  std::optional<exec::Plan> plan;
  exec::PlanOptions how{.width = exec::batch_width(*s.own.graph, outputs),
                        .mathematics = exec::Mathematics::exact,
                        .native = s.options.engine == Engine::native,
                        .shared = s.fixed,
                        .numbers = s.options.plan_bytes / sizeof(double)};
  try {
    plan.emplace(*s.own.graph, outputs, s.inputs, how);
    // A block of points takes about a third of a nanosecond an instruction and point.
    const double blocks = static_cast<double>(count) / how.width;
    const double seconds = 3e-10 * static_cast<double>(plan->steps()) * how.width;
    how.native = s.options.engine == Engine::automatic && blocks >= exec::expected(*plan, seconds).pays_from();
    if (how.native) plan.emplace(*s.own.graph, outputs, s.inputs, how);
  } catch (const std::invalid_argument&) {
    std::vector<double> x(s.size), g(s.size);
    for (std::size_t p = 0; p < count; ++p) {
      for (std::size_t e = 0; e < s.size; ++e) x[e] = points[e * count + p];
      values[p] = (*this)(x.data(), g.data());
      for (std::size_t e = 0; gradients != nullptr && e < s.size; ++e) gradients[e * count + p] = g[e];
    }
    return;
  }
  for (std::size_t k = 0; k < s.by.size(); ++k) s.in[k] = points + s.offsets[k] * count;
  s.out.assign(1, values);
  if (gradients != nullptr)
    for (const std::size_t at : s.offsets) s.out.push_back(gradients + at * count);
  std::vector<exec::Workspace> workspaces = exec::workspaces(*plan, s.options.threads);
  plan->run(workspaces, count, s.in, s.out);
  s.ran = plan->native() ? "native" : "interpreter";
}

}  // namespace wengert
