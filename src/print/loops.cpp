#include "loops.hpp"

#include <algorithm>
#include <unordered_set>

#include "wengert/rules/table.hpp"

namespace wengert::print {

namespace {

// A derived loop has its function's name with a prime for each derivative: f' runs f_tangent, f'' f_tangent2.
std::string name_of(const std::string& primed, const std::unordered_set<std::string>& taken) {
  const std::size_t primes = primed.size() - primed.find('\'');
  const std::string stem =
      primed.substr(0, primed.find('\'')) + "_tangent" + (primes > 1 ? std::to_string(primes) : "");
  std::string name = stem;
  for (int k = 1; taken.contains(name); ++k) name = stem + "_" + std::to_string(k);
  return name;
}

}  // namespace

std::vector<DerivedLoop> derived_loops(std::span<const Expr> all, LoopNames& names) {
  Graph& g = *all[0].graph;
  std::vector<std::uint32_t> found;
  std::vector<NodeId> todo;
  for (const Expr& e : all) todo.push_back(e.id);
  while (!todo.empty()) {
    const NodeId root = todo.back();
    todo.pop_back();
    for (NodeId id : g.reachable({&root, 1})) {
      if (g[id].op != op_of<Iterate>) continue;
      const std::uint32_t loop = g[id].payload;
      std::erase(found, loop);  // a loop inside another one is written before it
      found.push_back(loop);
      if (g.loop_at(loop).name.find('\'') != std::string::npos) todo.push_back(g.loop_at(loop).output);
    }
  }
  std::reverse(found.begin(), found.end());
  std::unordered_set<std::string> taken;
  std::vector<DerivedLoop> out;
  for (std::uint32_t loop : found) {
    const Loop& body = g.loop_at(loop);
    if (body.name.find('\'') == std::string::npos) continue;
    const std::string name = name_of(body.name, taken);
    taken.insert(name);
    names[loop] = name;
    std::string head = name + "(" + g.input_of(body.state).name;
    for (NodeId p : body.parameters) head += ", " + g.input_of(p).name;
    out.push_back({loop, head + ")", {g, body.output}});
  }
  return out;
}

}  // namespace wengert::print
