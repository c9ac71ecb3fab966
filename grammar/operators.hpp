// The operators of the language: how they are written, how tightly they bind, how they look when printed.
//
//   precedence(ast::Tag::multiply) > precedence(ast::Tag::add)
//
// The parser, the formatter and the error messages read this one table.
#pragma once
#include <array>
#include <cstdint>
#include <string_view>

#include "ast.hpp"

namespace wengert::grammar {

// Loosest first; what is not an operator binds tightest.
enum Precedence : std::uint8_t {
  whole,
  or_level,
  and_level,
  not_level,
  comparison,
  range,
  sum,
  product,
  sign,
  power,
  postfix,
  atom
};

enum class Spaces : bool { no, yes };

struct BinaryOperator {
  std::string_view text;
  ast::Tag tag;
  Precedence precedence;
  Spaces spaces;  // blanks around it in a formatted program
};

// The first of two spellings is the canonical one. `and` and `or` are words: a letter after them makes them names.
inline constexpr std::array<BinaryOperator, 20> binary_operators{{
    {"or", ast::Tag::or_, or_level, Spaces::yes},      {"and", ast::Tag::and_, and_level, Spaces::yes},
    {"<", ast::Tag::less, comparison, Spaces::yes},    {"<=", ast::Tag::less_equal, comparison, Spaces::yes},
    {">", ast::Tag::greater, comparison, Spaces::yes}, {">=", ast::Tag::greater_equal, comparison, Spaces::yes},
    {"==", ast::Tag::equal, comparison, Spaces::yes},  {"!=", ast::Tag::not_equal, comparison, Spaces::yes},
    {"..", ast::Tag::range, range, Spaces::no},        {"+", ast::Tag::add, sum, Spaces::yes},
    {"-", ast::Tag::subtract, sum, Spaces::yes},       {".+", ast::Tag::dot_add, sum, Spaces::yes},
    {".-", ast::Tag::dot_subtract, sum, Spaces::yes},  {"*", ast::Tag::multiply, product, Spaces::no},
    {"/", ast::Tag::divide, product, Spaces::no},      {".*", ast::Tag::dot_multiply, product, Spaces::no},
    {"./", ast::Tag::dot_divide, product, Spaces::no}, {"^", ast::Tag::power, power, Spaces::no},
    {"**", ast::Tag::power, power, Spaces::no},        {".^", ast::Tag::dot_power, power, Spaces::no},
}};

constexpr const BinaryOperator* binary_operator(ast::Tag tag) {
  for (const BinaryOperator& entry : binary_operators)
    if (entry.tag == tag) return &entry;
  return nullptr;
}

inline constexpr std::array<Precedence, 32> precedences = [] {
  std::array<Precedence, 32> table{};
  table.fill(atom);  // names, numbers, calls, lists
  for (const BinaryOperator& entry : binary_operators) table[static_cast<std::size_t>(entry.tag)] = entry.precedence;
  table[static_cast<std::size_t>(ast::Tag::not_)] = not_level;
  table[static_cast<std::size_t>(ast::Tag::negate)] = sign;
  table[static_cast<std::size_t>(ast::Tag::plus)] = sign;
  table[static_cast<std::size_t>(ast::Tag::transpose)] = postfix;
  table[static_cast<std::size_t>(ast::Tag::index)] = postfix;
  return table;
}();
static_assert(static_cast<std::size_t>(ast::Tag::comprehension) < precedences.size());

constexpr Precedence precedence(ast::Tag tag) { return precedences[static_cast<std::size_t>(tag)]; }

// Powers group to the right, everything else to the left; comparisons and ranges do not chain.
constexpr bool groups_right(ast::Tag tag) { return precedence(tag) == power; }

}  // namespace wengert::grammar
