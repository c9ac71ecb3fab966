#include "app/cost.hpp"

#include "app/answer_json.hpp"
#include "app/ask.hpp"
#include "app/layout.hpp"
#include "app/usage.hpp"
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
         m.left_out.empty() || m.mode == Mode::symbolic ? memory(static_cast<double>(m.bytes)) : "-");
    if (!m.left_out.empty()) below += wrapped(std::string(to_string(m.mode)) + ": " + m.left_out) + "\n";
  }
  std::string text = table(columns) + below;
  text += wrapped("By the rules a reverse sweep with its value takes at most " + std::to_string(c.ratio) +
                  " times the value's operations, whatever the number of inputs.") + "\n";
  return text + wrapped("auto takes " + std::string(to_string(c.automatic)) + ": " + c.why + ".") + "\n";
}

void put_count(Json& json, const OperationCount& count) {
  json.key("operations").open('{').key("add").number(count.add).key("mul").number(count.mul).key("div").number(count.div);
  json.key("call").number(count.call).key("total").number(count.total()).close('}');
}

Json cost_json(std::string_view input, const CostReport& c) {
  Json json;
  json.open('{').key("schema").number(std::uint64_t{1}).key("input").string(input);
  json.key("inputs").number(c.inputs).key("outputs").number(c.outputs).key("value").open('{');
  put_count(json, c.value);
  json.close('}').key("modes").open('{');
  for (const ModeCost& m : c.modes) {
    json.key(to_string(m.mode)).open('{');
    if (m.operations) put_count(json, *m.operations);
    json.key("sweeps").number(m.sweeps).key("bytes").number(m.bytes);
    if (!m.left_out.empty()) json.key(m.mode == Mode::symbolic ? "skipped" : "unavailable").string(m.left_out);
    json.close('}');
  }
  json.close('}').key("ratio").number(std::uint64_t{static_cast<std::uint64_t>(c.ratio)});
  return json.key("auto").string(to_string(c.automatic)).key("why").string(c.why).key("warnings").open('[').close(']').close('}');
}

}  // namespace

Result<Lesson> predicted_cost(Session& session, const Query& query, const Options& options) {
  const Result<Problem> problem = Asker(session, options).problem(query);
  if (!problem) return problem.error();
  if (problem->wrt.empty())
    return usage("there is nothing to differentiate by", "the cost of derivatives is asked for an expression with inputs");
  const CostReport cost = cost_of(*problem, options.budget_seconds.value_or(1));
  return Lesson{cost_text(cost), cost_json(query.text, cost)};
}

}  // namespace wengert::app
