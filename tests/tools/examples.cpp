#include "examples.hpp"

#include "wengert/rules/functions.hpp"

namespace wengert::test {

Program rosenbrock(std::uint32_t n) {
  Program p;
  const Expr x = p.input("x", {n, 1});
  const Expr a = part(x, {1, 0, {n - 1, 1}}), b = part(x, {0, 0, {n - 1, 1}});
  const Expr r = a - b * b, s = 1.0 - b;
  p.output = total(100.0 * (r * r) + s * s, along::all);
  p.text = "rosenbrock";
  return p;
}

Program network(std::uint32_t n, std::uint32_t hidden, std::uint32_t m) {
  Program p;
  const Expr x = p.input("x", {n, 1}), a = p.input("A", {hidden, n}), b = p.input("B", {m, hidden});
  const Expr t = broadcast(transpose(tanh(matmul(a, x))), {m, hidden});
  const Expr i = broadcast(Expr(*p.graph, p.graph->iota(1, m)), {m, hidden});
  p.output = total(b * sin(t + i), along::cols);
  p.text = "network";
  return p;
}

Program joined(const Program& program) {
  Program p;
  p.graph = program.graph;
  const Expr x = p.input("all", {static_cast<std::uint32_t>(program.size()), 1});
  std::unordered_map<NodeId, Expr> parts;
  std::uint32_t from = 0;
  for (const Expr& e : program.inputs) {
    const auto size = static_cast<std::uint32_t>(e.shape().size());
    parts.emplace(e.id, reshape(part(x, {from, 0, {size, 1}}), e.shape()));
    from += size;
  }
  p.output = substitute(program.output, parts);
  p.text = program.text;
  return p;
}

Point dense_jacobian(const Program& p, const Point& at) {
  Point j;
  const std::size_t m = p.output.shape().size();
  for (std::size_t i = 0; i < m; ++i) {
    Point w(m);
    w[i] = 1;
    for (double x : pull(p, at, w)) j.push_back(x);
  }
  return j;
}

}  // namespace wengert::test
