// The kernels of one instruction set; included by one file each, which defines
//   WENGERT_VECTOR         numbers in a register
//   WENGERT_LIBMVEC(name)  the C library's vector function, such as _ZGVdN4v_exp; absent: scalar functions
//   WENGERT_ADD            the function that adds the kernels to a table
// Everything here has internal linkage.
#ifdef __SSE2__
#include <immintrin.h>
#endif

#include <cmath>
#include <cstring>
#include <type_traits>
#include <utility>

#include "lanes.hpp"
// In this order: each uses those before it.
#include "lanes_vector.hpp"
// --
#include "lanes_arithmetic.hpp"
#ifdef WENGERT_LIBMVEC1
#include "lanes_bits.hpp"
// --
#include "lanes_formulas.hpp"
// --
#include "lanes_exponentials.hpp"
// --
#include "lanes_circular.hpp"
// --
#include "lanes_functions.hpp"
#endif
#include "lanes_lines.hpp"

namespace wengert::exec {
namespace {

template <class R>
Kernel& slot(KernelTable& t) {
  return t.elementwise[code_of<R>];
}

void add_arithmetic(KernelTable& t) {
  slot<Add>(t) = binary<AddOf>;
  slot<Sub>(t) = binary<SubOf>;
  slot<Mul>(t) = binary<MulOf>;
  slot<Div>(t) = binary<DivOf>;
  slot<StrongMul>(t) = binary<StrongMulOf>;
  slot<Neg>(t) = unary<NegOf>;
  slot<Abs>(t) = unary<AbsOf>;
  slot<Sign>(t) = unary<SignOf>;
  slot<Sqrt>(t) = unary<SqrtOf>;
  slot<Floor>(t) = unary<FloorOf>;
  slot<Less>(t) = binary<LessOf>;
  slot<LessEqual>(t) = binary<LessEqualOf>;
  slot<Equal>(t) = binary<EqualOf>;
  slot<NotEqual>(t) = binary<NotEqualOf>;
  slot<Select>(t) = ternary<SelectOf>;
  slot<Max>(t) = binary<MaxOfTwo>;
  slot<Min>(t) = binary<MinOfTwo>;
  slot<Relu>(t) = unary<ReluOf>;
  t.elementwise[copy_code] = unary<CopyOf>;
  t.elementwise[square_code] = unary<SquareOf>;
  t.elementwise[cube_code] = unary<CubeOf>;
  t.elementwise[muladd_code] = ternary<MulAddOf<MulOf>>;
  t.elementwise[mulsub_code] = ternary<MulSubOf<MulOf>>;
  t.elementwise[submul_code] = ternary<SubMulOf<MulOf>>;
  t.elementwise[strong_muladd_code] = ternary<MulAddOf<StrongMulOf>>;
  t.elementwise[strong_mulsub_code] = ternary<MulSubOf<StrongMulOf>>;
  t.elementwise[strong_submul_code] = ternary<SubMulOf<StrongMulOf>>;
  t.sum = sum_block;
  t.extreme = extreme_block;
  t.multiply_lanes = multiply_lanes;
  t.finite = finite_block;
  t.weave = weave;
  t.vector = lanes;
}

void add_functions([[maybe_unused]] KernelTable& t) {
#ifdef WENGERT_LIBMVEC1
  slot<Exp>(t) = unary<ExpOf>;
  slot<Log>(t) = unary<LogOf>;
  slot<Sin>(t) = unary<SinOf>;
  slot<Cos>(t) = unary<CosOf>;
  slot<Tan>(t) = unary<TanOf>;
  slot<Sinh>(t) = unary<SinhOf>;
  slot<Cosh>(t) = unary<CoshOf>;
  slot<Tanh>(t) = unary<TanhOf>;
  slot<Asin>(t) = unary<AsinOf>;
  slot<Acos>(t) = unary<AcosOf>;
  slot<Atan>(t) = unary<AtanOf>;
  slot<Asinh>(t) = unary<AsinhOf>;
  slot<Acosh>(t) = unary<AcoshOf>;
  slot<Atanh>(t) = unary<AtanhOf>;
  slot<Expm1>(t) = unary<Expm1Of>;
  slot<Log1p>(t) = unary<Log1pOf>;
  slot<Log2>(t) = unary<Log2Of>;
  slot<Log10>(t) = unary<Log10Of>;
  slot<Erf>(t) = unary<ErfOf>;
  slot<Erfc>(t) = unary<ErfcOf>;
  slot<Cbrt>(t) = unary<CbrtOf>;
  slot<Pow>(t) = binary<PowOf>;
  slot<Hypot>(t) = binary<HypotOf>;
  slot<Atan2>(t) = binary<Atan2Of>;
  slot<Sigmoid>(t) = unary<SigmoidOf>;
  slot<Softplus>(t) = unary<SoftplusOf>;
  slot<Sec>(t) = unary<SecOf>;
  slot<Csc>(t) = unary<CscOf>;
  slot<Cot>(t) = unary<CotOf>;
  slot<Silu>(t) = unary<SiluOf>;
  slot<XLogY>(t) = binary<XLogYOf>;
  const auto direct = [&t](Code code, Vector (*f)(Vector)) {
    t.vector_function[code] = reinterpret_cast<const void*>(f);
  };
  direct(code_of<Exp>, ExpOf::of);
  direct(code_of<Log>, LogOf::of);
  direct(code_of<Sin>, SinOf::of);
  direct(code_of<Cos>, CosOf::of);
  direct(code_of<Tan>, WENGERT_LIBMVEC1(tan));
  direct(code_of<Sinh>, WENGERT_LIBMVEC1(sinh));
  direct(code_of<Cosh>, CoshOf::of);
  direct(code_of<Tanh>, TanhOf::of);
  direct(code_of<Asin>, WENGERT_LIBMVEC1(asin));
  direct(code_of<Acos>, WENGERT_LIBMVEC1(acos));
  direct(code_of<Atan>, WENGERT_LIBMVEC1(atan));
  direct(code_of<Asinh>, WENGERT_LIBMVEC1(asinh));
  direct(code_of<Acosh>, WENGERT_LIBMVEC1(acosh));
  direct(code_of<Atanh>, WENGERT_LIBMVEC1(atanh));
  direct(code_of<Expm1>, WENGERT_LIBMVEC1(expm1));
  direct(code_of<Log1p>, WENGERT_LIBMVEC1(log1p));
  direct(code_of<Log2>, WENGERT_LIBMVEC1(log2));
  direct(code_of<Log10>, WENGERT_LIBMVEC1(log10));
  direct(code_of<Erf>, WENGERT_LIBMVEC1(erf));
  direct(code_of<Erfc>, WENGERT_LIBMVEC1(erfc));
  direct(code_of<Cbrt>, WENGERT_LIBMVEC1(cbrt));
  direct(code_of<Sigmoid>, SigmoidOf::of);
  direct(code_of<Softplus>, SoftplusOf::of);
  direct(code_of<Sec>, SecOf::of);
  direct(code_of<Csc>, CscOf::of);
  direct(code_of<Cot>, CotOf::of);
  direct(code_of<Silu>, SiluOf::of);
  const auto of_two = [&t](Code code, Vector (*f)(Vector, Vector)) {
    t.vector_function[code] = reinterpret_cast<const void*>(f);
  };
  of_two(code_of<Pow>, WENGERT_LIBMVEC2(pow));
  of_two(code_of<Hypot>, WENGERT_LIBMVEC2(hypot));
  of_two(code_of<Atan2>, Atan2Of::of);
  of_two(code_of<XLogY>, XLogYOf::of);
#endif
}

}  // namespace

void WENGERT_ADD(KernelTable& table, bool fast) {
  add_arithmetic(table);
  if (fast) add_functions(table);
}

}  // namespace wengert::exec
