// f'(x), f''(x): the derivative of a function of one argument, element by element on an array.
//
// The function is applied to a fresh input; derivative first, argument after. An array's elements are
// lanes (see site.hpp); a function that cannot be lowered so is applied to each element.
#include <numeric>

#include "machine.hpp"

namespace wengert::lowering {

void Machine::enter_prime(ast::Id id, bool of_element) {
  const ast::Call& call = tree().calls[node(id).a];
  const SymbolId symbol = frame().text->symbols[call.name];
  const bool defined = program_.function(symbol).state == Function::State::defined;
  if (call.primes > 1000) site(id).refuse(Kind::limit, "a derivative of an order above 1000");
  Value x = values_.back();
  By by;
  by.present = x;
  by.replaced = true;
  if (x.lanes == 0 && !x.scalar()) {
    const Shape s = x.shape();
    if (defined && !of_element) {
      if (frame().extent != Shape{0, 0}) throw NotElementwise{};
      attempt({Do::prime_elements, id});
    }
    x.lanes = static_cast<std::uint8_t>((s.rows > 1 ? lanes::by_row : 0) | (s.cols > 1 ? lanes::by_col : 0));
  }
  by.input = {{graph_, program_.parameter_input(defined ? symbol : no_symbol, 0, x.e.shape())}, x.lanes};
  derivations_.push_back({.id = id, .by = {by}, .values = values_.size() - 1, .locals = locals_.size()});
  if (!defined) {
    try {
      values_.push_back(call_builtin(site(id), find_callable(tree().names[call.name]), {&by.input, 1}));
      return finish_prime(id);
    } catch (const NotElementwise&) {
      if (by.present.lanes != 0) throw;
      site(id).refuse(Kind::shape, tree().names[call.name] + "' is not defined: " + tree().names[call.name] + " takes an array as a whole",
                      "name the argument and write jacobian(" + tree().names[call.name] + "(x), x)");
    }
  }
  values_.push_back(by.input);
  push(Do::leave_prime, id);
  const Shape extent{x.lanes & lanes::by_row ? x.e.shape().rows : 0, x.lanes & lanes::by_col ? x.e.shape().cols : 0};
  const bool takes_lanes = by.present.lanes == 0 && x.lanes != 0;
  enter_frame(symbol, id, 1, true, {});
  if (takes_lanes) frame().extent = extent;
}

void Machine::leave_prime(ast::Id id) {
  const Frame f = frame();
  frames_.pop_back();
  locals_.resize(f.locals, Local{no_symbol, {}});
  calling_.erase(f.function);
  call_keys_.pop_back();
  const By& by = derivations_.back().by[0];
  if (by.input.lanes != 0 && !values_.back().scalar()) throw NotElementwise{};
  const bool attempted = by.present.lanes == 0 && by.input.lanes != 0;
  finish_prime(id);
  if (attempted) attempts_.pop_back();
}

// The argument and the function's value there become the derivative.
void Machine::finish_prime(ast::Id id) {
  const Value v = values_.back();
  const Derivation d = std::move(derivations_.back());
  derivations_.pop_back();
  const By& by = d.by[0];
  Expr e = v.e;
  const Expr seed = broadcast(number(graph_, 1), by.input.e.shape());
  for (std::uint32_t k = 0; k < tree().calls[node(id).a].primes; ++k) {
    check_sweeps(e, 1, id);
    e = jvp(e, {&by.input.e, 1}, {&seed, 1}, form_);
  }
  e = put_back(e, d);
  const bool of_array = by.present.lanes == 0 && by.input.lanes != 0;
  if (of_array) return replace(2, {over_lanes({e}, by.present.e.shape())}, id);
  replace(2, {e, v.lanes}, id);
}

void Machine::prime_elements(ast::Id id) {
  const Value x = values_.back();
  const Shape s = x.shape();
  if (s.size() > program_.limits.nodes) site(id).refuse(Kind::limit, "an array of too many elements");
  push(Do::gather, id, static_cast<std::uint32_t>(s.size()));
  for (std::uint32_t k = static_cast<std::uint32_t>(s.size()); k-- > 0;) {
    push(Do::enter_prime, id, 1);
    push(Do::give, id, part(x.e, {k / s.cols, k % s.cols, {}}).id);
  }
}

void Machine::gather(ast::Id id, std::uint32_t count) {
  std::vector<Slice> slices;
  std::vector<Expr> pieces;
  const Shape s = values_[values_.size() - count - 1].shape();
  std::uint32_t k = 0;
  for (const Value& v : top(count)) {
    if (v.lanes != 0) throw NotElementwise{};
    if (!v.scalar()) site(id).refuse(Kind::shape, "the derivative of an array-valued function, element by element");
    slices.push_back({k / s.cols, k % s.cols, {}});
    pieces.push_back(v.e);
    ++k;
  }
  replace(count + 1, {Lift<Expr>::array<Place>({.shape = s, .number = 0, .slices = slices}, pieces)}, id);
}

}  // namespace wengert::lowering
