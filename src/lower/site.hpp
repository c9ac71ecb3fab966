// Where in a text something is being lowered: what builders of nodes need of the machine around them.
//
// A Value is an expression with its lanes. A loop over an index may be lowered all at once, the index
// being a column 1, 2, ..., n; what depends on it is then a number for each row (or column) of the
// loop, though the language sees one number. Builders that cannot do without the one number throw
// NotElementwise, and the loop is unrolled instead.
#pragma once
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "wengert/lower/lower.hpp"
#include "wengert/rules/build.hpp"

namespace wengert::lowering {

struct Refusal {
  Diagnostic diagnostic;
};
struct NotElementwise {};

namespace lanes {
inline constexpr std::uint8_t none = 0, by_row = 1, by_col = 2, both = 3;
}

struct Value {
  Expr e;
  std::uint8_t lanes = 0;

  Shape shape() const { return lanes != 0 ? Shape{} : e.shape(); }  // as the language sees it
  bool scalar() const { return lanes != 0 || e.shape().scalar(); }
};
using Args = std::span<const Value>;

class Machine;
class Site;

// shape_advice.cpp: repairs that are suggested where shapes do not fit; empty where none would do.
std::string turned(const Site& s, std::size_t k);
std::string rewritten(const Site& s, std::size_t k, const std::string& instead);
std::string equal_shapes_advice(const Site& s, Args x, std::size_t j, std::size_t k);
std::string product_advice(const Site& s, Shape a, Shape b);
std::string square_advice(const Site& s, Shape a);
std::string join_advice(const Site& s, Args x, bool side_by_side);
std::string reshape_advice(const Site& s, Shape from, Shape to);

class Site {
 public:
  Site(Machine& machine, Program& p, const ParsedText& t, ast::Id at) : program(p), graph(p.graph), text(t), id(at), machine_(machine) {}

  const ast::Tree& tree() const { return text.tree; }
  const ast::Node& node() const { return text.tree.nodes[id]; }
  Span span() const { return text.tree.span(id); }
  Span span(ast::Id other) const { return text.tree.span(other); }
  // The k-th operand or argument.
  ast::Id operand(std::size_t k) const;
  Span operand_span(std::size_t k) const { return span(operand(k)); }
  // An operand as it may stand in advice: its text, in brackets if it needs them; `...` if it is long.
  std::string written(std::size_t k, bool as_argument = false) const;
  std::string callee() const;  // the name of a call
  bool shown() const;          // the formula is for a reader

  [[noreturn]] void refuse(Kind kind, std::string message, const Span& where, std::string help = {}, std::vector<Label> labels = {}) const;
  [[noreturn]] void refuse(Kind kind, std::string message, std::string help = {}) const { refuse(kind, std::move(message), span(), std::move(help)); }
  // Two operands that do not fit, each labelled with its shape.
  [[noreturn]] void refuse_shapes(std::string message, Args x, std::string help = {}) const;

  // The present value of a closed integer expression.
  std::int64_t integer(const Value& v, const Span& where, std::string_view what) const;
  // One that counts rows or columns: at least 1.
  std::uint32_t size(const Value& v, const Span& where, std::string_view what) const;
  // rows x cols, if so large an array is allowed.
  Shape shape(std::uint64_t rows, std::uint64_t cols) const;

  Value number(double x) const { return {wengert::number(graph, x)}; }

  Program& program;
  Graph& graph;
  const ParsedText& text;
  const ast::Id id;

 private:
  Machine& machine_;
};

// --- builders, in operators.cpp, arrays.cpp, functions.cpp, stable.cpp

// A row on equal shapes or scalars, or on lanes.
Value elementwise(const Site& s, Op op, Args x);
// The same, size-1 dimensions repeated.
Value broadcasting(const Site& s, Op op, Args x);
Value unary(const Site& s, ast::Tag tag, const Value& x);
Value binary(const Site& s, ast::Tag tag, const Value& a, const Value& b);
Value list_of(const Site& s, Args items);
Value join(const Site& s, Args x, bool side_by_side);
// Products of all elements, or along a dimension.
Expr product(const Expr& x, std::uint32_t dimension);
Expr extreme(const Expr& x, bool largest, std::uint32_t dimension);
Value logarithm(const Site& s, const Value& x);
Value cross_entropy(const Site& s, const Value& p, const Value& y);
// x spread over these lanes.
Expr over_lanes(const Value& x, Shape extent);
bool any_lanes(Args x);
// The lanes of all together, and how many there are; each is one number for the language.
Shape common_extent(Args x, std::uint8_t& lanes);
// The shape that arguments have in common, scalars aside; refuses others.
Shape common_shape(const Site& s, Args x);
std::string counted(std::size_t n, std::string_view noun);  // "2 arguments"
std::string shortest_text(double x);

struct Builtin {
  std::string_view name;
  int least, most;  // of arguments; most < 0: any number
  Value (*make)(const Site& s, Args x);
};
// How a built-in function is called: a row of the table of primitives, or a builder.
struct Callable {
  const Row* row = nullptr;
  const Builtin* builtin = nullptr;
  explicit operator bool() const { return row != nullptr || builtin != nullptr; }
};
Callable find_callable(std::string_view name);
std::span<const Builtin> scalar_builtins();
std::span<const Builtin> array_builtins();
Value call_builtin(const Site& s, const Callable& f, Args x);

}  // namespace wengert::lowering
