#include "executions.hpp"

#include <cmath>
#include <memory>
#include <stdexcept>

#include "../speed/engines.hpp"
#include "stopwatch.hpp"
#include "wengert/exec/forecast.hpp"
#include "wengert/exec/sparse.hpp"
#include "wengert/sweep/propagate.hpp"

namespace wengert::mode_costs {

namespace {

constexpr double most_error = 1e-10;
constexpr double longest = 0.05;  // seconds of one evaluation

// A program with all that it mentions as inputs.
struct Inputs {
  std::vector<Expr> all;
  Expr y, x;
  std::vector<const double*> at;
  explicit Inputs(const Program& p) : y(*p.problem.graph, p.problem.output), x(*p.problem.graph, p.problem.wrt[0]) {
    for (const NodeId id : y.graph->reachable(std::span(&y.id, 1)))
      if ((*y.graph)[id].op == Op::input) {
        all.emplace_back(*y.graph, id);
        at.push_back(p.point().at(id).data());
      }
  }
};

bench::Problem as_problem(const Family& family, const Program& program, const Inputs& inputs) {
  const bool gradient = program.problem.outputs() == 1;
  bench::Problem p{family.name,
                   program.problem.outputs(),
                   gradient ? bench::Work::gradient : bench::Work::jacobian,
                   program.text,
                   {}};
  for (const Expr& e : inputs.all)
    p.inputs.push_back({e.graph->input_of(e.id).name, e.shape(), program.point().at(e.id), e.id == inputs.x.id});
  return p;
}

struct Attempt {
  Execution row;
  std::function<void()> call;
  std::function<std::vector<double>()> result;  // the Jacobian, by rows
};

double gap(const std::vector<double>& a, const std::vector<double>& truth) {
  double worst = 0, scale = 1e-300;
  for (std::size_t k = 0; k < truth.size(); ++k) {
    const double d = std::fabs(a.at(k) - truth[k]);
    worst = d == d ? std::max(worst, d) : INFINITY;
    scale = std::max(scale, std::fabs(truth[k]));
  }
  return worst / scale;
}

// The three ways that a plan makes a Jacobian.
void planned(Attempt& a, const Inputs& in, exec::Jacobian::Sweep sweep) {
  const auto j = std::make_shared<exec::Jacobian>(in.y, in.x, in.all, sweep, exec::PlanOptions{});
  const auto memory = std::make_shared<exec::Jacobian::Memory>(*j);
  const auto value = std::make_shared<std::vector<double>>(in.y.shape().size());
  const auto matrix = std::make_shared<std::vector<double>>(value->size() * in.x.shape().size());
  a.call = [=, at = in.at] { j->run(*memory, at, value->data(), matrix->data()); };
  a.result = [matrix] { return *matrix; };
}

void compressed(Attempt& a, const Inputs& in) {
  const auto j = std::make_shared<exec::SparseJacobian>(in.y, in.x, in.all);
  const auto memory = std::make_shared<exec::SparseJacobian::Memory>(*j);
  const auto nonzeros = std::make_shared<std::vector<double>>(j->pattern().nonzeros());
  a.call = [=, at = in.at] { j->run(*memory, at, nonzeros->data()); };
  a.result = [=] {
    const exec::Pattern& p = j->pattern();
    std::vector<double> dense(p.rows * p.cols);
    for (std::size_t i = 0; i < p.rows; ++i)
      for (std::uint32_t k = p.begin[i]; k < p.begin[i + 1]; ++k) dense[i * p.cols + p.columns[k]] = (*nonzeros)[k];
    return dense;
  };
}

void ready(Attempt& a, std::unique_ptr<bench::Ready> r) {
  const std::shared_ptr<bench::Ready> kept = std::move(r);
  a.call = [kept] { kept->call(); };
  a.result = [kept] { return kept->out.at(1); };
}

// What the engine goes by when it decides whether to compile a gradient.
std::optional<double> expected_to_pay(const Inputs& in, Size size, double interpreter_seconds) {
  if (size.outputs > 1) return std::nullopt;
  const exec::Plan plan = exec::gradient_plan(in.y, std::span(&in.x, 1), in.all, {});
  const double from = exec::expected(plan, interpreter_seconds).pays_from();
  return std::isfinite(from) ? std::optional(from) : std::nullopt;
}

}  // namespace

std::vector<Execution> executions(const Family& family, Size size, double each) {
  const Program program(family, size);
  const Inputs in(program);
  const bench::Problem problem = as_problem(family, program, in);
  std::vector<Attempt> all;
  const auto attempt = [&](const char* way, auto&& prepare) {
    Attempt a{.row = {.family = family.name, .size = size, .way = way}};
    const double begin = wall_seconds();  // a compiler is another process
    try {
      prepare(a);
      a.call();
    } catch (const std::exception& why) {
      a.call = nullptr;
      a.row.absent = why.what();
    }
    a.row.prepare_seconds = wall_seconds() - begin;
    all.push_back(std::move(a));
  };
  using Sweep = exec::Jacobian::Sweep;
  const Prepared reverse = prepare(Mode::reverse, program.problem);
  attempt("sweeps", [&](Attempt& a) {
    const Prepared f = prepare(cheapest(program.problem), program.problem);
    a.call = [&, f] { static_cast<void>(f.jacobian(program.point())); };
    a.result = [&, f] { return f.jacobian(program.point()).blocks[0]; };
  });
  attempt("plan forward", [&](Attempt& a) { planned(a, in, Sweep::forward); });
  attempt("plan reverse", [&](Attempt& a) { planned(a, in, Sweep::reverse); });
  attempt("cross-country", [&](Attempt& a) { planned(a, in, Sweep::elimination); });
  attempt("sparse", [&](Attempt& a) { compressed(a, in); });
  const exec::InstructionSet widest = exec::widest_instructions();
  attempt("interpreter", [&](Attempt& a) { ready(a, bench::engine(problem, widest, false)); });
  attempt("native", [&](Attempt& a) { ready(a, bench::engine(problem, widest, true)); });
  attempt("exported C", [&](Attempt& a) { ready(a, bench::exported_c(problem)); });

  const std::vector<double> truth = reverse.jacobian(program.point()).blocks[0];
  std::vector<std::function<void()>> calls;
  std::vector<Execution*> rows;
  for (Attempt& a : all) {
    if (!a.call) continue;
    a.row.error = gap(a.result(), truth);
    a.row.wrong = !(a.row.error <= most_error);
    if (seconds_of(a.call, 1) > longest) {
      a.row.absent = "takes over 50 ms";
      continue;
    }
    calls.push_back(a.call);
    rows.push_back(&a.row);
  }
  const std::vector<Timing> times = measured_in_turns(calls, each);
  for (std::size_t k = 0; k < rows.size(); ++k) {
    if (rows[k]->way == "interpreter") rows[k]->pays_from = expected_to_pay(in, size, times[k].least);
    rows[k]->seconds = times[k].least, rows[k]->median = times[k].median, rows[k]->spread = times[k].spread;
  }
  std::vector<Execution> out;
  for (Attempt& a : all) out.push_back(std::move(a.row));
  return out;
}

std::vector<Compiling> compiling_pays(const std::vector<Execution>& all) {
  std::vector<Compiling> out;
  const Execution* interpreter = nullptr;
  for (const Execution& e : all) {
    if (e.way == "interpreter") interpreter = &e;
    if (e.way != "native" || interpreter == nullptr || !e.seconds || !interpreter->seconds) continue;
    Compiling c{e.family, e.size, interpreter->pays_from, std::nullopt};
    const double gain = *interpreter->seconds - *e.seconds;
    if (gain > 0) c.evaluations = std::max(0.0, (e.prepare_seconds - interpreter->prepare_seconds) / gain);
    out.push_back(c);
  }
  return out;
}

std::vector<Chunk> chunks(const Family& family, Size size, double each) {
  const Program program(family, size);
  const Problem& p = program.problem;
  const Tape tape = Tape::record(*p.graph, std::span(&p.output, 1), p.wrt);
  NumericFrame<double> f(tape);
  for (const Tape::Given& g : tape.inputs())
    for (std::size_t e = 0; e < tape.shape(g.slot).size(); ++e)
      f.values.set(tape.offset(g.slot) + e, program.point().at(g.node)[e]);
  evaluate(f);
  std::vector<std::function<void()>> calls;
  std::vector<Chunk> out;
  for (std::size_t width = 1; width <= std::min<std::size_t>(32, size.inputs); width *= 2) {
    out.push_back({family.name, size, width});
    calls.push_back([&, width] {
      for (std::size_t first = 0; first < size.inputs; first += width) {
        const std::size_t count = std::min(width, size.inputs - first);
        f.clear_tangents(count);
        for (std::size_t t = 0; t < count; ++t) f.tangents[t].set(tape.offset(tape.wrt()[0]) + first + t, 1.0);
        push_forward(f);
      }
    });
  }
  const std::vector<Timing> times = measured_in_turns(calls, each);
  for (std::size_t k = 0; k < out.size(); ++k) out[k].seconds = times[k].least;
  return out;
}

}  // namespace wengert::mode_costs
