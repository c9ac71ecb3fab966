// What a node looks like in MathML.
#pragma once
#include <unordered_map>

#include "plan.hpp"
#include "walk.hpp"

namespace wengert::print {

class MathmlNotation {
 public:
  explicit MathmlNotation(const Plan& plan);
  const std::string* name(NodeId id) const;
  Brackets brackets() const { return {"<mrow><mo>(</mo>", "<mo>)</mo></mrow>"}; }
  bool marked(NodeId id) const { return plan_.marked(id); }
  Form form(NodeId id, bool unsigned_) const;

 private:
  Form leaf(NodeId id, bool unsigned_) const;
  Form pending(const PendingDerivative& p) const;
  Form arithmetic(NodeId id, bool unsigned_) const;
  Form quotient(NodeId a, NodeId b, bool unsigned_) const;
  Form product_of(NodeId a, std::string_view sign, NodeId b, bool unsigned_) const;
  Form infix(NodeId id, Level level) const;
  Form choice(NodeId id) const;
  Form array(NodeId id, bool unsigned_) const;
  Form part(NodeId id) const;
  Form place(NodeId id) const;
  Form call(std::string_view function, NodeId id) const;

  const Plan& plan_;
  const Graph& g_;
  std::unordered_map<NodeId, std::string> names_;
};

}  // namespace wengert::print
