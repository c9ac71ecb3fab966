// The loops of `iterate` and of its derivatives as functions of the language: what a text needs besides the program.
//
//   newton_tangent(newton_state, a, a_tangent) = [...]            the body of a forward derivative
//   newton_by_a(w, u, a) = vjp(iterate(newton, u, 6, a), a, w)    an adjoint, as a formula that reads back
#pragma once
#include <map>
#include <span>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "wengert/core/expr.hpp"

namespace wengert::print {

// A function that the program did not define, or (asked for) that a text is to bring along.
struct LoopFunction {
  std::string head;       // "f_tangent(f_state, r, r_tangent)"
  NodeId body = no_node;  // of a loop
  std::string text;       // of an adjoint
};

class Loops {
 public:
  // Of all loops that the expressions run. `own`: functions of the program too.
  Loops(std::span<const Expr> all, bool own);

  // In an order in which each uses only earlier ones.
  const std::vector<LoopFunction>& functions() const { return functions_; }
  const std::string& name(std::uint32_t loop) const;
  // The function whose value is the column of all adjoints of an iterate, or the adjoint by one of its arguments.
  static constexpr std::size_t every = ~std::size_t{0};
  const std::string& adjoint(std::uint32_t loop, std::size_t argument) const { return adjoints_.at({loop, argument}); }

 private:
  using Use = std::pair<std::uint32_t, std::size_t>;
  void find(NodeId root, std::vector<std::uint32_t>& order, std::vector<NodeId>& todo, bool own);
  std::string unused(const std::string& stem);
  void add_body(std::uint32_t loop);
  void add_adjoint(const Use& use);

  const Graph& graph_;
  std::vector<LoopFunction> functions_;
  std::unordered_map<std::uint32_t, std::string> names_;
  std::map<Use, std::string> adjoints_;
  std::vector<std::string> taken_;
};

// The argument of the iterate whose adjoint this part of a column of adjoints is; Loops::every if it is none.
std::size_t adjoint_argument(const Graph& graph, NodeId part);
// A column of adjoints whose parts alone are asked for has no notation.
bool is_adjoint_part(const Graph& graph, NodeId id);
// Arguments of a loop's node that are written: not what its function mentions by name.
std::span<const NodeId> written_arguments(const Graph& graph, NodeId id);

}  // namespace wengert::print
