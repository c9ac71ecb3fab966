#include "wengert/explain/exercise.hpp"

#include <array>
#include <string_view>
#include <vector>

namespace wengert {

namespace {

class Author {
 public:
  explicit Author(std::uint64_t seed) : state_(seed * 0x9e3779b97f4a7c15ull + 0x1234567) {}

  Exercise write(int level) {
    switch (level) {
      case 1:
        return {polynomial(), "x", "", "sums, constant factors and powers"};
      case 2:
        return {product_or_quotient(), "x", "", "the product rule and the quotient rule"};
      case 3:
        return {of(function(), inner("x")), "x", "", "the chain rule"};
      case 4:
        return {layered(), "x", "", "all rules in two layers"};
      case 5:
        return several();
      default:
        return matrices();
    }
  }

 private:
  std::size_t pick(std::size_t n) {
    state_ += 0x9e3779b97f4a7c15ull;
    std::uint64_t z = state_;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ull;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebull;
    return static_cast<std::size_t>((z ^ (z >> 31)) >> 11) % n;
  }
  std::string number(std::size_t low, std::size_t high) { return std::to_string(low + pick(high - low + 1)); }
  std::string power() { return "x^" + number(2, 5); }

  std::string polynomial() {
    std::string out = number(2, 9) + "*" + power();
    for (std::size_t k = 1 + pick(2); k-- > 0;) {
      out += pick(2) == 0 ? " + " : " - ";
      switch (pick(4)) {
        case 0:
          out += "sqrt(x)";
          break;
        case 1:
          out += number(2, 9) + "/x";
          break;
        default:
          out += number(2, 9) + "*x";
          break;
      }
    }
    return out + (pick(2) == 0 ? " + " : " - ") + number(1, 9);
  }

  std::string_view function() {
    static constexpr std::array<std::string_view, 7> all{"sin", "cos", "exp", "log", "sqrt", "tanh", "atan"};
    return all[pick(all.size())];
  }
  static std::string of(std::string_view f, const std::string& u) { return std::string(f) + "(" + u + ")"; }

  // Positive for positive x, so that every function has a value there.
  std::string inner(const std::string& x) {
    switch (pick(4)) {
      case 0:
        return number(2, 9) + "*" + x;
      case 1:
        return number(2, 9) + "*" + x + " + " + number(1, 9);
      case 2:
        return x + "^2 + " + number(1, 9);
      default:
        return x + "^3 + " + number(2, 9) + "*" + x;
    }
  }

  std::string factor() { return pick(3) == 0 ? power() : of(function(), "x"); }
  std::string product_or_quotient() {
    std::string a = factor(), b = factor();
    while (a == b) b = factor();
    return a + (pick(2) == 0 ? "*" : "/") + b;
  }

  std::string layered() {
    const std::string u = of(function(), inner("x"));
    switch (pick(4)) {
      case 0:
        return power() + "*" + u;
      case 1:
        return u + "/(x^2 + " + number(1, 9) + ")";
      case 2:
        return "exp(-" + u + "^2)";
      default:
        return of("sin", u) + " + " + number(2, 9) + "^x";
    }
  }

  Exercise several() {
    const std::string by = pick(2) == 0 ? "x" : "z";
    static constexpr std::array<std::string_view, 4> tails{"x^z", "x*z/log(x)", "sin(x*z)/z", "log(x^2 + z^2)"};
    return {"exp(" + number(2, 5) + "*x*z) + " + std::string(tails[pick(tails.size())]), by, "",
            "one of several variables at a time"};
  }

  Exercise matrices() {
    switch (pick(4)) {
      case 0:
        return {number(2, 9) + "*x'*A*x", "x", "input x[2], A[2,2]", "differentials: the gradient of a quadratic form"};
      case 1:
        return {"sum((A*x - b).^2)", pick(2) == 0 ? "x" : "A", "input x[2], b[3], A[3,2]",
                "differentials: least squares"};
      case 2:
        return {"b'*A*x", pick(2) == 0 ? "A" : "x", "input x[2], b[3], A[3,2]", "differentials: a bilinear form"};
      default:
        return {"sum(exp(A*x))", "x", "input x[2], A[3,2]", "differentials: a function of every element"};
    }
  }

  std::uint64_t state_;
};

}  // namespace

Exercise exercise(int level, std::uint64_t seed) { return Author(seed).write(level); }

}  // namespace wengert
