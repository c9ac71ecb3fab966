// Rows: arithmetic, powers, comparisons and the choice between two values.
#pragma once
#include "wengert/rules/vocabulary.hpp"

namespace wengert {

struct XLogY;
template <Base T> T xlogy(const T& a, const T& b) { return a == T(0.0) ? T(0.0) : T(a * log(b)); }
template <Lifted T> T xlogy(const T& a, const T& b) { return Lift<T>::template call<XLogY>(a, b); }

struct Add : Elementwise<2> {
  static constexpr Info info{.name = "+", .help = "sum", .cost = Cost::add, .rule = "sum rule", .notation = Notation::infix, .c = "$a + $b"};
  static auto value(const auto& a, const auto& b) { return a + b; }
  static auto d0(const auto& y, const auto&, const auto&) { return like(y, 1.0); }
  static auto d1(const auto& y, const auto&, const auto&) { return like(y, 1.0); }
  static void pull(const auto& g, const auto&, const auto&, const auto&, auto& sink) { sink.add(0, g); sink.add(1, g); }
  template <class T> static T push(const T&, const T&, const T&, const T& da, const T& db) { return da + db; }
};

struct Sub : Elementwise<2> {
  static constexpr Info info{.name = "-", .help = "difference", .cost = Cost::add, .rule = "difference rule", .notation = Notation::infix, .c = "$a - $b"};
  static auto value(const auto& a, const auto& b) { return a - b; }
  static auto d0(const auto& y, const auto&, const auto&) { return like(y, 1.0); }
  static auto d1(const auto& y, const auto&, const auto&) { return like(y, -1.0); }
  static void pull(const auto& g, const auto&, const auto&, const auto&, auto& sink) { sink.add(0, g); if (sink.active(1)) sink.add(1, -g); }
  template <class T> static T push(const T&, const T&, const T&, const T& da, const T& db) { return da - db; }
};

struct Neg : Elementwise<1> {
  static constexpr Info info{.name = "-", .help = "negation", .cost = Cost::free, .rule = "constant factor", .notation = Notation::prefix, .c = "-$a"};
  static auto value(const auto& x) { return -x; }
  static auto d0(const auto& y, const auto&) { return like(y, -1.0); }
  static void pull(const auto& g, const auto&, const auto&, auto& sink) { sink.add(0, -g); }
  template <class T> static T push(const T&, const T&, const T& dx) { return -dx; }
};

struct Mul : Elementwise<2> {
  static constexpr Info info{.name = "*", .help = "product, element by element", .cost = Cost::mul, .rule = "product rule", .notation = Notation::infix, .c = "$a * $b"};
  static auto value(const auto& a, const auto& b) { return a * b; }
  static auto d0(const auto&, const auto&, const auto& b) { return b; }
  static auto d1(const auto&, const auto& a, const auto&) { return a; }
};

// The sweeps' product as an operation, so that a derivative written as an expression keeps it. The sign
// of a 0 that annihilates is not specified.
struct StrongMul : Elementwise<2> {
  static constexpr Info info{.name = "*", .help = "product that is 0 where a factor is 0", .cost = Cost::mul, .rule = "product rule", .notation = Notation::infix, .language = false, .c = "wg_strong($a, $b)"};
  static auto value(const auto& a, const auto& b) { return annihilate(a, b); }
  static auto d0(const auto&, const auto&, const auto& b) { return b; }
  static auto d1(const auto&, const auto& a, const auto&) { return a; }
};

struct Div : Elementwise<2> {
  static constexpr Info info{.name = "/", .help = "quotient, element by element", .range = {{-4, 4}, {0.25, 4}}, .cost = Cost::div, .rule = "quotient rule", .notation = Notation::infix, .c = "$a / $b"};
  static auto value(const auto& a, const auto& b) { return a / b; }
  static auto d0(const auto&, const auto&, const auto& b) { return 1.0 / b; }
  static auto d1(const auto& y, const auto&, const auto& b) { return -y / b; }
  static void pull(const auto& g, const auto& y, const auto&, const auto& b, auto& sink) {
    const auto t = annihilate_quotient(g, b);
    sink.add(0, t);
    if (!sink.active(1)) return;
    // Where b is infinite t is 0, and t*y would hide a quotient that is NaN.
    sink.add(1, -(surely_finite(y) ? annihilate(t, y) : annihilate(g, y / b)));
  }
};

struct Pow : Elementwise<2> {
  static constexpr Info info{.name = "^", .help = "power; 0^0 = 1", .range = {{0.25, 4}, {-3, 3}}, .ratio = 9, .rule = "power rule", .notation = Notation::infix, .c = "pow($a, $b)"};
  static auto value(const auto& x, const auto& y) { return power(x, y); }
  // y - 1 loses the last digits of a small y, and x^(y - 1) loses them by log(x): there it is x^y/x.
  static auto d0(const auto& p, const auto& x, const auto& y) {
    const auto below = power(x, y - like(y, 1.0));
    const auto quotient = select(equal_to(x, like(x, 0.0)), below, p / x);
    const auto near = select(less(like(y, -0.5), y), select(less(y, like(y, 0.5)), quotient, below), below);
    return annihilate(y, near);  // 0 at y = 0, and still a function of y there
  }
  static auto d1(const auto& p, const auto& x, const auto&) { return xlogy(p, x); }
  static auto shown0(const auto&, const auto& x, const auto& y) { return y * power(x, y - like(y, 1.0)); }
  static auto shown1(const auto& p, const auto& x, const auto&) { return p * log(x); }
};

// --- comparisons: 0 or 1, with derivative 0

struct Comparison : Elementwise<2> {
  static constexpr unsigned differentiable = 0;
  static bool kink(double a, double b) { return a == b; }
  static constexpr std::string_view convention = "a comparison has derivative 0";
};

struct Less : Comparison {
  static constexpr Info info{.name = "<", .help = "1 where a < b, else 0", .cost = Cost::free, .rule = "piecewise constant", .convention = convention, .latex = "<", .notation = Notation::infix, .c = "($a < $b ? 1.0 : 0.0)"};
  static auto value(const auto& a, const auto& b) { return less(a, b); }
};
struct LessEqual : Comparison {
  static constexpr Info info{.name = "<=", .help = "1 where a <= b, else 0", .cost = Cost::free, .rule = "piecewise constant", .convention = convention, .latex = "\\le", .notation = Notation::infix, .c = "($a <= $b ? 1.0 : 0.0)"};
  static auto value(const auto& a, const auto& b) { return less_equal(a, b); }
};
struct Greater : Comparison {
  static constexpr Info info{.name = ">", .help = "1 where a > b, else 0", .cost = Cost::free, .rule = "piecewise constant", .convention = convention, .latex = ">", .notation = Notation::infix, .c = "($a > $b ? 1.0 : 0.0)"};
  static auto value(const auto& a, const auto& b) { return less(b, a); }
};
struct GreaterEqual : Comparison {
  static constexpr Info info{.name = ">=", .help = "1 where a >= b, else 0", .cost = Cost::free, .rule = "piecewise constant", .convention = convention, .latex = "\\ge", .notation = Notation::infix, .c = "($a >= $b ? 1.0 : 0.0)"};
  static auto value(const auto& a, const auto& b) { return less_equal(b, a); }
};
struct Equal : Comparison {
  static constexpr Info info{.name = "==", .help = "1 where a equals b, else 0", .cost = Cost::free, .rule = "piecewise constant", .convention = convention, .latex = "=", .notation = Notation::infix, .c = "($a == $b ? 1.0 : 0.0)"};
  static auto value(const auto& a, const auto& b) { return equal_to(a, b); }
};
struct NotEqual : Comparison {
  static constexpr Info info{.name = "!=", .help = "1 where a differs from b, else 0", .cost = Cost::free, .rule = "piecewise constant", .convention = convention, .latex = "\\ne", .notation = Notation::infix, .c = "($a == $b ? 0.0 : 1.0)"};
  static auto value(const auto& a, const auto& b) { return decltype(equal_to(a, b))(1.0) - equal_to(a, b); }
};

struct Logical : Comparison {
  static bool kink(double, double) { return false; }
};
struct And : Logical {
  static constexpr Info info{.name = "and", .help = "1 where both are not 0", .cost = Cost::free, .rule = "piecewise constant", .latex = "\\land", .notation = Notation::infix, .c = "(wg_true($a) && wg_true($b) ? 1.0 : 0.0)"};
  template <Base T> static T value(const T& a, const T& b) { return T(truth(a) && truth(b) ? 1.0 : 0.0); }
};
struct Or : Logical {
  static constexpr Info info{.name = "or", .help = "1 where one is not 0", .cost = Cost::free, .rule = "piecewise constant", .latex = "\\lor", .notation = Notation::infix, .c = "(wg_true($a) || wg_true($b) ? 1.0 : 0.0)"};
  template <Base T> static T value(const T& a, const T& b) { return T(truth(a) || truth(b) ? 1.0 : 0.0); }
};
struct Not : Elementwise<1> {
  static constexpr Info info{.name = "not", .help = "1 where x is 0", .cost = Cost::free, .rule = "piecewise constant", .latex = "\\lnot", .notation = Notation::prefix, .c = "(wg_true($a) ? 0.0 : 1.0)"};
  template <Base T> static T value(const T& x) { return T(truth(x) ? 0.0 : 1.0); }
  static constexpr unsigned differentiable = 0;
};

// The chosen branch alone counts: the other one's adjoint is 0, and 0 annihilates whatever is there.
struct Select : Elementwise<3> {
  static constexpr Info info{.name = "if", .help = "if(c, a, b): a where c is not 0, else b", .cost = Cost::free, .rule = "branch", .convention = "the chosen branch's derivative", .notation = Notation::special, .c = "(wg_true($a) ? $b : $c)"};
  static auto value(const auto& c, const auto& a, const auto& b) { return select(c, a, b); }
  static constexpr unsigned differentiable = 0b110;
  static auto d1(const auto& y, const auto& c, const auto&, const auto&) { return select(c, like(y, 1.0), like(y, 0.0)); }
  static auto d2(const auto& y, const auto& c, const auto&, const auto&) { return select(c, like(y, 0.0), like(y, 1.0)); }
  static void pull(const auto& g, const auto&, const auto& c, const auto&, const auto&, auto& sink) {
    if (sink.active(1)) sink.add(1, select(c, g, like(g, 0.0)));
    if (sink.active(2)) sink.add(2, select(c, like(g, 0.0), g));
  }
  template <class T> static T push(const T&, const T& c, const T&, const T&, const T&, const T& da, const T& db) { return select(c, da, db); }
};

using ArithmeticRows = Rows<Add, Sub, Neg, Mul, StrongMul, Div, Pow, Less, LessEqual, Greater, GreaterEqual, Equal,
                            NotEqual, And, Or, Not, Select>;

}  // namespace wengert
