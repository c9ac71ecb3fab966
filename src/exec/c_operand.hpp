// Where numbers stand in C, as text.
#pragma once
#include <cstdint>
#include <initializer_list>
#include <string>

namespace wengert::exec {

inline constexpr const char* c_step = "i0";  // counts the steps of a loop over repeated statements

// A number that has a name (or is written out), or numbers from base[offset + step * i0] on.
struct COperand {
  enum class Kind : std::uint8_t { literal, variable, array };
  Kind kind = Kind::array;
  std::string base;
  std::int64_t offset = 0, step = 0;  // of a literal: what it grows by, step after step
};

struct CTerm {
  const char* variable;
  std::int64_t times;
};
// "i + 14 + 2 * k", what is subtracted last; "0" where there is nothing.
std::string c_index(std::int64_t offset, std::initializer_list<CTerm> terms);
std::string c_number(const COperand& x);                  // the first one
std::string c_element(const COperand& x, const char* i);  // the one at i
std::string c_pointer(const COperand& x);

}  // namespace wengert::exec
