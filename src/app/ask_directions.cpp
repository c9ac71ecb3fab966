#include "app/ask.hpp"
#include "app/command_line.hpp"
#include "app/usage.hpp"

namespace wengert::app {

namespace {

Diagnostic wrong_shape(const std::string& option, const Shape& given, const std::string& what, const Shape& wanted) {
  return {.kind = Kind::shape,
          .message = option + " is " + to_string(given) + ", but " + what + " is " + to_string(wanted)};
}

}  // namespace

Result<DirectionAnswer> Asker::jvp(const Query& query) const {
  if (!query.missing.empty()) return missing_values(query);
  if (options_.tangents.empty())
    return usage("`jvp` needs a direction", "write --tangent x=1, once for each input that moves");
  std::vector<std::string> names;
  std::vector<Value> directions;
  for (const std::string& text : options_.tangents) {
    NamedText given = named_value(text);
    if (given.name.empty()) return usage("`--tangent` takes NAME=VALUE, not `" + text + "`", "write --tangent x=1");
    Result<Value> value = session_.closed_value("--tangent " + given.name + "=", given.text);
    if (!value) return value.error();
    names.push_back(std::move(given.name));
    directions.push_back(std::move(*value));
  }
  const Result<ByNames> by = session_.by_names(query, names);
  if (!by) return by.error();
  DirectionAnswer answer;
  answer.shape = query.expression.shape();
  answer.results.emplace_back(answer.shape.size(), 0.0);
  for (std::size_t k = 0; k < by->size(); ++k) {
    answer.by.push_back({(*by)[k].name, (*by)[k].shape});
    if (directions[k].shape != (*by)[k].shape)
      return wrong_shape("the tangent of `" + names[k] + "`", directions[k].shape, "`" + names[k] + "`",
                         (*by)[k].shape);
  }
  for (const Group& group : groups(query, *by)) {
    std::vector<std::vector<double>> v;
    for (const std::size_t place : group.places) v.push_back(directions[place].numbers);
    answer.mode = one_mode(group.problem, Mode::forward);
    if (options_.mode && options_.mode->automatic) answer.mode = Mode::forward;
    const std::vector<double> part = prepare(answer.mode, group.problem).jvp(session_.point(), v);
    // Names with an expression of their own are directions of one derivative, which is linear.
    for (std::size_t i = 0; i < part.size(); ++i) answer.results.front()[i] += part[i];
    for (const Diagnostic& warning : warnings_at(group.problem, session_.point())) answer.warnings.push_back(warning);
  }
  answer.value = value_at(session_.graph(), query.expression.id, session_.point());
  return answer;
}

Result<DirectionAnswer> Asker::vjp(const Query& query) const {
  if (!query.missing.empty()) return missing_values(query);
  DirectionAnswer answer;
  answer.shape = query.expression.shape();
  std::vector<double> cotangent{1.0};
  if (!options_.cotangent.empty()) {
    Result<Value> value = session_.closed_value("--cotangent", options_.cotangent);
    if (!value) return value.error();
    if (value->shape != answer.shape) return wrong_shape("the cotangent", value->shape, "the value", answer.shape);
    cotangent = std::move(value->numbers);
  } else if (!answer.shape.scalar()) {
    return usage("`vjp` needs a cotangent for a value that is " + to_string(answer.shape),
                 "write --cotangent '[1, 0]', shaped like the value");
  }
  const Result<ByNames> by = names(query);
  if (!by) return by.error();
  for (const Session::ByName& name : *by) answer.by.push_back({name.name, name.shape});
  answer.results.resize(by->size());
  for (const Group& group : groups(query, *by)) {
    answer.mode = one_mode(group.problem, Mode::reverse);
    if (options_.mode && options_.mode->automatic) answer.mode = Mode::reverse;
    std::vector<std::vector<double>> part = prepare(answer.mode, group.problem).vjp(session_.point(), cotangent);
    for (std::size_t k = 0; k < group.places.size(); ++k) answer.results[group.places[k]] = std::move(part[k]);
    for (const Diagnostic& warning : warnings_at(group.problem, session_.point())) answer.warnings.push_back(warning);
  }
  answer.value = value_at(session_.graph(), query.expression.id, session_.point());
  return answer;
}

}  // namespace wengert::app
