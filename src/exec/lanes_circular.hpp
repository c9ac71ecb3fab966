// Sine and cosine on registers, where the processor rounds a product and a sum once; a part of lanes_body.hpp.
#if (defined(__AVX512F__) && WENGERT_VECTOR == 8) || (defined(__FMA__) && WENGERT_VECTOR == 4)
#define WENGERT_OWN_CIRCULAR
#define WENGERT_DECLARE(name) extern "C" Vector WENGERT_LIBMVEC1(name)(Vector)

namespace wengert::exec {

WENGERT_DECLARE(sin);
WENGERT_DECLARE(cos);
#undef WENGERT_DECLARE

namespace {

struct SinOf {
  static Vector of(Vector x) {
    const Vector y = sin_within(x);
    const Mask common = AbsOf::of(x) < circular_most;
    if (all_of(common)) [[likely]]
      return y;
    return choose(common, y, WENGERT_LIBMVEC1(sin)(x));
  }
};

struct CosOf {
  static Vector of(Vector x) {
    const Vector y = cos_within(x);
    const Mask common = AbsOf::of(x) < circular_most;
    if (all_of(common)) [[likely]]
      return y;
    return choose(common, y, WENGERT_LIBMVEC1(cos)(x));
  }
};

}  // namespace
}  // namespace wengert::exec
#endif
