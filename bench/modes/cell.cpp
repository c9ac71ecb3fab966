#include "cell.hpp"

#include <algorithm>
#include <cmath>

#include "clock.hpp"
#include "recount.hpp"
#include "stopwatch.hpp"
#include "wengert/explain/cost.hpp"
#include "wengert/explain/reference.hpp"
#include "wengert/rules/table.hpp"
#include "wengert/sweep/tape.hpp"

namespace wengert::mode_costs {

namespace {

constexpr double decimal_seconds = 4e-7;  // of an operation in 50 digits
constexpr double most_error = 1e-10, most_finite_error = 1e-5;

// The derivative in 50 digits: of all elements, or of one row or column where all would take too long.
struct Exact {
  std::vector<double> numbers;
  std::size_t first = 0, step = 1;  // which elements of the Jacobian, by rows
  std::string what;
};

std::vector<double> rounded(const std::vector<Decimal>& digits) {
  std::vector<double> out;
  for (const Decimal& d : digits) out.push_back(d.to_double());
  return out;
}

std::optional<Exact> exact_of(const Program& program, std::uint64_t operations, double budget) {
  const Problem& p = program.problem;
  const std::size_t n = p.inputs(), m = p.outputs();
  const double sweep = 4 * decimal_seconds * static_cast<double>(operations);
  const Literals digits{Decimal::bits_for(50), false};
  if (sweep * static_cast<double>(std::min(n, m)) <= budget)
    return Exact{rounded(reference_at(p, program.point(), digits).blocks.at(0)), 0, 1, "all elements"};
  if (sweep > budget) return std::nullopt;
  if (n >= m) {
    std::vector<double> w(m);
    w[m / 2] = 1;
    return Exact{rounded(reference_vjp(p, program.point(), w, digits).blocks.at(0)), m / 2 * n, 1, "one row"};
  }
  std::vector<std::vector<double>> v{std::vector<double>(n)};
  v[0][n / 2] = 1;
  return Exact{rounded(reference_jvp(p, program.point(), v, digits).blocks.at(0)), n / 2, n, "one column"};
}

// Relative to the largest element; to the largest value where the derivative is 0.
double error_of(const Derivative& d, const Exact& exact) {
  double scale = 0, worst = 0, values = 0;
  for (const double v : d.value) values = std::max(values, std::fabs(v));
  for (std::size_t k = 0; k < exact.numbers.size(); ++k) {
    const double gap = std::fabs(d.blocks[0][exact.first + k * exact.step] - exact.numbers[k]);
    worst = gap == gap ? std::max(worst, gap) : INFINITY;
    scale = std::max(scale, std::fabs(exact.numbers[k]));
  }
  return worst / (scale > 1e-30 * values ? scale : std::max(values, 1e-300));
}

double gap_between(const Derivative& a, const Derivative& b) { return error_of(a, {b.blocks[0], 0, 1, ""}); }

// Elements that are only moved: free in the value, an addition each where adjoints meet.
std::uint64_t moves_of(const Tape& tape) {
  std::uint64_t moves = 0;
  for (const Instruction& i : tape.code())
    if (i.op >= Op::first_row && !row_of(i.op).elementwise) moves += tape.shape(i.out).size();
  return moves;
}

// What a mode is allowed by the rules: the value, and for each sweep the row's ratio less the value's share.
std::optional<std::uint64_t> bound_of(Mode mode, const CostReport& c, std::uint64_t moves) {
  const std::uint64_t v = c.value.total(), step = (static_cast<std::uint64_t>(c.ratio) - 1) * v + moves;
  switch (mode) {
    case Mode::reverse:
      return v + c.outputs * step;
    case Mode::forward:
      return v + c.inputs * step;
    case Mode::complex_step:
      return (1 + c.inputs) * v;
    default:
      return std::nullopt;
  }
}

std::optional<Theory> theory_of(Mode mode, const CostReport& c) {
  const double n = static_cast<double>(c.inputs), m = static_cast<double>(c.outputs);
  switch (mode) {
    case Mode::reverse:
      return Theory{1 + 2 * m, 1.5 + 2.5 * m};
    case Mode::forward:
      return Theory{1 + n, 1 + 1.5 * n};
    default:
      return std::nullopt;
  }
}

// Right or wrong, before anything is timed.
void check(Row& row, const Derivative& d, const std::optional<Exact>& exact, const std::optional<Derivative>& other) {
  const double most = row.mode == Mode::finite ? most_finite_error : most_error;
  if (exact) {
    row.error = error_of(d, *exact);
    row.checked = exact->what;
    row.wrong = row.wrong || !(*row.error <= most);
  }
  if (other && (!exact || exact->step != 1 || exact->numbers.size() != d.blocks[0].size())) {
    row.checked += row.checked.empty() ? "another mode" : ", another mode";
    row.wrong = row.wrong || !(gap_between(d, *other) <= most);
  }
}

// A mode that runs, and the turns that it took so far.
struct Running {
  std::size_t row;
  std::function<void()> call;
  std::size_t calls = 1;  // a turn
  std::vector<double> turns;
};

constexpr int turns_a_visit = 2;

}  // namespace

struct Cell::State {
  State(const Family& family, Size size, const Effort& e) : program(family, size), effort(e) {}

  Program program;
  Effort effort;
  std::vector<Row> rows;
  std::vector<Running> running;  // the value first
  std::uint64_t reference_operations = 0;
  std::optional<Exact> exact;
  std::optional<Derivative> first;  // what others are compared with

  void add(std::size_t row, Prepared f) {
    running.push_back({row, [this, f] { static_cast<void>(f.jacobian(program.point())); }, 0, {}});
  }
  void describe();
};

Cell::Cell(const Family& family, Size size, const Effort& effort)
    : state_(std::make_unique<State>(family, size, effort)) {
  state_->describe();
  for (Row& r : state_->rows) r.family = family.name, r.size = size;
}
Cell::Cell(Cell&&) noexcept = default;
Cell::~Cell() = default;

void Cell::State::describe() {
  const Problem& p = program.problem;
  const Tape tape = Tape::record(*p.graph, std::span(&p.output, 1), p.wrt);
  const CostReport cost = cost_of(p, effort.longest, &program.point());
  reference_operations = std::max<std::uint64_t>(cost.value.total(), tape.elements());
  const std::uint64_t moves = moves_of(tape);
  for (const ModeCost& c : cost.modes) {
    Row r{.mode = c.mode, .left_out = c.left_out, .operations = c.operations};
    r.value = cost.value;
    r.work = c.workload;
    if (c.left_out.empty()) r.recounted = recounted(c.mode, p, program.point());
    r.wrong = r.recounted && *r.recounted != *r.operations;
    r.sweeps = c.sweeps, r.bytes = c.bytes, r.instructions = tape.code().size();
    r.bound = bound_of(c.mode, cost, moves), r.theory = theory_of(c.mode, cost);
    r.automatic = c.mode == cost.automatic;
    r.offered = std::find(std::begin(chosen_from), std::end(chosen_from), c.mode) != std::end(chosen_from) &&
                preparing_seconds(c.mode, p) <= longest_preparation;
    r.forecast = c.workload ? c.workload->seconds() : predicted_seconds(c.mode, p, Quantity::jacobian);
    r.parse_seconds = program.parse_seconds, r.build_seconds = program.build_seconds;
    rows.push_back(std::move(r));
  }
}

void Cell::run(const Allowed& allowed) {
  State& s = *state_;
  const Problem& p = s.program.problem;
  for (std::size_t k = 0; k < s.rows.size(); ++k) {
    Row& row = s.rows[k];
    if (!row.left_out.empty() || row.prepare_seconds || !allowed(row)) continue;
    if (s.running.empty()) {
      s.exact = exact_of(s.program, s.reference_operations, s.effort.reference);
      s.add(s.rows.size(), prepare(Mode::forward, {p.graph, p.output, {}}));  // without a direction: the value
    }
    const double begin = processor_seconds();
    const Prepared f = prepare(row.mode, p);
    const Derivative d = f.jacobian(s.program.point());
    row.prepare_seconds = processor_seconds() - begin;
    if (!d.unavailable.empty()) {
      row.left_out = d.unavailable;
      continue;
    }
    check(row, d, s.exact, s.first);
    if (!s.first && row.mode != Mode::finite) s.first = d;
    s.add(k, f);
  }
  // The first was what others were compared with.
  if (s.running.size() > 2)
    if (Row& row = s.rows[s.running[1].row]; row.checked.empty() && s.first) row.checked = "another mode";
}

void Cell::visit(double each) {
  std::vector<std::function<void()>> calls;
  std::vector<std::size_t> counts;
  for (Running& r : state_->running) {
    if (r.calls == 0) r.calls = calls_of(r.call);
    calls.push_back(r.call), counts.push_back(r.calls);
  }
  const auto times = turns(calls, counts, each, turns_a_visit);
  for (std::size_t k = 0; k < times.size(); ++k) {
    std::vector<double>& all = state_->running[k].turns;
    all.insert(all.end(), times[k].begin(), times[k].end());
  }
}

std::vector<Row> Cell::rows() const {
  std::vector<Row> rows = state_->rows;
  if (state_->running.empty() || state_->running[0].turns.empty()) return rows;
  const double value = timing_of(state_->running[0].turns).least;
  for (std::size_t k = 1; k < state_->running.size(); ++k) {
    const Running& r = state_->running[k];
    if (r.turns.empty()) continue;
    Row& row = rows[r.row];
    const Timing t = timing_of(r.turns);
    row.seconds = t.least, row.median = t.median, row.spread = t.spread;
    row.value_seconds = value;
    row.prepare_seconds = std::max(0.0, *row.prepare_seconds - t.least);
  }
  return rows;
}

}  // namespace wengert::mode_costs
