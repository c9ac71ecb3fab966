#include <utility>

#include "maker.hpp"

namespace wengert::fuzz {

namespace {

std::string sizes(Shape s) { return std::to_string(s.rows) + ", " + std::to_string(s.cols); }

}  // namespace

std::string Maker::array_leaf(Shape s) {
  const auto names = arrays_.find(key(s));
  if (names != arrays_.end() && random_.chance(80)) return random_.pick(names->second);
  switch (random_.below(5)) {
    case 0:
      if (s.rows == s.cols) return "eye(" + std::to_string(s.rows) + ")";
      return std::string(random_.pick({"zeros", "ones"})) + "(" + sizes(s) + ")";
    case 1:
      if (s.rows <= 3 && s.cols <= 3)
        return "A[1.." + std::to_string(s.rows) + ", " + std::to_string(4 - s.cols) + "..3]";
      return "ones(" + sizes(s) + ")";
    case 2:
      if (s.cols == 1 && s.rows > 1) return "linspace(" + scalar_leaf() + ", 2, " + std::to_string(s.rows) + ")";
      return "(" + scalar_leaf() + " .* ones(" + sizes(s) + "))";
    default: {
      std::string text = "[";
      for (std::uint32_t i = 0; i < s.rows; ++i) {
        if (s.cols > 1) text += "[";
        for (std::uint32_t j = 0; j < s.cols; ++j) text += scalar_leaf() + (j + 1 < s.cols ? ", " : "");
        text += std::string(s.cols > 1 ? "]" : "") + (i + 1 < s.rows ? ", " : "");
      }
      return text + "]";
    }
  }
}

std::string Maker::array(Shape s, int depth) {
  if (s.scalar()) return scalar(depth);
  if (leaf(depth)) return array_leaf(s);
  switch (random_.below(12)) {
    case 0:
    case 1:
    case 2:
    case 3:
      return elementwise(s, depth);
    case 4:
    case 5:
    case 6:
      return linear_algebra(s, depth);
    case 7:
    case 8:
    case 9:
      return arranged(s, depth);
    case 10:
      return derived(s, depth);
    default: {
      const auto own = array_functions_.find(key(s));
      if (own == array_functions_.end()) return elementwise(s, depth);
      const std::string name = random_.pick(own->second);
      if (random_.chance(50)) return name + "(" + array(s, depth - 1) + ")";
      return "iterate(" + name + ", " + array(s, depth - 1) + ", " + std::to_string(1 + random_.below(3)) + ")";
    }
  }
}

std::string Maker::elementwise(Shape s, int depth) {
  static constexpr const char* smooth[] = {"sin", "cos",  "exp",  "tanh", "atan",  "sigmoid", "softplus",
                                           "abs", "relu", "step", "erf",  "asinh", "gelu",    "floor"};
  const Shape line = random_.chance(50) ? Shape{1, s.cols} : Shape{s.rows, 1};
  switch (random_.below(9)) {
    case 0:
      return "(" + array(s, depth - 1) + " + " + array(s, depth - 1) + ")";
    case 1:
      return "(" + array(s, depth - 1) + " - " + array(s, depth - 1) + ")";
    case 2:
      return "(" + array(s, depth - 1) + " .* " + array(s, depth - 1) + ")";
    case 3:
      return "(" + array(s, depth - 1) + " ./ (1.5 .+ " + array(s, depth - 2) + ".^2))";
    case 4:
      return "(" + scalar(depth - 1) + "*" + array(s, depth - 1) + ")";
    case 5:
      return "(" + array(s, depth - 1) + random_.pick({" .+ ", " .* ", " .- "}) + array(line, depth - 1) + ")";
    case 6:
      return "if(" + array(s, depth - 2) + random_.pick({" > ", " <= "}) + scalar(depth - 2) + ", " +
             array(s, depth - 1) + ", " + array(s, depth - 1) + ")";
    case 7:
      return std::string(random_.pick({"max", "min", "hypot", "atan2"})) + "(" + array(s, depth - 1) + ", " +
             array(s, depth - 1) + ")";
    default:
      return std::string(random_.pick(smooth)) + (random_.chance(8) ? "'(" : "(") + array(s, depth - 1) + ")";
  }
}

std::string Maker::invertible(std::uint32_t n, int depth) {
  return "(" + array({n, n}, depth) + " + 5*eye(" + std::to_string(n) + "))";
}

std::string Maker::linear_algebra(Shape s, int depth) {
  const std::uint32_t inner = size();
  switch (random_.below(8)) {
    case 0:
    case 1:
      if (inner == 1) break;  // a scalar on one side would scale the other
      return "(" + array({s.rows, inner}, depth - 1) + "*" + array({inner, s.cols}, depth - 1) + ")";
    case 2:
    case 3:
      return "solve(" + invertible(s.rows, depth - 2) + ", " + array(s, depth - 1) + ")";
    case 4:
      if (s.rows == s.cols)
        return random_.chance(60) ? "inv" + invertible(s.rows, depth - 2)
                                  : "((" + array(s, depth - 1) + ")^" + random_.pick({"2", "3"}) + ")";
      break;
    case 5:
      if (s.rows == s.cols) return "diag(" + array({s.rows, 1}, depth - 1) + ")";
      if (s.cols == 1) return "diag(" + array({s.rows, s.rows}, depth - 1) + ")";
      break;
    case 6:
      if (s.cols > 1 && s.rows > 1)
        return "outer(" + array({s.rows, 1}, depth - 1) + ", " + array({s.cols, 1}, depth - 1) + ")";
      if (s.rows == 3 && s.cols == 1) return "cross(" + array(s, depth - 1) + ", " + array(s, depth - 1) + ")";
      break;
    default:
      if (s.rows % 2 == 0 && s.cols > 1)
        return "kron(" + array({2, s.cols}, depth - 1) + ", " + array({s.rows / 2, 1}, depth - 1) + ")";
      break;
  }
  return array(s.transposed(), depth - 1) + "'";
}

std::string Maker::arranged(Shape s, int depth) {
  const std::string dimension = random_.chance(50) ? ", 1)" : ", 2)";
  switch (random_.below(8)) {
    case 0:
      return std::string(random_.pick({"softmax", "log_softmax", "cumsum"})) + "(" + array(s, depth - 1) +
             (random_.chance(50) ? ")" : dimension);
    case 1: {
      const std::string name = random_.pick({"sum", "mean", "prod", "logsumexp"});
      if (s.rows == 1) return name + "(" + array({size(), s.cols}, depth - 1) + ", 1)";
      if (s.cols == 1) return name + "(" + array({s.rows, size()}, depth - 1) + ", 2)";
      break;
    }
    case 2:
      return "reshape(" + array({s.cols, s.rows}, depth - 1) + ", " + sizes(s) + ")";
    case 3:
      if (s.rows > 1)
        return "vcat(" + array({1, s.cols}, depth - 1) + ", " + array({s.rows - 1, s.cols}, depth - 1) + ")";
      return "hcat(" + array({s.rows, 1}, depth - 1) + ", " + array({s.rows, s.cols - 1}, depth - 1) + ")";
    case 4:
      return array({s.rows + 1, s.cols}, depth - 1) + "[2..end, " + (s.cols == 1 ? "1]" : ":]");
    case 5:
      return array({s.rows, s.cols + 1}, depth - 1) + "[:, 1.." + std::to_string(s.cols) + "]";
    default: {
      const auto outer = std::exchange(scalars_, s.cols == 1 ? std::vector<std::string>{"i", "x", "t"}
                                                             : std::vector<std::string>{"i", "j", "x", "i*t"});
      std::string text = "[" + scalar(depth - 1) + " for i in 1.." + std::to_string(s.rows);
      scalars_ = outer;
      return text + (s.cols == 1 ? "]" : ", j in 1.." + std::to_string(s.cols) + "]");
    }
  }
  return array_leaf(s);
}

// Derivatives that have this shape.
std::string Maker::derived(Shape s, int depth) {
  const auto [name, shape] = array_input();
  if (shape == s) return "grad(" + scalar(depth - 1) + ", " + name + ")";
  if (s.cols == shape.size()) return "jacobian(" + array({s.rows, 1}, depth - 2) + ", " + name + ")";
  if (s.rows == s.cols && s.rows == shape.size()) return "hessian(" + scalar(depth - 2) + ", " + name + ")";
  if (random_.chance(40)) return "jvp(" + array(s, depth - 2) + ", x, " + scalar(depth - 2) + ")";
  return "diff(" + array(s, depth - 2) + ", " + scalar_input() + ")";
}

}  // namespace wengert::fuzz
