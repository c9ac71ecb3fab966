// Products taken apart: a coefficient and powers of different bases.
#include <algorithm>
#include <map>

#include "workshop.hpp"

namespace wengert::rewrite {

namespace {

constexpr std::uint32_t open_factors = 32;  // of a product that is a factor of another one

}  // namespace

// Flattens items into factors, then joins those of one base.
class FactorCollector {
 public:
  explicit FactorCollector(Workshop& shop) : w_(shop), g_(shop.g) {}

  Monomial collect(std::vector<Item> items) {
    todo_ = std::move(items);
    std::reverse(todo_.begin(), todo_.end());
    while (!todo_.empty()) {
      const Item item = todo_.back();
      todo_.pop_back();
      open(item);
    }
    return join();
  }

 private:
  void keep(const Item& i) { out_.factors.push_back({i.node, i.k}); }

  void later(NodeId node, const Number& k, bool raw) {
    if (raw && !w_.inner(node)) todo_.push_back({w_.simplified(node), k, false});
    else todo_.push_back({node, k, raw});
  }

  void coefficient(const Item& i, const Number& c) {
    std::optional<Number> power;
    if (c.value == 0 && i.k.value != 0) {  // 0 to any power: 0, or a division by 0, which stays to be seen
      divided_by_zero_ = divided_by_zero_ || i.k.negative();
      if (!i.k.negative()) out_.coefficient = Number::integer(0);
      return;
    }
    if (i.k.integral()) power = wengert::rewrite::power(c, i.k.p);
    else if (!c.negative() && c.exact) {
      if (auto root = exact_root(c, i.k.q)) power = wengert::rewrite::power(*root, i.k.p);
    }
    const auto all = power ? multiply(out_.coefficient, *power) : std::nullopt;
    if (!all) return keep(i);
    if (!i.k.is(1) || !(out_.coefficient.is(1) || c.is(1) || c.is(-1))) w_.fire(Rule::fold_numbers);
    out_.coefficient = *all;
  }

  void open(const Item& i) {
    const Op op = g_[i.node].op;
    if (op == Op::constant) {
      if (const auto c = Number::of(g_.constant_of(i.node))) return coefficient(i, *c);
      return keep(i);
    }
    if (op < Op::first_row) return keep(i);
    const auto x = [&](std::size_t j) { return g_.arguments(i.node)[j]; };
    switch (static_cast<std::uint16_t>(op)) {
      case number_of<Mul>: case number_of<StrongMul>: case number_of<Div>: return open_product(i);
      case number_of<Neg>:
        if (!i.k.integral()) return keep(i);
        if (i.k.p % 2 != 0) out_.coefficient = out_.coefficient.negated();
        return later(x(0), i.k, i.raw);
      case number_of<Broadcast>:
        if (!g_[x(0)].shape.scalar()) return keep(i);
        return later(x(0), i.k, i.raw);
      case number_of<Sqrt>: return open_power(i, x(0), Number::rational(1, 2));
      case number_of<Pow>: return open_pow(i);
      case number_of<Exp>: return open_exponential(i);
      case number_of<MatMul>: return open_matrix_product(i);
      case number_of<DiagonalMatrix>: return open_diagonal(i);
      case number_of<Add>: case number_of<Sub>: return open_sum(i);
      default: return keep(i);
    }
  }

  void open_product(const Item& i) {
    const NodeId a = g_.arguments(i.node)[0], b = g_.arguments(i.node)[1];
    const bool fits = i.raw || !w_.width.contains(i.node) || w_.width[i.node] <= open_factors;
    if (!fits) return keep(i);
    if (!i.k.integral()) return open_root_of_product(i);
    if (!i.k.is(1) && !i.k.is(-1)) w_.fire(Rule::power_of_product);
    const bool quotient = g_[i.node].op == op_of<Div>;
    later(b, quotient ? i.k.negated() : i.k, i.raw);
    later(a, i.k, i.raw);
  }

  // sqrt(4*x) is 2*sqrt(x): only a positive coefficient comes out of a root.
  void open_root_of_product(const Item& i) {
    if (i.raw) return keep(i);
    Monomial m = w_.take_apart(i.node);
    if (m.coefficient.negative() || m.coefficient.is(1) || m.coefficient.value == 0 || !exact_root(m.coefficient, i.k.q)) return keep(i);
    const NodeId c = w_.constant(m.coefficient);
    m.coefficient = Number::integer(1);
    w_.fire(Rule::power_of_product);
    todo_.push_back({w_.product(std::move(m), g_[i.node].shape), i.k, false});
    todo_.push_back({c, i.k, false});
  }

  // (base^n)^k: the same as base^(n*k) wherever it is defined, unless n is even and k a root.
  void open_power(const Item& i, NodeId base, const Number& n) {
    const auto both = multiply(n, i.k);
    if (!both || (!i.k.integral() && n.even())) return keep(i);
    if (!n.is(1) && !i.k.is(1) && !i.k.is(-1)) w_.fire(Rule::powers_of_powers);
    later(base, *both, i.raw);
  }

  void open_pow(const Item& i) {
    const NodeId base = g_.arguments(i.node)[0], exponent = i.raw ? w_.simplified(g_.arguments(i.node)[1]) : g_.arguments(i.node)[1];
    if (const auto n = w_.number(exponent); n && n->exact) return open_power(i, base, *n);
    if (!i.k.integral()) return keep(i);
    const NodeId b = i.raw ? w_.simplified(base) : base;
    if (w_.is_number(b, 1)) return;
    out_.factors.push_back({b, Number::integer(1), w_.scaled(i.k, exponent)});
  }

  void open_exponential(const Item& i) {
    const NodeId x = i.raw ? w_.simplified(g_.arguments(i.node)[0]) : g_.arguments(i.node)[0];
    if (w_.number(x)) return keep(i);
    out_.factors.push_back({g_.constant(Constant::e()), Number::integer(1), w_.scaled(i.k, x)});
  }

  // The scalars that stand with the first matrix of a chain.
  void open_matrix_product(const Item& i) {
    if (!i.k.is(1) || i.raw) return keep(i);
    std::vector<NodeId> chain{i.node};
    while (chain.size() < 16 && g_[chain.back()].op == op_of<MatMul>) chain.push_back(g_.arguments(chain.back())[0]);
    const Op op = g_[chain.back()].op;
    if (op != op_of<Mul> && op != op_of<Neg> && op != op_of<Div> && op != op_of<Broadcast> && op != op_of<DiagonalMatrix>) return keep(i);
    Monomial m = w_.take_apart(chain.back()), scalars, rest;
    scalars.coefficient = m.coefficient;
    for (const Factor& f : m.factors) (w_.shape_of(f).scalar() ? scalars : rest).factors.push_back(f);
    if (scalars.factors.empty() && scalars.coefficient.is(1)) return keep(i);
    NodeId bare = w_.product(std::move(rest), g_[chain.back()].shape);
    for (std::size_t k = chain.size() - 1; k-- > 0;) {
      const NodeId pair[] = {bare, g_.arguments(chain[k])[1]};
      bare = g_.node(op_of<MatMul>, pair, g_[chain[k]].shape);
    }
    const auto c = multiply(out_.coefficient, scalars.coefficient);
    if (!c) return keep(i);
    out_.coefficient = *c;
    for (const Factor& f : scalars.factors) out_.factors.push_back(f);
    out_.factors.push_back({bare});
  }

  // The scalars that stand with the elements on the diagonal.
  void open_diagonal(const Item& i) {
    if (!i.k.is(1)) return keep(i);
    const NodeId elements = i.raw ? w_.simplified(g_.arguments(i.node)[0]) : g_.arguments(i.node)[0];
    Monomial m = w_.take_apart(elements), rest;
    const auto c = multiply(out_.coefficient, m.coefficient);
    if (!c) return keep(i);
    out_.coefficient = *c;
    for (const Factor& f : m.factors) (w_.shape_of(f).scalar() ? out_.factors : rest.factors).push_back(f);
    const NodeId bare = w_.product(std::move(rest), g_[elements].shape);
    out_.factors.push_back({g_.node(op_of<DiagonalMatrix>, std::span(&bare, 1), g_[i.node].shape)});
  }

  // A sum of negative terms gives its sign to the product.
  void open_sum(const Item& i) {
    if (!i.k.integral() || i.raw || !w_.negative(i.node) || !w_.width.contains(i.node) || w_.width[i.node] > open_factors) return keep(i);
    w_.fire(Rule::sign_outward);
    if (i.k.p % 2 != 0) out_.coefficient = out_.coefficient.negated();
    keep({w_.sum({{i.node, Number::integer(-1)}}, g_[i.node].shape), i.k, false});
  }

  Monomial join() {
    std::vector<Factor> all = std::move(out_.factors);
    out_.factors.clear();
    std::stable_sort(all.begin(), all.end(), [](const Factor& a, const Factor& b) { return a.base < b.base; });
    for (std::size_t k = 0; k < all.size();) {
      std::size_t end = k + 1;
      while (end < all.size() && all[end].base == all[k].base) ++end;
      if (end == k + 1) out_.factors.push_back(all[k]);
      else same_base({all.begin() + static_cast<std::ptrdiff_t>(k), all.begin() + static_cast<std::ptrdiff_t>(end)});
      k = end;
    }
    if (divided_by_zero_) {
      std::erase_if(out_.factors, [](const Factor& f) { return f.symbol == no_node && f.exponent.negative(); });
      out_.factors.push_back({w_.integer(0), Number::integer(-1)});
    }
    return std::move(out_);
  }

  void same_base(const std::vector<Factor>& equal) {
    Number exponent = Number::integer(0);
    std::vector<Item> symbols;
    bool positive = false, inverse = false;
    for (const Factor& f : equal) {
      if (f.symbol != no_node) {
        symbols.push_back({f.symbol});
        continue;
      }
      (f.exponent.negative() ? inverse : positive) = true;
      if (const auto total = add(exponent, f.exponent)) exponent = *total;
      else out_.factors.push_back(f);
    }
    Factor joined{equal[0].base, exponent};
    const bool exponential = g_[joined.base].op == Op::constant && g_.constant_of(joined.base).exactness == Constant::Exactness::e;
    w_.fire(exponential ? Rule::join_exponentials : positive && inverse ? Rule::cancel_factors : Rule::equal_factors);
    if (!symbols.empty()) {
      Shape shape = w_.shape_of(equal[0]);
      for (const Item& s : symbols) shape = Workshop::wider(shape, g_[s.node].shape);
      symbols.push_back({w_.constant(exponent)});
      Shape of_symbols;
      for (const Item& s : symbols) of_symbols = Workshop::wider(of_symbols, g_[s.node].shape);
      const NodeId total = w_.sum(std::move(symbols), of_symbols);
      if (const auto n = w_.number(total); n && n->exact) joined.exponent = *n;
      else joined.symbol = total;
    }
    if (joined.symbol == no_node && joined.exponent.is(0)) return;
    if (const auto c = w_.number(joined.base); c && joined.symbol == no_node && joined.exponent.integral()) {
      const auto power = wengert::rewrite::power(*c, joined.exponent.p);
      if (const auto coefficient = power ? multiply(out_.coefficient, *power) : std::nullopt) {
        out_.coefficient = *coefficient;
        return;
      }
    }
    out_.factors.push_back(joined);
  }

  Workshop& w_;
  Graph& g_;
  std::vector<Item> todo_;
  Monomial out_;
  bool divided_by_zero_ = false;
};

Monomial Workshop::take_apart(std::vector<Item> items) { return FactorCollector(*this).collect(std::move(items)); }

}  // namespace wengert::rewrite
