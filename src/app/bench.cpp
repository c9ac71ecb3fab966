#include "app/bench.hpp"

#include <algorithm>
#include <chrono>

#include "app/answer_json.hpp"
#include "app/ask.hpp"
#include "app/layout.hpp"
#include "app/usage.hpp"
#include "wengert/explain/cost.hpp"

namespace wengert::app {

namespace {

constexpr double measure_seconds = 0.03;  // at most, a mode
constexpr double shortest_turn = 2e-5;    // of the clock, so that reading it costs nothing beside
constexpr double tie = 0.15;              // times that differ by less are not told apart

struct BenchRow {
  const ModeReport* report = nullptr;
  const ModeCost* cost = nullptr;
  double predicted = 0;  // seconds
  bool measured() const { return !report->skipped_seconds && report->derivative.unavailable.empty(); }
  std::string left_out() const {
    if (!report->derivative.unavailable.empty()) return report->derivative.unavailable;
    return report->skipped_seconds ? "predicted to exceed the budget" : "";
  }
};

struct Benchmark {
  Agreement agreement;
  CostReport cost;
  std::vector<BenchRow> rows;
  const BenchRow* fastest = nullptr;
  const BenchRow* automatic = nullptr;
};

// Seconds of the value alone, the smallest of a few turns: forward mode without a direction.
double value_seconds(const Problem& problem, const Point& point) {
  using Clock = std::chrono::steady_clock;
  const Prepared value = prepare(Mode::forward, {problem.graph, problem.output, {}});
  double best = 1e300, spent = 0;
  for (int calls = 1; spent < measure_seconds || best > 1e299;) {
    const auto begin = Clock::now();
    for (int k = 0; k < calls; ++k) value.jacobian(point);
    const double seconds = std::chrono::duration<double>(Clock::now() - begin).count();
    spent += seconds;
    if (seconds >= shortest_turn || spent >= measure_seconds)
      best = std::min(best, seconds / calls);
    else
      calls *= 2;
  }
  return best;
}

Benchmark benchmark_of(const Problem& problem, const Point& point, const Options& options) {
  Benchmark b;
  AgreementOptions asked;
  asked.measure_seconds = measure_seconds;
  if (options.budget_seconds) asked.budget_seconds = *options.budget_seconds;
  if (options.budget_bytes) asked.budget_bytes = *options.budget_bytes;
  b.agreement = compare(problem, point, asked);
  b.agreement.value_seconds = value_seconds(problem, point);
  b.cost = cost_of(problem, asked.budget_seconds, &point);
  for (const ModeReport& report : b.agreement.modes)
    for (const ModeCost& cost : b.cost.modes)
      if (cost.mode == report.mode)
        b.rows.push_back({&report, &cost,
                          cost.workload ? cost.workload->seconds()
                                        : predicted_seconds(report.mode, problem, Quantity::jacobian)});
  for (const BenchRow& row : b.rows) {
    if (!row.measured()) continue;
    if (b.fastest == nullptr || row.report->evaluate_seconds < b.fastest->report->evaluate_seconds) b.fastest = &row;
    if (row.report->mode == b.cost.automatic) b.automatic = &row;
  }
  return b;
}

double ratio(double a, double b) { return b > 0 ? a / b : 0; }

std::string error_cell(const ModeReport& report) {
  if (report.ulp && *report.ulp < 1e4) return rounded(*report.ulp) + " ulp";
  return report.relative_error ? rounded(*report.relative_error, 1) : "";
}

// "auto takes reverse, ...": how far from the fastest the choice by counts is.
std::string conclusion(const Benchmark& b) {
  if (b.fastest == nullptr) return "Every mode is predicted to exceed the budget; raise it: --budget 60s.";
  const std::string fastest(to_string(b.fastest->report->mode)), taken(to_string(b.cost.automatic));
  if (b.automatic == nullptr) return "Fastest here: " + fastest + ". auto takes " + taken + ", which was not run.";
  const double behind = ratio(b.automatic->report->evaluate_seconds, b.fastest->report->evaluate_seconds);
  if (b.automatic == b.fastest) return "auto takes " + taken + ", by counts; it is the fastest by time too.";
  std::string text = "Fastest here: " + fastest + ". auto takes " + taken + ", by counts; it takes " + rounded(behind) +
                     " times as long";
  return text + (behind <= 1 + tie ? ", which is a tie." : ".");
}

std::string bench_text(const Benchmark& b) {
  using Align = Column::Align;
  std::vector<Column> columns{
      {"", Align::left, {}},          {"operations", Align::right, {}}, {"x value", Align::right, {}},
      {"memory", Align::right, {}},   {"predicted", Align::right, {}},  {"prepare", Align::right, {}},
      {"evaluate", Align::right, {}}, {"x value", Align::right, {}},    {"error", Align::right, {}}};
  const auto line = [&](const std::vector<std::string>& cells) {
    for (std::size_t k = 0; k < columns.size(); ++k) columns[k].cells.push_back(cells[k]);
  };
  const Agreement& a = b.agreement;
  const double value = static_cast<double>(b.cost.value.total());
  line({"value", std::to_string(b.cost.value.total()), "", "", "", "", duration(a.value_seconds), "", ""});
  std::string below;
  for (const BenchRow& row : b.rows) {
    const std::string name(to_string(row.report->mode));
    const auto& count = row.cost->operations;
    const bool run = row.measured();
    line({name, count ? std::to_string(count->total()) : "-",
          count && value > 0 ? rounded(ratio(static_cast<double>(count->total()), value)) : "",
          memory(static_cast<double>(row.cost->bytes)), duration(row.predicted),
          run ? duration(row.report->prepare_seconds) : "-", run ? duration(row.report->evaluate_seconds) : "-",
          run ? rounded(ratio(row.report->evaluate_seconds, a.value_seconds)) : "",
          run ? error_cell(*row.report) : ""});
    if (!run) below += wrapped(name + ": " + row.left_out()) + "\n";
  }
  return table(columns) + below + wrapped(conclusion(b)) + "\n";
}

Json bench_json(std::string_view input, const Benchmark& b) {
  Json json;
  json.open('{').key("schema").number(std::uint64_t{1}).key("input").string(input);
  json.key("inputs").number(b.cost.inputs).key("outputs").number(b.cost.outputs).key("value").open('{');
  put_operations(json, "operations", b.cost.value);
  json.key("seconds").number(b.agreement.value_seconds).close('}').key("modes").open('{');
  for (const BenchRow& row : b.rows) {
    const ModeReport& report = *row.report;
    json.key(to_string(report.mode)).open('{');
    if (row.cost->operations) put_operations(json, "operations", *row.cost->operations);
    json.key("sweeps").number(row.cost->sweeps).key("bytes").number(row.cost->bytes);
    json.key("predicted_seconds").number(row.predicted);
    if (row.measured()) {
      json.key("prepare_seconds").number(report.prepare_seconds).key("seconds").number(report.evaluate_seconds);
      json.key("ratio").number(ratio(report.evaluate_seconds, b.agreement.value_seconds));
      if (report.ulp) json.key("ulp").number(*report.ulp);
      if (report.relative_error) json.key("relative_error").number(*report.relative_error);
    } else {
      json.key(report.skipped_seconds ? "skipped" : "unavailable").string(row.left_out());
    }
    json.close('}');
  }
  json.close('}');
  if (b.fastest != nullptr) json.key("fastest").string(to_string(b.fastest->report->mode));
  json.key("auto").string(to_string(b.cost.automatic));
  if (b.automatic != nullptr)
    json.key("auto_ratio").number(ratio(b.automatic->report->evaluate_seconds, b.fastest->report->evaluate_seconds));
  return json;
}

}  // namespace

Result<Lesson> benchmark(Session& session, const Query& query, const Options& options) {
  const Result<Problem> problem = Asker(session, options).problem(query);
  if (!problem) return problem.error();
  if (problem->wrt.empty())
    return usage("there is nothing to differentiate by",
                 "a benchmark is of the derivatives of an expression with inputs");
  const Benchmark b = benchmark_of(*problem, session.point(), options);
  if (b.agreement.verdict == Verdict::differ)
    return Diagnostic{.kind = Kind::domain,
                      .message = "the modes disagree, so their times are not reported: " + b.agreement.disagreement};
  return Lesson{bench_text(b), bench_json(query.text, b), b.agreement.warnings};
}

}  // namespace wengert::app
