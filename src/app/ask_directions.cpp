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

Result<DerivativeAnswer> Asker::jvp(const Query& query) const {
  if (query.formula_only()) return missing_values(query);
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
  DerivativeAnswer answer;
  answer.what = Quantity::jvp;
  answer.shape = query.expression.shape();
  answer.blocks.resize(1);
  for (std::size_t k = 0; k < by->size(); ++k) {
    answer.by.push_back({(*by)[k].name, (*by)[k].shape});
    if (directions[k].shape != (*by)[k].shape)
      return wrong_shape("the tangent of `" + names[k] + "`", directions[k].shape, "`" + names[k] + "`",
                         (*by)[k].shape);
  }
  const auto wanted = [&](const Group& group) {
    Wanted q{Quantity::jvp, {}};
    for (const std::size_t place : group.places) q.directions.push_back(directions[place].numbers);
    return q;
  };
  // Names with an expression of their own are directions of one derivative, which is linear.
  const std::vector<Group> all = groups(query, *by);
  if (all.size() > 1 && options_.digits > 0)
    return usage("many digits of a product by several definitions are not there", "ask for one --tangent at a time");
  if (std::optional<Diagnostic> error = answered(answer, all, false, Mode::forward, wanted)) return *error;
  answer.value = value_at(session_.graph(), query.expression.id, session_.point());
  return answer;
}

Result<DerivativeAnswer> Asker::vjp(const Query& query) const {
  if (query.formula_only()) return missing_values(query);
  DerivativeAnswer answer;
  answer.what = Quantity::vjp;
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
  answer.blocks.resize(by->size());
  const auto wanted = [&](const Group&) { return Wanted{Quantity::vjp, {cotangent}}; };
  if (std::optional<Diagnostic> error = answered(answer, groups(query, *by), false, Mode::reverse, wanted)) return *error;
  answer.value = value_at(session_.graph(), query.expression.id, session_.point());
  return answer;
}

}  // namespace wengert::app
