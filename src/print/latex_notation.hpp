// What a node looks like in LaTeX.
#pragma once
#include "notation.hpp"

namespace wengert::print {

class LatexNotation : public NotationBase<LatexNotation> {
 public:
  explicit LatexNotation(const Plan& plan);
  Brackets brackets() const { return {"\\left(", "\\right)"}; }

 private:
  friend NotationBase;
  Form leaf(NodeId id, bool unsigned_) const;
  Form arithmetic(NodeId id, bool unsigned_) const;
  Form product_of(NodeId a, std::string_view sign, NodeId b, bool unsigned_) const;
  Form infix(NodeId id, Level level) const;
  Form function(NodeId id) const;
  Form choice(NodeId id) const;
  Form array(NodeId id, bool unsigned_) const;
  Form repetition(NodeId id, bool unsigned_) const;
  Form part(NodeId id) const;
  Form place(NodeId id) const;
  Form call(std::string_view function, NodeId id) const;
  bool begins_with_digit(NodeId id) const;
};

}  // namespace wengert::print
