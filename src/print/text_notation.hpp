// What a node looks like in the language.
#pragma once
#include "notation.hpp"

namespace wengert::print {

class TextNotation : public NotationBase<TextNotation> {
 public:
  explicit TextNotation(const Plan& plan);
  Brackets brackets() const { return {"(", ")"}; }

 private:
  friend NotationBase;
  Form leaf(NodeId id, bool unsigned_) const;
  Form arithmetic(NodeId id, bool unsigned_) const;
  Form infix(NodeId id, Level level) const;
  Form function(NodeId id) const;
  Form array(NodeId id, bool unsigned_) const;
  Form repetition(NodeId id, bool unsigned_) const;
  Form part(NodeId id) const;
  Form place(NodeId id) const;
  Form reduction(NodeId id) const;
  Form extreme(NodeId id) const;
  Form loop(NodeId id) const;
  Form loop_adjoint(NodeId column, std::size_t argument) const;
  Form adjoint_part(NodeId id, Shape wanted) const;
  Form blocks(NodeId id) const;
  Form call(std::string_view function, NodeId id) const;
};

}  // namespace wengert::print
