// `iterate` in C: its body is a function, called again and again.
#include <algorithm>
#include <cmath>

#include "c_body.hpp"
#include "wengert/rules/build.hpp"
#include "wengert/sweep/differentiate.hpp"
#include "wengert/sweep/extract.hpp"

namespace wengert::exec {

namespace {

using std::to_string;
// Of states. Beyond, every root-of-the-steps-th is kept, and each of the others is computed twice: two loops and no
// stack. Binomial checkpoints take as many steps, about 2 n, in 0.7 of the room.
constexpr std::uint64_t kept_doubles = 4096;

std::string copied(const std::string& to, const std::string& from, std::uint64_t n) {
  return "for (size_t i = 0; i < " + to_string(n) + "; ++i) (" + to + ")[i] = (" + from + ")[i];";
}

// The state as an argument of the body.
std::string passed(const CLoop& l, const std::string& pointer) {
  return l.by_value[0] ? "(" + pointer + ")[0]" : pointer;
}

std::string parameters(const CLoop& l, const CLoopUse& use, std::size_t first) {
  std::string out;
  for (std::size_t k = 0; k < l.parameters.size(); ++k) out += ", " + use.argument(first + k, l.by_value[1 + k]);
  return out;
}

}  // namespace

const CLoop& c_loop(const Graph& graph, std::uint32_t payload, bool adjoint, CShared& shared) {
  const auto [known, fresh] = shared.loops.try_emplace({&graph, payload});
  CLoop& l = known->second;
  if (!fresh && (!adjoint || !l.backward.empty())) return l;
  const Loop& body = graph.loop_at(payload);
  std::vector<NodeId> ends{body.state};
  ends.insert(ends.end(), body.parameters.begin(), body.parameters.end());
  // In a graph of its own, where it can be derived.
  const auto own = std::make_shared<const Extract>(extract(graph, std::span(&body.output, 1), ends));
  shared.kept.push_back(own);
  Graph& g = *own->graph;
  std::set<std::string> taken{"next", "g"};
  std::vector<CParameter> inputs;
  for (const NodeId x : own->inputs) inputs.push_back({x, c_name(g.input_of(x).name, taken)});
  const auto write = [&](const char* what, std::vector<CParameter> in, std::vector<CParameter> out,
                         std::uint64_t& work) {
    const CFunction f{shared.name + "_" + what + to_string(shared.kept.size()), "", std::move(in), std::move(out)};
    const std::string text = write_function(g, f, shared, work, true);
    shared.bodies += text;
    return f.name;
  };
  if (l.forward.empty()) {
    l.count = body.count;
    l.state = g[own->inputs[0]].shape.size();
    for (std::size_t k = 0; k < own->inputs.size(); ++k) {
      const Shape s = g[own->inputs[k]].shape;
      l.by_value.push_back(s.scalar());
      if (k > 0) l.parameters.push_back(s.size());
    }
    l.forward = write("step", inputs, {{own->outputs[0], "next"}}, l.forward_work);
  }
  if (adjoint) {
    std::vector<Expr> wrt;
    for (const NodeId x : own->inputs) wrt.emplace_back(g, x);
    const Expr next(g, own->outputs[0]), cotangent = variable(g, "g", next.shape());
    std::vector<CParameter> in = inputs, out;
    in.push_back({cotangent.id, "g"});
    const std::vector<Expr> adjoints = vjp(next, wrt, cotangent);
    for (std::size_t k = 0; k < adjoints.size(); ++k)
      out.push_back({adjoints[k].id, c_name("d_" + inputs[k].name, taken)});
    l.backward = write("back", std::move(in), std::move(out), l.backward_work);
  }
  return l;
}

std::vector<std::string> c_iterate(const CLoop& l, const CLoopUse& use) {
  const std::string next = use.room(l.state);
  const std::string work = l.forward_work > 0 ? ", " + use.room(l.forward_work) : "";
  return {copied(use.out, use.argument(0, false), l.state), "for (size_t k = 0; k < " + to_string(l.count) + "; ++k) {",
          "  " + l.forward + "(" + passed(l, use.out) + parameters(l, use, 1) + ", " + next + work + ");",
          "  " + copied(use.out, next, l.state), "}"};
}

// Arguments are the cotangent, the first state and the parameters; the result is the adjoints of the latter, one after
// the other. States are kept, or every so many of them, from which those between are computed once more.
std::vector<std::string> c_iterate_adjoint(const CLoop& l, const CLoopUse& use) {
  const std::uint64_t n = l.state, steps = std::max<std::uint64_t>(l.count, 1);
  const std::uint64_t stretch =
      steps * n <= kept_doubles ? steps : static_cast<std::uint64_t>(std::ceil(std::sqrt(static_cast<double>(steps))));
  const std::uint64_t stretches = (steps + stretch - 1) / stretch;
  const std::string begin = use.room(stretches * n), states = use.room(stretch * n), before = use.room(n);
  const std::string size = to_string(n), p = parameters(l, use, 2);
  const std::string forward_work = l.forward_work > 0 ? ", " + use.room(l.forward_work) : "";
  const std::string backward_work = l.backward_work > 0 ? ", " + use.room(l.backward_work) : "";
  const auto step = [&](const std::string& from, const std::string& to) {
    return l.forward + "(" + passed(l, from) + p + ", " + to + forward_work + ");";
  };
  std::vector<std::string> out{copied(use.out, use.argument(0, false), n)}, sums;
  std::string results = ", " + before;
  std::uint64_t at = n;
  for (const std::uint64_t k : l.parameters) {
    const std::string one = use.room(k), sum = use.out + " + " + to_string(at);
    results += ", " + one;
    const std::string each = "for (size_t i = 0; i < " + to_string(k) + "; ++i) (" + sum + ")[i]";
    out.push_back(each + " = 0.0;");
    sums.push_back(each + " += " + one + "[i];");
    at += k;
  }
  if (l.count == 0) return out;
  out.push_back(copied(begin, use.argument(1, false), n));
  if (stretches > 1) {
    out.push_back("for (size_t j = 1; j < " + to_string(stretches) + "; ++j) {");
    out.push_back("  " + copied(states, begin + " + (j - 1) * " + size, n));
    out.push_back("  for (size_t k = 0; k < " + to_string(stretch) + "; ++k) {");
    out.push_back("    " + step(states, before));
    out.push_back("    " + copied(states, before, n));
    out.push_back("  }");
    out.push_back("  " + copied(begin + " + j * " + size, states, n));
    out.push_back("}");
  }
  out.push_back("for (size_t j = " + to_string(stretches) + "; j-- > 0;) {");
  const std::string last = to_string(steps - (stretches - 1) * stretch);
  out.push_back("  const size_t end = j + 1 == " + to_string(stretches) + " ? " + last + " : " + to_string(stretch) +
                ";");
  out.push_back("  " + copied(states, begin + " + j * " + size, n));
  out.push_back("  for (size_t k = 1; k < end; ++k)");
  out.push_back("    " + step(states + " + (k - 1) * " + size, states + " + k * " + size));
  out.push_back("  for (size_t k = end; k-- > 0;) {");
  const std::string g = l.by_value[0] ? use.out + "[0]" : use.out;
  out.push_back("    " + l.backward + "(" + passed(l, states + " + k * " + size) + p + ", " + g + results +
                backward_work + ");");
  for (const std::string& sum : sums) out.push_back("    " + sum);
  out.push_back("    " + copied(use.out, before, n));
  out.push_back("  }");
  out.push_back("}");
  return out;
}

}  // namespace wengert::exec
