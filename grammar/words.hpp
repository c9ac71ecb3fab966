// Words with a meaning of their own, and what is said when one stands in the wrong place.
//
//   is_reserved("repeat")
//   reserved_message("for") == "`for` is a reserved word"
#pragma once
#include <cstddef>
#include <string>
#include <string_view>

namespace wengert::grammar {

// input const function repeat for in end and or not if
bool is_reserved(std::string_view word);
std::string reserved_message(std::string_view word);
std::string reserved_help(std::string_view word);

// The functions that take `i in 1..n` before their argument.
bool runs_over_an_index(std::string_view function);

// The text of the operand that begins here, for advice that repeats it; `...` if it is more than a name, a number or a
// call.
std::string_view operand_after(std::string_view text, std::size_t offset);

}  // namespace wengert::grammar
