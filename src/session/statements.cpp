#include "statements.hpp"

#include <algorithm>

namespace wengert::session {

using ast::Does;

NodeId input_node(Program& program, SymbolId name, Shape shape, bool is_const) {
  const Variable& v = program.variable(name);
  if (v.input != no_node && program.graph[v.input].shape == shape && program.graph.input_of(v.input).constant == is_const) return v.input;
  return program.graph.input(program.name(name), shape, is_const);
}

std::optional<Diagnostic> Runner::run(std::span<const ast::Statement> statements) {
  for (const ast::Statement& s : statements) {
    current_ = &s;
    program_.begin_statement();
    const std::size_t mark = program_.mark();
    Failure failure;
    try {
      failure = execute(s);
    } catch (const Stopped& stopped) {
      failure = stopped.diagnostic;
      if (!failure->span.known()) failure->span = span(s);
    } catch (const std::bad_alloc&) {
      failure = Diagnostic{Kind::memory, "there is not enough memory", span(s), {}, {}};
    } catch (const std::length_error&) {
      failure = Diagnostic{Kind::memory, "there is not enough memory", span(s), {}, {}};
    }
    if (failure) {
      program_.rollback(mark);
      return failure;
    }
    if (program_.mark() > mark) state_.history.push_back(mark);
    if (stopped_) return {};
  }
  return check_deferred();
}

std::optional<Diagnostic> Runner::execute(const ast::Statement& s) {
  switch (s.does) {
    case Does::input: return declare_inputs(s);
    case Does::define: return define(s);
    case Does::constant: return constant(s);
    case Does::function: return function(s);
    case Does::abstract: return abstract(s);
    case Does::store: return store(s);
    case Does::repeat: return repeat(s);
    case Does::expression: return expression(s);
  }
  return {};
}

Result<std::vector<double>> Runner::values(ast::Id root, Shape& shape) {
  const auto e = lower(program_, piece(root));
  if (!e) return e.error();
  shape = e->shape();
  for (NodeId input : inputs_of(program_.graph, e->id))
    if (!program_.point.contains(input)) return without_value(program_, input, text_->tree.span(root));
  return value_of(program_, e->id, text_->tree.span(root), "");
}

Result<std::uint32_t> Runner::size(ast::Id root) {
  const Span where = text_->tree.span(root);
  const auto e = lower(program_, piece(root));
  if (!e) return e.error();
  const auto n = integer_of(program_, e->id, where, "a size");
  if (!n) return n.error();
  if (*n < 1) return Diagnostic{Kind::shape, "a size must be at least 1, and this is " + std::to_string(*n), where, {}, {}};
  if (static_cast<std::uint64_t>(*n) > program_.limits.elements || *n > 0xfffffffe)
    return Diagnostic{Kind::limit, "a size of " + std::to_string(*n) + " is more than the limit of " + std::to_string(program_.limits.elements) + " elements", where, {}, {}};
  return static_cast<std::uint32_t>(*n);
}

// The name becomes an input with a value; a value from outside goes before the program's.
void Runner::become(SymbolId name, Role role, Shape shape, std::vector<double> numbers, const Span& where, const Piece& body) {
  const bool is_const = role == Role::constant;
  const NodeId node = input_node(program_, name, shape, is_const);
  Variable v;
  v.role = role;
  v.body = body;
  v.input = node;
  v.declared = where;
  v.since = program_.next_time();
  program_.declare(name, std::move(v));
  program_.set_value(node, std::move(numbers));
}

void Runner::note_constant(SymbolId name, const Span& where) {
  if (is_constant_name(program_.name(name)) && program_.variable(name).role == Role::free)
    program_.notes.push_back({Kind::note, "`" + program_.name(name) + "` now names a variable, no longer the constant", where, {}, {}});
}

std::optional<Diagnostic> Runner::declare_inputs(const ast::Statement& s) {
  for (const ast::Declared& d : s.declared) {
    Shape shape;
    for (const auto& [root, to] : {std::pair(d.rows, &shape.rows), std::pair(d.cols, &shape.cols)}) {
      if (root == ast::none) continue;
      const auto n = size(root);
      if (!n) return n.error();
      *to = *n;
    }
    if (shape.size() > program_.limits.elements)
      return Diagnostic{Kind::limit, "an array of " + to_string(shape) + " is larger than the limit of " + std::to_string(program_.limits.elements) + " elements", span(d), {}, {}};
    const SymbolId name = symbol(d);
    note_constant(name, span(d));
    const auto given = program_.given.find(name);
    if (given != program_.given.end()) {
      program_.given_used.insert(name);
      if (given->second.first != shape)
        return Diagnostic{Kind::shape, "`" + program_.name(name) + "` is declared as " + to_string(shape) + ", and the value given to it is " + to_string(given->second.first), span(d), {}, {}};
    }
    Variable v;
    v.role = Role::input;
    v.input = input_node(program_, name, shape, false);
    v.declared = span(d);
    v.since = program_.next_time();
    v.sized = true;
    const NodeId node = v.input;
    program_.declare(name, std::move(v));
    if (given != program_.given.end()) program_.set_value(node, given->second.second);
    else program_.clear_value(node);
  }
  return {};
}

bool Runner::function_comes_later(const ast::Statement& s) const {
  const auto& all = text_->tree.statements;
  return std::any_of(all.begin(), all.end(), [&](const ast::Statement& other) { return other.does == Does::function && other.begin > s.begin; });
}

std::optional<Diagnostic> Runner::define(const ast::Statement& s) {
  const SymbolId name = symbol(s.declared[0]);
  const Span where = span(s.declared[0]);
  const std::string& text = program_.name(name);
  if (text == "inf" || text == "nan") return Diagnostic{Kind::name, "`" + text + "` is a constant, and cannot be defined", where, {}, {}};
  const Piece body = piece(s.values[0]);
  const auto given = program_.given.find(name);
  if (is_closed(program_, body)) {
    Shape shape;
    auto numbers = values(s.values[0], shape);
    if (!numbers) return numbers.error();
    note_constant(name, where);
    if (given != program_.given.end()) {
      program_.given_used.insert(name);
      become(name, Role::value, given->second.first, given->second.second, where);
    } else {
      become(name, Role::value, shape, std::move(*numbers), where, body);
    }
    return {};
  }
  note_constant(name, where);
  if (given != program_.given.end()) {
    program_.given_used.insert(name);
    program_.notes.push_back({Kind::note, "`" + text + "` has the value given to it; its definition is not used", where, {}, {}});
    become(name, Role::value, given->second.first, given->second.second, where);
    return {};
  }
  Variable v;
  v.role = Role::definition;
  v.body = body;
  v.declared = where;
  v.statement = span(s);
  v.since = program_.next_time();
  v.body.time = v.since;
  program_.declare(name, std::move(v));
  program_.connect(name, false, program_.variable(name).body);
  // A mistake is reported here, unless what it hangs on is still to come.
  bool met_free = false;
  const auto e = lower_name(program_, name, {.form = Form::stable, .as_inputs = {}, .met_free = &met_free});
  if (e) return {};
  const bool cycle = e.error().kind == Kind::name && e.error().message.find("reaches itself") != std::string::npos;
  if (!cycle && (met_free || function_comes_later(s))) {
    deferred_.push_back(name);
    return {};
  }
  return e.error();
}

// Definitions that waited for a function that came later.
std::optional<Diagnostic> Runner::check_deferred() {
  for (SymbolId name : deferred_) {
    if (program_.variable(name).role != Role::definition) continue;
    bool met_free = false;
    const auto e = lower_name(program_, name, {.form = Form::stable, .as_inputs = {}, .met_free = &met_free});
    if (!e && !met_free) return e.error();
  }
  return {};
}

std::optional<Diagnostic> Runner::constant(const ast::Statement& s) {
  const SymbolId name = symbol(s.declared[0]);
  const Span where = span(s.declared[0]);
  if (program_.name(name) == "inf" || program_.name(name) == "nan") return Diagnostic{Kind::name, "`" + program_.name(name) + "` is a constant, and cannot be defined", where, {}, {}};
  Shape shape;
  const auto given = program_.given.find(name);
  if (given != program_.given.end()) {
    program_.given_used.insert(name);
    note_constant(name, where);
    become(name, Role::constant, given->second.first, given->second.second, where);
    return {};
  }
  auto numbers = values(s.values[0], shape);
  if (!numbers) return numbers.error();
  note_constant(name, where);
  become(name, Role::constant, shape, std::move(*numbers), where, piece(s.values[0]));
  return {};
}

std::optional<Diagnostic> Runner::function(const ast::Statement& s) {
  const SymbolId name = symbol(s.declared[0]);
  const std::string& text = program_.name(name);
  if (is_builtin_function(text))
    return Diagnostic{Kind::name, "`" + text + "` is a built-in function, and cannot be redefined", span(s.declared[0]), "choose another name, such as my_" + text, {}};
  Function f;
  f.state = Function::State::defined;
  f.body = piece(s.values[0]);
  for (const ast::Declared& p : s.parameters) f.parameters.push_back(symbol(p));
  f.declared = span(s);
  const Piece body = f.body;
  program_.declare_function(name, std::move(f));
  program_.connect(name, true, body);
  const std::vector<SymbolId> circle = program_.recursion_of(name);
  if (!circle.empty()) {
    std::string path;
    for (std::size_t k = 0; k < circle.size() && k < 8; ++k) path += (k > 0 ? " -> " : "") + program_.name(circle[k]);
    if (circle.size() > 8) path += " -> ...";
    return Diagnostic{Kind::name, "the function `" + text + "` calls itself: " + path, span(s.declared[0]), "functions do not recurse; see iterate(f, u0, n) for repetition", {}};
  }
  return {};
}

std::optional<Diagnostic> Runner::abstract(const ast::Statement& s) {
  for (const ast::Declared& d : s.declared) {
    if (is_builtin_function(program_.name(symbol(d))))
      return Diagnostic{Kind::name, "`" + program_.name(symbol(d)) + "` is a built-in function, and cannot be redefined", span(d), {}, {}};
    Function f;
    f.state = Function::State::abstract;
    f.declared = span(s);
    program_.declare_function(symbol(d), std::move(f));
  }
  return {};
}

std::optional<Diagnostic> Runner::store(const ast::Statement& s) {
  std::vector<Shape> shapes(s.values.size());
  std::vector<std::vector<double>> all;
  for (std::size_t k = 0; k < s.values.size(); ++k) {
    const std::string& name = program_.name(symbol(s.declared[k]));
    if (name == "inf" || name == "nan") return Diagnostic{Kind::name, "`" + name + "` is a constant, and cannot be stored to", span(s.declared[k]), {}, {}};
    auto numbers = values(s.values[k], shapes[k]);
    if (!numbers) return numbers.error();
    all.push_back(std::move(*numbers));
  }
  for (std::size_t k = 0; k < s.values.size(); ++k) {
    const SymbolId name = symbol(s.declared[k]);
    note_constant(name, span(s.declared[k]));
    const bool is_const = program_.variable(name).role == Role::constant;
    become(name, is_const ? Role::constant : Role::value, shapes[k], std::move(all[k]), span(s.declared[k]));
  }
  return {};
}

std::optional<Diagnostic> Runner::expression(const ast::Statement& s) {
  if (!answer_) return {};
  auto query = make_query(program_, {text_, s.values[0], span(s), s.silent});
  if (!query) {
    stopped_ = !answer_(query.error());
    return query.error();
  }
  stopped_ = !answer_(std::move(query));
  return {};
}

}  // namespace wengert::session
