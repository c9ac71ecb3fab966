// What a row of the table of primitives is, and the vocabulary that rows are written in.
//
// A row is a struct that states a primitive once, generic in the type of number:
//
//   struct Sin : Elementwise<1> {
//     static constexpr Info info{.name = "sin", .help = "sine of x (radians)", .rule = "sine rule"};
//     static auto value(const auto& x) { return sin(x); }
//     static auto d0(const auto&, const auto& x) { return cos(x); }     // by the first argument; y comes first
//   };
//
// Every evaluation, mode, printer and test is generated from it. Elementwise rows are written for
// one element: their value for a base type of number (double, complex, 50 digits), their partials
// d0, d1 for any type. Array rows (arrays.hpp) are written for whole arrays.
//
// A partial is the form that is accurate over the whole domain; where the blackboard writes another
// one, `shown0` states that too, for printers only. `kink(x...)` is true where the primitive is not
// differentiable; the convention that its partial follows is then `info.convention`.
#pragma once
#include <cmath>
#include <complex>
#include <cstdint>
#include <limits>
#include <string_view>

namespace wengert {

// An interval that values are sampled from in tests; open at its ends.
struct Range {
  double low = -4;
  double high = 4;
};

// How an operation is counted.
enum class Cost : std::uint8_t { free, add, mul, div, call };

// How a row is written as text.
enum class Notation : std::uint8_t { call, prefix, infix, special };

struct Info {
  std::string_view name;
  std::string_view help;               // one line, for `help` and the reference
  Range range[3] = {};                 // of each argument, for tests: where the row is smooth
  Cost cost = Cost::call;
  // At most this many operations for the value and its reverse step together, for each operation of the
  // value, with one addition for each argument but the first (what the adjoint of a value that is used
  // again costs). No larger than it has to be, but 4 where less would do: the test counts.
  int ratio = 4;
  std::string_view rule = {};          // the step's name for a reader: "chain rule for sin"
  std::string_view source = {};        // where the formula is from, if it is not in every textbook
  std::string_view convention = {};    // at its kinks
  std::string_view latex = {};         // the function's name in LaTeX; empty: \operatorname
  Notation notation = Notation::call;
  bool analytic = true;                // has a complex version (the complex step)
  bool language = true;                // may be called by its name in the language
  std::string_view c = {};             // the value in C: $a, $b, $c are the arguments, wg_* helpers of its writer
};

// A list of rows; a family's list stands at the end of its header.
template <class... R>
struct Rows {};

template <int Arity>
struct Elementwise {
  static constexpr int arity = Arity;
  static constexpr bool elementwise = true;
  static constexpr unsigned differentiable = ~0u;  // a bit for each argument that the value varies smoothly with
};

// --- types of number -----------------------------------------------------------------------------

// How a type that is not a base type applies a row: Lift<T>::call<R>(x...) for elementwise rows,
// Lift<T>::array<R>(parameters, x...) for array rows, Lift<T>::like(x, c) for the constant c.
template <class T>
struct Lift {
  static constexpr bool lifted = false;
};
template <class T>
concept Lifted = Lift<T>::lifted;

// Base types: ordered, and complex.
template <class T>
inline constexpr bool is_real = false;
template <>
inline constexpr bool is_real<double> = true;
template <class T>
inline constexpr bool is_complex = false;
template <>
inline constexpr bool is_complex<std::complex<double>> = true;
template <class T>
concept Real = is_real<T>;
template <class T>
concept Complex = is_complex<T>;
template <class T>
concept Base = Real<T> || Complex<T>;

// Constants in a base type of number, with as many digits as x has. (A class, not overloads: which one
// is meant does not depend on what is included first.)
template <class T>
struct Known {
  static T number(const T&, double c) { return T(c); }
  static T pi(const T&) { return T(3.14159265358979323846); }
  static T ln2(const T&) { return T(0.693147180559945309417); }
  static T ln10(const T&) { return T(2.30258509299404568402); }
  static T two_over_sqrt_pi(const T&) { return T(1.12837916709551257390); }
};

// The constant c in the type of x.
template <class T>
T like(const T& x, double c) {
  if constexpr (Lifted<T>)
    return Lift<T>::like(x, c);
  else
    return Known<T>::number(x, c);
}

}  // namespace wengert
