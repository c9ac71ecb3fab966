// Loops: sum(i in 1..n, body), prod, max, min, mean, and comprehensions [body for i in 1..n].
//
// A long loop is first lowered all at once: its index is the column low, low+1, ..., high (a second
// one the row), every operation on it one node for all terms. Where the body does something that is
// not element by element, the attempt is taken back and the loop is unrolled, a node for each term.
// Short loops are always unrolled: `x + x^2 + x^3` reads better than a sum over a column.
#include "machine.hpp"

namespace wengert::lowering {

namespace {
constexpr std::uint64_t unrolled_at_most = 20;

std::uint64_t count_of(const Level& l) { return l.high < l.low ? 0 : static_cast<std::uint64_t>(l.high - l.low) + 1; }
}  // namespace

bool is_loop_function(std::string_view name) {
  return name == "sum" || name == "prod" || name == "max" || name == "min" || name == "mean";
}

std::string_view Machine::loop_kind(const Loop& loop) {
  const ast::Node& n = node(loop.id);
  return n.tag == ast::Tag::comprehension ? std::string_view("list") : std::string_view(tree().names[tree().calls[n.a].name]);
}

void Machine::begin_loop(ast::Id id, std::uint32_t iterations, ast::Id body) {
  Loop loop{};
  loop.id = id;
  loop.iterators = &tree().iterations[iterations];
  loop.body = body;
  loop.values = values_.size();
  if (loop_kind(loop) == "list") {
    if (loop.iterators->size() > 2) site(id).refuse(Kind::shape, "an array has two dimensions, and here run " + std::to_string(loop.iterators->size()) + " indices");
    loop.shape.assign(loop.iterators->size(), 0);
  }
  loops_.push_back(std::move(loop));
  push(Do::loop_bounds, id);
}

void Machine::loop_bounds(ast::Id id) {
  const Loop& loop = loops_.back();
  const ast::Iterator& i = (*loop.iterators)[loop.levels.size()];
  push(Do::loop_bound, id);
  visit_later(i.high);
  visit_later(i.low);
}

void Machine::loop_bound(ast::Id id) {
  Loop& loop = loops_.back();
  const ast::Iterator& i = (*loop.iterators)[loop.levels.size()];
  const Site s = site(id);
  Level level;
  level.high = s.integer(values_.back(), tree().span(i.high), "the end of a range");
  values_.pop_back();
  level.at = level.low = s.integer(values_.back(), tree().span(i.low), "the beginning of a range");
  values_.pop_back();
  const std::uint64_t n = count_of(level);
  if (n > program_.limits.elements)
    s.refuse(Kind::limit, "a range of " + std::to_string(n) + " numbers is longer than the limit of " + std::to_string(program_.limits.elements),
             Span{tree().source, tree().nodes[i.low].begin, tree().nodes[i.high].end});
  if (!loop.shape.empty()) {
    const std::size_t d = loop.levels.size();
    const Span range{tree().source, tree().nodes[i.low].begin, tree().nodes[i.high].end};
    if (n == 0) s.refuse(Kind::shape, "the range " + std::to_string(level.low) + ".." + std::to_string(level.high) + " is empty, and an array has at least one element", range);
    if (loop.shape[d] != 0 && loop.shape[d] != n) s.refuse(Kind::shape, "the rows of this matrix would have different lengths", range);
    loop.shape[d] = n;
    s.shape(loop.shape[0], loop.shape.size() > 1 ? std::max<std::uint64_t>(loop.shape[1], 1) : 1);
  }
  loop.levels.push_back(level);
  if (loop.used != 0) bind_lane(loop);
  else if (!try_all_at_once(loop)) loop_unroll(id);
}

bool Machine::try_all_at_once(Loop& loop) {
  const std::size_t level = loop.levels.size() - 1, remaining = loop.iterators->size() - level;
  const Shape extent = frame().extent;
  const std::size_t free = (extent.rows == 0 ? 1u : 0u) + (extent.cols == 0 ? 1u : 0u);
  const std::uint64_t n = count_of(loop.levels.back());
  const bool list = !loop.shape.empty();
  if (remaining > free || n == 0 || (list && (level > 0 || free < 2))) return false;
  if (n <= unrolled_at_most && !(list && remaining == 2)) return false;
  loop.key = (reinterpret_cast<std::uintptr_t>(frame().text) << 20) ^ (std::uint64_t{loop.id} << 8) ^ level;
  if (!not_elementwise_.insert(loop.key).second) return false;
  attempt({Do::loop_unroll, loop.id});
  loop.first = level;
  bind_lane(loop);
  return true;
}

// The innermost level's index becomes a column, or a row where columns are taken.
void Machine::bind_lane(Loop& loop) {
  const Level& level = loop.levels.back();
  const std::uint64_t count = count_of(level);
  if (count == 0) throw NotElementwise{};
  const auto n = static_cast<std::uint32_t>(count);
  Shape& extent = frame().extent;
  const bool as_row = extent.rows != 0;
  Expr index;
  if (level.low >= 0 && level.low < 0xffffffff) index = {graph_, graph_.iota(static_cast<std::uint32_t>(level.low), n)};
  else index = Expr(graph_, graph_.iota(0, n)) + static_cast<double>(level.low);
  if (as_row) index = reshape(index, {1, n});
  (as_row ? extent.cols : extent.rows) = n;
  const std::uint8_t lane = as_row ? lanes::by_col : lanes::by_row;
  loop.used |= lane;
  locals_.push_back({.symbol = frame().text->symbols[(*loop.iterators)[loop.levels.size() - 1].name], .value = {index, lane}, .index = true});
  if (loop.levels.size() < loop.iterators->size()) return push(Do::loop_bounds, loop.id);
  std::uint64_t terms = 1;
  for (std::size_t k = loop.first; k < loop.levels.size(); ++k) terms *= count_of(loop.levels[k]);
  if (terms <= unrolled_at_most) throw NotElementwise{};
  site(loop.id).shape(extent.rows, std::max(extent.cols, 1u));
  push(Do::loop_all, loop.id);
  visit_later(loop.body);
}

namespace {

std::uint32_t reduced_along(std::uint8_t used) {
  return used == lanes::both ? along::all : used == lanes::by_row ? along::rows : along::cols;
}

}  // namespace

void Machine::loop_all(ast::Id id) {
  Loop& loop = loops_.back();
  Value v = pop();
  std::uint64_t terms = 1;
  for (std::size_t k = loop.first; k < loop.levels.size(); ++k) terms *= count_of(loop.levels[k]);
  const std::string_view kind = loop_kind(loop);
  if (!v.scalar() && kind != "sum" && kind != "mean") throw NotElementwise{};
  const bool varies = (v.lanes & loop.used) != 0;
  Value result;
  if (kind == "list") {
    if (!v.scalar() || (v.lanes & ~loop.used) != 0) throw NotElementwise{};
    const Shape to{static_cast<std::uint32_t>(loop.shape[0]), loop.shape.size() > 1 ? static_cast<std::uint32_t>(loop.shape[1]) : 1};
    result = {over_lanes(v, to)};
    loop.whole = true;
  } else if (!varies) {  // every term is the same
    if (kind == "sum" || kind == "mean") result = {v.e * static_cast<double>(terms), v.lanes};
    else if (kind == "prod") result = {power(v.e, number(graph_, static_cast<double>(terms))), v.lanes};
    else result = v;
  } else {
    // Every term counts, also those that do not depend on one of two indices.
    const Shape extent = frame().extent, have = v.e.shape();
    const Shape to{loop.used & lanes::by_row ? extent.rows : have.rows, loop.used & lanes::by_col ? extent.cols : have.cols};
    const Expr all = over_lanes(v, to);
    const std::uint32_t d = reduced_along(loop.used);
    const Expr reduced = kind == "sum" || kind == "mean" ? total(all, d) : kind == "prod" ? product(all, d) : extreme(all, kind == "max", d);
    result = {reduced, static_cast<std::uint8_t>(v.lanes & ~loop.used)};
  }
  if (result.lanes == 0 && v.lanes != 0 && kind != "list" && !result.e.shape().scalar()) throw NotElementwise{};
  const Attempt& a = attempts_.back();
  locals_.resize(a.locals, Local{no_symbol, {}});
  frame().extent = a.frame.extent;
  not_elementwise_.erase(loop.key);
  attempts_.pop_back();
  loop.levels.resize(loop.first);
  loop.used = 0;
  loop.terms += terms;
  values_.push_back(result);
  loop_next(id);
}

// The index becomes the constant low.
void Machine::loop_unroll(ast::Id id) {
  Loop& loop = loops_.back();
  const Level& level = loop.levels.back();
  if (level.high < level.low) {
    loop.levels.pop_back();
    return loop_next(id);
  }
  if (count_of(level) > program_.limits.nodes)
    site(id).refuse(Kind::limit, std::to_string(count_of(level)) + " terms that must be written out one by one are more than the limit of " + std::to_string(program_.limits.nodes));
  loop_term(id);
}

// What comes next with the innermost level's index at its number.
void Machine::loop_term(ast::Id id) {
  const Loop& loop = loops_.back();
  const Level& level = loop.levels.back();
  locals_.push_back({.symbol = frame().text->symbols[(*loop.iterators)[loop.levels.size() - 1].name],
                     .value = {{graph_, graph_.constant(Constant::integer(level.at))}}, .index = true});
  if (loop.levels.size() < loop.iterators->size()) return push(Do::loop_bounds, id);
  push(Do::loop_body, id);
  visit_later(loop.body);
}

void Machine::loop_body(ast::Id id) {
  Loop& loop = loops_.back();
  if (!loop.shape.empty()) {
    const Value& v = values_.back();
    if (v.lanes != 0) throw NotElementwise{};
    if (!v.scalar())
      site(id).refuse(Kind::shape, "the body of a comprehension must be a number, and this is " + to_string(v.shape()), tree().span(loop.body),
                      "for a matrix, run two indices: [... for i in 1..m, j in 1..n]");
  }
  ++loop.terms;
  loop_next(id);
}

void Machine::loop_next(ast::Id id) {
  Loop& loop = loops_.back();
  while (!loop.levels.empty()) {
    Level& level = loop.levels.back();
    locals_.pop_back();
    if (level.at < level.high) {
      ++level.at;
      return loop_term(id);
    }
    loop.levels.pop_back();
  }
  finish_loop(id);
}

void Machine::finish_loop(ast::Id id) {
  const Loop loop = std::move(loops_.back());
  loops_.pop_back();
  const Site s = site(id);
  const std::string_view kind = loop_kind(loop);
  const std::size_t n = values_.size() - loop.values;
  const Args x = top(n);
  if (kind == "list") {
    if (loop.whole) return replace(1, x[0], id);
    const Shape to = s.shape(loop.shape[0], loop.shape.size() > 1 ? loop.shape[1] : 1);
    if (n == 1) return replace(1, x[0], id);
    std::vector<Slice> slices;
    std::vector<Expr> pieces;
    slices.reserve(n);
    pieces.reserve(n);
    for (std::uint32_t k = 0; k < n; ++k) {
      slices.push_back({k / to.cols, k % to.cols, {}});
      pieces.push_back(x[k].e);
    }
    return replace(n, {Lift<Expr>::array<Place>({.shape = to, .number = 0, .slices = slices}, pieces)}, id);
  }
  if (n == 0) {
    if (kind == "sum") return replace(0, s.number(0), id);
    if (kind == "prod") return replace(0, s.number(1), id);
    s.refuse(Kind::shape, "the range is empty, and an empty range has no " + std::string(kind));
  }
  for (const Value& v : x) {
    if (kind != "sum" && kind != "mean" && !v.scalar()) s.refuse(Kind::shape, std::string(kind) + " over an index wants numbers, and its body is " + to_string(v.shape()), tree().span(loop.body));
    if (v.shape() != x[0].shape())
      s.refuse(Kind::shape, "the terms of a sum must have equal shapes, and these are " + to_string(x[0].shape()) + " and " + to_string(v.shape()), tree().span(loop.body));
  }
  Value result = x[0];
  if (kind == "max" || kind == "min") {
    if (n > 1) result = call_builtin(s, find_callable(kind), x);
  } else {
    for (std::size_t k = 1; k < n; ++k) {
      const Value both[] = {result, x[k]};
      result = elementwise(s, kind == "prod" ? op_of<Mul> : op_of<Add>, both);
    }
    if (kind == "mean") result.e = result.e / static_cast<double>(loop.terms);
  }
  replace(n, result, id);
}

}  // namespace wengert::lowering
