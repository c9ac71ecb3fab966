#include "app/cost.hpp"

#include <algorithm>
#include <cmath>
#include <stdexcept>

#include "app/answer_json.hpp"
#include "app/ask.hpp"
#include "app/layout.hpp"
#include "app/usage.hpp"
#include "wengert/exec/forecast.hpp"
#include "wengert/explain/cost.hpp"

namespace wengert::app {

namespace {

std::string ratio_text(const OperationCount& mode, const OperationCount& value) {
  if (value.total() == 0) return "";
  const double ratio = static_cast<double>(mode.total()) / static_cast<double>(value.total());
  return rounded(ratio, ratio >= 100 ? 3 : 2) + "x f";
}

std::string cost_text(const CostReport& c) {
  std::vector<Column> columns{{"", Column::Align::left, {}},     {"operations", Column::Align::right, {}},
                              {"", Column::Align::right, {}},    {"add", Column::Align::right, {}},
                              {"mul", Column::Align::right, {}}, {"div", Column::Align::right, {}},
                              {"call", Column::Align::right, {}}, {"sweeps", Column::Align::right, {}},
                              {"memory", Column::Align::right, {}}};
  std::string below;
  const auto line = [&](std::string name, const OperationCount* count, std::string ratio, std::string sweeps, std::string bytes) {
    const auto number = [&](std::uint64_t n) { return count == nullptr ? "-" : std::to_string(n); };
    const OperationCount none, &k = count == nullptr ? none : *count;
    const std::string cells[] = {std::move(name),  number(k.total()), std::move(ratio),  number(k.add),   number(k.mul),
                                 number(k.div),    number(k.call),    std::move(sweeps), std::move(bytes)};
    for (std::size_t i = 0; i < columns.size(); ++i) columns[i].cells.push_back(cells[i]);
  };
  line("value", &c.value, "", "1", "");
  for (const ModeCost& m : c.modes) {
    line(std::string(to_string(m.mode)), m.operations ? &*m.operations : nullptr,
         m.operations ? ratio_text(*m.operations, c.value) : "", m.sweeps == 0 ? "-" : std::to_string(m.sweeps),
         m.left_out.empty() || m.mode == Mode::symbolic || m.mode == Mode::cross ? memory(static_cast<double>(m.bytes)) : "-");
    if (!m.left_out.empty()) below += wrapped(std::string(to_string(m.mode)) + ": " + m.left_out) + "\n";
  }
  std::string text = table(columns) + below;
  text += wrapped("By the rules a reverse sweep with its value takes at most " + std::to_string(c.ratio) +
                  " times the value's operations, whatever the number of inputs.") + "\n";
  return text + wrapped("auto takes " + std::string(to_string(c.automatic)) + ": " + c.why + ".") + "\n";
}

// The gradient's plan, measured at the point, or at ones where a value is missing; none where a plan can not run it.
std::optional<exec::Forecast> execution(Session& session, const Problem& problem) {
  std::vector<Expr> inputs, wrt;
  std::vector<std::vector<double>> values;
  for (const NodeId id : problem.graph->reachable(std::span(&problem.output, 1))) {
    if ((*problem.graph)[id].op != Op::input) continue;
    inputs.emplace_back(*problem.graph, id);
    const auto known = session.point().find(id);
    values.push_back(known != session.point().end() ? known->second
                                                    : std::vector<double>((*problem.graph)[id].shape.size(), 1.0));
    if (std::find(problem.wrt.begin(), problem.wrt.end(), id) != problem.wrt.end()) wrt.push_back(inputs.back());
  }
  std::vector<const double*> at;
  for (const auto& v : values) at.push_back(v.data());
  try {
    return exec::forecast({*problem.graph, problem.output}, wrt, inputs, at);
  } catch (const std::invalid_argument&) {
    return std::nullopt;
  }
}

std::string execution_text(const exec::Forecast& f) {
  std::string text = "Executed as a plan, the value and one reverse sweep take " + duration(f.interpreter_seconds) +
                     " interpreted, with at most " + memory(static_cast<double>(f.workspace_bytes)) +
                     " of numbers and " + memory(static_cast<double>(f.plan_bytes)) + " of instructions";
  if (f.native_seconds == 0)
    text += "; nothing of it can be compiled here";
  else if (f.native_seconds >= f.interpreter_seconds)
    text += "; machine code would take " + duration(f.native_seconds) + ", so it is not made";
  else
    text += ", and " + duration(f.native_seconds) + " as machine code, which takes " + duration(f.compile_seconds) +
            " to make: that pays from " + std::to_string(static_cast<std::uint64_t>(std::ceil(f.pays_from()))) +
            " evaluations on";
  return wrapped(text + ".") + "\n";
}

void put_execution(Json& json, const exec::Forecast& f) {
  json.key("execution").open('{').key("interpreter_seconds").number(f.interpreter_seconds);
  json.key("native_seconds").number(f.native_seconds).key("compile_seconds").number(f.compile_seconds);
  json.key("compile_from").number(f.pays_from()).key("bytes").number(std::uint64_t{f.workspace_bytes});
  json.key("plan_bytes").number(std::uint64_t{f.plan_bytes}).close('}');
}

Json cost_json(std::string_view input, const CostReport& c, const std::optional<exec::Forecast>& plan) {
  Json json;
  json.open('{').key("schema").number(std::uint64_t{1}).key("input").string(input);
  json.key("inputs").number(c.inputs).key("outputs").number(c.outputs).key("value").open('{');
  put_operations(json, "operations", c.value);
  json.close('}').key("modes").open('{');
  for (const ModeCost& m : c.modes) {
    json.key(to_string(m.mode)).open('{');
    if (m.operations) put_operations(json, "operations", *m.operations);
    json.key("sweeps").number(m.sweeps).key("bytes").number(m.bytes);
    if (!m.left_out.empty()) json.key(m.mode == Mode::symbolic ? "skipped" : "unavailable").string(m.left_out);
    json.close('}');
  }
  json.close('}').key("ratio").number(std::uint64_t{static_cast<std::uint64_t>(c.ratio)});
  if (plan) put_execution(json, *plan);
  return json.key("auto").string(to_string(c.automatic)).key("why").string(c.why);
}

}  // namespace

Result<Lesson> predicted_cost(Session& session, const Query& query, const Options& options) {
  const Result<Problem> problem = Asker(session, options).problem(query);
  if (!problem) return problem.error();
  if (problem->wrt.empty())
    return usage("there is nothing to differentiate by", "the cost of derivatives is asked for an expression with inputs");
  const auto known = [&](NodeId id) { return session.point().contains(id); };
  const bool at_point = std::all_of(problem->wrt.begin(), problem->wrt.end(), known);
  const CostReport cost =
      cost_of(*problem, options.budget_seconds.value_or(1), at_point ? &session.point() : nullptr);
  const auto plan = execution(session, *problem);
  return Lesson{cost_text(cost) + (plan ? execution_text(*plan) : ""), cost_json(query.text, cost, plan)};
}

}  // namespace wengert::app
