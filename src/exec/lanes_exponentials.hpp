// Exponentials and logarithms on registers; a part of lanes_body.hpp. They take most of the time of most programs that
// call functions at all, so these are inlined into loops, share what they can, and take no branch for common arguments.
// Where one is not common, the C library's function has the answer for it, and the others' stay what they are: a result
// never depends on its neighbours.
#define WENGERT_DECLARE(name) extern "C" Vector WENGERT_LIBMVEC1(name)(Vector)

namespace wengert::exec {

WENGERT_DECLARE(exp);
WENGERT_DECLARE(log);
WENGERT_DECLARE(cosh);
#undef WENGERT_DECLARE

namespace {

struct ExpOf {
  static Vector of(Vector x) {
    const Vector y = exp_within(x);
    const Mask common = AbsOf::of(x) < exp_most;
    if (all_of(common)) [[likely]]
      return y;
    return choose(common, y, WENGERT_LIBMVEC1(exp)(x));
  }
};

struct CoshOf {
  static Vector of(Vector x) {
    const Vector size = AbsOf::of(x), e = exp_within(size), y = 0.5 * e + 0.5 / e;
    const Mask common = size < exp_most;
    if (all_of(common)) [[likely]]
      return y;
    return choose(common, y, WENGERT_LIBMVEC1(cosh)(x));
  }
};

struct LogOf {
  static Vector of(Vector x) {
    const Vector y = log_within(x);
    const Mask common = (x >= log_least) & (x < __builtin_inf());
    if (all_of(common)) [[likely]]
      return y;
    return choose(common, y, WENGERT_LIBMVEC1(log)(x));
  }
};

// As in rules/numeric.hpp, without a branch.
struct SigmoidOf {
  static Vector of(Vector x) {
    const Vector e = ExpOf::of(-AbsOf::of(x));
    return choose(x >= 0.0, all(1.0), e) / (1.0 + e);
  }
};

// Near 0 x + x^3*P(x^2)/Q(x^2), with the coefficients of Cephes' tanh; elsewhere 1 - 2/(exp(2x) + 1). One quotient for
// both.
struct TanhOf {
  static Vector of(Vector x) {
    const Vector size = AbsOf::of(x), z = x * x;
    const Mask near = size < 0.625;
    const Vector p =
        fused(fused(z, -9.64399179425052238628e-1, -9.92877231001918586564e1), z, -1.61468768441708447952e3);
    const Vector q =
        fused(fused(z + 1.12811678491632931402e2, z, 2.23548839060100448583e3), z, 4.84406305325125486048e3);
    const Vector e = exp_within(choose(size > 40.0, all(40.0), size) * 2.0);
    const Vector quotient = choose(near, size * z * p, all(-2.0)) / choose(near, q, e + 1.0);
    const Vector y = choose(near, size, all(1.0)) + quotient;
    return (Vector)((Mask)y | ((Mask)x & (Mask)all(-0.0)));
  }
};

}  // namespace
}  // namespace wengert::exec
