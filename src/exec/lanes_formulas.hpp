// Elementary functions of common numbers, without a branch: for registers of numbers (a part of lanes_body.hpp), and
// for machine code that has their instructions in it (native/inlined.cpp). V is what a register is there; it has +, -,
// *, / with another one and with a number, fused(a, b, c) = a*b + c (rounded once where the processor can), and what is
// done to bits: bits_plus, bits_minus, bits_and, bits_or, bits_xor, bits_left, bits_right.
namespace wengert::exec {
namespace {

constexpr double ln2_high = 0x1.62e42feep-1, ln2_low = 0x1.a39ef35793c76p-33;  // the former times an exponent is exact

// exp for |x| < exp_most: x = k*log(2) + r, and a polynomial that meets exp(r) at the Chebyshev nodes of
// |r| <= log(2)/2, to 2^-56 of it.
constexpr double exp_most = 708;
template <class V>
inline V exp_within(V x) {
  constexpr double shift = 0x1.8p52 + 1023;  // what is added to it is rounded; its last bits are the exponent then
  const V shifted = fused(x, 0x1.71547652b82fep+0, shift), k = shifted - shift;
  const V r = fused(k, -ln2_low, fused(k, -ln2_high, x)), r2 = r * r, r4 = r2 * r2;
  // Of (exp(r) - 1 - r)/r^2.
  constexpr double c[] = {0x1p-1,
                          0x1.5555555555556p-3,
                          0x1.5555555553d63p-5,
                          0x1.11111111109b3p-7,
                          0x1.6c16c1788bd90p-10,
                          0x1.a01a01a7c41d5p-13,
                          0x1.a019b90d2ae7ap-16,
                          0x1.71de0dae63bb3p-19,
                          0x1.289185613a3d6p-22,
                          0x1.af38a9b0ec855p-26};
  const V low = fused(fused(r, c[3], c[2]), r2, fused(r, c[1], c[0]));
  const V middle = fused(fused(r, c[7], c[6]), r2, fused(r, c[5], c[4]));
  const V tail = fused(fused(fused(r, c[9], c[8]), r4, middle), r4, low);
  return (1.0 + fused(tail, r2, r)) * bits_left(shifted, 52);
}

// log for finite x >= log_least: x = 2^k * (1 + f) with sqrt(1/2) <= 1 + f < sqrt(2); log(1 + f) by the series of
// s = f/(2 + f), as in FreeBSD's e_log.c.
constexpr double log_least = 0x1p-1022;
template <class V>
inline V log_within(V x) {
  constexpr unsigned long long one = 0x3ff0000000000000, exponent = 0x7ff0000000000000;
  const V up = bits_plus(x, one - 0x3fe6a09e667f3bcd);
  const V f = bits_plus(bits_minus(x, bits_and(up, exponent)), one) - 1.0;
  const V k = bits_or(bits_right(up, 52), 0x4330000000000000) - (0x1p52 + 1023);  // 2^52 and the exponent
  const V s = f / (2.0 + f), z = s * s, w = z * z;
  const V even = fused(fused(w, 1.531383769920937332e-01, 2.222219843214978396e-01), w, 3.999999999940941908e-01);
  const V odd = fused(fused(fused(w, 1.479819860511658591e-01, 1.818357216161805012e-01), w, 2.857142874366239149e-01),
                      w, 6.666666666666735130e-01);
  const V series = fused(even, w, odd * z), half = 0.5 * f * f;
  return fused(k, ln2_high, f - (half - fused(s, half + series, k * ln2_low)));
}

// x - k*pi. pi has three times 53 bits: the first difference is exact where a product and a sum are rounded once, and
// the others are rounded to the result's own precision.
template <class V>
inline V without_turns(V x, V k) {
  return fused(k, -0x1.c1cd129024e09p-106, fused(k, -0x1.1a62633145c06p-53, fused(k, -0x1.921fb54442d18p+1, x)));
}

// sin(r) for |r| <= pi/2: a polynomial that meets (sin(r) - r)/r^3 at the Chebyshev nodes of r^2, to 2^-54 of the sine.
template <class V>
inline V sine_of_rest(V r) {
  const V z = r * r, z2 = z * z, z4 = z2 * z2;
  constexpr double c[] = {-0x1.5555555555555p-3,  0x1.111111111103dp-7,  -0x1.a01a01a004591p-13, 0x1.71de3a480eee8p-19,
                          -0x1.ae644e8e82e44p-26, 0x1.6121e920c34ddp-33, -0x1.adb3af9ba16dcp-41, 0x1.77739abc8135ap-49};
  const V low = fused(fused(z, c[3], c[2]), z2, fused(z, c[1], c[0]));
  const V high = fused(fused(z, c[7], c[6]), z2, fused(z, c[5], c[4]));
  return fused(r * z, fused(high, z4, low), r);
}

// For |x| < circular_most: x = n*pi + r, and of cosines x + pi/2 = n*pi + r.
constexpr double circular_most = 0x1p27, turns_shift = 0x1.8p52, turns = 0x1.45f306dc9c883p-2;
template <class V>
inline V sin_within(V x) {
  const V n = fused(x, turns, turns_shift), r = without_turns(x, n - turns_shift);
  const V sine = bits_or(sine_of_rest(r), bits_and(r, 1ull << 63));  // -0 stays so
  return bits_xor(sine, bits_left(n, 63));
}
template <class V>
inline V cos_within(V x) {
  const V n = fused(x, turns, 0.5) + turns_shift, r = without_turns(x, (n - turns_shift) - 0.5);
  return bits_xor(sine_of_rest(r), bits_left(n, 63));
}

}  // namespace
}  // namespace wengert::exec
