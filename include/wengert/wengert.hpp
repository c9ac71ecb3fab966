// wengert from C++: build expressions, differentiate them in every mode, print them.
//
//   #include <wengert/wengert.hpp>
//   using namespace wengert;
//
//   Graph graph;
//   Expr x = variable(graph, "x"), z = variable(graph, "z");
//   Expr y = exp(x * z) + x * z / log(x);
//   Prepared f = prepare(Mode::reverse, {&graph, y.id, {x.id, z.id}});       // once
//   Derivative d = f.jacobian({{x.id, {2.0}}, {z.id, {0.5}}});               // many times
//   // d.value[0] is y; d.blocks[0][0] is dy/dx, d.blocks[1][0] is dy/dz
//   Expr dy = simplify(derivative(y, x, Form::shown));                       // as a formula
//   std::string text = to_text(dy).all();
//
// Preparing is linear in the operations that y depends on; a gradient by reverse mode costs at most the
// factor that the rows state (4 for arithmetic). A prepared function may be used by many threads.
#pragma once
#include "wengert/explain/agree.hpp"
#include "wengert/modes/mode.hpp"
#include "wengert/print/text.hpp"
#include "wengert/rewrite/simplify.hpp"
#include "wengert/rules/functions.hpp"
#include "wengert/session/session.hpp"
#include "wengert/sweep/differentiate.hpp"
