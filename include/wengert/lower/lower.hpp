// Syntax tree to graph.
//
//   Result<Expr> y = lower(program, piece);
//
// Names get the meaning that the program gives them now. Linear in the text and in what is made; no
// recursion over the depth of expressions, definitions or calls. Nodes list the spans they were
// written at. What is wrong comes back as a diagnostic at its place; nothing is thrown.
#pragma once
#include "wengert/lower/program.hpp"
#include "wengert/sweep/matrix_form.hpp"

namespace wengert {

struct LowerOptions {
  Form form = Form::stable;
  std::vector<SymbolId> as_inputs;   // defined names that are inputs in this expression, sorted
  bool* met_free = nullptr;          // set also where an error is returned
  std::optional<JacobianOf>* jacobian = nullptr;  // set where the whole expression is a Jacobian by an input
};

Result<Expr> lower(Program& program, const Piece& piece, const LowerOptions& options = {});
// The definition's node.
Result<Expr> lower_name(Program& program, SymbolId name, const LowerOptions& options = {});

// What is said where an abstract function should have a value.
Diagnostic without_numbers(const std::string& function, const Span& span);
// The value of a node at the program's point; an error names what has no value.
Result<std::vector<double>> value_of(Program& program, NodeId node, const Span& span, std::string_view why);
// A closed integer expression: a size, a number of repetitions.
Result<std::int64_t> integer_of(Program& program, NodeId node, const Span& span, std::string_view what);
// Numbers, constants and built-in functions only: `x = 2` is a value, `y = 2*x` a definition.
bool is_closed(const Program& program, const Piece& piece);
// The inputs that a node depends on.
std::vector<NodeId> inputs_of(const Graph& graph, NodeId node);

// Functions of the language that are built in, for suggestions and for refusing their redefinition.
bool is_builtin_function(std::string_view name);
std::vector<std::string> builtin_functions();
// pi, e, inf, nan.
bool is_constant_name(std::string_view name);

}  // namespace wengert
