#include "app/answer_json.hpp"

#include "app/report.hpp"

namespace wengert::app {

namespace {

Json begun(std::string_view input) {
  Json json;
  json.open('{').key("schema").number(std::uint64_t{1}).key("input").string(input);
  return json;
}

void put_shape(Json& json, Shape shape) {
  json.key("shape").open('[').number(std::uint64_t{shape.rows}).number(std::uint64_t{shape.cols}).close(']');
}

void put_value(Json& json, Shape shape, const std::vector<double>& value) {
  json.key("value").array(shape, value);
  put_shape(json, shape);
}

// "gradient": each in its variable's shape; "jacobian": elements of the value by elements of the variable.
template <class Number>
void put_by_names(Json& json, std::string_view key, bool gradient, const DerivativeAnswer& answer,
                  const std::vector<std::vector<Number>>& blocks) {
  json.key(key).open('{');
  for (std::size_t k = 0; k < answer.by.size() && k < blocks.size(); ++k) {
    json.key(answer.by[k].name);
    json.array(gradient ? answer.by[k].shape : answer.jacobian_shape(k), std::span<const Number>(blocks[k]));
  }
  json.close('}');
}

// What was asked for, under the name that its question has.
template <class Number>
void put_blocks(Json& json, const DerivativeAnswer& answer, const std::vector<std::vector<Number>>& blocks) {
  switch (answer.what) {
    case Quantity::jacobian:
      return put_by_names(json, answer.shape.scalar() ? "gradient" : "jacobian", answer.shape.scalar(), answer, blocks);
    case Quantity::hessian: {
      json.key("hessian").open('{').key("vars").open('[');
      for (const Variable& v : answer.by) json.string(v.name);
      const auto n = static_cast<std::uint32_t>(answer.inputs());
      json.close(']').key("matrix").matrix({n, n}, std::span<const Number>(blocks[0])).close('}');
      return;
    }
    case Quantity::jvp: json.key("value").array(answer.shape, std::span<const Number>(blocks[0])); return;
    case Quantity::vjp: return put_by_names(json, "value", true, answer, blocks);
  }
}

void put_skipped(Json& json, double seconds, std::optional<double> bytes) {
  json.key("skipped").open('{').key("seconds").number(seconds);
  if (bytes) json.key("bytes").number(*bytes);
  json.close('}');
}

void put_report(Json& json, const ModeReport& report, const DerivativeAnswer& answer) {
  json.key(to_string(report.mode)).open('{');
  if (report.skipped_seconds) {
    put_skipped(json, *report.skipped_seconds, report.skipped_bytes);
    if (report.product_error) json.key("random_products").open('{').key("relative_error").number(*report.product_error).close('}');
  } else if (!report.derivative.unavailable.empty()) {
    json.key("unavailable").string(report.derivative.unavailable);
  } else {
    put_blocks(json, answer, report.derivative.blocks);
    if (answer.what == Quantity::jacobian) {
      put_operations(json, "operations", report.operations);
    }
    json.key("seconds").number(report.evaluate_seconds).key("prepare_seconds").number(report.prepare_seconds);
    if (report.ulp) json.key("ulp").number(*report.ulp);
    if (report.relative_error) json.key("relative_error").number(*report.relative_error);
  }
  if (!report.note.empty()) json.key("note").string(report.note);
  json.close('}');
}

void put_digits(Json& json, const DerivativeAnswer& answer) {
  const Agreement& all = *answer.agreement;
  if (all.value_digits.empty()) return;
  const bool product = answer.what == Quantity::jvp || answer.what == Quantity::vjp;
  json.key("digits").open('{').key(product ? "primal" : "value").array(answer.shape, all.value_digits);
  put_blocks(json, answer, all.block_digits);
  json.close('}');
}

void put_agreement(Json& json, const DerivativeAnswer& answer) {
  const Agreement& all = *answer.agreement;
  json.key("modes").open('{');
  for (const ModeReport& report : all.modes) put_report(json, report, answer);
  json.close('}');
  put_operations(json, "value_operations", all.value_operations);
  if (!all.reference_done) {
    json.key("reference").open('{');
    put_skipped(json, all.reference_seconds, std::nullopt);
    json.close('}');
  }
  if (answer.what == Quantity::jacobian) json.key("cheapest").string(to_string(all.cheapest));
  json.key("agree");
  if (all.verdict == Verdict::explained)
    json.string("explained");
  else
    json.boolean(all.verdict == Verdict::agree);
  if (!all.disagreement.empty()) json.key("disagreement").string(all.disagreement);
}

}  // namespace

void put_operations(Json& json, std::string_view key, const OperationCount& count) {
  json.key(key).open('{').key("add").number(count.add).key("mul").number(count.mul).key("div").number(count.div);
  json.key("call").number(count.call).key("total").number(count.total()).close('}');
}

void JsonAnswers::warnings(Json& json, const std::vector<Diagnostic>& list) const {
  json.key("warnings").open('[');
  for (const Diagnostic& warning : list) {
    json.open('{');
    put_diagnostic(json, warning, sources_);
    json.close('}');
  }
  json.close(']');
}

Json JsonAnswers::value(std::string_view input, const ValueAnswer& answer) const {
  Json json = begun(input);
  put_value(json, answer.shape, answer.value);
  if (!answer.digits.empty()) json.key("digits").open('{').key("value").array(answer.shape, answer.digits).close('}');
  json.key("kind").string("value");
  warnings(json, answer.warnings);
  return json.close('}');
}

Json JsonAnswers::derivative(std::string_view input, const DerivativeAnswer& answer, bool both) const {
  Json json = begun(input);
  if (answer.what == Quantity::jvp || answer.what == Quantity::vjp) {
    put_blocks(json, answer, answer.blocks);
    json.key("primal").array(answer.shape, answer.value);
    put_shape(json, answer.shape);
  } else {
    put_value(json, answer.shape, answer.value);
    put_blocks(json, answer, answer.blocks);
    if (both && answer.shape.scalar()) put_by_names(json, "jacobian", false, answer, answer.blocks);
  }
  json.key("kind").string("value");
  if (!answer.by.empty()) json.key("mode").string(to_string(answer.mode));
  if (answer.layout != Layout::usual) json.key("layout").string(answer.layout == Layout::numerator ? "numerator" : "denominator");
  if (answer.agreement) put_digits(json, answer);
  if (answer.compared()) put_agreement(json, answer);
  warnings(json, answer.warnings);
  return json.close('}');
}

Json JsonAnswers::formulas(std::string_view input, const std::vector<Formula>& formulas, Shape shape,
                           const std::vector<Diagnostic>& notes) const {
  Json json = begun(input);
  if (formulas.size() == 1) {
    json.key("expression").string(formulas.front().text);
    put_shape(json, formulas.front().shape);
    const Formula& only = formulas.front();
    if (!only.value_indices.empty() || !only.variable_indices.empty()) {
      json.key("entry").open('{').key("of").open('[');
      for (const std::string& name : only.value_indices) json.string(name);
      json.close(']').key("by").open('[');
      for (const std::string& name : only.variable_indices) json.string(name);
      json.close(']').close('}');
    }
  } else {
    json.key("gradient").open('{');
    for (const Formula& formula : formulas) json.key(formula.name).string(formula.text);
    json.close('}');
    put_shape(json, shape);
  }
  json.key("kind").string("formula");
  warnings(json, notes);
  return json.close('}');
}

}  // namespace wengert::app
