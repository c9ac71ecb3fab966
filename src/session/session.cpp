#include "wengert/session/session.hpp"

#include <algorithm>

#include "characters.hpp"
#include "statements.hpp"

namespace wengert {

namespace session {

Result<std::shared_ptr<const ParsedText>> read(Program& program, const SessionLimits& limits, const std::string& name, const std::string& text) {
  if (text.size() > limits.text)
    return Diagnostic{Kind::limit, "a text of " + std::to_string(text.size()) + " bytes is longer than the limit of " + std::to_string(limits.text), {}, {}, {}};
  const std::uint32_t source = program.sources.add(name, text);
  auto tree = parse(program.sources, source, {.brackets = limits.brackets});
  if (!tree) return tree.error();
  // About half of what is written becomes nodes of its own; a large graph is not to grow step by step.
  constexpr std::size_t large = 4096;
  if (tree->nodes.size() > large) program.graph.reserve(program.graph.size() + tree->nodes.size() / 2);
  auto parsed = std::make_shared<ParsedText>();
  parsed->tree = std::move(*tree);
  parsed->symbols.reserve(parsed->tree.names.size());
  program.reserve_symbols(parsed->tree.names.size());
  for (const std::string& n : parsed->tree.names) parsed->symbols.push_back(program.symbol(n));
  return std::shared_ptr<const ParsedText>(std::move(parsed));
}

}  // namespace session

using session::Runner;

Session::Session(SessionLimits limits) : state_(std::make_unique<State>(limits)) {}
Session::~Session() = default;
Session::Session(Session&&) noexcept = default;
Session& Session::operator=(Session&&) noexcept = default;

Sources& Session::sources() { return state_->program.sources; }
Graph& Session::graph() { return state_->program.graph; }
const Point& Session::point() const { return state_->program.point; }
void Session::limit(const Limits& limits) {
  state_->limits = limits;
  state_->program.limits = limits;
  state_->program.graph.limit_nodes(limits.nodes);
}

void Session::interrupt_when(std::function<bool()> stop) {
  state_->program.graph.stop_when(stop);
  state_->stop = std::move(stop);
}

std::vector<Diagnostic> Session::take_notes() { return std::exchange(state_->program.notes, {}); }

bool Session::given_was_used(const std::string& name) const {
  return state_->program.given_used.contains(state_->program.symbol(grammar::composed(name)));
}

void Session::give(const std::string& written, Value value) {
  Program& p = state_->program;
  const std::string name = grammar::composed(written);
  const SymbolId id = p.symbol(name);
  p.begin_statement();
  p.given[id] = {value.shape, value.numbers};
  const Variable& old = p.variable(id);
  if (old.role == Role::free && old.input == no_node && !is_constant_name(name)) return;  // when it is met
  p.given_used.insert(id);
  if (old.role == Role::input && old.sized && p.graph[old.input].shape != value.shape) {
    state_->pending = Diagnostic{Kind::shape, "`" + name + "` is declared as " + to_string(p.graph[old.input].shape) + ", and the value given to it is " + to_string(value.shape), old.declared, {}, {}};
    return;
  }
  if (old.role == Role::definition) p.notes.push_back({Kind::note, "`" + name + "` has the value given to it; its definition is not used", old.declared, {}, {}});
  if (is_constant_name(name) && old.role == Role::free) p.notes.push_back({Kind::note, "`" + name + "` now names a variable, no longer the constant", {}, {}, {}});
  Variable v;
  v.role = old.role == Role::definition || (old.role == Role::free && is_constant_name(name)) ? Role::value : old.role;
  v.declared = old.declared;
  v.sized = old.sized;
  v.input = session::input_node(p, id, value.shape, old.role == Role::constant);
  v.since = old.since;
  const NodeId node = v.input;
  p.declare(id, std::move(v));
  p.set_value(node, std::move(value.numbers));
}

Result<Value> Session::closed_value(const std::string& source_name, const std::string& text) {
  Program& p = state_->program;
  const auto parsed = session::read(p, state_->limits, source_name, text);
  if (!parsed) return parsed.error();
  const auto& statements = (*parsed)->tree.statements;
  const Span all{(*parsed)->tree.source, 0, static_cast<std::uint32_t>(text.size())};
  if (statements.size() != 1 || statements[0].does != ast::Does::expression)
    return Diagnostic{Kind::syntax, "a value is one expression, such as 2, 1/3 or [[1, 2], [3, 4]]", all, {}, {}};
  const Piece piece{*parsed, statements[0].values[0], p.next_time()};
  if (!is_closed(p, piece)) {
    Diagnostic d{Kind::name, "a value is made of numbers, constants and built-in functions, and this has another name in it", all, {}, {}};
    each_node(piece.text->tree, piece.root, [&](ast::Id id) {
      const ast::Node& n = piece.text->tree.nodes[id];
      if (n.tag == ast::Tag::name && !is_constant_name(piece.text->tree.names[n.a])) d.span = piece.text->tree.span(id);
    });
    return d;
  }
  const auto e = lower(p, piece);
  if (!e) return e.error();
  auto numbers = wengert::value_of(p, e->id, all, "");
  if (!numbers) return numbers.error();
  return Value{e->shape(), std::move(*numbers)};
}

std::optional<Diagnostic> Session::run(const std::string& source_name, const std::string& text, const Answer& answer) {
  if (state_->pending) return std::exchange(state_->pending, std::nullopt);
  const auto parsed = session::read(state_->program, state_->limits, source_name, text);
  if (!parsed) return parsed.error();
  return Runner(*state_, *parsed, answer).run((*parsed)->tree.statements);
}

Result<Query> Session::query(const std::string& source_name, const std::string& text) {
  if (state_->pending) return *std::exchange(state_->pending, std::nullopt);
  const auto parsed = session::read(state_->program, state_->limits, source_name, text);
  if (!parsed) return parsed.error();
  const ast::Tree& tree = (*parsed)->tree;
  const Span all{tree.source, 0, static_cast<std::uint32_t>(text.size())};
  if (tree.statements.empty() || tree.statements.back().does != ast::Does::expression)
    return Diagnostic{Kind::usage, tree.statements.empty() ? "there is no expression here" : "the last statement must be an expression", all, {}, {}};
  const auto before = std::span(tree.statements).first(tree.statements.size() - 1);
  if (auto failure = Runner(*state_, *parsed, {}).run(before)) return *failure;
  const ast::Statement& last = tree.statements.back();
  return session::make_query(state_->program, {*parsed, last.values[0], {tree.source, last.begin, last.end}, last.silent});
}

Result<std::vector<Session::ByName>> Session::by_names(const Query& query, const std::vector<std::string>& names) {
  Program& p = state_->program;
  std::vector<ByName> out;
  for (const std::string& written : names) {
    const std::string name = grammar::composed(written);
    const SymbolId id = p.symbol(name);
    const Variable& v = p.variable(id);
    const auto unknown = [&](std::string message) {
      std::vector<std::string> known;
      for (SymbolId s = 0; s < p.symbols(); ++s)
        if (p.variable(s).order != 0) known.push_back(p.name(s));
      const auto near = nearest(name, known);
      return Diagnostic{Kind::name, std::move(message), query.span, near ? "did you mean `" + *near + "`?" : "", {}};
    };
    if (v.role == Role::free && is_constant_name(name)) return unknown("`" + name + "` is a constant, and cannot be differentiated by");
    if (v.role == Role::free && v.input == no_node && !p.given.contains(id)) return unknown("there is no name `" + name + "` to differentiate by");
    if (v.role != Role::definition) {
      const NodeId node = v.role == Role::free ? p.free_input(id) : v.input;
      out.push_back({name, query.expression, node, p.graph[node].shape});
      continue;
    }
    const auto definition = lower_name(p, id);
    if (!definition) return definition.error();
    const NodeId node = p.stand_in(id, definition->shape());
    const auto e = lower(p, query.source->piece, {.form = Form::stable, .as_inputs = {id}, .met_free = nullptr});
    if (!e) return e.error();
    p.point.erase(node);
    if (auto numbers = wengert::value_of(p, definition->id, query.span, "")) p.point[node] = std::move(*numbers);
    out.push_back({name, *e, node, definition->shape()});
  }
  return out;
}

Result<Expr> Session::shown(const Query& query, std::optional<JacobianOf>* jacobian) {
  return lower(state_->program, query.source->piece, {.form = Form::shown, .as_inputs = {}, .met_free = nullptr, .jacobian = jacobian});
}

std::optional<Value> Session::value_of(NodeId input) const {
  const auto it = state_->program.point.find(input);
  if (it == state_->program.point.end()) return {};
  return Value{state_->program.graph[input].shape, it->second};
}

void Session::forget_all() {
  auto stop = std::move(state_->stop);
  Sources sources = std::move(state_->program.sources);  // what was read can still be pointed at
  *state_ = State(state_->limits);
  interrupt_when(std::move(stop));
  state_->program.sources = std::move(sources);
}

bool Session::undo() {
  if (state_->history.empty()) return false;
  state_->program.rollback(state_->history.back());
  state_->history.pop_back();
  return true;
}

}  // namespace wengert
