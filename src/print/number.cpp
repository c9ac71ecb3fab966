#include "number.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "wengert/print/text.hpp"

namespace wengert {

std::string shortest(double x) {
  if (std::isnan(x)) return "nan";
  if (std::isinf(x)) return x < 0 ? "-inf" : "inf";
  std::string digits = fmt::format("{}", x);
  if (const auto e = digits.find('e'); e != std::string::npos) {  // 1e+05, 1e-05: as people write them
    std::string exponent = digits.substr(e + 1);
    const bool negative = exponent[0] == '-';
    exponent.erase(0, std::min(exponent.find_first_not_of("+-0"), exponent.size() - 1));
    digits = digits.substr(0, e + 1) + (negative ? "-" : "") + exponent;
  } else if (digits.size() > 2 && digits.ends_with(".0")) {
    digits.resize(digits.size() - 2);
  }
  return digits;
}

namespace print {

namespace {

// A double tells all decimals of up to 15 digits apart.
bool fits_a_double(const std::string& text) {
  std::size_t digits = 0;
  for (char c : text) {
    if (c == 'e' || c == 'E') break;
    if (c >= '0' && c <= '9' && (digits > 0 || c != '0')) ++digits;
  }
  return digits <= 15;
}

Number signed_text(bool negative, std::string magnitude, Level level) {
  if (!negative) return {level, std::move(magnitude)};
  return {product, "-" + std::move(magnitude)};
}

}  // namespace

Number constant_text(const Constant& c, bool unsigned_) {
  const bool negative = std::signbit(c.value) && !std::isnan(c.value) && !unsigned_;
  switch (c.exactness) {
    case Constant::Exactness::rational: {
      std::string p = std::to_string(c.numerator);
      if (p[0] == '-') p.erase(0, 1);
      if (c.denominator == 1) return signed_text(negative, p, atom);
      return signed_text(negative, p + "/" + std::to_string(c.denominator), product);
    }
    case Constant::Exactness::pi: return {atom, "pi"};
    case Constant::Exactness::e: return {atom, "e"};
    case Constant::Exactness::decimal:
      if (!fits_a_double(c.text)) return signed_text(negative, c.text[0] == '-' ? c.text.substr(1) : c.text, atom);
      break;
    case Constant::Exactness::real: break;
  }
  return signed_text(negative, shortest(std::fabs(c.value)), atom);
}

}  // namespace print

}  // namespace wengert
