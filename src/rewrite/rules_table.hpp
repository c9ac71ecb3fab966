// The rewrites by number; their names and conditions stand in rules_table.cpp.
#pragma once
#include "wengert/rewrite/rules.hpp"

namespace wengert::rewrite {

enum class Rule : std::uint8_t {
  fold_numbers, like_terms, cancel_terms, zero_factor, equal_factors, cancel_factors, powers_of_powers, power_of_product,
  join_exponentials, quotient_together, common_factor, sign_outward, odd_function, even_function, known_value, log_of_exp,
  exp_of_log, pythagoras, combine_numerator, repeated_scalar, transpose_product, transpose_scalar, scalar_out, identity_matrix,
  zero_matrix, diagonal_product, single_element, sum_of_equal, sum_of_scaled, nested_places, zero_places, identity_places,
  picked, gathered, sums_to_one, order,
  count
};

const RewriteRule& describe(Rule rule);

}  // namespace wengert::rewrite
