#include "app/formal.hpp"

#include "app/ask.hpp"
#include "app/graph.hpp"
#include "app/human.hpp"
#include "app/plot.hpp"
#include "app/usage.hpp"
#include "wengert/explain/sheets.hpp"

namespace wengert::app {

namespace {

Json begun(const Query& query) {
  Json json;
  json.open('{').key("schema").number(std::uint64_t{1}).key("input").string(query.text);
  return json.key("kind").string("formula");
}

void put_span(Json& json, const Span& span, const Sources& sources) {
  if (!span.known()) return;
  const Position p = sources.position(span);
  json.key("line")
      .number(std::uint64_t{p.line})
      .key("column")
      .number(std::uint64_t{p.column})
      .key("length")
      .number(std::uint64_t{p.length});
}

// Definitions first, as in a program.
std::string whole(const WrittenLine& w) {
  std::string out;
  for (const auto& [name, definition] : w.definitions) out += name + " = " + definition + "\n";
  return out + w.expression;
}

void put_line(Json& json, const Derivation& d, std::size_t k, const Sources& sources) {
  const DerivationLine& line = d.lines[k];
  const WrittenLine w = written_line(d, k);
  json.open('{').key("rule").string(line.rule).key("expression").string(whole(w)).key("latex").string(latex_line(d, k));
  if (line.chain) json.key("chain").boolean(true).key("inner").string(line.inner);
  if (!line.parts.empty()) json.key("parts").string(line.parts);
  if (!line.condition.empty()) json.key("condition").string(line.condition);
  json.key("changes").open('[');
  for (const auto& [begin, length] : w.marks)
    json.open('{')
        .key("column")
        .number(std::uint64_t{begin + 1})
        .key("length")
        .number(std::uint64_t{length})
        .close('}');
  json.close(']');
  put_span(json, line.span, sources);
  json.close('}');
}

// What `diff` prints of a Jacobian that has no formula of matrices; empty where it has one.
std::string in_indices(const Asker& asker, const Query& query, const Expr& y, const Expr& x) {
  if (y.shape().scalar() || x.shape().scalar()) return {};
  const Result<Formula> formula = asker.diff(query);
  if (!formula || formula->expression.graph != nullptr) return {};
  std::string text = human_formulas({*formula});
  while (text.ends_with('\n')) text.pop_back();
  return text;
}

constexpr const char* with_indices = "element by element, with indices";

Result<Lesson> derived(Session& session, const Query& query, const Options& options) {
  const bool latex = options.as == "latex" || options.as == "tikz", svg = options.as == "svg";
  if (!options.as.empty() && options.as != "text" && !latex && !svg)
    return usage("`steps` is written as text, latex or svg, not as `" + options.as + "`");
  const Result<Session::ByName> by = Asker(session, options).target(query);
  if (!by) return by.error();
  const Expr y = by->expression;
  const Result<Derivation> d = derive(y, Expr(*y.graph, by->input), {.known = known_sums(*y.graph, session.point())});
  if (!d) return d.error();
  const std::string entries = in_indices(Asker(session, options), query, y, Expr(*y.graph, by->input));
  const std::size_t all = d->lines.size() - 1 + (entries.empty() ? 0 : 1);
  const std::size_t steps = std::min(all, static_cast<std::size_t>(options.hint.value_or(1 << 30)));
  const bool ends = !entries.empty() && steps == all;
  Json json = begun(query);
  if (options.json) {  // of a long derivation more work than the text
    json.key("by").string(d->by).key("steps").open('[');
    for (std::size_t k = 0; k <= steps && k < d->lines.size(); ++k) put_line(json, *d, k, session.sources());
    if (ends) json.open('{').key("rule").string(with_indices).key("expression").string(entries).close('}');
    json.close(']').key("count").number(std::uint64_t{all}).key("left_out").number(std::uint64_t{d->left_out});
    return Lesson{{}, std::move(json)};
  }
  if (latex) return Lesson{derivation_latex(*d, steps), std::move(json)};
  const std::string reason = std::to_string(all) + ". " + with_indices;
  if (svg) {
    Sheet sheet = derivation_sheet(*d, steps);
    if (ends) sheet.emplace_back(SheetFormula{reason, entries, {}, {}});
    return Lesson{to_svg(sheet, "The derivation of " + query.text, options.theme), std::move(json)};
  }
  std::string text = derivation_text(*d, steps);
  if (ends) text += "  " + reason + "\n= " + entries + "\n";
  return Lesson{std::move(text), std::move(json)};
}

}  // namespace

Result<Lesson> lesson_without_values(Session& session, const Query& query, const Options& options, Task task) {
  if (task == Task::graph) return graph_picture(session, query, options);
  if (task == Task::plot) return plotted(session, query, options);
  return derived(session, query, options);
}

}  // namespace wengert::app
