// A problem's program as a user hands it in.
#pragma once
#include <algorithm>
#include <stdexcept>

#include "problem.hpp"
#include "wengert/wengert.hpp"

namespace wengert::bench {

struct Loaded {
  Session session;
  Expr y;
  std::vector<Expr> inputs, wrt;

  explicit Loaded(const Problem& p) {
    for (const Given& g : p.inputs) {
      Value v{g.shape, g.numbers};
      v.numbers.resize(g.shape.size());
      session.give(g.name, v);
    }
    const auto query = session.query("", p.program);
    if (!query) throw std::runtime_error(query.error().message);
    y = query->expression;
    for (const Given& g : p.inputs) {
      const auto named = [&](NodeId id) { return session.graph().input_of(id).name == g.name; };
      const auto found = std::find_if(query->all_inputs.begin(), query->all_inputs.end(), named);
      if (found == query->all_inputs.end()) throw std::runtime_error("no input " + g.name);
      inputs.emplace_back(session.graph(), *found);
      if (g.by) wrt.push_back(inputs.back());
    }
  }
};

}  // namespace wengert::bench
