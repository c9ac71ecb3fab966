// Derivatives as expressions.
#include "kernels.hpp"
#include "wengert/rules/build.hpp"
#include "wengert/sweep/differentiate.hpp"

namespace wengert {
namespace {

Expr loop_node(Graph& g, Op op, const std::vector<Expr>& x, Shape shape, std::uint32_t loop) {
  std::vector<NodeId> ids;
  for (const Expr& e : x) ids.push_back(e.id);
  return {g, g.node(op, ids, shape, loop)};
}

// Arguments of the tangent loop, absent tangents being 0: x and dx are the state's, then the parameters'.
std::vector<Expr> tangent_arguments(Graph& g, std::span<const Expr> x, std::span<const Expr> dx) {
  const auto there = [&](std::size_t k) { return present(dx[k]) ? dx[k] : broadcast(number(g, 0), x[k].shape()); };
  std::vector<Expr> out{above(x[0], there(0))};
  for (std::size_t k = 1; k < x.size(); ++k) out.push_back(x[k]);
  for (std::size_t k = 1; k < x.size(); ++k) out.push_back(there(k));
  return out;
}

// A piece of a column of adjoints, in the shape of its argument.
Expr piece(const Expr& column, std::uint32_t at, Shape shape) {
  return reshape(part(column, {at, 0, {static_cast<std::uint32_t>(shape.size()), 1}}), shape);
}

template <>
struct Act<Iterate, SymbolicFrame<Expr>> {
  using F = SymbolicFrame<Expr>;
  static std::vector<Expr> gather(const F& f, const std::vector<Expr>& from, const Instruction& i) {
    std::vector<Expr> x;
    for (SlotId s : f.tape.arguments(i)) x.push_back(from[s]);
    return x;
  }
  static Graph& graph_of(const F& f, const Instruction& i) { return *f.values[f.tape.arguments(i)[0]].graph; }

  static void value(F& f, const Instruction& i) {
    f.values[i.out] = loop_node(graph_of(f, i), i.op, gather(f, f.values, i), f.tape.shape(i.out), f.tape.body(i).loop);
  }
  static void push(F& f, const Instruction& i) {
    const auto x = gather(f, f.values, i), dx = gather(f, f.tangents, i);
    if (std::none_of(dx.begin(), dx.end(), [](const Expr& t) { return present(t); })) return;
    Graph& g = graph_of(f, i);
    const TangentLoop t = tangent_loop(g, f.tape.body(i).loop);
    f.tangents[i.out] = lower(loop_node(g, op_of<Iterate>, tangent_arguments(g, x, dx), t.state, t.loop));
  }
  static void pull(F& f, const Instruction& i) {
    const Expr cotangent = f.adjoint(i.out);
    if (!present(cotangent)) return;
    Graph& g = graph_of(f, i);
    std::vector<Expr> x = gather(f, f.values, i);
    std::uint64_t total_size = 0;
    for (const Expr& e : x) total_size += e.shape().size();
    std::vector<Expr> arguments{cotangent};
    arguments.insert(arguments.end(), x.begin(), x.end());
    const Expr column = loop_node(g, op_of<IterateAdjoint>, arguments, {static_cast<std::uint32_t>(total_size), 1}, f.tape.body(i).loop);
    std::uint32_t at = 0;
    for (std::size_t k = 0; k < x.size(); ++k) {
      if (f.active(f.tape.arguments(i)[k])) f.accumulate(f.tape.arguments(i)[k], piece(column, at, x[k].shape()));
      at += static_cast<std::uint32_t>(x[k].shape().size());
    }
  }
};

template <>
struct Act<IterateAdjoint, SymbolicFrame<Expr>> {
  using F = SymbolicFrame<Expr>;
  using Whole = Act<Iterate, F>;

  static void value(F& f, const Instruction& i) { Whole::value(f, i); }

  // The adjoints of the tangent loop for the cotangents a of the state and b of its tangent; the halves
  // that belong to the state and the parameters, in one column.
  static Expr second(Graph& g, std::uint32_t loop, std::span<const Expr> x, std::span<const Expr> dx, const Expr& a, const Expr& b) {
    const TangentLoop t = tangent_loop(g, loop);
    std::vector<Expr> arguments = tangent_arguments(g, x, dx);
    std::uint64_t size = 0;
    for (const Expr& e : arguments) size += e.shape().size();
    arguments.insert(arguments.begin(), above(a, b));
    const Expr column = loop_node(g, op_of<IterateAdjoint>, arguments, {static_cast<std::uint32_t>(size), 1}, t.loop);
    const auto state = static_cast<std::uint32_t>(x[0].shape().size());
    std::uint32_t parameters = 0;
    for (std::size_t k = 1; k < x.size(); ++k) parameters += static_cast<std::uint32_t>(x[k].shape().size());
    const Expr first = part(column, {0, 0, {state, 1}});
    return parameters == 0 ? first : above(first, part(column, {2 * state, 0, {parameters, 1}}));
  }

  static void push(F& f, const Instruction& i) {
    const auto x = Whole::gather(f, f.values, i), dx = Whole::gather(f, f.tangents, i);
    if (std::none_of(dx.begin(), dx.end(), [](const Expr& t) { return present(t); })) return;
    Graph& g = Whole::graph_of(f, i);
    const Expr dg = present(dx[0]) ? dx[0] : broadcast(number(g, 0), x[0].shape());
    f.tangents[i.out] = second(g, f.tape.body(i).loop, std::span(x).subspan(1), std::span(dx).subspan(1), dg, x[0]);
  }

  static void pull(F& f, const Instruction& i) {
    const Expr w = f.adjoint(i.out);
    if (!present(w)) return;
    Graph& g = Whole::graph_of(f, i);
    const auto x = Whole::gather(f, f.values, i);
    const auto slots = f.tape.arguments(i);
    std::vector<Expr> direction;
    std::uint32_t at = 0;
    for (std::size_t k = 1; k < x.size(); ++k) {
      direction.push_back(piece(w, at, x[k].shape()));
      at += static_cast<std::uint32_t>(x[k].shape().size());
    }
    const auto arguments = std::span(x).subspan(1);
    if (f.active(slots[0])) {
      const TangentLoop t = tangent_loop(g, f.tape.body(i).loop);
      f.accumulate(slots[0], lower(loop_node(g, op_of<Iterate>, tangent_arguments(g, arguments, direction), t.state, t.loop)));
    }
    const Expr zero = broadcast(number(g, 0), x[0].shape());
    const Expr column = second(g, f.tape.body(i).loop, arguments, direction, zero, x[0]);
    at = 0;
    for (std::size_t k = 1; k < x.size(); ++k) {
      if (f.active(slots[k])) f.accumulate(slots[k], piece(column, at, x[k].shape()));
      at += static_cast<std::uint32_t>(x[k].shape().size());
    }
  }
};

}  // namespace

template std::span<const Kernel<SymbolicFrame<Expr>>> kernels<SymbolicFrame<Expr>>();

}  // namespace wengert
