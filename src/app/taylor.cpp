#include "app/taylor.hpp"

#include <algorithm>
#include <cmath>
#include <stdexcept>

#include "app/human.hpp"
#include "app/layout.hpp"
#include "app/usage.hpp"
#include "wengert/modes/taylor.hpp"

namespace wengert::app {

namespace {

constexpr int usual_order = 8;

Result<std::string> name_of_input(const Query& query, const Graph& graph) {
  std::vector<std::string> names;
  for (const NodeId input : query.inputs) names.push_back(graph.input_of(input).name);
  if (names.size() == 1) return names.front();
  if (names.empty()) return usage("there is no input to expand by", "name one: --by x");
  return usage("this depends on " + enumerated(names) + ": by which one?", "write --by " + names.front());
}

// A column for each element of the value, a line for each power.
std::string text_of(const std::string& name, double at, Shape shape, const TaylorCoefficients& all) {
  const std::vector<std::string> labels =
      shape.scalar() ? std::vector<std::string>{"coefficient"} : element_names({{"", shape}});
  std::vector<Column> columns(1 + all.size());
  columns[0].title = "power";
  for (std::size_t k = 0; k < all[0].size(); ++k) columns[0].cells.push_back(std::to_string(k));
  for (std::size_t e = 0; e < all.size(); ++e) columns[e + 1] = {labels[e], Column::Align::left, slopes_of(all[e])};
  const std::string centre = cells_of({&at, 1}).front();
  const std::string power =
      at == 0 ? name
              : "(" + name + (at < 0 ? " + " + cells_of(std::vector<double>{-at}).front() : " - " + centre) + ")";
  return "coefficients of powers of " + power + "\n" + table(columns);
}

}  // namespace

Result<Lesson> taylor_answer(Session& session, const Query& query, const Options& options) {
  std::string name = options.by;
  if (name.empty()) {
    Result<std::string> only = name_of_input(query, session.graph());
    if (!only) return only.error();
    name = std::move(*only);
  }
  const Result<std::vector<Session::ByName>> by = session.by_names(query, {name});
  if (!by) return by.error();
  const Session::ByName& target = by->front();
  if (!target.shape.scalar())
    return Diagnostic{.kind = Kind::shape,
                      .message = "a Taylor series is by a scalar, and `" + name + "` is " + to_string(target.shape),
                      .span = query.span,
                      .help = "expand along a line: with x = a + t*v, by t"};
  const auto at = session.point().find(target.input);
  if (at == session.point().end())
    return Diagnostic{.kind = Kind::name,
                      .message = "`" + name + "` has no value",
                      .span = query.span,
                      .help = "give it one: " + name + "=..."};
  const Shape shape = target.expression.shape();
  TaylorCoefficients all;
  try {
    all = taylor(*target.expression.graph, target.expression.id, session.point(), target.input,
                 options.order ? *options.order : usual_order);
  } catch (const std::invalid_argument& e) {
    return Diagnostic{.kind = Kind::domain, .message = e.what(), .span = query.span};
  }
  std::vector<double> value;
  bool finite = true;
  for (const auto& c : all) {
    value.push_back(c[0]);
    finite = finite && std::all_of(c.begin(), c.end(), [](double x) { return std::isfinite(x); });
  }
  Json json;
  json.open('{').key("schema").number(std::uint64_t{1}).key("input").string(query.text);
  json.key("value")
      .array(shape, value)
      .key("shape")
      .open('[')
      .number(std::uint64_t{shape.rows})
      .number(std::uint64_t{shape.cols})
      .close(']');
  json.key("kind").string("value").key("by").string(name).key("at").number(at->second[0]).key("coefficients");
  if (!shape.scalar()) json.open('[');
  for (const auto& c : all) {
    json.open('[');
    for (const double x : c) json.number(x);
    json.close(']');
  }
  if (!shape.scalar()) json.close(']');
  return Lesson{text_of(name, at->second[0], shape, all), std::move(json), {}, finite};
}

}  // namespace wengert::app
