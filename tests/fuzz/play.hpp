// What the fuzzers do with bytes: nothing may crash, hang, or throw anything past the library's edge.
#pragma once
#include <string_view>

namespace wengert::fuzz {

// Parsed, formatted, parsed again: the same text. Throws std::logic_error where it is not.
void play_parser(std::string_view bytes);
// Run as a program; every expression is answered by every mode, explained, simplified, printed.
void play_modes(std::string_view bytes);

}  // namespace wengert::fuzz
