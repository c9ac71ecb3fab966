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

#include "wengert/explain/eliminate.hpp"

namespace wengert {

namespace {

using Set = std::uint64_t;  // of intermediates

std::vector<std::size_t> greedy(const Linearization& graph, std::vector<std::size_t> left) {
  std::vector<std::set<std::size_t>> in(graph.vertices.size()), out(graph.vertices.size());
  for (const auto& e : graph.edges) {
    in[e.to].insert(e.from);
    out[e.from].insert(e.to);
  }
  std::vector<std::size_t> order;
  while (!left.empty()) {
    std::size_t best = 0;
    const auto products = [&](std::size_t k) { return in[left[k]].size() * out[left[k]].size(); };
    for (std::size_t k = 1; k < left.size(); ++k)
      if (products(k) <= products(best)) best = k;
    const std::size_t v = left[best];
    for (std::size_t p : in[v]) {
      out[p].erase(v);
      out[p].insert(out[v].begin(), out[v].end());
    }
    for (std::size_t s : out[v]) {
      in[s].erase(v);
      in[s].insert(in[v].begin(), in[v].end());
    }
    order.push_back(v);
    left.erase(left.begin() + static_cast<std::ptrdiff_t>(best));
  }
  return order;
}

// Costs of eliminating a vertex after a set of others, from the edges at the beginning.
class Search {
 public:
  Search(const Linearization& graph, const std::vector<std::size_t>& vertices) : vertices_(vertices) {
    std::vector<std::size_t> number(graph.vertices.size(), Linearization::no_vertex);
    for (std::size_t k = 0; k < vertices.size(); ++k) number[vertices[k]] = k;
    in_.resize(vertices.size());
    out_.resize(vertices.size());
    std::unordered_map<std::size_t, std::size_t> ends;  // inputs and outputs, numbered after the intermediates
    const auto numbered = [&](std::size_t v) {
      if (number[v] != Linearization::no_vertex) return number[v];
      return ends.try_emplace(v, vertices.size() + ends.size()).first->second;
    };
    for (const auto& e : graph.edges) {
      const std::size_t from = numbered(e.from), to = numbered(e.to);
      if (std::max(from, to) >= words * 64) return;
      if (to < vertices.size()) set(in_[to], from);
      if (from < vertices.size()) set(out_[from], to);
    }
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
  static std::uint64_t count(const Bits& bits) {
    std::uint64_t n = 0;
    for (std::uint64_t w : bits) n += static_cast<std::uint64_t>(std::popcount(w));
    return n;
  }

  // Every vertex that is left costs one product at least.
  std::uint64_t rest(Set gone) const { return vertices_.size() - static_cast<std::uint64_t>(std::popcount(gone)); }

  // Neighbours by paths through the set. One that is gone hands on its own.
  void reach(std::vector<Bits>& near, const std::vector<Bits>& direct, Set gone, std::size_t v) const {
    near[v] = direct[v];
    for (Set through = direct[v][0] & gone; through != 0; through &= through - 1) {
      const Bits& more = near[static_cast<std::size_t>(std::countr_zero(through))];
      for (std::size_t w = 0; w < words; ++w) near[v][w] |= more[w];
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
  bool fits_ = false;
};

// Edges of vertices on paths only: others are not multiplied.
Linearization live_part(const Linearization& graph, const std::vector<std::size_t>& middle) {
  std::vector<bool> live(graph.vertices.size());
  for (std::size_t v : middle) live[v] = true;
  for (const auto* ends : {&graph.inputs, &graph.outputs})
    for (std::size_t v : *ends)
      if (v != Linearization::no_vertex) live[v] = true;
  Linearization out = graph;
  std::erase_if(out.edges, [&](const auto& e) { return !live[e.from] || !live[e.to]; });
  return out;
}

}  // namespace

std::vector<std::size_t> elimination_sequence(const Linearization& graph, EliminationOrder order,
                                              std::size_t search_limit, bool& proven) {
  std::vector<std::size_t> sequence = intermediates(graph);
  proven = true;
  if (order == EliminationOrder::forward) return sequence;
  if (order == EliminationOrder::reverse) return {sequence.rbegin(), sequence.rend()};
  const Linearization live = live_part(graph, sequence);
  if (order == EliminationOrder::markowitz) return greedy(live, std::move(sequence));
  std::vector<std::size_t> best;
  std::uint64_t bound = ~std::uint64_t{0};
  bool known = true;
  for (const EliminationOrder other :
       {EliminationOrder::markowitz, EliminationOrder::reverse, EliminationOrder::forward}) {
    std::vector<std::size_t> candidate = elimination_sequence(graph, other, search_limit, known);
    const std::uint64_t cost = eliminate(graph, candidate).multiplications;
    if (cost >= bound) continue;
    bound = cost;
    best = std::move(candidate);
  }
  Search search(live, sequence);
  proven = search.fits();
  if (!proven) return best;
  const std::vector<std::size_t> found = search.run(bound, search_limit, proven);
  return found.empty() ? best : found;
}

}  // namespace wengert
