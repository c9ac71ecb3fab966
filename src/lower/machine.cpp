#include "machine.hpp"

namespace wengert::lowering {

using ast::Tag;

namespace {
constexpr std::uint8_t spans_kept = 16;  // of one node: x may be written a million times
}

Value Machine::pop() {
  const Value v = values_.back();
  values_.pop_back();
  return v;
}

void Machine::mark(const Value& v, ast::Id id) {
  auto& counts = program_.span_counts;
  if (counts.size() <= v.e.id) counts.resize(graph_.size() + graph_.size() / 4);
  if (counts[v.e.id] >= spans_kept) return;
  ++counts[v.e.id];
  graph_.add_span(v.e.id, tree().span(id));
}

void Machine::replace(std::size_t n, const Value& result, ast::Id id) {
  values_.resize(values_.size() - n);
  values_.push_back(result);
  mark(result, id);
}

void Machine::refuse(Diagnostic d) const { throw Refusal{std::move(d)}; }

Expr Machine::expression(const Piece& piece, const std::vector<SymbolId>& as_inputs) {
  Frame f;
  f.text = piece.text.get();
  f.time = piece.time;
  frames_.push_back(f);
  frame().overrides = overrides_with(as_inputs);
  visit_later(piece.root);
  run();
  return pop().e;
}

Expr Machine::definition(SymbolId name, const std::vector<SymbolId>& as_inputs) {
  frames_.push_back({});
  frame().overrides = overrides_with(as_inputs);
  enter_definition(name, program_.variable(name).declared);
  run();
  return pop().e;
}

void Machine::run() {
  for (;;) {
    try {
      while (!work_.empty()) {
        const Task t = work_.back();
        work_.pop_back();
        step(t);
      }
      return;
    } catch (const NotElementwise&) {
      if (!recover()) throw;
    } catch (const Refusal&) {
      if (!recover()) throw;  // unrolled, the mistake is found where it is
    }
  }
}

void Machine::attempt(const Task& otherwise) {
  attempts_.push_back({work_.size(), values_.size(), frames_.size(), locals_.size(), loops_.size(),
                       loops_.empty() ? 0 : loops_.back().levels.size(), derivations_.size(), indices_.size(), iterations_.size(),
                       loops_.empty() ? lanes::none : loops_.back().used, frame(), otherwise});
}

bool Machine::recover() {
  if (attempts_.empty()) return false;
  const Attempt a = attempts_.back();
  attempts_.pop_back();
  while (frames_.size() > a.frames) {
    if (frame().definition != no_symbol) lowering_.erase(frame().definition);
    if (frame().function != no_symbol) { calling_.erase(frame().function); call_keys_.pop_back(); }
    frames_.pop_back();
  }
  frames_.back() = a.frame;
  work_.resize(a.work, Task{Do::visit, 0});
  values_.resize(a.values);
  locals_.resize(a.locals, Local{no_symbol, {}});
  while (loops_.size() > a.loops) loops_.pop_back();
  if (!loops_.empty()) { loops_.back().levels.resize(a.levels); loops_.back().used = a.used; }
  while (derivations_.size() > a.derivations) derivations_.pop_back();
  indices_.resize(a.indices);
  iterations_.resize(a.iterations);
  work_.push_back(a.otherwise);
  return true;
}

void Machine::step(const Task& t) {
  switch (t.what) {
    case Do::visit: break;
    case Do::unary: return replace(1, unary(site(t.id), node(t.id).tag, values_.back()), t.id);
    case Do::binary: {
      const Args x = top(2);
      return replace(2, binary(site(t.id), node(t.id).tag, x[0], x[1]), t.id);
    }
    case Do::list: return replace(t.extra, list_of(site(t.id), top(t.extra)), t.id);
    case Do::call: return finish_call(t.id);
    case Do::call_abstract: return finish_abstract(t.id);
    case Do::enter_function: return enter_function(t.id, t.extra);
    case Do::leave_function: return leave_function(t.id);
    case Do::enter_prime: return enter_prime(t.id, t.extra != 0);
    case Do::leave_prime: return leave_prime(t.id);
    case Do::prime_elements: return prime_elements(t.id);
    case Do::gather: return gather(t.id, t.extra);
    case Do::give: values_.push_back({{graph_, t.extra}}); return;
    case Do::enter_iterate: return enter_iterate(t.id);
    case Do::leave_iterate: return leave_iterate(t.id);
    case Do::leave_definition: return leave_definition();
    case Do::subscripts: return begin_subscripts(t.id);
    case Do::subscript: indices_.back().at = t.extra; return;
    case Do::index: return finish_index(t.id);
    case Do::enter_derivative: return enter_derivative(t.id);
    case Do::derivative: return finish_derivative(t.id);
    case Do::loop_bounds: return loop_bounds(t.id);
    case Do::loop_bound: return loop_bound(t.id);
    case Do::loop_unroll: return loop_unroll(t.id);
    case Do::loop_body: return loop_body(t.id);
    case Do::loop_all: return loop_all(t.id);
  }
  if (graph_.size() > program_.limits.nodes)
    site(t.id).refuse(Kind::limit, "the expression has more than " + std::to_string(program_.limits.nodes) + " operations");
  const ast::Node n = node(t.id);
  switch (n.tag) {
    case Tag::number: {
      const ast::Number& number = tree().numbers[n.a];
      const bool exact = number.integer && number.value < 9e18;
      const Constant c = exact ? Constant::integer(static_cast<std::int64_t>(number.value))
                               : Constant::decimal(number.value, std::string(program_.sources.text(tree().span(t.id))));
      values_.push_back({{graph_, graph_.constant(c)}});
      return;
    }
    case Tag::name: return visit_name(t.id);
    case Tag::end: return visit_end(t.id);
    case Tag::negate: case Tag::plus: case Tag::not_: case Tag::transpose:
      push(Do::unary, t.id);
      return visit_later(n.a);
    case Tag::call: return visit_call(t.id);
    case Tag::index: return visit_index(t.id);
    case Tag::list: {
      const auto& items = tree().lists[n.a];
      push(Do::list, t.id, static_cast<std::uint32_t>(items.size()));
      for (std::size_t i = items.size(); i-- > 0;) visit_later(items[i]);
      return;
    }
    case Tag::comprehension: return begin_loop(t.id, n.b, n.a);
    case Tag::colon: case Tag::range: site(t.id).refuse(Kind::syntax, "a range stands only in an index");
    default:
      push(Do::binary, t.id);
      visit_later(n.b);
      return visit_later(n.a);
  }
}

}  // namespace wengert::lowering
