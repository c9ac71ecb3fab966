// Orders of elimination: from one end, greedy, and the best one by search.
//
// Which edges there are after a set of vertices is gone does not depend on the order in which they
// went: an edge p-s is there if a path leads from p to s through the set. So the search is for a
// shortest way through sets, at most 2^n of them, with the best order known so far as a bound.
#include <algorithm>
#include <array>
#include <bit>
#include <functional>
#include <queue>
#include <set>
#include <unordered_map>

#include "wengert/exec/elimination.hpp"

namespace wengert::exec {

namespace {

using Set = std::uint64_t;  // of intermediates
using Edges = std::vector<std::pair<std::size_t, std::size_t>>;
constexpr std::size_t no_vertex = static_cast<std::size_t>(-1);

// Neighbours while vertices go.
class Neighbours {
 public:
  Neighbours(std::size_t vertices, const Edges& edges) : in_(vertices), out_(vertices) {
    for (const auto& [from, to] : edges) {
      in_[to].insert(from);
      out_[from].insert(to);
    }
  }
  std::uint64_t products(std::size_t v) const { return in_[v].size() * out_[v].size(); }
  // Calls changed(u) for each neighbour whose number of products may differ now.
  template <class F>
  void eliminate(std::size_t v, F&& changed) {
    for (std::size_t p : in_[v]) {
      out_[p].erase(v);
      out_[p].insert(out_[v].begin(), out_[v].end());
    }
    for (std::size_t s : out_[v]) {
      in_[s].erase(v);
      in_[s].insert(in_[v].begin(), in_[v].end());
    }
    for (std::size_t p : in_[v]) changed(p);
    for (std::size_t s : out_[v]) changed(s);
    in_[v].clear();
    out_[v].clear();
  }

 private:
  std::vector<std::set<std::size_t>> in_, out_;
};

std::vector<std::size_t> greedy(std::size_t vertices, const Edges& edges, const std::vector<std::size_t>& middle) {
  Neighbours near(vertices, edges);
  std::vector<bool> waiting(vertices);
  using Entry = std::pair<std::uint64_t, std::size_t>;  // products; the latest vertex first
  std::set<Entry> open;
  std::vector<std::uint64_t> price(vertices);
  const auto entry = [&](std::size_t v) { return Entry{price[v], vertices - v}; };
  for (std::size_t v : middle) {
    waiting[v] = true;
    price[v] = near.products(v);
    open.insert(entry(v));
  }
  std::vector<std::size_t> order;
  while (!open.empty()) {
    const std::size_t v = vertices - open.begin()->second;
    open.erase(open.begin());
    waiting[v] = false;
    order.push_back(v);
    near.eliminate(v, [&](std::size_t u) {
      if (!waiting[u]) return;
      open.erase(entry(u));
      price[u] = near.products(u);
      open.insert(entry(u));
    });
  }
  return order;
}

// Costs of eliminating a vertex after a set of others, from the edges at the beginning.
class Search {
 public:
  Search(std::size_t all, const Edges& edges, const std::vector<std::size_t>& vertices) : vertices_(vertices) {
    std::vector<std::size_t> number(all, no_vertex);
    for (std::size_t k = 0; k < vertices.size(); ++k) number[vertices[k]] = k;
    in_.resize(vertices.size());
    out_.resize(vertices.size());
    std::unordered_map<std::size_t, std::size_t> ends;  // inputs and outputs, numbered after the intermediates
    const auto numbered = [&](std::size_t v) {
      if (number[v] != no_vertex) return number[v];
      return ends.try_emplace(v, vertices.size() + ends.size()).first->second;
    };
    for (const auto& e : edges) {
      const std::size_t from = numbered(e.first), to = numbered(e.second);
      if (std::max(from, to) >= words * 64) return;
      if (to < vertices.size()) set(in_[to], from);
      if (from < vertices.size()) set(out_[from], to);
    }
    used_ = (vertices.size() + ends.size() + 63) / 64;
    fits_ = vertices.size() <= 64;
  }
  bool fits() const { return fits_; }

  // The best order, if it is better than one of so many multiplications; `proven` false when the budget ended first.
  std::vector<std::size_t> run(std::uint64_t bound, std::size_t budget, bool& proven) {
    const Set all = vertices_.size() == 64 ? ~Set{0} : (Set{1} << vertices_.size()) - 1;
    struct State {
      std::uint64_t cost = ~std::uint64_t{0};
      std::uint8_t last = 0;
      bool done = false;
    };
    using Entry = std::pair<std::uint64_t, Set>;  // what it costs at least, the set
    std::unordered_map<Set, State> known;
    std::priority_queue<Entry, std::vector<Entry>, std::greater<>> open;
    known[0].cost = 0;
    open.emplace(rest(0), 0);
    std::size_t looked_at = 0;
    while (!open.empty()) {
      const Set gone = open.top().second;
      open.pop();
      State& state = known[gone];
      if (state.done) continue;
      state.done = true;
      if (gone == all) break;
      if (++looked_at > budget) {
        proven = false;
        return {};
      }
      const std::uint64_t cost = state.cost;
      const std::vector<std::uint64_t> products = costs(gone);
      for (std::size_t v = 0; v < vertices_.size(); ++v) {
        const Set next = gone | (Set{1} << v);
        if (next == gone) continue;
        const std::uint64_t at_least = cost + products[v] + rest(next);
        if (at_least >= bound) continue;
        State& s = known[next];
        if (s.cost <= cost + products[v]) continue;
        s.cost = cost + products[v];
        s.last = static_cast<std::uint8_t>(v);
        open.emplace(at_least, next);
      }
    }
    std::vector<std::size_t> order;
    if (!known.contains(all) || !known[all].done) return order;
    for (Set at = all; at != 0; at &= ~(Set{1} << known[at].last)) order.push_back(vertices_[known[at].last]);
    std::reverse(order.begin(), order.end());
    return order;
  }

 private:
  static constexpr std::size_t words = 8;
  using Bits = std::array<std::uint64_t, words>;
  static void set(Bits& bits, std::size_t k) { bits[k / 64] |= std::uint64_t{1} << (k % 64); }
  std::uint64_t count(const Bits& bits) const {
    std::uint64_t n = 0;
    for (std::size_t w = 0; w < used_; ++w) n += static_cast<std::uint64_t>(std::popcount(bits[w]));
    return n;
  }

  // Every vertex that is left costs one product at least.
  std::uint64_t rest(Set gone) const { return vertices_.size() - static_cast<std::uint64_t>(std::popcount(gone)); }

  // Neighbours by paths through the set. One that is gone hands on its own.
  void reach(std::vector<Bits>& near, const std::vector<Bits>& direct, Set gone, std::size_t v) const {
    near[v] = direct[v];
    for (Set through = direct[v][0] & gone; through != 0; through &= through - 1) {
      const Bits& more = near[static_cast<std::size_t>(std::countr_zero(through))];
      for (std::size_t w = 0; w < used_; ++w) near[v][w] |= more[w];
    }
    near[v][0] &= ~gone;
  }
  std::vector<std::uint64_t> costs(Set gone) const {
    const std::size_t n = vertices_.size();
    std::vector<Bits> before(n), after(n);
    for (std::size_t v = 0; v < n; ++v) reach(before, in_, gone, v);
    for (std::size_t v = n; v-- > 0;) reach(after, out_, gone, v);
    std::vector<std::uint64_t> out(n);
    for (std::size_t v = 0; v < n; ++v) out[v] = count(before[v]) * count(after[v]);
    return out;
  }

  const std::vector<std::size_t>& vertices_;
  std::vector<Bits> in_, out_;
  std::size_t used_ = 0;  // words that hold a vertex
  bool fits_ = false;
};

}  // namespace

Edges edges_on_paths(const EliminationGraph& g) {
  std::vector<bool> from_input(g.vertices), to_output(g.vertices);
  std::vector<std::vector<std::size_t>> leaving(g.vertices);
  for (const auto& [from, to] : g.edges) leaving[from].push_back(to);
  for (std::size_t v : g.inputs) from_input[v] = true;
  for (std::size_t v : g.outputs) to_output[v] = true;
  for (std::size_t v = 0; v < g.vertices; ++v)
    if (from_input[v])
      for (std::size_t s : leaving[v]) from_input[s] = true;
  for (std::size_t v = g.vertices; v-- > 0;)
    for (std::size_t s : leaving[v]) to_output[v] = to_output[v] || to_output[s];
  Edges out;
  for (const auto& e : g.edges)
    if (from_input[e.first] && to_output[e.second]) out.push_back(e);
  return out;
}

std::vector<std::size_t> intermediates(const EliminationGraph& graph) {
  std::vector<bool> end(graph.vertices), used(graph.vertices);
  for (const auto* ends : {&graph.inputs, &graph.outputs})
    for (std::size_t v : *ends) end[v] = true;
  for (const auto& [from, to] : edges_on_paths(graph)) used[from] = used[to] = true;
  std::vector<std::size_t> out;
  for (std::size_t v = 0; v < used.size(); ++v)
    if (used[v] && !end[v]) out.push_back(v);
  return out;
}

std::uint64_t elimination_products(const EliminationGraph& graph, const std::vector<std::size_t>& sequence) {
  Neighbours near(graph.vertices, edges_on_paths(graph));
  std::uint64_t n = 0;
  for (std::size_t v : sequence) {
    n += near.products(v);
    near.eliminate(v, [](std::size_t) {});
  }
  return n;
}

std::vector<std::size_t> elimination_sequence(const EliminationGraph& graph, EliminationOrder order,
                                              std::size_t search_limit, bool& proven) {
  const std::vector<std::size_t> sequence = intermediates(graph);
  proven = true;
  if (order == EliminationOrder::forward) return sequence;
  if (order == EliminationOrder::reverse) return {sequence.rbegin(), sequence.rend()};
  const Edges live = edges_on_paths(graph);
  if (order == EliminationOrder::markowitz) return greedy(graph.vertices, live, sequence);
  std::vector<std::size_t> best;
  std::uint64_t bound = ~std::uint64_t{0};
  bool known = true;
  for (const EliminationOrder other :
       {EliminationOrder::markowitz, EliminationOrder::reverse, EliminationOrder::forward}) {
    std::vector<std::size_t> candidate = elimination_sequence(graph, other, search_limit, known);
    const std::uint64_t cost = elimination_products(graph, candidate);
    if (cost >= bound) continue;
    bound = cost;
    best = std::move(candidate);
  }
  Search search(graph.vertices, live, sequence);
  proven = search.fits();
  if (!proven) return best;
  const std::vector<std::size_t> found = search.run(bound, search_limit, proven);
  return found.empty() ? best : found;
}

}  // namespace wengert::exec
