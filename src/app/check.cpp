#include "app/check.hpp"

#include "app/ask.hpp"
#include "wengert/explain/check.hpp"
#include "wengert/print/text.hpp"

namespace wengert::app {

namespace {

std::string verdict_text(const Checked& c, const Sources& sources) {
  if (c.right && c.decided == Checked::Decided::rewriting)
    return "right: by rewriting, the answer and the derivative are the same expression\n";
  if (c.right)
    return "right: no rewriting shows it, but in 60 digits the answer and the derivative agree at " +
           std::to_string(c.points) + " points\n";
  std::string out =
      render({.kind = Kind::note, .message = c.mistake.message, .span = c.mistake.span}, sources, "wrong");
  if (out.empty() || out.back() != '\n') out += '\n';
  if (c.at.empty()) return out;
  out += "  at ";
  for (std::size_t k = 0; k < c.at.size(); ++k)
    out += (k > 0 ? ", " : "") + c.at[k].first + " = " + shortest(c.at[k].second);
  const std::string where = c.element.empty() ? "" : "element " + c.element + " of ";
  return out + (where.empty() ? " " : "\n  ") + where + "the answer is " + shortest(c.answered) + " and " + where + "the derivative " +
         shortest(c.expected) + "\n";
}

Json verdict_json(const Checked& c, const Query& query, const Sources& sources) {
  Json json;
  json.open('{').key("schema").number(std::uint64_t{1}).key("input").string(query.text).key("right").boolean(c.right);
  json.key("decided").string(c.decided == Checked::Decided::rewriting ? "rewriting" : "sampling");
  if (c.points > 0) json.key("points").number(std::uint64_t{c.points});
  if (!c.right) {
    json.key("mistake")
        .open('{')
        .key("kind")
        .string(to_string(c.mistake.kind))
        .key("message")
        .string(c.mistake.message);
    if (c.mistake.span.known()) {
      const Position p = sources.position(c.mistake.span);
      json.key("line")
          .number(std::uint64_t{p.line})
          .key("column")
          .number(std::uint64_t{p.column})
          .key("length")
          .number(std::uint64_t{p.length});
    }
    json.close('}');
    if (!c.at.empty()) {
      json.key("at").open('{');
      for (const auto& [name, value] : c.at) json.key(name).number(value);
      json.close('}');
      if (!c.element.empty()) json.key("element").string(c.element);
      json.key("answered").number(c.answered).key("expected").number(c.expected);
    }
  }
  return json;
}

}  // namespace

Result<Lesson> checked(Session& session, const Query& query, const Query& answer, const Options& options) {
  const Result<Session::ByName> by = Asker(session, options).target(query);
  if (!by) return by.error();
  const auto mine = session.by_names(answer, {by->name});
  if (!mine) return mine.error();
  const Expr y = by->expression;
  StudentAnswer question{.y = y,
                         .x = Expr(*y.graph, by->input),
                         .answer = mine->front().expression,
                         .others = {},
                         .point = session.point()};
  for (const NodeId input : query.inputs) question.others.emplace_back(*y.graph, input);
  const Result<Checked> c = check_answer(question);
  if (!c) {
    Diagnostic error = c.error();
    if (!error.span.known()) error.span = answer.span;
    return error;
  }
  return Lesson{verdict_text(*c, session.sources()), verdict_json(*c, query, session.sources())};
}

std::pair<std::string, std::string> quoted_answer(const std::string& entry) {
  const std::size_t close = entry.find_last_of('"');
  if (close == std::string::npos || close == 0) return {entry, {}};
  const std::size_t open = entry.find_last_of('"', close - 1);
  if (open == std::string::npos) return {entry, {}};
  std::string expression = entry.substr(0, open) + entry.substr(close + 1);
  while (!expression.empty() && expression.back() == ' ') expression.pop_back();
  return {expression, entry.substr(open + 1, close - open - 1)};
}

}  // namespace wengert::app
