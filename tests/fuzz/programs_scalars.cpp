#include <utility>

#include "maker.hpp"
#include "wengert/print/text.hpp"

namespace wengert::fuzz {

std::string Maker::element() {
  std::size_t which = random_.below(arrays_.size());
  auto it = arrays_.begin();
  while (which-- > 0) ++it;
  const auto& [shape, names] = *it;
  const std::string name = random_.pick(names);
  if (random_.chance(10)) return name + (shape.second == 1 ? "[end]" : "[end, 1]");
  return name + "[" + index(shape.first) + (shape.second == 1 ? "]" : ", " + index(shape.second) + "]");
}

std::string Maker::scalar_leaf() {
  static constexpr const char* literals[] = {"0",  "1",    "2",   "3",  "0.5", "1/3", "0.1",
                                             "10", "1e-3", "2.5", "pi", "-1",  "e"};
  switch (random_.below(8)) {
    case 0:
      return random_.pick(literals);
    case 1:
    case 2:
      return element();
    default:
      return random_.pick(scalars_);
  }
}

std::string Maker::scalar(int depth) {
  if (leaf(depth)) return scalar_leaf();
  const auto pair = [&](const char* between) { return "(" + scalar(depth - 1) + between + scalar(depth - 1) + ")"; };
  switch (random_.below(22)) {
    case 0:
    case 1:
      return pair(" + ");
    case 2:
      return pair(" - ");
    case 3:
    case 4:
      return pair("*");
    case 5:
      return pair("/");
    case 6:
      return power(depth);
    case 7:
    case 8:
    case 9:
    case 10:
    case 11:
      return call(depth);
    case 12:
      return choice(depth);
    case 13:
    case 14:
    case 15:
      return reduction(depth);
    case 16:
    case 17:
      return derivative(depth);
    case 18:
      return comprehension(depth);
    case 19:
    case 20:
      return own_function(depth);
    default:
      return "(-" + scalar(depth - 1) + ")";
  }
}

std::string Maker::power(int depth) {
  static constexpr const char* exponents[] = {"2", "3", "0", "-1", "0.5", "(1/3)", "-2", "1"};
  if (random_.chance(70)) return "(" + scalar(depth - 1) + ")^" + random_.pick(exponents);
  return "(abs(" + scalar(depth - 1) + ") + 0.1)^(" + scalar(depth - 1) + ")";
}

// Mostly where the row is smooth, which its range says; everywhere if that is the usual range.
std::string Maker::argument(const Range& range, int depth) {
  const Range usual;
  const std::string x = scalar(depth - 1);
  if ((range.low == usual.low && range.high == usual.high) || random_.chance(25)) return x;
  return "(" + shortest(range.low) + " + " + shortest(range.high - range.low) + "*sigmoid(" + x + "))";
}

std::string Maker::call(int depth, const std::string& only) {
  if (only.empty() && random_.chance(4))
    return "polygamma(" + std::to_string(random_.below(4)) + ", " + argument({0.2, 9}, depth) + ")";
  const Row& row = only.empty() ? *random_.pick(rows_) : *find_row(only);
  // The name of a function of one argument may be primed.
  const bool primed = row.arity == 1 && random_.chance(8);
  std::string text = std::string(row.info->name) + (primed ? "'" : "") + "(";
  for (int k = 0; k < row.arity; ++k) text += (k == 0 ? "" : ", ") + argument(row.info->range[k], depth);
  return text + ")";
}

std::string Maker::choice(int depth) {
  static constexpr const char* comparisons[] = {" < ", " <= ", " > ", " >= ", " == ", " != "};
  std::string condition = scalar(depth - 2) + random_.pick(comparisons) + scalar(depth - 2);
  if (random_.chance(20))
    condition = "(" + condition + ") " + random_.pick({"and", "or"}) + " not (" + scalar(depth - 2) + " < 0)";
  return "if(" + condition + ", " + scalar(depth - 1) + ", " + scalar(depth - 1) + ")";
}

std::string Maker::reduction(int depth) {
  static constexpr const char* any[] = {"sum",   "prod",    "mean",      "max",    "min",   "norm",
                                        "norm1", "norminf", "logsumexp", "argmax", "argmin"};
  const std::uint32_t n = size();
  switch (random_.below(7)) {
    case 0:
      return "dot(" + array({n, 1}, depth - 1) + ", " + array({n, 1}, depth - 1) + ")";
    case 1:
      return std::string(random_.pick({"trace", "det"})) + "(" + array({n, n}, depth - 1) + ")";
    case 2:
      return "logdet(" + invertible(n, depth - 1) + ")";
    case 3:
      return "cross_entropy(softmax(" + array({n, 1}, depth - 1) + "), softmax(" + array({n, 1}, depth - 2) + "))";
    case 4:
      return std::string(random_.pick({"max", "min"})) + "(" + scalar(depth - 1) + ", " + scalar(depth - 1) + ", " +
             scalar(depth - 1) + ")";
    default:
      return std::string(random_.pick(any)) + "(" + array(any_shape(), depth - 1) + ")";
  }
}

std::string Maker::derivative(int depth) {
  const auto [name, s] = array_input();
  const std::string at =
      "[" + index(static_cast<std::uint32_t>(s.size())) + ", " + index(static_cast<std::uint32_t>(s.size())) + "]";
  const std::string element = "[" +
                              (s.cols == 1 || s.rows == 1 ? index(static_cast<std::uint32_t>(s.size()))
                                                          : index(s.rows) + ", " + index(s.cols)) +
                              "]";
  switch (random_.below(9)) {
    case 0:
    case 1:
      return "diff(" + scalar(depth - 2) + ", " + scalar_input() +
             (random_.chance(30)   ? ", " + scalar_input()
              : random_.chance(20) ? ", 2"
                                   : "") +
             ")";
    case 2:
      return "grad(" + scalar(depth - 2) + ", " + name + ")" + element;
    case 3: {
      const std::uint32_t n = size();
      return "jacobian(" + array({n, 1}, depth - 2) + ", " + name + ")[" + index(n) + ", " +
             index(static_cast<std::uint32_t>(s.size())) + "]";
    }
    case 4:
      return "jvp(" + scalar(depth - 2) + ", x, " + scalar(depth - 2) +
             (random_.chance(30) ? ", z, " + scalar(depth - 3) : "") + ")";
    case 5:
      return "hessian(" + scalar(depth - 3) + ", " + name + ")" + at;
    case 6:
      return "diff(" + scalar(depth - 2) + ", " + name + element + ")";
    case 7:
      return "sum(vjp(" + array({2, 1}, depth - 2) + ", " + name + ", u))";
    default: {
      if (functions_.empty() || functions_.back().parameters != 1) return "diff(diff(" + scalar(depth - 3) + ", x), z)";
      return functions_.back().name + random_.pick({"'(", "''("}) + scalar(depth - 1) + ")";
    }
  }
}

std::string Maker::comprehension(int depth) {
  static constexpr const char* kinds[] = {"sum", "prod", "max", "min", "mean"};
  const bool two = random_.chance(30);
  const auto outer = std::exchange(scalars_, two ? std::vector<std::string>{"M[i, j]", "v[j]", "u[i]", "x", "i/j"}
                                                 : std::vector<std::string>{"v[i]", "w[i]", "A[i, 2]", "x", "i"});
  const std::string text =
      std::string(random_.pick(kinds)) + (two ? "(i in 1..2, j in 1..3, " : "(i in 1..3, ") + scalar(depth - 2) + ")";
  scalars_ = outer;
  return text;
}

std::string Maker::own_function(int depth) {
  if (functions_.empty()) return call(depth);
  const Function f = random_.pick(functions_);
  if (random_.chance(60))
    return f.name + "(" + scalar(depth - 1) + (f.parameters == 2 ? ", " + scalar(depth - 1) : "") + ")";
  return "iterate(" + f.name + ", " + scalar(depth - 1) + ", " + std::to_string(random_.below(4)) +
         (f.parameters == 2 ? ", " + scalar(depth - 1) : "") + ")";
}

}  // namespace wengert::fuzz
