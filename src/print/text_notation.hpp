// What a node looks like in the language.
#pragma once
#include "plan.hpp"
#include "walk.hpp"

namespace wengert::print {

class TextNotation {
 public:
  explicit TextNotation(const Plan& plan) : plan_(plan), g_(plan.graph()) {}
  const std::string* name(NodeId id) const { return plan_.name(id); }
  Brackets brackets() const { return {"(", ")"}; }
  bool marked(NodeId id) const { return plan_.marked(id); }
  Form form(NodeId id, bool unsigned_) const;

 private:
  Form leaf(NodeId id, bool unsigned_) const;
  Form arithmetic(NodeId id, bool unsigned_) const;
  Form infix(NodeId id, Level level) const;
  Form array(NodeId id, bool unsigned_) const;
  Form repetition(NodeId id, bool unsigned_) const;
  Form part(NodeId id) const;
  Form place(NodeId id) const;
  Form reduction(NodeId id) const;
  Form extreme(NodeId id) const;
  Form loop(NodeId id) const;
  Form blocks(NodeId id) const;
  Form call(std::string_view function, NodeId id) const;

  const Plan& plan_;
  const Graph& g_;
};

}  // namespace wengert::print
