// Why a text was not understood, in the words of the person who wrote it.
//
// The parser knows a place and what it waited for there; this piece looks at what stands there instead, and turns
// both into a message, the exact span, and advice where the mistake is a known one.
//
//   complain({"2x", 0, 1, expected::stop, ...}).message == "expected an operator between `2` and `x`"
#pragma once
#include <cstdint>
#include <string_view>
#include <vector>

#include "builder.hpp"
#include "wengert/core/diagnostic.hpp"

namespace wengert::grammar {

// What the parser waits for; also the names of the grammar's rules.
namespace expected {
inline constexpr const char* operand = "an operand";
inline constexpr const char* statement = "a statement";
inline constexpr const char* stop = "the end of the statement";
inline constexpr const char* name = "a name";
inline constexpr const char* close_round = "`)`";
inline constexpr const char* close_items = "`,` or `)`";
inline constexpr const char* close_list = "`,` or `]`";
inline constexpr const char* close_body = "`]`";
inline constexpr const char* close_brace = "`}`";
inline constexpr const char* open_brace = "`{`";
inline constexpr const char* equals = "`=`";
inline constexpr const char* in = "`in`";
}  // namespace expected

struct Situation {
  std::string_view text;
  std::uint32_t source = 0;
  std::size_t at = 0;  // where the parser stopped, perhaps before blanks
  std::string_view expected;
  ast::Does statement = ast::Does::expression;
  const std::vector<Open>* open = nullptr;
};

Diagnostic complain(const Situation& situation);

// A text that is not read at all: not UTF-8, a NUL in it, too long.
Diagnostic complain(const Fault& fault, std::uint32_t source);

}  // namespace wengert::grammar
