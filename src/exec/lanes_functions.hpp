// Elementary functions on registers by the C library's vector functions; a part of lanes_body.hpp.
#define WENGERT_DECLARE(name) extern "C" Vector WENGERT_LIBMVEC1(name)(Vector)
#define WENGERT_DECLARE2(name) extern "C" Vector WENGERT_LIBMVEC2(name)(Vector, Vector)

namespace wengert::exec {

#ifndef WENGERT_OWN_CIRCULAR
WENGERT_DECLARE(sin);
WENGERT_DECLARE(cos);
#endif
WENGERT_DECLARE(tan);
WENGERT_DECLARE(sinh);
WENGERT_DECLARE(asin);
WENGERT_DECLARE(acos);
WENGERT_DECLARE(atan);
WENGERT_DECLARE(asinh);
WENGERT_DECLARE(acosh);
WENGERT_DECLARE(atanh);
WENGERT_DECLARE(expm1);
WENGERT_DECLARE(log1p);
WENGERT_DECLARE(log2);
WENGERT_DECLARE(log10);
WENGERT_DECLARE(erf);
WENGERT_DECLARE(erfc);
WENGERT_DECLARE(cbrt);
WENGERT_DECLARE2(pow);
WENGERT_DECLARE2(hypot);
WENGERT_DECLARE2(atan2);
#undef WENGERT_DECLARE
#undef WENGERT_DECLARE2

namespace {

#define WENGERT_FUNCTION(type, name)                                 \
  struct type {                                                      \
    static Vector of(Vector x) { return WENGERT_LIBMVEC1(name)(x); } \
  }
#ifndef WENGERT_OWN_CIRCULAR
WENGERT_FUNCTION(SinOf, sin);
WENGERT_FUNCTION(CosOf, cos);
#endif
WENGERT_FUNCTION(TanOf, tan);
WENGERT_FUNCTION(SinhOf, sinh);
WENGERT_FUNCTION(AsinOf, asin);
WENGERT_FUNCTION(AcosOf, acos);
WENGERT_FUNCTION(AtanOf, atan);
WENGERT_FUNCTION(AsinhOf, asinh);
WENGERT_FUNCTION(AcoshOf, acosh);
WENGERT_FUNCTION(AtanhOf, atanh);
WENGERT_FUNCTION(Expm1Of, expm1);
WENGERT_FUNCTION(Log1pOf, log1p);
WENGERT_FUNCTION(Log2Of, log2);
WENGERT_FUNCTION(Log10Of, log10);
WENGERT_FUNCTION(ErfOf, erf);
WENGERT_FUNCTION(ErfcOf, erfc);
WENGERT_FUNCTION(CbrtOf, cbrt);
#undef WENGERT_FUNCTION

struct PowOf {
  static Vector of(Vector x, Vector y) { return WENGERT_LIBMVEC2(pow)(x, y); }
};
struct HypotOf {
  static Vector of(Vector x, Vector y) { return WENGERT_LIBMVEC2(hypot)(x, y); }
};
struct Atan2Of {
  static Vector of(Vector y, Vector x) {
    return choose((y == 0.0) & (x == 0.0), Vector{}, WENGERT_LIBMVEC2(atan2)(y, x));
  }
};
// As in rules/numeric.hpp, without a branch.
struct SoftplusOf {
  static Vector of(Vector x) {
    const Vector tail = Log1pOf::of(ExpOf::of(choose(x > 0.0, -x, x)));
    return choose(x > 0.0, x + tail, tail);
  }
};
struct SecOf {
  static Vector of(Vector x) { return 1.0 / CosOf::of(x); }
};
struct CscOf {
  static Vector of(Vector x) { return 1.0 / SinOf::of(x); }
};
struct CotOf {
  static Vector of(Vector x) { return 1.0 / TanOf::of(x); }
};
struct SiluOf {
  static Vector of(Vector x) { return x * SigmoidOf::of(x); }
};
struct XLogYOf {
  static Vector of(Vector a, Vector b) { return choose(a == 0.0, Vector{}, a * LogOf::of(b)); }
};

}  // namespace
}  // namespace wengert::exec
