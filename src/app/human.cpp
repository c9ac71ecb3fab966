#include "app/human.hpp"

#include <algorithm>

#include "app/layout.hpp"

namespace wengert::app {

namespace {

constexpr std::size_t large = 1000;  // elements: more are summarised on a terminal

// Rows of a Jacobian are elements of the value.
std::vector<std::string> value_elements(Shape shape) {
  std::vector<std::string> names = element_names({{"", shape}});
  if (shape.scalar()) names = {""};
  return names;
}

std::string human_cells(Shape shape, std::span<const double> numbers, const std::vector<std::string>& cells,
                        std::size_t indent, bool whole, std::size_t limit) {
  return !whole && shape.size() > limit ? summary(shape, numbers, cells) : array_text(shape, cells, indent);
}
std::string human_slopes(Shape shape, std::span<const double> numbers, std::span<const std::string> digits,
                         std::size_t indent, bool whole, std::size_t limit) {
  return human_cells(shape, numbers, digits.empty() ? slopes_of(numbers) : std::vector(digits.begin(), digits.end()),
                     indent, whole, limit);
}

}  // namespace

std::string human_array(Shape shape, std::span<const double> numbers, std::span<const std::string> digits,
                        std::size_t indent, bool whole, std::size_t limit) {
  return human_cells(shape, numbers, digits.empty() ? cells_of(numbers) : std::vector(digits.begin(), digits.end()),
                     indent, whole, limit);
}

// The derivatives by each name, after a label.
std::string human_blocks(const DerivativeAnswer& answer, bool whole, std::size_t limit) {
  std::size_t widest = 0;
  for (const Variable& v : answer.by) widest = std::max(widest, width(v.name));
  std::string out;
  for (std::size_t k = 0; k < answer.by.size(); ++k) {
    const Variable& v = answer.by[k];
    const std::string label = "d/d" + v.name + std::string(widest - width(v.name), ' ') + "   ";
    const bool many = answer.agreement && !answer.agreement->block_digits.empty();
    const std::span<const std::string> digits =
        many ? std::span<const std::string>(answer.agreement->block_digits[k]) : std::span<const std::string>();
    if (answer.shape.scalar()) {
      out += label + human_slopes(v.shape, answer.blocks[k], digits, width(label), whole, limit) + "\n";
      continue;
    }
    const Shape shape = answer.jacobian_shape(k);
    if (shape.rows == 1 || shape.cols == 1 || (!whole && shape.size() > limit)) {
      out += label + human_slopes(shape, answer.blocks[k], digits, width(label), whole, limit) + "\n";
      continue;
    }
    const std::vector<std::string> cells =
        many ? std::vector<std::string>(digits.begin(), digits.end()) : slopes_of(answer.blocks[k]);
    std::vector<std::string> down = value_elements(answer.shape), across = element_names({v});
    if (answer.layout == Layout::denominator) std::swap(down, across);
    out += "d/d" + v.name + "\n" + labelled(down, across, cells);
    if (k + 1 < answer.by.size()) out += "\n";
  }
  return out;
}

std::vector<std::string> element_names(const std::vector<Variable>& variables) {
  std::vector<std::string> names;
  for (const Variable& v : variables)
    for (std::uint32_t i = 1; i <= v.shape.rows; ++i)
      for (std::uint32_t j = 1; j <= v.shape.cols; ++j)
        names.push_back(v.shape.scalar()   ? v.name
                        : v.shape.column() ? v.name + "[" + std::to_string(i) + "]"
                                           : v.name + "[" + std::to_string(i) + "," + std::to_string(j) + "]");
  return names;
}

std::string human_value(const ValueAnswer& answer, const Look& look) {
  return human_array(answer.shape, answer.value, answer.digits, 0, look.everything, large) + "\n";
}

namespace {

std::string human_hessian(const DerivativeAnswer& answer, const Look& look) {
  const std::uint64_t n = answer.inputs();
  const bool many = answer.agreement && !answer.agreement->block_digits.empty();
  const std::vector<std::string> cells = many ? answer.agreement->block_digits[0] : slopes_of(answer.blocks[0]);
  const auto size = static_cast<std::uint32_t>(n);
  if (!look.everything && n * n > large * 4) return summary({size, size}, answer.blocks[0], cells) + "\n";
  const std::vector<std::string> names = element_names(answer.by);
  return labelled(names, names, cells);
}

// Each adjoint has its variable's shape, whatever the value's.
std::string human_adjoints(DerivativeAnswer answer, const Look& look) {
  answer.shape = {};
  return human_blocks(answer, look.everything, large);
}

}  // namespace

std::string human_derivatives(const DerivativeAnswer& answer, const Look& look) {
  if (answer.by.empty()) return "the value depends on no input: there is nothing to differentiate by\n";
  switch (answer.what) {
    case Quantity::hessian:
      return human_hessian(answer, look);
    case Quantity::vjp:
      return human_adjoints(answer, look);
    case Quantity::jvp: {
      const bool many = answer.agreement && !answer.agreement->block_digits.empty();
      const std::span<const std::string> digits =
          many ? std::span<const std::string>(answer.agreement->block_digits[0]) : std::span<const std::string>();
      return human_slopes(answer.shape, answer.blocks[0], digits, 0, look.everything, large) + "\n";
    }
    case Quantity::jacobian:
      break;
  }
  return human_blocks(answer, look.everything, large);
}

namespace {

std::string listed(const std::vector<std::string>& names) {
  std::string out;
  for (const std::string& name : names) out += (out.empty() ? "" : ", ") + name;
  return out;
}

}  // namespace

std::string human_formulas(const std::vector<Formula>& formulas) {
  std::string out;
  for (const Formula& formula : formulas) {
    std::string entry;
    if (!formula.value_indices.empty() || !formula.variable_indices.empty())
      entry = "element [" + listed(formula.value_indices) + "] by element [" + listed(formula.variable_indices) + "]: ";
    if (formula.name.empty() || formulas.size() == 1) {
      out += entry + formula.text + "\n";
    } else {
      const std::string& text = formula.brief.empty() ? formula.text : formula.brief;
      const bool lines = text.find('\n') != std::string::npos;
      out += formula.shared + "d/d" + formula.name + (lines ? "\n" : "   ") + entry + text + "\n";
    }
  }
  return out;
}

}  // namespace wengert::app
