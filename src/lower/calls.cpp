// Calls: of functions of the language, whose bodies are lowered where they are called, and of built-in ones.
#include "machine.hpp"

namespace wengert::lowering {

using ast::Tag;

// iterate(f, ...) calls f.
SymbolId Machine::callee(ast::Id id) {
  const ast::Call& call = tree().calls[node(id).a];
  const SymbolId named = frame().text->symbols[call.name];
  if (program_.name(named) != "iterate") return named;
  return frame().text->symbols[node(call.arguments[0]).a];
}

const Machine::Meaning& Machine::meaning_of(SymbolId symbol) {
  const auto [known, fresh] = meanings_.try_emplace(symbol);
  if (fresh) {
    const std::string& name = program_.name(symbol);
    known->second = {name == "iterate", is_derivative(name), find_callable(name)};
  }
  return known->second;
}

void Machine::check_arguments(const Site& s, std::string_view name, std::size_t given, int least, int most) {
  const auto n = static_cast<int>(given);
  if (n >= least && (most < 0 || n <= most)) return;
  std::string wants = most == least ? counted(static_cast<std::size_t>(least), "argument")
                      : most < 0    ? "at least " + counted(static_cast<std::size_t>(least), "argument")
                                    : std::to_string(least) + " to " + counted(static_cast<std::size_t>(most), "argument");
  s.refuse(Kind::shape, std::string(name) + " takes " + wants + ", and here " + (given == 1 ? "is 1" : "are " + std::to_string(given)));
}

void Machine::visit_call(ast::Id id) {
  const ast::Call& call = tree().calls[node(id).a];
  const std::string& name = tree().names[call.name];
  const SymbolId symbol = frame().text->symbols[call.name];
  const std::size_t n = call.arguments.size();
  if (call.iterations != ast::none) {
    check_arguments(site(id), name + "(i in ..., body)", n, 1, 1);
    return begin_loop(id, call.iterations, call.arguments[0]);
  }
  const Meaning& meaning = meaning_of(symbol);
  if (meaning.iterate) return visit_iterate(id);
  if (meaning.derivative) return visit_derivative(id);
  const Function& f = program_.function(symbol);
  if (f.state == Function::State::abstract) {
    check_arguments(site(id), name, n, 1, 1);
    push(Do::call_abstract, id);
    return visit_later(call.arguments[0]);
  }
  Do then = Do::call;
  if (f.state == Function::State::defined) {
    check_arguments(site(id), name, n, static_cast<int>(f.parameters.size()), static_cast<int>(f.parameters.size()));
    then = Do::enter_function;
  } else {
    const Callable& b = meaning.builtin;
    if (!b) refuse_function(id, symbol, {tree().source, node(id).at, call.name_end});
    if (b.row != nullptr) check_arguments(site(id), name, n, b.row->arity, b.row->arity);
    else check_arguments(site(id), name, n, b.builtin->least, b.builtin->most);
  }
  if (call.primes > 0) {
    check_arguments(site(id), name + "'", n, 1, 1);
    then = Do::enter_prime;
  }
  push(then, id, then == Do::enter_prime ? 0 : static_cast<std::uint32_t>(n));
  for (std::size_t k = n; k-- > 0;) visit_later(call.arguments[k]);
}

void Machine::finish_call(ast::Id id) {
  const ast::Call& call = tree().calls[node(id).a];
  const std::size_t n = call.arguments.size();
  replace(n, call_builtin(site(id), meaning_of(frame().text->symbols[call.name]).builtin, top(n)), id);
}

// A function that only has a name, or a derivative of it: u(x), u'(x); of each element of an array.
void Machine::finish_abstract(ast::Id id) {
  const ast::Call& call = tree().calls[node(id).a];
  if (call.primes > 1000) site(id).refuse(Kind::limit, "a derivative of an order above 1000");
  const Value x = values_.back();
  const std::uint32_t number = abstract_number(graph_.abstract_function(tree().names[call.name]), call.primes);
  replace(1, {apply_array<Abstract>({.shape = x.e.shape(), .number = number}, {x.e}), x.lanes}, id);
}

void Machine::enter_function(ast::Id id, std::uint32_t arguments) {
  const SymbolId function = callee(id);
  // The same call is the same node: without this, f(x) = g(x) + g(x), g(x) = h(x) + h(x), ... takes 2^n steps.
  Program::CallKey key;
  key.words = {function, reinterpret_cast<std::uintptr_t>(frame().overrides), form_ == Form::shown ? 1u : 0u};
  for (const Value& v : top(arguments)) key.words.push_back((std::uint64_t{v.e.id} << 2) | v.lanes);
  if (const auto known = program_.calls.find(key); known != program_.calls.end())
    return replace(arguments, {{graph_, known->second.node}, known->second.lanes}, id);
  push(Do::leave_function, id);
  enter_frame(function, id, arguments, false, std::move(key));
}

void Machine::enter_frame(SymbolId function, ast::Id id, std::uint32_t arguments, bool fresh, Program::CallKey key) {
  const Function& f = program_.function(function);
  const std::string& name = program_.name(function);
  if (calling_.contains(function)) {
    std::string path;
    bool inside = false;
    for (const Frame& open : frames_) {
      inside = inside || open.function == function;
      if (inside && open.function != no_symbol) path += program_.name(open.function) + " -> ";
    }
    site(id).refuse(Kind::name, "the function `" + name + "` calls itself: " + path + name, "functions do not recurse; see iterate(f, u0, n) for repetition");
  }
  if (calling_.size() >= program_.limits.calls)
    site(id).refuse(Kind::limit, "functions call each other more than " + std::to_string(program_.limits.calls) + " deep");
  Frame next;
  next.text = f.body.text.get();
  next.time = f.body.time;
  next.locals = locals_.size();
  next.function = function;
  next.called = tree().span(id);
  next.indexed = indices_.size();
  next.extent = frame().extent;
  next.overrides = frame().overrides;
  const Args given = top(arguments);
  for (std::size_t k = 0; k < given.size(); ++k)
    locals_.push_back({.symbol = f.parameters[k], .value = given[k], .index = false, .fresh = fresh, .place = k});
  values_.resize(values_.size() - arguments);
  calling_.insert(function);
  call_keys_.push_back(std::move(key));
  frames_.push_back(next);
  visit_later(f.body.root);
}

void Machine::leave_function(ast::Id id) {
  const Frame f = frame();
  frames_.pop_back();
  locals_.resize(f.locals, Local{no_symbol, {}});
  calling_.erase(f.function);
  const Value& v = values_.back();
  if (!f.sized) program_.calls.emplace(std::move(call_keys_.back()), Program::CallResult{v.e.id, v.lanes});
  call_keys_.pop_back();
  mark(v, id);
}

void Machine::refuse_function(ast::Id id, SymbolId symbol, const Span& where) {
  const std::string& name = program_.name(symbol);
  std::vector<std::string> known = builtin_functions();
  for (SymbolId s = 0; s < program_.symbols(); ++s)
    if (program_.function(s).state != Function::State::undefined) known.push_back(program_.name(s));
  std::string help;
  if (find_local(symbol) != nullptr || program_.variable(symbol).role != Role::free) {
    help = "`" + name + "` is a variable: to multiply, write " + name + "*(...); to index, " + name + "[...]";
  } else if (const auto near = nearest(name, known)) {
    help = "did you mean `" + *near + "`?";
  }
  site(id).refuse(Kind::name, "unknown function `" + name + "`", where, help);
}

}  // namespace wengert::lowering
