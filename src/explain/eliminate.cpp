#include "wengert/explain/eliminate.hpp"

#include <algorithm>
#include <cmath>
#include <map>

#include "wengert/rules/vocabulary.hpp"

namespace wengert {

namespace {

constexpr std::size_t none = Linearization::no_vertex;

// The graph while it shrinks. Parallel edges are one: x*x has the partial x + x.
class Shrinking {
 public:
  explicit Shrinking(const Linearization& g) : in_(g.vertices.size()), out_(g.vertices.size()) {
    for (const auto& e : g.edges) add(e.from, e.to, e.partial);
  }

  EliminationStep eliminate(std::size_t v) {
    EliminationStep step{.vertex = v, .in = in_[v].size(), .out = out_[v].size()};
    for (const auto& [from, first] : in_[v])
      for (const auto& [to, second] : out_[v]) {
        const double amount = annihilate(second, first);
        ++step.multiplications;
        const bool made = !out_[from].contains(to);
        if (!made) ++step.additions;
        step.updates.push_back({from, to, amount, add(from, to, amount), made});
      }
    for (const auto& [from, partial] : in_[v]) out_[from].erase(v);
    for (const auto& [to, partial] : out_[v]) in_[to].erase(v);
    in_[v].clear();
    out_[v].clear();
    return step;
  }
  double partial(std::size_t from, std::size_t to) const {
    const auto it = out_[from].find(to);
    return it == out_[from].end() ? 0 : it->second;
  }

 private:
  double add(std::size_t from, std::size_t to, double partial) {
    const auto [edge, made] = out_[from].try_emplace(to, partial);
    if (!made) edge->second += partial;
    return in_[to][from] = edge->second;
  }
  std::vector<std::map<std::size_t, double>> in_, out_;
};

// Only what lies on a path from an input to an output takes part.
Linearization on_paths(const Linearization& g) {
  std::vector<bool> from_input(g.vertices.size()), to_output(g.vertices.size());
  for (std::size_t v : g.inputs)
    if (v != none) from_input[v] = true;
  for (std::size_t v : g.outputs)
    if (v != none) to_output[v] = true;
  const auto leaving = g.leaving();
  for (std::size_t v = 0; v < g.vertices.size(); ++v)
    if (from_input[v])
      for (std::size_t e : leaving[v]) from_input[g.edges[e].to] = true;
  for (std::size_t v = g.vertices.size(); v-- > 0;)
    for (std::size_t e : leaving[v]) to_output[v] = to_output[v] || to_output[g.edges[e].to];
  Linearization out = g;
  std::erase_if(out.edges, [&](const auto& e) { return !from_input[e.from] || !to_output[e.to]; });
  return out;
}

}  // namespace

std::string_view to_string(EliminationOrder order) {
  switch (order) {
    case EliminationOrder::forward:
      return "forward";
    case EliminationOrder::reverse:
      return "reverse";
    case EliminationOrder::markowitz:
      return "Markowitz";
    case EliminationOrder::optimal:
      return "optimal";
  }
  return "";
}

std::vector<std::size_t> intermediates(const Linearization& graph) {
  std::vector<bool> end(graph.vertices.size()), used(graph.vertices.size());
  for (const auto* ends : {&graph.inputs, &graph.outputs})
    for (std::size_t v : *ends)
      if (v != none) end[v] = true;
  const Linearization live = on_paths(graph);
  for (const auto& e : live.edges) used[e.from] = used[e.to] = true;
  std::vector<std::size_t> out;
  for (std::size_t v = 0; v < used.size(); ++v)
    if (used[v] && !end[v]) out.push_back(v);
  return out;
}

Elimination eliminate(const Linearization& graph, const std::vector<std::size_t>& sequence) {
  Shrinking shrinking(on_paths(graph));
  Elimination out;
  for (std::size_t v : sequence) {
    EliminationStep step = shrinking.eliminate(v);
    out.multiplications = step.multiplications += out.multiplications;
    out.additions = step.additions += out.additions;
    out.steps.push_back(std::move(step));
  }
  for (std::size_t y : graph.outputs)
    for (std::size_t x : graph.inputs)
      out.jacobian.push_back(x == none || y == none ? 0 : x == y ? 1 : shrinking.partial(x, y));
  return out;
}

Result<Eliminations> compare_orders(const Linearization& graph, const EliminationOptions& options) {
  const std::size_t n = intermediates(graph).size();
  if (n > options.vertex_limit)
    return Diagnostic{
        Kind::limit,
        "the program has " + std::to_string(n) + " intermediate scalars: too many to eliminate one by one",
        {},
        "eliminations are for programs whose graph one can look at; take fewer or smaller inputs",
        {}};
  Eliminations out;
  for (const EliminationOrder order :
       {EliminationOrder::forward, EliminationOrder::reverse, EliminationOrder::markowitz, EliminationOrder::optimal}) {
    bool proven = true;
    Elimination way = eliminate(graph, elimination_sequence(graph, order, options.search_limit, proven));
    way.order = order;
    way.proven = proven;
    out.ways.push_back(std::move(way));
  }
  const std::vector<double>& first = out.ways[0].jacobian;
  double largest = 0;
  for (double x : first) largest = std::max(largest, std::fabs(x));
  for (const Elimination& way : out.ways)
    for (std::size_t k = 0; k < first.size(); ++k)
      if (const double d = std::fabs(way.jacobian[k] - first[k]); d > 0)
        out.difference = std::max(out.difference, d / largest);
  return out;
}

}  // namespace wengert
