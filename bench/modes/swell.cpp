#include "swell.hpp"

#include <unordered_map>

#include "wengert/modes/mode.hpp"
#include "wengert/rules/functions.hpp"
#include "wengert/sweep/differentiate.hpp"

namespace wengert::mode_costs {

namespace {

// v <- a function of v that mentions it so many times.
Expr next(const Expr& v, int uses) {
  switch (uses) {
    case 1:
      return sin(v);
    case 2:
      return v * sin(v);
    default:
      return v - v * sin(v) / 4.0;
  }
}

struct Size {
  double tree = 0, shared = 0;
};

Size size_of(const Expr& e) {
  std::unordered_map<NodeId, double> tree;
  Size size;
  const Graph& g = *e.graph;
  for (const NodeId id : g.reachable(std::span(&e.id, 1))) {
    const bool leaf = g[id].op < Op::first_row;
    double sum = leaf ? 0 : 1;
    for (const NodeId a : g.arguments(id)) sum += tree[a];
    tree[id] = sum;
    size.shared += leaf ? 0 : 1;
  }
  size.tree = tree[e.id];
  return size;
}

}  // namespace

std::vector<Swell> swells(int deepest) {
  std::vector<Swell> all;
  for (const int uses : {1, 2, 3}) {
    Graph g;
    const Expr x = variable(g, "x");
    Expr v = x;
    for (int depth = 1; depth <= deepest; ++depth) {
      v = next(v, uses);
      const Size value = size_of(v), slope = size_of(derivative(v, x));
      const Problem p{&g, v.id, {x.id}};
      all.push_back({uses, depth, value.tree, slope.tree, value.shared, slope.shared,
                     static_cast<double>(prepare(Mode::forward, p).operations().total()),
                     static_cast<double>(prepare(Mode::reverse, p).operations().total())});
    }
  }
  return all;
}

}  // namespace wengert::mode_costs
