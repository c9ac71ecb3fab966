// The library without any text: an expression by operators, its gradient by reverse mode, its formula.
#include <cstdio>

#include "wengert/wengert.hpp"

using namespace wengert;

int main() {
  Graph graph;
  const Expr x = variable(graph, "x"), z = variable(graph, "z");
  const Expr y = exp(x * z) + x * z / log(x);

  const Prepared f = prepare(Mode::reverse, {&graph, y.id, {x.id, z.id}});
  const Derivative d = f.jacobian({{x.id, {2.0}}, {z.id, {0.5}}});
  std::printf("y = %.15g\ndy/dx = %.14g\ndy/dz = %.14g\n", d.value[0], d.blocks[0][0], d.blocks[1][0]);

  const Expr formula = simplify(derivative(y, x, Form::shown));
  std::printf("dy/dx is %s\n", to_text(formula).all().c_str());
}
