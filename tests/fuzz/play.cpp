#include "play.hpp"

#include <chrono>
#include <stdexcept>
#include <string>

#include "format.hpp"
#include "parse.hpp"
#include "wengert/explain/agree.hpp"
#include "wengert/explain/blame.hpp"
#include "wengert/explain/kinks.hpp"
#include "wengert/explain/stability.hpp"
#include "wengert/explain/trace.hpp"
#include "wengert/print/latex.hpp"
#include "wengert/print/text.hpp"
#include "wengert/rewrite/simplify.hpp"
#include "wengert/session/session.hpp"

namespace wengert::fuzz {

void play_parser(std::string_view bytes) {
  Sources sources;
  const std::uint32_t source = sources.add("", std::string(bytes));
  const Result<ast::Tree> tree = parse(sources, source);
  static_cast<void>(continues(bytes));
  if (!tree) {
    if (tree.error().message.empty()) throw std::logic_error("an error without a message");
    static_cast<void>(render(tree.error(), sources, "error"));
    return;
  }
  const std::string once = format(*tree, sources);
  const std::uint32_t again = sources.add("", once);
  const Result<ast::Tree> second = parse(sources, again);
  if (!second) throw std::logic_error("the formatted text is refused: " + second.error().message + "\n" + once);
  if (format(*second, sources) != once) throw std::logic_error("formatting twice changes the text:\n" + once);
}

namespace {

void answer(Session& session, const Query& query) {
  const std::string printed = to_text(simplify(query.expression)).all();
  static_cast<void>(to_latex(query.expression));
  if (!query.missing.empty() || query.expression.shape().size() > 64) return;
  const Problem problem{query.expression.graph, query.expression.id, query.inputs};
  if (problem.inputs() > 64) return;
  AgreementOptions options;
  options.measure_seconds = 0;
  options.budget_seconds = 0.05;
  options.budget_bytes = 1e7;
  static_cast<void>(compare(problem, session.point(), options));
  if (session.graph().reachable({&problem.output, 1}).size() > 200) return;
  static_cast<void>(kinks_text(kinks(problem, session.point()), session.sources()));
  static_cast<void>(blame_text(blame(problem, session.point(), {Mode::reverse, Mode::forward}), session.sources()));
  static_cast<void>(trace_text(trace(problem, session.point())));
  static_cast<void>(stability_text(stability(problem, session.point()), session.sources()));
}

}  // namespace

void play_modes(std::string_view bytes) {
  Session session(
      {.text = 1 << 16, .brackets = 200, .nodes = 20'000, .elements = 2'000, .repetitions = 200, .calls = 50});
  const auto begin = std::chrono::steady_clock::now();
  session.interrupt_when([begin] { return std::chrono::steady_clock::now() - begin > std::chrono::milliseconds(500); });
  for (const char* name : {"x", "z"}) session.give(name, {{1, 1}, {name[0] == 'x' ? 0.5 : -2.0}});
  session.give("v", {{3, 1}, {1, 2, 3}});
  const auto error = session.run("", std::string(bytes), [&](Result<Query> query) {
    if (query) answer(session, *query);
    return static_cast<bool>(query);
  });
  if (error) {
    if (error->message.empty() || error->kind == Kind::internal)
      throw std::logic_error("not an error for people: " + error->message);
    static_cast<void>(render(*error, session.sources(), "error"));
  }
  static_cast<void>(session.save());
}

}  // namespace wengert::fuzz
