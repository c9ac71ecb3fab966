// Arithmetic, comparisons and choices on registers; a part of lanes_body.hpp.
namespace wengert::exec {
namespace {

// --- arithmetic: the same bits on every instruction set, and as the rows'

inline Vector one_where(Mask m) { return choose(m, all(1.0), all(0.0)); }
// What == and != say of a number that is not NaN and not 0.
inline Mask truth(Vector c) { return (c != 0.0) & (c == c); }

struct AddOf {
  static Vector of(Vector a, Vector b) { return a + b; }
};
struct SubOf {
  static Vector of(Vector a, Vector b) { return a - b; }
};
struct MulOf {
  static Vector of(Vector a, Vector b) { return a * b; }
};
struct DivOf {
  static Vector of(Vector a, Vector b) { return a / b; }
};
struct NegOf {
  static Vector of(Vector a) { return -a; }
};
struct CopyOf {
  static Vector of(Vector a) { return a; }
};
struct SquareOf {
  static Vector of(Vector a) { return a * a; }
};
struct CubeOf {
  static Vector of(Vector a) { return a * a * a; }
};
struct StrongMulOf {
  static Vector joined(Vector p, Vector) { return p; }
  static Vector of(Vector a, Vector b) {
    const Vector p = a * b;
    if (!some_nan(p)) [[likely]]
      return p;
    const Mask zero = (p != p) & ((a == 0.0) | (b == 0.0));
    return choose(zero, Vector{}, p);
  }
};
template <class Product>
struct MulAddOf {
  static Vector joined(Vector p, Vector c) requires JoinsStrong<Product> { return p + c; }
  static Vector of(Vector a, Vector b, Vector c) { return Product::of(a, b) + c; }
};
template <class Product>
struct MulSubOf {
  static Vector joined(Vector p, Vector c) requires JoinsStrong<Product> { return p - c; }
  static Vector of(Vector a, Vector b, Vector c) { return Product::of(a, b) - c; }
};
template <class Product>
struct SubMulOf {
  static Vector joined(Vector p, Vector c) requires JoinsStrong<Product> { return c - p; }
  static Vector of(Vector a, Vector b, Vector c) { return c - Product::of(a, b); }
};
struct AbsOf {
  static Vector of(Vector a) { return (Vector)((Mask)a & 0x7fffffffffffffffll); }
};
struct LessOf {
  static Vector of(Vector a, Vector b) { return one_where(a < b); }
};
struct LessEqualOf {
  static Vector of(Vector a, Vector b) { return one_where(a <= b); }
};
struct EqualOf {
  static Vector of(Vector a, Vector b) { return one_where(a == b); }
};
struct NotEqualOf {
  static Vector of(Vector a, Vector b) { return one_where(a != b); }
};
struct SelectOf {
  static Vector of(Vector c, Vector a, Vector b) { return choose(truth(c), a, b); }
};
struct MaxOfTwo {
  static Vector of(Vector a, Vector b) { return choose(a != a, a, choose(b != b, b, choose(a < b, b, a))); }
};
struct MinOfTwo {
  static Vector of(Vector a, Vector b) { return choose(a != a, a, choose(b != b, b, choose(b < a, b, a))); }
};
struct ReluOf {
  static Vector of(Vector a) { return choose(a <= 0.0, Vector{}, a); }
};
struct SignOf {
  static Vector of(Vector a) {
    return choose(a != a, a, choose(a > 0.0, all(1.0), choose(a < 0.0, all(-1.0), Vector{})));
  }
};
struct SqrtOf {
  static Vector of(Vector a) {
    Vector r;
    for (std::size_t i = 0; i < lanes; ++i) r[i] = __builtin_sqrt(a[i]);
    return r;
  }
};
struct FloorOf {
  static Vector of(Vector a) {
    Vector r;
    for (std::size_t i = 0; i < lanes; ++i) r[i] = __builtin_floor(a[i]);
    return r;
  }
};

}  // namespace
}  // namespace wengert::exec
