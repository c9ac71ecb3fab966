// Sums, differences and negations as people write them, in any notation: `1 - x` for -x + 1,
// `a - 3*b` for a + -3*b. None of this changes a bit of the value.
#pragma once
#include "plan.hpp"
#include "walk.hpp"

namespace wengert::print {

struct SumSigns {
  std::string_view plus, minus;
};

inline Form sum_form(const Plan& plan, const Operands& x, bool difference, const SumSigns& signs) {
  const NodeId a = x.id[0], b = x.id[1];
  const bool turned = plan.negative(b);
  if (!difference && plan.negative(a) && !turned) return {sum, {{b, sum}, signs.minus, {a, product, true}}};
  return {sum, {{a, sum}, difference == turned ? signs.plus : signs.minus, {b, product, turned}}};
}

// Several terms in a row; one term stands for itself.
inline Form terms_form(const Plan& plan, const std::vector<NodeId>& terms, const SumSigns& signs) {
  if (terms.size() == 1) return {sum, {{terms[0], sum}}};
  Form form{sum, {{terms[0], sum}}};
  for (std::size_t k = 1; k < terms.size(); ++k) {
    const bool turned = plan.negative(terms[k]);
    form.pieces.emplace_back(turned ? signs.minus : signs.plus);
    form.pieces.emplace_back(terms[k], product, turned);
  }
  return form;
}

inline Form negation_form(const Plan& plan, NodeId operand, bool unsigned_, std::string_view minus = "-") {
  const bool turned = plan.negative(operand);
  if (turned || unsigned_) return {product, {{operand, product, turned}}};
  return {product, {minus, {operand, product}}};
}

}  // namespace wengert::print
