// Indices, and closed integer expressions: numbers that are read at their present value.
#include <cmath>
#include <charconv>

#include "machine.hpp"

namespace wengert::lowering {

using ast::Tag;

std::string shortest_text(double x) {
  if (std::isnan(x)) return "nan";
  if (std::isinf(x)) return x < 0 ? "-inf" : "inf";
  char buffer[40];
  const auto end = std::to_chars(buffer, buffer + sizeof buffer, x).ptr;
  return {buffer, end};
}

double Machine::closed(const Value& v, const Span& where, std::string_view what) {
  if (v.lanes != 0) throw NotElementwise{};
  if (!v.scalar()) refuse({Kind::shape, std::string(what) + " must be one number, and this is " + to_string(v.shape()), where, {}, {}});
  if (v.e.node().op == Op::constant) return graph_.constant_of(v.e.id).value;
  note_size(v.e.id);
  if (const auto it = closed_.find(v.e.id); it != closed_.end()) return it->second;
  auto value = value_of(program_, v.e.id, where, what);
  if (!value) refuse(value.error());
  return closed_[v.e.id] = (*value)[0];
}

// The present value of the node's inputs matters to every definition and call that is open.
void Machine::note_size(NodeId node) {
  for (Frame& f : frames_) f.sized = true;
  SymbolId user = no_symbol;
  for (const Frame& f : frames_)
    if (f.definition != no_symbol) user = f.definition;
  for (NodeId input : inputs_of(graph_, node)) program_.used_as_size(input, user);
}

void Machine::visit_index(ast::Id id) {
  push(Do::subscripts, id);
  visit_later(node(id).a);
}

void Machine::begin_subscripts(ast::Id id) {
  const auto& subscripts = tree().lists[node(id).b];
  const Value& base = values_.back();
  if (subscripts.size() > 2)
    site(id).refuse(Kind::shape, "an array has two dimensions, and here are " + std::to_string(subscripts.size()) + " indices");
  if (subscripts.size() == 1 && !base.shape().vector()) {
    const Site s = site(id);
    std::string name = s.written(0), index(program_.sources.text(s.operand_span(1)));
    s.refuse(Kind::shape, "one index on a " + to_string(base.shape()) + " matrix", s.span(), "did you mean " + name + "[" + index + ", :]?",
             {{s.operand_span(0), to_string(base.shape())}});
  }
  indices_.push_back({base.shape(), static_cast<std::uint32_t>(subscripts.size()), 0});
  push(Do::index, id);
  for (std::size_t k = subscripts.size(); k-- > 0;) {
    const ast::Node& n = node(subscripts[k]);
    if (n.tag == Tag::range) {
      visit_later(n.b);
      visit_later(n.a);
    } else if (n.tag != Tag::colon) {
      visit_later(subscripts[k]);
    }
    push(Do::subscript, id, static_cast<std::uint32_t>(k));
  }
}

void Machine::visit_end(ast::Id id) {
  if (indices_.size() <= frame().indexed) site(id).refuse(Kind::syntax, "`end` stands only in an index");
  const Indexed& i = indices_.back();
  const auto n = i.count == 1 ? i.base.size() : i.at == 0 ? i.base.rows : i.base.cols;
  values_.push_back({{graph_, graph_.constant(Constant::integer(static_cast<std::int64_t>(n)))}});
}

namespace {

// Where an index points: `count` elements from `first` (from 0) on.
struct Pointed {
  std::uint32_t first = 0, count = 1;
  std::uint8_t lanes = 0;  // one element for each lane
};

// "there are 3 rows"
std::string there_are(const Indexed& i, std::size_t k, std::uint64_t n) {
  return (n == 1 ? "there is " : "there are ") + counted(n, i.count == 1 ? "element" : k == 0 ? "row" : "column");
}

std::uint32_t checked(const Site& s, const Indexed& i, std::size_t k, std::int64_t n, std::uint64_t size, const Span& where) {
  if (n >= 1 && n <= static_cast<std::int64_t>(size)) return static_cast<std::uint32_t>(n - 1);
  std::string help = n == 0 ? "indices count from 1" : n < 0 ? "the last one is `end`" : "";
  if (i.base.scalar() && n != 0) help = "this is a scalar; declare an array as `input x[3]`, or give it a value such as [1, 2, 3]";
  s.refuse(Kind::shape, "index " + std::to_string(n) + " is out of range: " + there_are(i, k, size), where, help,
           {{s.operand_span(0), to_string(i.base)}});
}

// The numbers of an index that runs with a loop; they must be consecutive.
Pointed along_lanes(const Site& s, const Value& v, std::uint64_t size) {
  if (v.lanes == lanes::both) throw NotElementwise{};
  auto numbers = value_of(s.program, v.e.id, s.span(), "an index");
  if (!numbers) throw NotElementwise{};
  const auto& n = *numbers;
  for (std::size_t k = 0; k < n.size(); ++k)
    if (n[k] != n[0] + static_cast<double>(k) || !(n[k] >= 1) || !(n[k] <= static_cast<double>(size)) || n[k] != std::floor(n[k])) throw NotElementwise{};
  return {static_cast<std::uint32_t>(n[0]) - 1, static_cast<std::uint32_t>(n.size()), v.lanes};
}

}  // namespace

void Machine::finish_index(ast::Id id) {
  const Site s = site(id);
  const Indexed i = indices_.back();
  indices_.pop_back();
  const auto& subscripts = tree().lists[node(id).b];
  std::size_t operands = 0;
  for (ast::Id sub : subscripts) operands += node(sub).tag == Tag::range ? 2 : node(sub).tag == Tag::colon ? 0 : 1;
  const Value base = values_[values_.size() - operands - 1];
  std::size_t next = values_.size() - operands;
  const bool one_row = i.count == 1 && i.base.rows == 1;  // x[i] of a row counts its columns
  Pointed p[2] = {{0, 1}, {0, 1}};
  for (std::size_t k = 0; k < subscripts.size(); ++k) {
    const std::uint64_t size = i.count == 1 ? i.base.size() : k == 0 ? i.base.rows : i.base.cols;
    Pointed& to = p[one_row ? 1 : k];
    const ast::Node& n = node(subscripts[k]);
    const Span where = tree().span(subscripts[k]);
    if (n.tag == Tag::colon) {
      to = {0, static_cast<std::uint32_t>(size)};
    } else if (n.tag == Tag::range) {
      const std::int64_t low = s.integer(values_[next], tree().span(n.a), "an index");
      const std::int64_t high = s.integer(values_[next + 1], tree().span(n.b), "an index");
      next += 2;
      if (low > high) s.refuse(Kind::shape, "the range " + std::to_string(low) + ".." + std::to_string(high) + " is empty", where);
      to.first = checked(s, i, k, low, size, tree().span(n.a));
      to.count = checked(s, i, k, high, size, tree().span(n.b)) - to.first + 1;
    } else if (values_[next].lanes != 0) {
      note_size(values_[next].e.id);
      to = along_lanes(s, values_[next++], size);
    } else {
      to.first = checked(s, i, k, s.integer(values_[next++], where, "an index"), size, where);
    }
  }
  const std::uint8_t lanes = p[0].lanes | p[1].lanes;
  if (lanes != 0) {
    // One element for each lane: W[i, j], W[i, 2], x[i + 1]; W[i, :] is an array for each lane.
    for (const Pointed& q : p)
      if (q.lanes == 0 && q.count != 1) throw NotElementwise{};
    if (base.lanes != 0 || (p[0].lanes != 0 && p[0].lanes == p[1].lanes)) throw NotElementwise{};
    Expr e = part(base.e, {p[0].first, p[1].first, {p[0].count, p[1].count}});
    if (p[0].lanes == lanes::by_col || p[1].lanes == lanes::by_row) {
      const Shape turned = e.shape().transposed();
      e = p[0].count == 1 || p[1].count == 1 ? reshape(e, turned) : transpose(e);
    }
    return replace(operands + 1, {e, lanes}, id);
  }
  if (base.lanes != 0) return replace(operands + 1, base, id);  // x[1] of a scalar
  replace(operands + 1, {part(base.e, {p[0].first, p[1].first, {p[0].count, p[1].count}})}, id);
}

}  // namespace wengert::lowering
