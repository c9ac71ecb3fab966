#include "wengert/explain/eliminate.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

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

exec::EliminationGraph shape_of(const Linearization& g) {
  exec::EliminationGraph out{.vertices = g.vertices.size(), .edges = {}, .inputs = {}, .outputs = {}};
  for (const auto& e : g.edges) out.edges.emplace_back(e.from, e.to);
  for (std::size_t v : g.inputs)
    if (v != none) out.inputs.push_back(v);
  for (std::size_t v : g.outputs)
    if (v != none) out.outputs.push_back(v);
  return out;
}

// Only what lies on a path from an input to an output takes part.
Linearization on_paths(const Linearization& g) {
  const auto live = exec::edges_on_paths(shape_of(g));
  const std::set<std::pair<std::size_t, std::size_t>> known(live.begin(), live.end());
  Linearization out = g;
  std::erase_if(out.edges, [&](const auto& e) { return !known.contains({e.from, e.to}); });
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

std::vector<std::size_t> intermediates(const Linearization& graph) { return exec::intermediates(shape_of(graph)); }

std::vector<std::size_t> elimination_sequence(const Linearization& graph, EliminationOrder order,
                                              std::size_t search_limit, bool& proven) {
  return exec::elimination_sequence(shape_of(graph), order, search_limit, proven);
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
