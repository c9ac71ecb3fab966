// Answers as people read them. Every text ends with a newline.
#pragma once
#include <span>
#include <string>

#include "app/ask.hpp"

namespace wengert::app {

struct Look {
  bool everything = true;  // print large arrays whole
  bool color = false;
};

std::string human_value(const ValueAnswer& answer, const Look& look);
// The main job: value, a line for each mode, whether they agree, the cheapest.
std::string human_comparison(const DerivativeAnswer& answer, const Look& look);
// `grad`, `jacobian`: the derivatives alone.
std::string human_derivatives(const DerivativeAnswer& answer, const Look& look);
// The table of modes and the verdict, without the numbers.
std::string human_modes(const DerivativeAnswer& answer);
std::string human_formulas(const std::vector<Formula>& formulas);

// Pieces of the above: arrays with more than `limit` elements are summarised unless `whole`; `digits` replace the
// numbers where there are any.
std::string human_array(Shape shape, std::span<const double> numbers, std::span<const std::string> digits,
                        std::size_t indent, bool whole, std::size_t limit);
std::string human_blocks(const DerivativeAnswer& answer, bool whole, std::size_t limit);

// "x", or "W[1,2]" for every element of an array.
std::vector<std::string> element_names(const std::vector<Variable>& variables);

}  // namespace wengert::app
