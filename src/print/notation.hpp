// What the notations share: names and marks, which method writes which operation, forms with operands in a row.
//
// A notation of its own says what differs:
//   Form leaf(NodeId, bool unsigned_)         inputs, constants, derivatives still to be taken
//   Form array(NodeId, bool unsigned_)        operations on whole arrays
//   Form arithmetic(NodeId, bool unsigned_)   + - * / ^ and the negative
//   Form infix(NodeId, Level)                 comparisons, and, or
//   Form function(NodeId)                     every other elementwise operation
#pragma once
#include <unordered_map>
#include <utility>

#include "plan.hpp"
#include "signs.hpp"
#include "walk.hpp"

namespace wengert::print {

inline void append(Form& form, Form more) {
  for (Piece& p : more.pieces) form.pieces.push_back(std::move(p));
}

template <class Self>
class NotationBase {
 public:
  const std::string* name(NodeId id) const {
    const auto it = names_.find(id);
    return it == names_.end() ? nullptr : &it->second;
  }
  bool marked(NodeId id) const { return plan_.marked(id); }

  Form form(NodeId id, bool unsigned_) const {
    const Op op = g_[id].op;
    if (op < Op::first_row) return self().leaf(id, unsigned_);
    if (!row_of(op).elementwise) return self().array(id, unsigned_);
    switch (static_cast<std::uint16_t>(op)) {
      case number_of<Add>: case number_of<Sub>: case number_of<Neg>: case number_of<Mul>: case number_of<StrongMul>: case number_of<Div>: case number_of<Pow>:
        return self().arithmetic(id, unsigned_);
      case number_of<Less>: case number_of<LessEqual>: case number_of<Greater>: case number_of<GreaterEqual>: case number_of<Equal>: case number_of<NotEqual>:
        return self().infix(id, comparison);
      case number_of<And>: return self().infix(id, and_level);
      case number_of<Or>: return self().infix(id, or_level);
      default: return self().function(id);
    }
  }

 protected:
  using NameWriter = std::string (*)(const std::string&);

  NotationBase(const Plan& plan, NameWriter written) : plan_(plan), g_(plan.graph()) {
    for (NodeId id : plan.named()) names_.emplace(id, written(*plan.name(id)));
  }

  // Comparisons do not chain; `and`, `or` group to the left.
  Form between(NodeId id, Level level, std::string sign) const {
    const Operands x = operands(g_, id, false);
    const auto next = static_cast<Level>(static_cast<int>(level) + 1);
    return {level, {{x.id[0], level == comparison ? next : level}, std::move(sign), {x.id[1], next}}};
  }

  // "f(" a ", " b ")"
  Form call_form(std::string open, NodeId id, std::string_view separator, std::string_view close) const {
    const Operands x = operands(g_, id, false);
    Form form{atom, {std::move(open)}};
    for (std::size_t j = 0; j < x.id.size(); ++j) {
      if (j > 0) form.pieces.emplace_back(separator);
      form.pieces.emplace_back(x.id[j], whole);
    }
    form.pieces.emplace_back(close);
    return form;
  }

  // A fraction with a bar; the sign of the numerator stands before it.
  struct Fraction {
    std::string_view minus, open, bar, close;
  };
  Form fraction_form(NodeId a, NodeId b, bool unsigned_, const Fraction& signs) const {
    const bool signed_ = plan_.negative(a);
    Form form{signed_ && !unsigned_ ? product : power, {}};
    if (form.level == product) form.pieces.emplace_back(signs.minus);
    form.pieces.emplace_back(signs.open);
    form.pieces.emplace_back(a, whole, signed_);
    form.pieces.emplace_back(signs.bar);
    form.pieces.emplace_back(b, whole);
    form.pieces.emplace_back(signs.close);
    return form;
  }

  const Plan& plan_;
  const Graph& g_;

 private:
  const Self& self() const { return static_cast<const Self&>(*this); }

  std::unordered_map<NodeId, std::string> names_;
};

}  // namespace wengert::print
