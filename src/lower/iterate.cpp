// iterate(f, u0, n, ...): f applied n times to u0, as one loop node.
//
// The body is lowered once, from a fresh state and fresh parameters; inputs that it mentions besides
// are parameters of the loop too. The values stand as u0, further arguments, n.
#include <algorithm>

#include "machine.hpp"

namespace wengert::lowering {

using ast::Tag;

void Machine::visit_iterate(ast::Id id) {
  const ast::Call& call = tree().calls[node(id).a];
  const Site s = site(id);
  check_arguments(s, "iterate(f, u0, n, ...)", call.arguments.size(), 3, -1);
  if (call.primes > 0) s.refuse(Kind::name, "`iterate` is an operator, and has no derivative", "write diff(iterate(...), x)");
  if (node(call.arguments[0]).tag != Tag::name) s.refuse(Kind::syntax, "the first argument of iterate names a function", s.operand_span(0));
  const SymbolId f = callee(id);
  if (program_.function(f).state != Function::State::defined) {
    if (program_.function(f).state == Function::State::abstract || find_callable(program_.name(f)))
      s.refuse(Kind::name, "iterate wants a function that the program defines, such as f(u) = ...", s.operand_span(0));
    refuse_function(id, f, s.operand_span(0));
  }
  const std::size_t wants = program_.function(f).parameters.size(), passed = call.arguments.size() - 2;
  if (wants != passed)
    s.refuse(Kind::shape, "`" + program_.name(f) + "` takes " + counted(wants, "argument") + ", and iterate passes on " + std::to_string(passed), s.operand_span(0));
  push(Do::enter_iterate, id);
  visit_later(call.arguments[2]);
  for (std::size_t k = call.arguments.size(); k-- > 3;) visit_later(call.arguments[k]);
  visit_later(call.arguments[1]);
}

void Machine::enter_iterate(ast::Id id) {
  const Site s = site(id);
  const auto passed = static_cast<std::uint32_t>(tree().calls[node(id).a].arguments.size() - 2);
  const std::int64_t n = s.integer(pop(), s.operand_span(2), "the number of iterations");
  if (n < 0) s.refuse(Kind::shape, "the number of iterations must not be negative, and this is " + std::to_string(n), s.operand_span(2));
  if (static_cast<std::uint64_t>(n) > program_.limits.repetitions)
    s.refuse(Kind::limit, std::to_string(n) + " iterations are more than the limit of " + std::to_string(program_.limits.repetitions), s.operand_span(2));
  const Args given = top(passed);
  for (const Value& v : given)
    if (v.lanes != 0) throw NotElementwise{};
  if (n == 0) return replace(passed, Value(given[0]), id);
  const SymbolId f = callee(id);
  iterations_.push_back(static_cast<std::uint64_t>(n));
  for (std::uint32_t k = 0; k < passed; ++k) {
    const Shape shape = values_[values_.size() - passed].e.shape();  // of the k-th: as many were pushed
    values_.push_back({{graph_, program_.parameter_input(f, k, shape)}});
  }
  push(Do::leave_iterate, id);
  enter_frame(f, id, passed, true, {});
  frame().extent = {0, 0};
}

void Machine::leave_iterate(ast::Id id) {
  const Frame f = frame();
  for (NodeId id_in_body : graph_.reachable({&values_.back().e.id, 1}))
    if (graph_[id_in_body].op == op_of<Abstract>) {
      const std::string name = graph_.abstract_function_at(abstract_name(graph_[id_in_body].payload));
      site(id).refuse(Kind::name, "`" + name + "` is an abstract function, and iterate computes with values", "define it: " + name + "(x) = ...");
    }
  std::vector<NodeId> inputs;  // the state, then the parameters
  for (std::size_t k = f.locals; k < locals_.size(); ++k) inputs.push_back(locals_[k].value.e.id);
  frames_.pop_back();
  locals_.resize(f.locals, Local{no_symbol, {}});
  calling_.erase(f.function);
  call_keys_.pop_back();
  const std::uint64_t n = iterations_.back();
  iterations_.pop_back();
  const Value after = pop();
  const Site s = site(id);
  const auto passed = static_cast<std::uint32_t>(inputs.size());
  const Shape shape = graph_[inputs[0]].shape;
  if (after.lanes != 0) throw NotElementwise{};
  if (after.shape() != shape)
    s.refuse(Kind::shape, "iterate wants a function that keeps the shape: from " + to_string(shape) + " comes " + to_string(after.shape()), s.operand_span(0), {}, {{s.operand_span(1), to_string(shape)}});
  std::vector<NodeId> arguments;
  for (const Value& v : top(passed)) arguments.push_back(v.e.id);
  for (NodeId input : inputs_of(graph_, after.e.id))
    if (std::find(inputs.begin(), inputs.end(), input) == inputs.end()) {
      inputs.push_back(input);
      arguments.push_back(input);
    }
  // The same loop is the same node.
  Program::CallKey key;
  key.words = {f.function, n, after.e.id};
  key.words.insert(key.words.end(), inputs.begin(), inputs.end());
  auto [loop, fresh] = program_.loops.try_emplace(std::move(key), 0);
  if (fresh) loop->second = graph_.loop({program_.name(f.function), n, inputs[0], {inputs.begin() + 1, inputs.end()}, after.e.id, inputs.size() - passed});
  replace(passed, {{graph_, graph_.node(op_of<Iterate>, arguments, shape, loop->second)}}, id);
}

}  // namespace wengert::lowering
