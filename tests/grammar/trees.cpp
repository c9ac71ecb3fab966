#include <doctest/doctest.h>

#include <string_view>

#include "dump.hpp"

namespace wengert {

namespace {

struct Row {
  std::string_view text, tree;
};

template <std::size_t n>
void check(const Row (&rows)[n]) {
  for (const Row& row : rows) {
    CAPTURE(row.text);
    CHECK(test::dump(row.text) == row.tree);
  }
}

}  // namespace

TEST_CASE("operators bind as tightly as the reference says") {
  const Row rows[] = {
      {"a + b*c", "(+ a (* b c))"},
      {"a*b + c", "(+ (* a b) c)"},
      {"a - b - c", "(- (- a b) c)"},
      {"a/b/c*d", "(* (/ (/ a b) c) d)"},
      {"a^b^c", "(^ a (^ b c))"},
      {"a.^b^c", "(.^ a (^ b c))"},
      {"a^b.^c", "(^ a (.^ b c))"},
      {"a**b", "(^ a b)"},
      {"a ** b ** c", "(^ a (^ b c))"},
      {"-x^2", "(neg (^ x 2))"},
      {"(-x)^2", "(^ (neg x) 2)"},
      {"2^-x", "(^ 2 (neg x))"},
      {"e^-z", "(^ e (neg z))"},
      {"2^-x^y", "(^ 2 (neg (^ x y)))"},
      {"2^-x*y", "(* (^ 2 (neg x)) y)"},
      {"2^+-x", "(^ 2 (pos (neg x)))"},
      {"-x*y", "(* (neg x) y)"},
      {"a*-b", "(* a (neg b))"},
      {"a - -b", "(- a (neg b))"},
      {"a--b", "(- a (neg b))"},
      {"--x", "(neg (neg x))"},
      {"+x", "(pos x)"},
      {"a .+ b .- c", "(.- (.+ a b) c)"},
      {"a .* b ./ c + d", "(+ (./ (.* a b) c) d)"},
      {"a*b .* c", "(.* (* a b) c)"},
      {"a < b + 1", "(< a (+ b 1))"},
      {"a <= b", "(<= a b)"},
      {"a > b", "(> a b)"},
      {"a >= b", "(>= a b)"},
      {"a == b", "(== a b)"},
      {"a != b", "(!= a b)"},
      {"not a < b", "(not (< a b))"},
      {"not not a", "(not (not a))"},
      {"not a and b", "(and (not a) b)"},
      {"a and not b", "(and a (not b))"},
      {"a or b and c", "(or a (and b c))"},
      {"a and b or c", "(or (and a b) c)"},
      {"a or b or c", "(or (or a b) c)"},
      {"a < b and b < c", "(and (< a b) (< b c))"},
      {"(a < b) < c", "(< (< a b) c)"},
      {"not (a or b)", "(not (or a b))"},
      {"android or orange", "(or android orange)"},
      {"notx", "notx"},
      {"not(x)", "(not x)"},
      {"a and(b)", "(and a b)"},
  };
  check(rows);
}

TEST_CASE("a prime transposes, except directly between a function and its bracket") {
  const Row rows[] = {
      {"x'", "(' x)"},
      {"x''", "(' (' x))"},
      {"x '", "(' x)"},
      {"x'*y", "(* (' x) y)"},
      {"-x'", "(neg (' x))"},
      {"x^y'", "(^ x (' y))"},
      {"x'^2", "(^ (' x) 2)"},
      {"(x + y)'", "(' (+ x y))"},
      {"f'(x)", "(f'() x)"},
      {"f''(x)", "(f''() x)"},
      {"f'''(x)", "(f'''() x)"},
      {"f(x)'", "(' (f() x))"},
      {"f'(x)'", "(' (f'() x))"},
      {"x'[1]", "(at (' x) 1)"},
      {"x[1]'", "(' (at x 1))"},
      {"[1, 2]'", "(' (list 1 2))"},
      {"u'(x)*v(x)", "(* (u'() x) (v() x))"},
  };
  check(rows);
}

TEST_CASE("a name followed by a bracket is a call, with blanks between or not") {
  const Row rows[] = {
      {"sin(x)", "(sin() x)"},
      {"sin (x)", "(sin() x)"},
      {"f()", "(f())"},
      {"f( )", "(f())"},
      {"atan2(y, x)", "(atan2() y x)"},
      {"f(g(h(x)))", "(f() (g() (h() x)))"},
      {"if(x > 0, x, -x)", "(if() (> x 0) x (neg x))"},
      {"beta*beta(a, b)", "(* beta (beta() a b))"},
      {"iterate(f, u0, 10, k)", "(iterate() f u0 10 k)"},
      {"sin\n(x)", "sin x"},
  };
  check(rows);
}

TEST_CASE("lists, indices and ranges keep their parts in order") {
  const Row rows[] = {
      {"[x]", "(list x)"},
      {"[a, b, c]", "(list a b c)"},
      {"[[a, b], [c, d]]", "(list (list a b) (list c d))"},
      {"x[i]", "(at x i)"},
      {"x [i]", "(at x i)"},
      {"W[i, j]", "(at W i j)"},
      {"W[i, :]", "(at W i :)"},
      {"W[:, j]", "(at W : j)"},
      {"W[:,:]", "(at W : :)"},
      {"x[2..n]", "(at x (.. 2 n))"},
      {"x[1..n+1]", "(at x (.. 1 (+ n 1)))"},
      {"x[-1 + 2 .. n]", "(at x (.. (+ (neg 1) 2) n))"},
      {"x[end]", "(at x end)"},
      {"x[end - 1]", "(at x (- end 1))"},
      {"x[2..end]", "(at x (.. 2 end))"},
      {"x[max(end, 2)]", "(at x (max() end 2))"},
      {"x[[1, end][2]]", "(at x (at (list 1 end) 2))"},
      {"x[1][2]", "(at (at x 1) 2)"},
      {"f(x)[1]", "(at (f() x) 1)"},
      {"[1, 2][1]", "(at (list 1 2) 1)"},
      {"(a + b)[1]", "(at (+ a b) 1)"},
      {"2[1]", "(at 2 1)"},
      {"x[y[1..2]]", "(at x (at y (.. 1 2)))"},
      {"-x[1]^2", "(neg (^ (at x 1) 2))"},
  };
  check(rows);
}

TEST_CASE("an index runs over a range in comprehensions and in sums") {
  const Row rows[] = {
      {"[i^2 for i in 1..n]", "(for (in i 1 n) (^ i 2))"},
      {"[i*j for i in 1..m, j in 1..n]", "(for (in i 1 m) (in j 1 n) (* i j))"},
      {"[[j for j in 1..i] for i in 1..3]", "(for (in i 1 3) (for (in j 1 i) j))"},
      {"sum(i in 1..n, x[i])", "(sum() (in i 1 n) (at x i))"},
      {"sum(i in 1..m, j in 1..n, x)", "(sum() (in i 1 m) (in j 1 n) x)"},
      {"prod(i in 2 .. n - 1, i)", "(prod() (in i 2 (- n 1)) i)"},
      {"max(i in 1..3, min(j in 1..3, i*j))", "(max() (in i 1 3) (min() (in j 1 3) (* i j)))"},
      {"mean(i in 1..sum(j in 1..2, j), i)", "(mean() (in i 1 (sum() (in j 1 2) j)) i)"},
      {"sum(i in x[1..2][1]..3, i)", "(sum() (in i (at (at x (.. 1 2)) 1) 3) i)"},
      {"x[sum(i in 1..end, i)]", "(at x (sum() (in i 1 end) i))"},
      {"sum(index)", "(sum() index)"},
      {"[form for form in 1..2]", "(for (in form 1 2) form)"},
  };
  check(rows);
}

TEST_CASE("numbers are read as they are written") {
  const Row rows[] = {
      {"1", "1"},
      {"2.5", "2.5r"},
      {".5", "0.5r"},
      {"1e3", "1000r"},
      {"1e-3", "0.001r"},
      {"1E+2", "100r"},
      {".5e1", "5r"},
      {"007", "7"},
      {"1./v", "(./ 1 v)"},
      {"1.*v", "(.* 1 v)"},
      {"1.^2", "(.^ 1 2)"},
      {"1.+2", "(.+ 1 2)"},
      {"1.-2", "(.- 1 2)"},
      {"2.5.*x", "(.* 2.5r x)"},
      {"x*.5", "(* x 0.5r)"},
      {"x.*.5", "(.* x 0.5r)"},
      {"x[1..n]", "(at x (.. 1 n))"},
      {"x[1...5]", "(at x (.. 1 0.5r))"},
      {"x[1.5..2]", "(at x (.. 1.5r 2))"},
      {"e1", "e1"},
      {"1e5", "100000r"},
      {"0", "0"},
      {"0.0", "0r"},
      {"0e999", "0r"},
      {"9007199254740992", "9007199254740992"},
      {"9007199254740993", "9007199254740992r"},  // not a double: no exact integer
      {"100000000000000000000", "1e+20"},
      {"123456789012345678901234567890", "1.2345678901234568e+29r"},
      {"0.1", "0.1r"},
      {"4.9e-324", "5e-324r"},
      {"1.7976931348623157e308", "1.7976931348623157e+308r"},
  };
  check(rows);
}

TEST_CASE("statements are told apart by what they begin with and by their equals sign") {
  const Row rows[] = {
      {"input x", "(input x)"},
      {"input x, W[3,2], b[3]", "(input x W[3 2] b[3])"},
      {"input W[n + 1, 2*n]", "(input W[(+ n 1) (* 2 n)])"},
      {"inputs = 2", "(= inputs 2)"},
      {"x = 2", "(= x 2)"},
      {"x == 2", "(== x 2)"},
      {"x=2", "(= x 2)"},
      {"x==2", "(== x 2)"},
      {"const k = 8.314", "(const k 8.314r)"},
      {"constant = 1", "(= constant 1)"},
      {"f(u, v) = u^2 + sin(v)", "(def f (u v) (+ (^ u 2) (sin() v)))"},
      {"f (u) = u", "(def f (u) u)"},
      {"f(u) == 2", "(== (f() u) 2)"},
      {"function u, v", "(function u v)"},
      {"functional = 3", "(= functional 3)"},
      {"w := w - 1", "(:= w (- w 1))"},
      {"W, b := W - r*grad(L, W), b", "(:= W b (- W (* r (grad() L W))) b)"},
      {"repeat 100 { w := w - 1 }", "(repeat 100 (:= w (- w 1)))"},
      {"repeat 2 { a; b }", "(repeat 2 a; b)"},
      {"repeat 2 {\n a\n\n b\n}", "(repeat 2 a b)"},
      {"repeat 2 {}", "(repeat 2)"},
      {"repeat n + 1 { repeat 2 { x } }", "(repeat (+ n 1) (repeat 2 x))"},
      {"repeat 2 { a } b", "(repeat 2 a) b"},
      {"repeat 2 { a };", "(repeat 2 a);"},
      {"repeats = 2", "(= repeats 2)"},
      {"exp(x*z)", "(exp() (* x z))"},
      {"pi = 3", "(= pi 3)"},
  };
  check(rows);
}

TEST_CASE("a statement ends with its line, and a line goes on behind an operator, a comma and in brackets") {
  const Row rows[] = {
      {"", ""},
      {"\n\n", ""},
      {"# only a comment", ""},
      {" \t\r\n", ""},
      {";;", ""},
      {"a\nb", "a b"},
      {"a\r\nb\r\n", "a b"},
      {"a;b", "a; b"},
      {"a;", "a;"},
      {"a;\n\n;b", "a; b"},
      {"a # b\nc", "a c"},
      {"a#b", "a"},
      {"a +\nb", "(+ a b)"},
      {"a + # why\n\n  # and how\nb", "(+ a b)"},
      {"a\n+ b", "a (pos b)"},
      {"a and\nb", "(and a b)"},
      {"a ==\nb", "(== a b)"},
      {"not\na", "(not a)"},
      {"a*-\nb", "(* a (neg b))"},
      {"(a\n+ b\n)", "(+ a b)"},
      {"f(a,\nb # c\n)", "(f() a b)"},
      {"[a\n,\nb]", "(list a b)"},
      {"x[\n1\n]", "(at x 1)"},
      {"input a,\nb", "(input a b)"},
      {"a, b := 1,\n2", "(:= a b 1 2)"},
      {"repeat 2 {\nf(\nx\n)\ny\n}", "(repeat 2 (f() x) y)"},
      {"x'\ny", "(' x) y"},
      {"[sin\n(x)]", "(list (sin() x))"},
      {"\xef\xbb\xbfx", "x"},              // a byte-order mark
      {"x\xc2\xa0+\xc2\xa0y", "(+ x y)"},  // no-break spaces
  };
  check(rows);
}

TEST_CASE("names are made of letters of any script and are compared in their composed form") {
  const Row rows[] = {
      {"σ + β", "(+ σ β)"},
      {"σ(x)", "(σ() x)"},
      {"é + e\xcc\x81", "(+ é é)"},
      {"Å - \xe2\x84\xab", "(- Å Å)"},  // the sign for the unit is the letter
      {"x_1 + _y", "(+ x_1 _y)"},
      {"x₁ + x₂", "(+ x₁ x₂)"},
      {"λ' * x", "(* (' λ) x)"},
      {"变量 = 3", "(= 变量 3)"},
      {"a1b2", "a1b2"},
      {"ﬁ", "ﬁ"},  // compatibility forms stay what they are
  };
  check(rows);
}

}  // namespace wengert
