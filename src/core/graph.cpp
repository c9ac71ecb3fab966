#include "wengert/core/graph.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdlib>
#include <limits>
#include <numeric>
#include <stdexcept>
#include <unordered_set>

#include "wengert/core/diagnostic.hpp"

namespace wengert {

namespace {

constexpr std::uint32_t no_link = 0xffffffffu;

std::uint64_t mix(std::uint64_t h, std::uint64_t v) {
  h ^= v + 0x9e3779b97f4a7c15ull + (h << 6) + (h >> 2);
  h *= 0xff51afd7ed558ccdull;
  return h ^ (h >> 33);
}

std::uint64_t hash_of(Op op, std::span<const NodeId> arguments, Shape shape, std::uint32_t payload) {
  std::uint64_t h = mix(static_cast<std::uint64_t>(op), payload);
  h = mix(h, (std::uint64_t{shape.rows} << 32) | shape.cols);
  for (NodeId a : arguments) h = mix(h, a);
  return h;
}

std::uint32_t hash_of(const Constant& c) {
  std::uint64_t h = mix(static_cast<std::uint64_t>(c.exactness), std::bit_cast<std::uint64_t>(c.value));
  h = mix(h, static_cast<std::uint64_t>(c.numerator));
  h = mix(h, static_cast<std::uint64_t>(c.denominator));
  if (!c.text.empty()) h = mix(h, std::hash<std::string>{}(c.text));
  return static_cast<std::uint32_t>(h ^ (h >> 32));
}

bool same(const Constant& a, const Constant& b) {
  return a.exactness == b.exactness && std::bit_cast<std::uint64_t>(a.value) == std::bit_cast<std::uint64_t>(b.value) &&
         a.numerator == b.numerator && a.denominator == b.denominator && a.text == b.text;
}

}  // namespace

Constant Constant::integer(std::int64_t n) { return rational(n, 1); }

Constant Constant::rational(std::int64_t numerator, std::int64_t denominator) {
  Constant c;
  const std::int64_t g = std::gcd(numerator, denominator);
  const std::int64_t sign = denominator < 0 ? -1 : 1;
  c.exactness = Exactness::rational;
  c.numerator = sign * (numerator / g);
  c.denominator = sign * (denominator / g);
  c.value = static_cast<double>(c.numerator) / static_cast<double>(c.denominator);
  return c;
}

Constant Constant::decimal(double value, std::string text) {
  Constant c;
  c.exactness = Exactness::decimal;
  c.value = value;
  c.text = std::move(text);
  return c;
}

Constant Constant::real(double value) {
  // A double that is a small integer is that integer; -0 is not 0.
  if (value == std::floor(value) && std::fabs(value) < 1e15 && !(value == 0 && std::signbit(value)))
    return integer(static_cast<std::int64_t>(value));
  Constant c;
  c.value = std::isnan(value) ? std::numeric_limits<double>::quiet_NaN() : value;
  return c;
}

Constant Constant::pi() {
  Constant c;
  c.exactness = Exactness::pi;
  c.value = 3.14159265358979323846;
  return c;
}

Constant Constant::e() {
  Constant c;
  c.exactness = Exactness::e;
  c.value = 2.71828182845904523536;
  return c;
}

void Graph::grow_constants() {
  std::vector<Known> larger(constant_table_.empty() ? 64 : constant_table_.size() * 2);
  for (const Known& k : constant_table_) {
    if (k.node == 0) continue;
    std::size_t at = k.hash & (larger.size() - 1);
    while (larger[at].node != 0) at = (at + 1) & (larger.size() - 1);
    larger[at] = k;
  }
  constant_table_ = std::move(larger);
}

NodeId Graph::constant(const Constant& value) {
  if ((constants_.size() + 1) * 4 > constant_table_.size() * 3) grow_constants();
  const std::uint32_t hash = hash_of(value);
  std::size_t at = hash & (constant_table_.size() - 1);
  for (; constant_table_[at].node != 0; at = (at + 1) & (constant_table_.size() - 1))
    if (constant_table_[at].hash == hash && same(constants_[constant_table_[at].node - 1], value))
      return constant_nodes_[constant_table_[at].node - 1];
  check_growth();  // before anything is changed
  const auto index = static_cast<std::uint32_t>(constants_.size());
  constants_.push_back(value);
  constant_nodes_.push_back(append(Op::constant, {}, {}, index));
  constant_table_[at] = {index + 1, hash};
  return constant_nodes_.back();
}

NodeId Graph::input(std::string name, Shape shape, bool is_const) {
  check_growth();
  inputs_.push_back({std::move(name), shape, is_const});
  return append(Op::input, {}, shape, static_cast<std::uint32_t>(inputs_.size() - 1));
}

NodeId Graph::iota(std::uint32_t start, std::uint32_t n) { return node(Op::iota, {}, {n, 1}, start); }

std::span<const NodeId> Graph::arguments(NodeId id) const {
  const Node& n = nodes_[id];
  if (n.count > 2) return {lists_.data() + n.first, n.second};
  return {&n.first, n.count};
}

bool Graph::equal(NodeId id, Op op, std::span<const NodeId> arguments_, Shape shape, std::uint32_t payload) const {
  const Node& n = nodes_[id];
  if (n.op != op || n.payload != payload || n.shape != shape) return false;
  const auto mine = arguments(id);
  return std::equal(mine.begin(), mine.end(), arguments_.begin(), arguments_.end());
}

void Graph::reserve(std::size_t nodes) {
  nodes_.reserve(nodes);
  const std::size_t lines = std::bit_ceil((nodes + 1) * 5 / 32 + 1);
  if (lines > table_.size()) resize_table(lines);
}

// The entry for which `same` says yes, or the empty one where it would stand. The table is never full.
template <class Same>
Graph::Known* Graph::look_up(std::span<const NodeId> arguments_, std::uint32_t hash, Same&& same) {
  const std::size_t last = table_.size() - 1;
  NodeId latest = 0;
  for (const NodeId a : arguments_) latest = std::max(latest, a);
  std::size_t line = (arguments_.empty() ? hash : latest / 4) & last;
  for (Known& k : table_[line].known)
    if (k.node == 0 || (k.hash == hash && same(k))) return &k;
  // Then by leaps: lines that lie near latest arguments fill up side by side, and a search along them would not end.
  const std::size_t leap = (std::uint64_t{hash} * 0x9e3779b97f4a7c15ull >> 32) | 1;
  for (line = hash & last;; line = (line + leap) & last)
    for (Known& k : table_[line].known)
      if (k.node == 0 || (k.hash == hash && same(k))) return &k;
}

void Graph::resize_table(std::size_t lines) {
  std::vector<Line> smaller(lines);
  smaller.swap(table_);
  for (const Line& line : smaller)
    for (const Known& k : line.known)
      if (k.node != 0) *look_up(arguments(k.node - 1), k.hash, [](const Known&) { return false; }) = k;
}

NodeId Graph::node(Op op, std::span<const NodeId> arguments_, Shape shape, std::uint32_t payload) {
  if ((nodes_.size() + 1) * 5 > table_.size() * 32) resize_table(table_.empty() ? 8 : table_.size() * 2);
  const std::uint64_t h = hash_of(op, arguments_, shape, payload);
  const auto half = static_cast<std::uint32_t>(h ^ (h >> 32));
  Known* const known = look_up(arguments_, half, [&](const Known& k) { return equal(k.node - 1, op, arguments_, shape, payload); });
  if (known->node != 0) return known->node - 1;
  check_growth();
  const NodeId id = append(op, arguments_, shape, payload);
  *known = {id + 1, half};
  return id;
}

NodeId Graph::append(Op op, std::span<const NodeId> arguments_, Shape shape, std::uint32_t payload) {
  Node n;
  n.op = op;
  n.shape = shape;
  n.payload = payload;
  if (arguments_.size() <= 2) {
    n.count = static_cast<std::uint16_t>(arguments_.size());
    if (!arguments_.empty()) n.first = arguments_[0];
    if (arguments_.size() == 2) n.second = arguments_[1];
  } else {
    n.count = many;
    n.first = static_cast<std::uint32_t>(lists_.size());
    n.second = static_cast<std::uint32_t>(arguments_.size());
    lists_.insert(lists_.end(), arguments_.begin(), arguments_.end());
  }
  // Doubling would leave up to half of a large graph's memory unused.
  if (nodes_.size() == nodes_.capacity() && nodes_.size() > (1u << 16)) nodes_.reserve(nodes_.size() + nodes_.size() / 4);
  nodes_.push_back(n);
  if (!span_heads_.empty()) span_heads_.push_back(no_link);
  return static_cast<NodeId>(nodes_.size() - 1);
}

void ask_whether_to_stop(const StopAsked* stop) {
  if (stop != nullptr && (*stop)()) throw Stopped({Kind::interrupted, "interrupted", {}, {}, {}});
}

void Graph::stop_when(StopAsked stop) { stop_ = stop ? std::make_shared<const StopAsked>(std::move(stop)) : nullptr; }

void Graph::check_growth() const {
  if (nodes_.size() >= most_nodes_)
    throw Stopped({Kind::limit, "the program has more than " + std::to_string(most_nodes_) + " operations", {}, {}, {}});
  constexpr std::size_t between_questions = 1024;
  if (stop_ && nodes_.size() % between_questions == 0) ask_whether_to_stop(stop_);
}

std::uint32_t Graph::slices(std::span<const Slice> list) {
  std::uint64_t h = list.size();
  for (const Slice& s : list) {
    h = mix(h, (std::uint64_t{s.row} << 32) | s.col);
    h = mix(h, (std::uint64_t{s.shape.rows} << 32) | s.shape.cols);
  }
  for (auto [it, end] = slice_index_.equal_range(h); it != end; ++it) {
    const auto known = slices_at(it->second);
    if (std::equal(known.begin(), known.end(), list.begin(), list.end())) return it->second;
  }
  const auto index = static_cast<std::uint32_t>(slice_lists_.size());
  slice_lists_.push_back({static_cast<std::uint32_t>(slice_pool_.size()), static_cast<std::uint32_t>(list.size())});
  slice_pool_.insert(slice_pool_.end(), list.begin(), list.end());
  slice_index_.emplace(h, index);
  return index;
}

std::uint32_t Graph::abstract_function(const std::string& name) {
  for (std::size_t k = 0; k < abstract_functions_.size(); ++k)
    if (abstract_functions_[k] == name) return static_cast<std::uint32_t>(k);
  if (abstract_functions_.size() >= 0xffff) throw std::length_error("more abstract functions than a graph has numbers for");
  abstract_functions_.push_back(name);
  return static_cast<std::uint32_t>(abstract_functions_.size() - 1);
}

std::uint32_t Graph::loop(Loop body) {
  const auto same = [&](const Loop& known) {
    return known.output == body.output && known.state == body.state && known.count == body.count && known.name == body.name && known.parameters == body.parameters;
  };
  for (std::size_t k = 0; k < loops_.size(); ++k)
    if (same(loops_[k])) return static_cast<std::uint32_t>(k);
  loops_.push_back(std::move(body));
  return static_cast<std::uint32_t>(loops_.size() - 1);
}

std::span<const Slice> Graph::slices_at(std::uint32_t payload) const {
  const SliceList& list = slice_lists_[payload];
  return {slice_pool_.data() + list.begin, list.count};
}

bool Graph::is_constant(NodeId id, std::int64_t value) const {
  return nodes_[id].op == Op::constant && constants_[nodes_[id].payload].is(value);
}

void Graph::add_span(NodeId id, const Span& span) {
  if (!span.known()) return;
  if (span_heads_.empty()) span_heads_.assign(nodes_.size(), no_link);
  std::uint32_t* link = &span_heads_[id];
  while (*link != no_link) {
    if (span_links_[*link].span == span) return;
    link = &span_links_[*link].next;
  }
  const auto fresh = static_cast<std::uint32_t>(span_links_.size());
  *link = fresh;  // before push_back, which may move the links
  span_links_.push_back({span, no_link});
}

std::vector<Span> Graph::spans(NodeId id) const {
  std::vector<Span> out;
  if (id < span_heads_.size())
    for (std::uint32_t l = span_heads_[id]; l != no_link; l = span_links_[l].next) out.push_back(span_links_[l].span);
  return out;
}

Span Graph::span(NodeId id) const {
  if (id >= span_heads_.size() || span_heads_[id] == no_link) return {};
  return span_links_[span_heads_[id]].span;
}

void Graph::derive_span(NodeId derived, NodeId primal) {
  if (!span(derived).known()) add_span(derived, span(primal));
}

const std::string* Graph::name_of(NodeId id) const {
  const auto it = names_.find(id);
  return it == names_.end() ? nullptr : &it->second;
}

// A search that gives up beyond `most` nodes.
bool Graph::reach_few(std::span<const NodeId> outputs, std::size_t most, std::vector<NodeId>& order) const {
  std::unordered_set<NodeId> seen;
  for (const NodeId o : outputs)
    if (seen.insert(o).second) order.push_back(o);
  for (std::size_t i = 0; i < order.size(); ++i) {
    if (order.size() > most) return false;
    for (const NodeId a : arguments(order[i]))
      if (seen.insert(a).second) order.push_back(a);
  }
  std::sort(order.begin(), order.end());
  return true;
}

std::vector<NodeId> Graph::reachable(std::span<const NodeId> outputs) const {
  NodeId last = 0;
  for (NodeId o : outputs) last = std::max(last, o);
  std::vector<NodeId> order;
  // In a large graph a small part is found without looking at the rest.
  if (last > 1024 && reach_few(outputs, last / 64, order)) return order;
  order.clear();
  std::vector<bool> needed(std::size_t{last} + 1);
  std::size_t count = 0;
  for (NodeId o : outputs) needed[o] = true;
  if (!outputs.empty())
    for (std::size_t i = std::size_t{last} + 1; i-- > 0;)
      if (needed[i]) {
        ++count;
        for (NodeId a : arguments(static_cast<NodeId>(i))) needed[a] = true;
      }
  order.reserve(count);
  for (std::size_t i = 0; i < needed.size(); ++i)
    if (needed[i]) order.push_back(static_cast<NodeId>(i));
  return order;
}

std::size_t Graph::bytes() const {
  return nodes_.capacity() * sizeof(Node) + lists_.capacity() * sizeof(NodeId) + table_.capacity() * sizeof(Line) +
         span_heads_.capacity() * sizeof(std::uint32_t) + span_links_.capacity() * sizeof(SpanLink) +
         slice_pool_.capacity() * sizeof(Slice);
}

}  // namespace wengert
