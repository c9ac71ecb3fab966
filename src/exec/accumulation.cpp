#include "accumulation.hpp"

#include <algorithm>
#include <bit>
#include <limits>
#include <set>

#include "wengert/rules/table.hpp"

namespace wengert::exec {

namespace {

using Vertex = std::uint32_t;
using Sequence = std::vector<Vertex>;
constexpr double impossible = std::numeric_limits<double>::infinity();
constexpr double line_price = 20;           // of numbers, in operations, besides its own
constexpr std::size_t searched = 8;         // blocks whose best order is found by trying sets
constexpr std::size_t greedy_up_to = 4000;  // vertices
// Products that a greedy order is priced with where nobody asked for it: some ten milliseconds. Vertices whose edges
// are 1 go for nothing and join all that was about them; the prices of n vertices that are all joined take n^4
// products.
constexpr std::uint64_t brief_work = 200'000, brief_work_a_vertex = 100;
constexpr std::size_t search_limit = 200'000;  // sets of scalar vertices, where the best order is asked for
constexpr std::size_t brief_search = 2'000;    // otherwise: some ten milliseconds

// The blocks' graph while it shrinks.
class Blocks {
 public:
  Blocks(const LinearizedProgram& p, Graph* graph) : algebra_(graph), in_(p.vertices), out_(p.vertices) {
    for (const auto& e : p.edges) {
      algebra_.add(in_[e.to].try_emplace(e.from, e.map.rows(), e.map.cols()).first->second, e.map);
      out_[e.from].insert(e.to);
    }
    begin_ = algebra_.cost();
    begin_lines_ = algebra_.lines();
  }

  double cost() const { return algebra_.cost() - begin_; }
  // With what its lines take.
  double price() const { return cost() + line_price * (algebra_.lines() - begin_lines_); }
  bool filled_up() const { return algebra_.filled_up(); }
  std::size_t vertices() const { return in_.size(); }
  bool middle(Vertex v) const { return v != 0 && v + 1 != in_.size() && (!in_[v].empty() || !out_[v].empty()); }
  const std::map<Vertex, LinearMap>& into(Vertex v) const { return in_[v]; }
  const std::set<Vertex>& from(Vertex v) const { return out_[v]; }

  // Products that prices were found with.
  std::uint64_t work() const { return work_; }

  // What eliminating it would cost.
  double price(Vertex v) const {
    MapAlgebra algebra(nullptr);
    work_ += std::uint64_t{in_[v].size()} * out_[v].size();
    for (const auto& [p, first] : in_[v])
      for (Vertex s : out_[v]) {
        auto product = algebra.product(in_[s].at(v), first, p == 0 && s + 1 == in_.size());
        if (!product) return impossible;
        if (const auto it = in_[s].find(p); it != in_[s].end()) algebra.add(*product, it->second);
      }
    return algebra.cost();
  }
  // Its value is that of its one argument, or of its one user: whatever comes later, joining them is right.
  bool renames(Vertex v) const {
    const auto is_identity = [](const LinearMap& map) {
      const std::vector<Term> terms = map.terms();
      return terms.size() == 1 && terms[0].entries.one && map.rows() == map.cols() && terms[0].count() == map.rows() &&
             terms[0].row == terms[0].col;
    };
    const auto is_selection = [](const LinearMap& map) {  // elements of the inputs, each once
      const std::vector<Term> terms = map.terms();
      return terms.size() == 1 && terms[0].entries.one && terms[0].count() == map.rows();
    };
    const bool in = in_[v].size() == 1 && (is_identity(in_[v].begin()->second) ||
                                           (in_[v].begin()->first == 0 && is_selection(in_[v].begin()->second)));
    const bool out = out_[v].size() == 1 && is_identity(in_[*out_[v].begin()].at(v));
    return (in || out || in_[v].empty() || out_[v].empty()) && price(v) == 0;
  }
  bool eliminate(Vertex v) {
    for (const auto& [p, first] : in_[v])
      for (Vertex s : out_[v]) {
        const bool last = p == 0 && s + 1 == in_.size();
        auto product = algebra_.product(in_[s].at(v), first, last);
        if (!product) return false;
        LinearMap& edge = in_[s].try_emplace(p, product->rows(), product->cols()).first->second;
        algebra_.add(edge, *product);
        if (!last) algebra_.compact(edge);
        out_[p].insert(s);
      }
    for (const auto& [p, first] : in_[v]) out_[p].erase(v);
    for (Vertex s : out_[v]) in_[s].erase(v);
    in_[v].clear();
    out_[v].clear();
    return true;
  }

 private:
  MapAlgebra algebra_;
  double begin_ = 0, begin_lines_ = 0;
  mutable std::uint64_t work_ = 0;
  std::vector<std::map<Vertex, LinearMap>> in_;
  std::vector<std::set<Vertex>> out_;
};

// Vertices that nothing from the input reaches, or that reach nothing, are eliminated for nothing.
Sequence all_in_order(const LinearizedProgram& p) {
  Sequence out;
  for (Vertex v = 1; v + 1 < p.vertices; ++v) out.push_back(v);
  return out;
}

struct Cost {
  double operations = impossible, price = impossible;
};
Cost cost_of(const LinearizedProgram& p, const Sequence& sequence) {
  Blocks blocks(p, nullptr);
  for (Vertex v : sequence)
    if (!blocks.eliminate(v)) return {};
  return {blocks.cost(), blocks.price()};
}

// Next the cheapest, the latest of several, as long as `more` says so.
template <class More>
Sequence greedy(Blocks& blocks, More&& more) {
  const auto n = static_cast<Vertex>(blocks.vertices());
  std::set<std::pair<double, Vertex>> open;
  std::vector<double> price(n);
  const auto entry = [&](Vertex v) { return std::pair(price[v], n - v); };
  std::vector<bool> waiting(n);
  for (Vertex v = 1; v + 1 < n; ++v) {
    waiting[v] = true;
    price[v] = blocks.price(v);
    open.insert(entry(v));
  }
  Sequence order;
  while (!open.empty() && more(open.begin()->first, open.size())) {
    const Vertex v = n - open.begin()->second;
    std::set<Vertex> near = blocks.from(v);
    for (const auto& [p, map] : blocks.into(v)) near.insert(p);
    if (!blocks.eliminate(v)) break;
    open.erase(open.begin());
    waiting[v] = false;
    order.push_back(v);
    for (Vertex u : near) {
      if (!waiting[u]) continue;
      open.erase(entry(u));
      price[u] = blocks.price(u);
      open.insert(entry(u));
    }
  }
  return order;
}

Sequence left_of(const Blocks& blocks) {
  Sequence out;
  for (Vertex v = 1; v + 1 < blocks.vertices(); ++v)
    if (blocks.middle(v)) out.push_back(v);
  return out;
}

// The cheapest order of the rest, over all sets of vertices that may be gone; empty where none below the bound can be
// carried out.
Sequence best_of_sets(const Blocks& begin, const Sequence& rest, double bound) {
  struct State {
    double cost = impossible;
    std::size_t last = 0;
    std::optional<Blocks> blocks;  // made when the set's turn comes: by then its last vertex is settled
    std::vector<double> price;     // of each of the rest
  };
  const auto only = [](std::size_t k) { return std::size_t{1} << k; };
  std::vector<State> known(only(rest.size()));
  known[0].cost = 0;
  known[0].blocks = begin;
  for (Vertex v : rest) known[0].price.push_back(begin.price(v));
  for (std::size_t gone = 0; gone + 1 < known.size(); ++gone) {
    State& state = known[gone];
    if (state.cost == impossible) continue;
    if (gone != 0) {
      const State& before = known[gone & ~only(state.last)];
      const Vertex last = rest[state.last];
      state.blocks = before.blocks;
      state.blocks->eliminate(last);
      state.price = before.price;  // of all but the neighbours
      for (std::size_t k = 0; k < rest.size(); ++k)
        if (before.blocks->from(last).contains(rest[k]) || before.blocks->into(last).contains(rest[k]))
          state.price[k] = state.blocks->price(rest[k]);
    }
    for (std::size_t k = 0; k < rest.size(); ++k) {
      const std::size_t next = gone | only(k);
      const double cost = state.cost + state.price[k];
      if (next == gone || cost >= std::min(known[next].cost, bound)) continue;
      known[next].cost = cost;
      known[next].last = k;
    }
  }
  Sequence out;
  if (known.back().cost == impossible) return out;
  for (std::size_t at = known.size() - 1; at != 0; at &= ~(std::size_t{1} << known[at].last))
    out.push_back(rest[known[at].last]);
  std::reverse(out.begin(), out.end());
  return out;
}

// What is left once all that costs nothing is gone, as a graph of scalars; absent where there are arrays.
struct Scalars {
  EliminationGraph graph;
  std::vector<Vertex> block;
};
std::optional<Scalars> scalars_of(const Blocks& blocks) {
  Scalars out;
  std::map<Vertex, std::size_t> number;
  std::map<std::int64_t, std::size_t> ends[2];  // elements of the input and of the output
  const auto vertex = [&] {
    out.block.push_back(0);
    return out.graph.vertices++;
  };
  const auto last = static_cast<Vertex>(blocks.vertices() - 1);
  for (Vertex v = 1; v <= last; ++v)
    for (const auto& [p, map] : blocks.into(v))
      for (const Term& t : map.terms()) {
        if (t.count() != 1) return std::nullopt;
        if (p == 0 && ends[0].try_emplace(t.col.at, 0).second) out.graph.inputs.push_back(ends[0][t.col.at] = vertex());
      }
  for (Vertex v = 1; v < last; ++v)
    if (blocks.middle(v)) {
      number[v] = vertex();
      out.block.back() = v;
    }
  for (Vertex v = 1; v <= last; ++v)
    for (const auto& [p, map] : blocks.into(v))
      for (const Term& t : map.terms()) {
        if (v == last && ends[1].try_emplace(t.row.at, 0).second)
          out.graph.outputs.push_back(ends[1][t.row.at] = vertex());
        out.graph.edges.emplace_back(p == 0 ? ends[0][t.col.at] : number[p], v == last ? ends[1][t.row.at] : number[v]);
      }
  return out;
}

struct Found {
  EliminationOrder order = EliminationOrder::forward;
  Sequence sequence;
  Cost cost;
  bool proven = false;
};

// Without an order, but proven, where none costs less than the bound.
Found optimal(const LinearizedProgram& p, std::size_t most, std::size_t sets, double bound) {
  Blocks blocks(p, nullptr);
  Found out{.order = EliminationOrder::optimal, .sequence = {}};
  for (Vertex v = 1; v + 1 < p.vertices; ++v)
    if (blocks.renames(v) && blocks.eliminate(v)) out.sequence.push_back(v);
  Sequence rest = left_of(blocks);
  const bool small = rest.size() <= most;
  if (const auto scalars = scalars_of(blocks); scalars && !small) {
    bool fewest = false;  // of products, however many of them are by 1
    for (std::size_t v : elimination_sequence(scalars->graph, EliminationOrder::optimal, sets, fewest))
      out.sequence.push_back(scalars->block[v]);
  } else {
    out.proven = small;
    if (!small) {
      const Sequence more = greedy(blocks, [&](double, std::size_t) { return left_of(blocks).size() > most; });
      out.sequence.insert(out.sequence.end(), more.begin(), more.end());
      rest = left_of(blocks);
      if (rest.size() > most) return out;
    }
    const Sequence best = best_of_sets(blocks, rest, bound);
    if (best.empty() && !rest.empty()) return out;
    out.sequence.insert(out.sequence.end(), best.begin(), best.end());
  }
  out.cost = cost_of(p, out.sequence);
  return out;
}

Found from_one_end(const LinearizedProgram& p, EliminationOrder order) {
  Found out{.order = order, .sequence = all_in_order(p)};
  if (order == EliminationOrder::reverse) std::reverse(out.sequence.begin(), out.sequence.end());
  out.cost = cost_of(p, out.sequence);
  return out;
}
// First the vertices that are farthest from both ends. A gradient's program is a program and its mirror image: from the
// middle outwards both factors of a product stay as small as the array between them, and their product is the Hessian
// by that array. Edge pushing (Gower and Mello 2012) does it for scalars.
Sequence innermost_first(const LinearizedProgram& p) {
  std::vector<std::uint32_t> from(p.vertices), to(p.vertices);  // the longest way from the inputs, to the output
  std::vector<std::pair<Vertex, Vertex>> edges;
  for (const auto& e : p.edges) edges.emplace_back(e.from, e.to);
  std::sort(edges.begin(), edges.end());
  for (const auto& [a, b] : edges) from[b] = std::max(from[b], from[a] + 1);
  for (std::size_t k = edges.size(); k-- > 0;)
    to[edges[k].first] = std::max(to[edges[k].first], to[edges[k].second] + 1);
  Sequence out = all_in_order(p);
  std::stable_sort(out.begin(), out.end(),
                   [&](Vertex a, Vertex b) { return std::min(from[a], to[a]) > std::min(from[b], to[b]); });
  return out;
}
// Given up, at a cost that is impossible, where it takes more products than that.
Found from_the_middle(const LinearizedProgram& p, std::uint64_t most_work) {
  Found out{.order = EliminationOrder::optimal, .sequence = innermost_first(p)};
  Blocks blocks(p, nullptr);
  std::uint64_t work = 0;
  for (Vertex v : out.sequence) {
    work += blocks.into(v).size() * blocks.from(v).size();
    if (work > most_work || !blocks.eliminate(v)) return out;
  }
  out.cost = {blocks.cost(), blocks.price()};
  return out;
}
// Given up, at a cost that is impossible, where its prices take more work than that.
Found markowitz(const LinearizedProgram& p, std::uint64_t most_work = ~std::uint64_t{0}) {
  Blocks blocks(p, nullptr);
  Found out{.order = EliminationOrder::markowitz, .sequence = greedy(blocks, [&](double price, std::size_t) {
                                                    return price < impossible && blocks.work() <= most_work;
                                                  })};
  if (left_of(blocks).empty()) out.cost = {blocks.cost(), blocks.price()};
  return out;
}

// The cheapest of all, by operations or by price; `most` blocks are ordered by trying sets.
Found cheapest(const LinearizedProgram& p, bool by_price, std::size_t most, std::size_t largest, std::size_t sets) {
  Found best = from_one_end(p, EliminationOrder::reverse);
  const auto consider = [&](Found other) {
    const bool price = by_price && !other.proven;
    const double a = price ? other.cost.price : other.cost.operations,
                 b = price ? best.cost.price : best.cost.operations;
    if (a < b || (a == b && other.proven)) best = std::move(other);
  };
  consider(from_one_end(p, EliminationOrder::forward));
  if (p.vertices > greedy_up_to) return best;
  const std::uint64_t work = brief_work + brief_work_a_vertex * p.vertices;
  consider(from_the_middle(p, work));
  consider(markowitz(p, work));
  if (p.vertices >= largest) return best;
  Found searched_for = optimal(p, most, sets, best.cost.operations);
  if (searched_for.cost.operations == impossible && searched_for.proven)
    best.proven = best.cost.operations < impossible;
  else
    consider(std::move(searched_for));
  return best;
}

Found found(const LinearizedProgram& p, std::optional<EliminationOrder> order) {
  if (!order) return cheapest(p, true, searched, 40, brief_search);
  if (*order == EliminationOrder::optimal) return cheapest(p, false, searched + 2, greedy_up_to, search_limit);
  return *order == EliminationOrder::markowitz ? markowitz(p) : from_one_end(p, *order);
}

}  // namespace

std::optional<Accumulation> accumulate(const Expr& y, std::span<const Expr> wrt,
                                       std::optional<EliminationOrder> order) {
  const auto program = linearize(y, wrt);
  if (!program) return std::nullopt;
  Found way = found(*program, order);
  if (way.cost.operations == impossible) return std::nullopt;
  Blocks blocks(*program, y.graph);
  for (Vertex v : way.sequence)
    if (!blocks.eliminate(v)) return std::nullopt;
  Accumulation out{.map = {},
                   .order = way.order,
                   .sequence = std::move(way.sequence),
                   .cost = way.cost.operations,
                   .proven = way.proven,
                   .filled_up = blocks.filled_up()};
  const auto& ends = blocks.into(program->vertices - 1);
  std::int64_t columns = 0;
  for (const Expr& x : wrt) columns += static_cast<std::int64_t>(x.shape().size());
  out.map = ends.empty() ? LinearMap(static_cast<std::int64_t>(y.shape().size()), columns) : ends.begin()->second;
  return out;
}

double sweep_cost(const Expr& y, std::span<const Expr> wrt) {
  const Tape tape = Tape::record(*y.graph, std::span(&y.id, 1), ids(wrt));
  std::uint64_t inputs = 0;
  for (const Expr& x : wrt) inputs += x.shape().size();
  double one = 0;
  for (const Instruction& i : tape.code()) {
    if (!tape.active(i.out)) continue;
    const auto arguments = tape.arguments(i);
    if (i.op == op_of<MatMul> || i.op == op_of<StrongMatMul>) {
      one += static_cast<double>(tape.shape(i.first).size()) * tape.shape(i.second).cols / 4;
      continue;
    }
    const double factor = row_of(i.op).elementwise ? 2 : 1;
    for (SlotId a : arguments)
      if (tape.active(a)) one += factor * static_cast<double>(std::max(tape.shape(a).size(), tape.shape(i.out).size()));
  }
  return one * static_cast<double>(std::min(y.shape().size(), inputs));
}

}  // namespace wengert::exec
