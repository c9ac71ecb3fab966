// Sums taken apart and put together: multiples of different products, in a reader's order.
#include <algorithm>

#include "wengert/rules/build.hpp"
#include "workshop.hpp"

namespace wengert::rewrite {

Term Workshop::split(NodeId node) {
  const Op op = g[node].op;
  if (op == Op::constant) {
    if (const auto c = Number::of(g.constant_of(node))) return {*c, integer(1)};
    return {Number::integer(1), node};
  }
  if (op == op_of<Place> && g.arguments(node).size() == 1) {  // [0, 2*x] is 2*[0, x]
    const Term inside = split(g.arguments(node)[0]);
    const Slice at = g.slices_at(g[node].payload)[0];
    if (inside.coefficient.is(1) || is_number(inside.base, 1)) return {Number::integer(1), node};
    return {inside.coefficient, wengert::build(g, op, std::span(&inside.base, 1), {.shape = g[node].shape, .slices = {&at, 1}}).id};
  }
  const bool product_like = op == op_of<Mul> || op == op_of<StrongMul> || op == op_of<Div> || op == op_of<Neg> || op == op_of<MatMul> || op == op_of<DiagonalMatrix>;
  if (!product_like) return {Number::integer(1), node};
  Monomial m = take_apart(node);
  const Number c = m.coefficient;
  m.coefficient = Number::integer(1);
  if (c.is(1)) return {c, node};
  const std::size_t before = fired.size();
  const Term t{c, product(std::move(m), g[node].shape)};
  fired.resize(before);
  return t;
}

// Flattens items into terms, then joins the like ones.
class TermCollector {
 public:
  explicit TermCollector(Workshop& shop) : w_(shop), g_(shop.g) {}

  std::vector<Term> collect(std::vector<Item> items) {
    todo_ = std::move(items);
    std::reverse(todo_.begin(), todo_.end());
    run();
    reopen();
    std::vector<Term> out;
    for (const Term& t : terms_)
      if (t.coefficient.value != 0) out.push_back(t);
      else if (!w_.is_number(t.base, 1)) w_.fire(Rule::cancel_terms);
    return out;
  }

 private:
  void run() {
    while (!todo_.empty()) {
      const Item item = todo_.back();
      todo_.pop_back();
      open(item);
    }
  }

  // A sum that came up several times and stands alone stays one: 2*(x + y). Others are opened.
  void reopen() {
    if (sums_.empty()) return;
    if (sums_.size() == 1 && terms_.empty() && !sums_[0].coefficient.is(1) && !sums_[0].coefficient.is(-1)) return keep(sums_[0]);
    reopening_ = true;
    for (std::size_t k = sums_.size(); k-- > 0;) todo_.push_back({sums_[k].base, sums_[k].coefficient});
    run();
  }

  void put_off(const Item& i) {
    const auto [at, fresh] = known_sums_.try_emplace(i.node, sums_.size());
    if (!fresh) {
      if (const auto c = add(sums_[at->second].coefficient, i.k)) {
        w_.fire(Rule::like_terms);
        sums_[at->second].coefficient = *c;
        return;
      }
    }
    sums_.push_back({i.k, i.node});
  }

  void later(NodeId node, const Number& k, const Item& from) {
    if (from.raw && !w_.inner(node)) {
      const NodeId s = w_.simplified(node);
      todo_.push_back({s, k, false});
      if (w_.width.contains(s) && w_.width[s] > w_.budget(node)) closed_.push_back(s);
    } else {
      todo_.push_back({node, k, from.raw});
    }
  }

  bool opens(const Item& i) const {
    if (i.raw) return true;
    if (std::find(closed_.begin(), closed_.end(), i.node) != closed_.end()) return false;
    const auto it = w_.width.find(i.node);
    return it == w_.width.end() || it->second <= 32;
  }

  void open(const Item& i) {
    const Op op = g_[i.node].op;
    const auto x = [&](std::size_t j) { return g_.arguments(i.node)[j]; };
    if ((op == op_of<Add> || op == op_of<Sub>) && opens(i) && !i.raw && !reopening_) {
      put_off(i);
    } else if ((op == op_of<Add> || op == op_of<Sub>) && opens(i)) {
      later(x(1), op == op_of<Sub> ? i.k.negated() : i.k, i);
      later(x(0), i.k, i);
    } else if (op == op_of<Neg> && opens(i)) {
      later(x(0), i.k.negated(), i);
    } else if (op == op_of<Broadcast> && g_[x(0)].shape.scalar()) {
      later(x(0), i.k, i);
    } else {
      Term t = w_.split(i.node);
      if (const auto c = multiply(t.coefficient, i.k)) keep({*c, t.base});
      else keep({i.k, i.node});
    }
  }

  void keep(const Term& t) {
    const auto [at, fresh] = known_.try_emplace(t.base, terms_.size());
    if (!fresh) {
      Term& old = terms_[at->second];
      if (const auto c = add(old.coefficient, t.coefficient)) {
        w_.fire(w_.is_number(t.base, 1) ? Rule::fold_numbers : Rule::like_terms);
        old.coefficient = *c;
        return;
      }
    }
    terms_.push_back(t);
  }

  Workshop& w_;
  Graph& g_;
  std::vector<Item> todo_;
  std::vector<NodeId> closed_;
  std::vector<Term> sums_;  // sums that are not inner nodes, put off until all is seen
  std::unordered_map<NodeId, std::size_t> known_sums_;
  bool reopening_ = false;
  std::vector<Term> terms_;
  std::unordered_map<NodeId, std::size_t> known_;
};

std::vector<Term> Workshop::collect(std::vector<Item> items) { return TermCollector(*this).collect(std::move(items)); }

NodeId Workshop::emit(std::vector<Term> terms, Shape shape) {
  if (terms.empty()) return repeated(integer(0), shape);
  std::vector<std::pair<std::string, Term>> sorted;
  for (const Term& t : terms) sorted.emplace_back(terms.size() == 1 ? std::string() : term_key(t), t);
  std::sort(sorted.begin(), sorted.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
  const auto positive = std::find_if(sorted.begin(), sorted.end(), [](const auto& t) { return !t.second.coefficient.negative(); });
  if (positive != sorted.end()) std::rotate(sorted.begin(), positive, positive + 1);

  NodeId result = no_node;
  for (const auto& [key, t] : sorted) {
    const Shape own = g[t.base].shape;
    Monomial m = take_apart(t.base);
    const bool minus = t.coefficient.negative() && result != no_node;
    const Number c = minus ? t.coefficient.negated() : t.coefficient;
    NodeId node = no_node;
    if (const auto all = multiply(m.coefficient, c)) {
      m.coefficient = *all;
      node = sorted.size() > 1 && c.is(1) && !is_number(t.base, 1) ? t.base : product(std::move(m), own);
    } else {
      node = build(op_of<Mul>, {constant(c), t.base});
    }
    result = result == no_node ? node : build(minus ? op_of<Sub> : op_of<Add>, {result, node});
  }
  result = repeated(result, shape);
  if (sorted.size() > 1) width[result] = static_cast<std::uint32_t>(sorted.size());
  return result;
}

// [a, 0] + [0, b] is [a, b].
bool Workshop::join_places(std::vector<Term>& terms, Shape shape) {
  std::vector<Item> others;
  std::vector<Slice> at;
  std::vector<NodeId> what;
  std::size_t joined = 0;
  for (const Term& t : terms) {
    if (g[t.base].op != op_of<Place> || g[t.base].shape != shape) {
      others.push_back({t.base, t.coefficient});
      continue;
    }
    ++joined;
    at.push_back({0, 0, shape});
    what.push_back(scaled(t.coefficient, t.base));
  }
  if (joined < 2) return false;
  others.push_back({places(shape, at, what)});
  fire(Rule::nested_places);
  terms = collect(std::move(others));
  return true;
}

NodeId Workshop::sum(std::vector<Item> items, Shape shape) {
  std::vector<Term> terms = collect(std::move(items));
  while (!shape.scalar() && terms.size() > 1 && join_places(terms, shape)) {}
  if (terms.size() > 1 && terms.size() <= 8) {
    while (pythagoras(terms)) {}
    if (auto whole = over_common_denominator(terms, shape)) return *whole;
    if (auto whole = with_common_factor(terms, shape)) return *whole;
  }
  return emit(std::move(terms), shape);
}

}  // namespace wengert::rewrite
