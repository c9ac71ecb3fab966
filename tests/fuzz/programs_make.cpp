#include <utility>

#include "programs.hpp"
#include "random.hpp"
#include "wengert/print/text.hpp"

namespace wengert::fuzz {

namespace {

constexpr std::uint32_t n = 3;  // of every vector; matrices are n x n

class Maker {
 public:
  Maker(std::uint64_t seed, std::size_t size) : random_(seed), left_(static_cast<int>(size)) {}

  Made make() {
    Made made;
    give_values(made);
    const std::size_t before = random_.below(4);
    for (std::size_t k = 0; k < before; ++k) made.text += statement(k) + "\n";
    made.text += random_.chance(75) ? scalar(5) : random_.chance(70) ? vector(4) : matrix(3);
    return made;
  }

 private:
  // Ordinary numbers, and sometimes those at which something happens.
  double number() {
    static constexpr double special[] = {0, 0, 1, -1, 0.5, 2, 1e-8, -1e-8, 1e8, 3};
    return random_.chance(25) ? random_.pick(special) : random_.between(-2.5, 2.5);
  }
  void give_values(Made& made) {
    for (const char* name : {"x", "z", "t"}) made.values[name] = {{1, 1}, {number()}};
    for (const char* name : {"v", "w"}) made.values[name] = array({n, 1});
    for (const char* name : {"A", "B"}) made.values[name] = array({n, n});
    // A tie now and then.
    if (random_.chance(15)) made.values["z"] = made.values["x"];
  }
  Value array(Shape shape) {
    Value value{shape, {}};
    for (std::uint64_t k = 0; k < shape.size(); ++k) value.numbers.push_back(number());
    return value;
  }

  std::string statement(std::size_t k) {
    const std::string index = std::to_string(k + 1);
    switch (random_.below(4)) {
      case 0: {
        const std::string text = "a" + index + " = " + scalar(3);
        scalars_.push_back("a" + index);
        return text;
      }
      case 1: {
        const std::string text = "b" + index + " = " + vector(3);
        vectors_.push_back("b" + index);
        return text;
      }
      case 2: {
        const auto outer = std::exchange(scalars_, {"p", "p", "x"});
        const std::string text = "f" + index + "(p) = " + scalar(3);
        scalars_ = outer;
        functions_.push_back("f" + index);
        return text;
      }
      default: {
        const std::string text = "C" + index + " = " + matrix(2);
        matrices_.push_back("C" + index);
        return text;
      }
    }
  }

  std::string literal() {
    static constexpr const char* some[] = {"0",  "1",    "2",   "3",  "0.5", "1/3", "0.1",
                                           "10", "1e-3", "2.5", "pi", "-1",  "e"};
    return random_.pick(some);
  }
  std::string index() { return std::to_string(1 + random_.below(n)); }
  bool leaf(int depth) { return depth <= 0 || --left_ <= 0; }

  std::string scalar_leaf() {
    switch (random_.below(8)) {
      case 0:
        return literal();
      case 1:
        return random_.pick(vectors_) + "[" + index() + "]";
      case 2:
        return random_.pick(matrices_) + "[" + index() + ", " + index() + "]";
      default:
        return random_.pick(scalars_);
    }
  }

  std::string scalar(int depth) {
    if (leaf(depth)) return scalar_leaf();
    switch (random_.below(20)) {
      case 0:
      case 1:
        return "(" + scalar(depth - 1) + " + " + scalar(depth - 1) + ")";
      case 2:
        return "(" + scalar(depth - 1) + " - " + scalar(depth - 1) + ")";
      case 3:
      case 4:
        return "(" + scalar(depth - 1) + "*" + scalar(depth - 1) + ")";
      case 5:
        return "(" + scalar(depth - 1) + "/" + scalar(depth - 1) + ")";
      case 6:
        return power(depth);
      case 7:
      case 8:
      case 9:
        return call(depth);
      case 10:
        return two_arguments(depth);
      case 11:
        return choice(depth);
      case 12:
      case 13:
        return reduction(depth);
      case 14:
        return derivative(depth);
      case 15:
        return comprehension(depth);
      case 16:
        return functions_.empty() ? "-" + scalar_leaf() : random_.pick(functions_) + "(" + scalar(depth - 1) + ")";
      case 17:
        return "dot(" + vector(depth - 1) + ", " + vector(depth - 1) + ")";
      case 18:
        return functions_.empty() ? scalar_leaf()
                                  : "iterate(" + random_.pick(functions_) + ", " + scalar(depth - 1) + ", " +
                                        std::to_string(1 + random_.below(3)) + ")";
      default:
        return "(-" + scalar(depth - 1) + ")";
    }
  }
  std::string power(int depth) {
    static constexpr const char* exponents[] = {"2", "3", "0", "-1", "0.5", "(1/3)", "-2", "1"};
    if (random_.chance(70)) return "(" + scalar(depth - 1) + ")^" + random_.pick(exponents);
    return "(abs(" + scalar(depth - 1) + ") + 0.1)^(" + scalar(depth - 1) + ")";
  }
  std::string call(int depth) {
    static constexpr const char* smooth[] = {"sin",      "cos",  "exp",  "tanh",     "atan", "sigmoid",
                                             "softplus", "sinh", "cosh", "asinh",    "erf",  "erfc",
                                             "expm1",    "silu", "gelu", "softsign", "tan",  "sec"};
    static constexpr const char* kinked[] = {"abs",   "relu", "sign", "floor",     "ceil",
                                             "round", "step", "elu",  "leaky_relu"};
    static constexpr const char* domains[] = {"log",  "sqrt",  "log1p",  "asin", "acos",  "acosh",  "atanh",
                                              "log2", "log10", "lgamma", "cbrt", "logit", "digamma"};
    if (random_.chance(60)) return std::string(random_.pick(smooth)) + "(" + scalar(depth - 1) + ")";
    if (random_.chance(50)) return std::string(random_.pick(kinked)) + "(" + scalar(depth - 1) + ")";
    // Mostly inside the domain.
    const std::string name = random_.pick(domains);
    if (random_.chance(25)) return name + "(" + scalar(depth - 1) + ")";
    if (name == "asin" || name == "acos" || name == "atanh") return name + "(tanh(" + scalar(depth - 1) + "))";
    if (name == "logit") return "logit(sigmoid(" + scalar(depth - 1) + "))";
    return name + "(1.5 + (" + scalar(depth - 1) + ")^2)";
  }
  std::string two_arguments(int depth) {
    static constexpr const char* names[] = {"max", "min", "atan2", "hypot", "mod", "xlogy", "hinge", "pow"};
    const std::string name = random_.pick(names);
    const std::string second =
        name == "mod" || name == "xlogy" ? "(abs(" + scalar(depth - 1) + ") + 1)" : scalar(depth - 1);
    return name + "(" + scalar(depth - 1) + ", " + second + ")";
  }
  std::string choice(int depth) {
    static constexpr const char* comparisons[] = {" < ", " <= ", " > ", " >= ", " == ", " != "};
    return "if(" + scalar(depth - 2) + random_.pick(comparisons) + scalar(depth - 2) + ", " + scalar(depth - 1) + ", " +
           scalar(depth - 1) + ")";
  }
  std::string reduction(int depth) {
    static constexpr const char* of_vectors[] = {"sum",  "prod",  "mean",    "max",      "min",
                                                 "norm", "norm1", "norminf", "logsumexp"};
    static constexpr const char* of_matrices[] = {"sum", "trace", "det", "norm", "mean", "max"};
    if (random_.chance(70)) return std::string(random_.pick(of_vectors)) + "(" + vector(depth - 1) + ")";
    return std::string(random_.pick(of_matrices)) + "(" + matrix(depth - 2) + ")";
  }
  std::string derivative(int depth) {
    static constexpr const char* by[] = {"x", "z", "t"};
    switch (random_.below(5)) {
      case 0:
        return "diff(" + scalar(depth - 2) + ", " + random_.pick(by) + ")";
      case 1:
        return "grad(" + scalar(depth - 2) + ", v)[" + index() + "]";
      case 2:
        return "jacobian(" + vector(depth - 2) + ", v)[" + index() + ", " + index() + "]";
      case 3:
        return "jvp(" + scalar(depth - 2) + ", x, " + scalar(depth - 2) + ")";
      default:
        return "hessian(" + scalar(depth - 3) + ", w)[" + index() + ", " + index() + "]";
    }
  }
  std::string comprehension(int depth) {
    static constexpr const char* kinds[] = {"sum", "prod", "max", "mean"};
    const auto outer = std::exchange(scalars_, {"v[i]", "w[i]", "A[i, 2]", "x", "i"});
    const std::string text = std::string(random_.pick(kinds)) + "(i in 1..3, " + scalar(depth - 2) + ")";
    scalars_ = outer;
    return text;
  }

  std::string vector(int depth) {
    if (leaf(depth)) return random_.pick(vectors_);
    switch (random_.below(12)) {
      case 0:
        return "(" + vector(depth - 1) + " + " + vector(depth - 1) + ")";
      case 1:
        return "(" + vector(depth - 1) + " .* " + vector(depth - 1) + ")";
      case 2:
        return "(" + matrix(depth - 1) + "*" + vector(depth - 1) + ")";
      case 3:
        return "(" + scalar(depth - 1) + "*" + vector(depth - 1) + ")";
      case 4:
        return call_on_vector(depth);
      case 5:
        return "[" + scalar(depth - 1) + ", " + scalar(depth - 1) + ", " + scalar(depth - 1) + "]";
      case 6:
        return "softmax(" + vector(depth - 1) + ")";
      case 7:
        return "cross(" + vector(depth - 1) + ", " + vector(depth - 1) + ")";
      case 8:
        return "cumsum(" + vector(depth - 1) + ")";
      case 9:
        return matrix(depth - 1) + "[:, " + index() + "]";
      case 10:
        return "solve(" + matrix(depth - 2) + " + 5*eye(3), " + vector(depth - 1) + ")";
      default:
        return "if(" + vector(depth - 2) + " > 0, " + vector(depth - 1) + ", " + vector(depth - 1) + ")";
    }
  }
  std::string call_on_vector(int depth) {
    static constexpr const char* names[] = {"sin",     "exp",         "tanh",     "relu", "abs",
                                            "sigmoid", "log_softmax", "softplus", "step"};
    return std::string(random_.pick(names)) + "(" + vector(depth - 1) + ")";
  }

  std::string matrix(int depth) {
    if (leaf(depth)) return random_.pick(matrices_);
    switch (random_.below(8)) {
      case 0:
        return "(" + matrix(depth - 1) + " + " + matrix(depth - 1) + ")";
      case 1:
        return "(" + matrix(depth - 1) + "*" + matrix(depth - 1) + ")";
      case 2:
        return matrix(depth - 1) + "'";
      case 3:
        return "outer(" + vector(depth - 1) + ", " + vector(depth - 1) + ")";
      case 4:
        return "(" + matrix(depth - 1) + " .* " + matrix(depth - 1) + ")";
      case 5:
        return "diag(" + vector(depth - 1) + ")";
      case 6:
        return "inv(" + matrix(depth - 2) + " + 5*eye(3))";
      default:
        return "tanh(" + matrix(depth - 1) + ")";
    }
  }

  Random random_;
  int left_;
  std::vector<std::string> scalars_{"x", "z", "t"}, vectors_{"v", "w"}, matrices_{"A", "B"}, functions_;
};

}  // namespace

Made make_program(std::uint64_t seed, std::size_t size) { return Maker(seed, size).make(); }

}  // namespace wengert::fuzz
