// Shapes that do not fit: every operator and array function shows both shapes where they stand and suggests a
// repair that, put in the mistake's place, is accepted.
#include "asked.hpp"

using namespace wengert;
using namespace wengert::test;

namespace {

struct Mismatch {
  const char* mistake;
  const char* left;  // what is labelled with which shape
  const char* left_shape;
  const char* right;
  const char* right_shape;
  const char* repair;  // in the help, and to be accepted itself
};

const std::string names =
    "W = [[1, 2], [3, 4], [5, 6]]\nA = [[2, 1], [1, 3]]\nx = [1, 2, 3]\nz = [1, 2]\nr = [1, 2, 3]'\nw = [1, 2, 3, 4]\n";

constexpr Mismatch table[] = {
    {"W*x", "W", "3x2", "x", "3x1", "W'*x"},
    {"W*W", "W", "3x2", "W", "3x2", "W .* W"},
    {"W*W", "W", "3x2", "W", "3x2", "W'*W"},
    {"x*x", "x", "3x1", "x", "3x1", "x'*x"},
    {"x*x", "x", "3x1", "x", "3x1", "x*x'"},
    {"A*W", "A", "2x2", "W", "3x2", "A*W'"},
    {"x'*W'", "x'", "1x3", "W'", "2x3", "x'*W"},
    {"x*W'", "x", "3x1", "W'", "2x3", "W'*x"},
    {"W'*w", "W'", "2x3", "w", "4x1", "W'*w[1..3]"},
    {"x + z", "x", "3x1", "z", "2x1", "x[1..2] + z"},
    {"x + r", "x", "3x1", "r", "1x3", "x + r'"},
    {"x + x'", "x", "3x1", "x'", "1x3", "x + x"},
    {"W + x", "W", "3x2", "x", "3x1", ".+"},
    {"W - W'", "W", "3x2", "W'", "2x3", "W - W"},
    {"x .* z", "x", "3x1", "z", "2x1", "x[1..2] .* z"},
    {"W .* W'", "W", "3x2", "W'", "2x3", "W .* W"},
    {"W ./ r", "W", "3x2", "r", "1x3", "W ./ r'"},
    {"W .^ W'", "W", "3x2", "W'", "2x3", "W.^W"},
    {"W .+ z", "W", "3x2", "z", "2x1", "W .+ z'"},
    {"x < z", "x", "3x1", "z", "2x1", "x[1..2] < z"},
    {"W == W'", "W", "3x2", "W'", "2x3", "W == W"},
    {"x > 0 and z > 0", "x > 0", "3x1", "z > 0", "2x1", "(x > 0)[1..2] and (z > 0)"},
    {"1/x", "1", "scalar", "x", "3x1", "./"},
    {"x^z", "x", "3x1", "z", "2x1", ".^"},
    {"2^x", "2", "scalar", "x", "3x1", ".^"},
    {"hypot(x, z)", "x", "3x1", "z", "2x1", "hypot(x[1..2], z)"},
    {"atan2(x, r)", "x", "3x1", "r", "1x3", "atan2(x, r')"},
    {"max(x, r)", "x", "3x1", "r", "1x3", "max(x, r')"},
    {"if(x > 0, W, x)", "W", "3x2", "x", "3x1", ""},
    {"if(x > 0, x, r)", "x", "3x1", "r", "1x3", "if(x > 0, x, r')"},
    {"mod(W, W')", "W", "3x2", "W'", "2x3", "mod(W, W)"},
    {"xlogy(x, z)", "x", "3x1", "z", "2x1", "xlogy(x[1..2], z)"},
    {"dot(x, z)", "x", "3x1", "z", "2x1", "dot(x[1..2], z)"},
    {"dot(W, W)", "W", "3x2", "W", "3x2", "sum(W .* W)"},
    {"outer(W, x)", "W", "3x2", "x", "3x1", "kron(W, x)"},
    {"cross(z, z)", "z", "2x1", "z", "2x1", "z[1]*z[2] - z[2]*z[1]"},
    {"cross(x, z)", "x", "3x1", "z", "2x1", "outer(x, z)"},
    {"cross_entropy(x, z)", "x", "3x1", "z", "2x1", "cross_entropy(x[1..2], z)"},
    {"cross_entropy(softmax(W), W')", "softmax(W)", "3x2", "W'", "2x3", "cross_entropy(softmax(W), W)"},
    {"solve(A, x')", "A", "2x2", "x'", "1x3", ""},
    {"solve(A, W)", "A", "2x2", "W", "3x2", "solve(A, W')"},
    {"solve(W, x)", "W", "3x2", "x", "3x1", "solve(W'*W, W'*b)"},
    {"hcat(x, z)", "x", "3x1", "z", "2x1", "vcat(x, z)"},
    {"vcat(x, W)", "x", "3x1", "W", "3x2", "hcat(x, W)"},
    {"hcat(W, r)", "W", "3x2", "r", "1x3", "hcat(W, r')"},
};

constexpr Mismatch alone[] = {
    {"det(W)", "W", "3x2", "", "", "det(W'*W)"},
    {"logdet(W')", "W'", "2x3", "", "", "logdet(W'*W)"},
    {"trace(W)", "W", "3x2", "", "", "trace(W'*W)"},
    {"inv(W)", "W", "3x2", "", "", "solve(W'*W, W'*b)"},
    {"inv(W')", "W'", "2x3", "", "", "W*solve(W'*W, b)"},
    {"reshape(W, 2, 2)", "W", "3x2", "", "", "reshape(W, 2, 3)"},
    {"reshape(w, 3, 2)", "w", "4x1", "", "", "reshape(w, 2, 2)"},
};

bool labelled(Session& s, const Diagnostic& error, const std::string& text, const std::string& shape) {
  for (const Label& label : error.labels)
    if (std::string(s.sources().text(label.span)) == text && label.text == shape) return true;
  return false;
}

void check(const Mismatch& m) {
  CAPTURE(std::string(m.mistake));
  Session s;
  const Answered a = ask(s, names + m.mistake);
  REQUIRE(a.error);
  CAPTURE(a.error->message);
  CAPTURE(a.error->help);
  CHECK(a.error->kind == Kind::shape);
  CHECK(labelled(s, *a.error, m.left, m.left_shape));
  if (*m.right != '\0') CHECK(labelled(s, *a.error, m.right, m.right_shape));
  const std::string repair = m.repair;
  CHECK(a.error->help.find(repair) != std::string::npos);
  // An expression is a repair if it works (b is the user's right side of a linear system).
  if (repair.size() > 2) {
    const Answered again = ask(names + "b = " + (std::string(m.mistake) == "inv(W')" ? "z" : "x") + "\n" + repair);
    CHECK_MESSAGE(!again.error, (again.error ? again.error->message : std::string()));
  }
}

}  // namespace

TEST_CASE("a shape mistake shows both shapes and a repair that works") {
  for (const Mismatch& m : table) check(m);
}

TEST_CASE("a matrix of the wrong shape is shown with a repair that works") {
  for (const Mismatch& m : alone) check(m);
}
