#include "c_operand.hpp"

#include <cstdlib>

namespace wengert::exec {

using std::to_string;

std::string c_index(std::int64_t offset, std::initializer_list<CTerm> terms) {
  std::string out;
  const auto add = [&](const char* variable, std::int64_t times) {
    const std::int64_t n = std::abs(times);
    out += out.empty() ? "" : times > 0 ? " + " : " - ";
    out += n == 1 ? variable : to_string(n) + " * " + variable;
  };
  for (const CTerm& t : terms)
    if (t.times > 0) add(t.variable, t.times);
  if (offset != 0) out += (out.empty() ? "" : " + ") + to_string(offset);
  for (const CTerm& t : terms)
    if (t.times < 0) add(t.variable, t.times);
  return out.empty() ? "0" : out;
}

std::string c_number(const COperand& x) {
  if (x.kind == COperand::Kind::array) return x.base + "[" + c_index(x.offset, {{c_step, x.step}}) + "]";
  if (x.step == 0) return x.base;
  return "(" + x.base + (x.step > 0 ? " + " : " - ") + to_string(std::abs(x.step)) + ".0 * (double)" + c_step + ")";
}

std::string c_element(const COperand& x, const char* i) {
  if (x.kind != COperand::Kind::array) return c_number(x);
  return x.base + "[" + c_index(x.offset, {{i, 1}, {c_step, x.step}}) + "]";
}

std::string c_pointer(const COperand& x) {
  if (x.kind == COperand::Kind::variable) return "&" + x.base;
  if (x.kind == COperand::Kind::literal) return "(const double[]){" + c_number(x) + "}";
  return x.offset == 0 && x.step == 0 ? x.base : x.base + " + " + c_index(x.offset, {{c_step, x.step}});
}

}  // namespace wengert::exec
