// The built-in functions of whole arrays: sums and products, norms, products of vectors, shapes.
#include <algorithm>
#include <bit>

#include "site.hpp"

namespace wengert::lowering {

namespace {

void one_number_each(Args x) {
  for (const Value& v : x)
    if (v.lanes != 0) throw NotElementwise{};
}

std::uint32_t dimension(const Site& s, Args x, std::uint32_t otherwise) {
  if (x.size() < 2) return otherwise;
  const std::int64_t d = s.integer(x[1], s.operand_span(1), "a dimension");
  if (d != 1 && d != 2) s.refuse(Kind::shape, "a dimension is 1 (over the rows) or 2 (over the columns)", s.operand_span(1));
  return static_cast<std::uint32_t>(d);
}

Expr column(const Expr& x) { return reshape(x, {static_cast<std::uint32_t>(x.shape().size()), 1}); }

void want_vectors(const Site& s, Args x) {
  one_number_each(x);
  for (std::size_t k = 0; k < x.size(); ++k)
    if (!x[k].shape().vector())
      s.refuse_shapes(s.callee() + " wants vectors, and this is " + to_string(x[k].shape()), x,
                      s.callee() == "dot"     ? "for the sum of the products of all elements, write sum(" + s.written(0) + " .* " + s.written(1) + ")"
                      : s.callee() == "outer" ? "for matrices, kron(" + s.written(0, true) + ", " + s.written(1, true) + ")"
                                              : "of columns, write " + s.callee() + "(A[:, 1], B[:, 1])");
}

void want_square(const Site& s, Args x) {
  one_number_each(x);
  const Shape a = x[0].shape();
  if (a.rows != a.cols) s.refuse_shapes(s.callee() + " wants a square matrix, and this is " + to_string(a), x, square_advice(s, a));
}

// --- reductions

Value sum_of(const Site& s, Args x) { one_number_each(x); return {total(x[0].e, dimension(s, x, along::all))}; }
Value prod_of(const Site& s, Args x) { one_number_each(x); return {product(x[0].e, dimension(s, x, along::all))}; }
Value mean_of(const Site& s, Args x) {
  one_number_each(x);
  const auto d = dimension(s, x, along::all);
  const Expr t = total(x[0].e, d);
  return {t / static_cast<double>(x[0].shape().size() / t.shape().size())};
}
template <class R, std::uint32_t otherwise, bool reduces>
Value along_dimension(const Site& s, Args x) {
  one_number_each(x);
  const auto d = dimension(s, x, otherwise);
  return {apply_array<R>({.shape = reduces ? reduced(x[0].shape(), d) : x[0].shape(), .number = d}, {x[0].e})};
}
template <class R>
Value of_all(const Site&, Args x) { one_number_each(x); return {apply_array<R>({.shape = {}}, {x[0].e})}; }
Value norm1(const Site&, Args x) { one_number_each(x); return {total(magnitude(x[0].e), along::all)}; }
Value norminf(const Site&, Args x) { one_number_each(x); return {extreme(magnitude(x[0].e), true, along::all)}; }

// --- products

Value dot(const Site& s, Args x) {
  want_vectors(s, x);
  if (x[0].shape().size() != x[1].shape().size()) s.refuse_shapes("dot wants equally many elements, and these are " + to_string(x[0].shape()) + " and " + to_string(x[1].shape()), x, equal_shapes_advice(s, x, 0, 1));
  if (x[0].shape() == x[1].shape()) return {total(x[0].e * x[1].e, along::all)};
  return {total(column(x[0].e) * column(x[1].e), along::all)};
}
Value outer(const Site& s, Args x) {
  want_vectors(s, x);
  const auto m = static_cast<std::uint32_t>(x[0].shape().size()), n = static_cast<std::uint32_t>(x[1].shape().size());
  s.shape(m, n);
  return {matmul(reshape(x[0].e, {m, 1}), reshape(x[1].e, {1, n}))};
}
Value cross(const Site& s, Args x) {
  want_vectors(s, x);
  for (const Value& v : x)
    if (v.shape().size() != 3)
      s.refuse_shapes("cross wants two vectors of 3 elements, and these are " + to_string(x[0].shape()) + " and " + to_string(x[1].shape()), x,
                      x[0].shape().size() == 2 && x[1].shape().size() == 2
                          ? "in the plane, write " + s.written(0) + "[1]*" + s.written(1) + "[2] - " + s.written(0) + "[2]*" + s.written(1) + "[1]"
                          : "for the matrix of all products, write outer(" + s.written(0, true) + ", " + s.written(1, true) + ")");
  const Expr a = column(x[0].e), b = column(x[1].e);
  const auto at = [](const Expr& v, std::uint32_t i) { return part(v, {i % 3, 0, {}}); };
  std::vector<Slice> slices;
  std::vector<Expr> elements;
  for (std::uint32_t i = 0; i < 3; ++i) {
    slices.push_back({i, 0, {}});
    elements.push_back(at(a, i + 1) * at(b, i + 2) - at(a, i + 2) * at(b, i + 1));
  }
  return {Lift<Expr>::array<Place>({.shape = {3, 1}, .number = 0, .slices = slices}, elements)};
}
Value kron(const Site& s, Args x) {
  one_number_each(x);
  const Shape a = x[0].shape(), b = x[1].shape();
  s.shape(std::uint64_t{a.rows} * b.rows, std::uint64_t{a.cols} * b.cols);
  if (a.scalar() || b.scalar()) return {x[0].e * x[1].e};
  return {wengert::kron(x[0].e, x[1].e, 0)};
}

// --- parts

Value transpose_of(const Site&, Args x) { return x[0].scalar() ? x[0] : Value{transpose(x[0].e)}; }
Expr diagonal(const Expr& a) { return apply_array<Diagonal>({.shape = {a.shape().rows, 1}}, {a}); }
Value diag(const Site& s, Args x) {
  one_number_each(x);
  const Shape a = x[0].shape();
  if (a.scalar()) return x[0];
  const auto n = static_cast<std::uint32_t>(a.size());
  if (a.vector()) return {apply_array<DiagonalMatrix>({.shape = s.shape(n, n)}, {x[0].e})};
  want_square(s, x);
  return {diagonal(x[0].e)};
}
Value trace(const Site& s, Args x) {
  want_square(s, x);
  return x[0].scalar() ? x[0] : Value{total(diagonal(x[0].e), along::all)};
}

// --- shapes

Value count(const Site& s, std::uint64_t n) { return {{s.graph, s.graph.constant(Constant::integer(static_cast<std::int64_t>(n)))}}; }
template <int k>
Value filled(const Site& s, Args x) {
  const auto m = s.size(x[0], s.operand_span(0), "a size");
  const auto n = x.size() > 1 ? s.size(x[1], s.operand_span(1), "a size") : 1;
  return {broadcast(number(s.graph, k), s.shape(m, n))};
}
Value eye(const Site& s, Args x) {
  const auto n = s.size(x[0], s.operand_span(0), "a size");
  const Shape to = s.shape(n, n);
  if (n == 1) return {number(s.graph, 1)};
  return {apply_array<DiagonalMatrix>({.shape = to}, {broadcast(number(s.graph, 1), {n, 1})})};
}
// (a*(n-1-k) + b*k)/(n-1): exact for integer ends.
Value linspace(const Site& s, Args x) {
  one_number_each(x.first(2));
  for (std::size_t k = 0; k < 2; ++k)
    if (!x[k].scalar()) s.refuse(Kind::shape, "linspace goes from a number to a number", s.operand_span(k));
  const auto n = s.size(x[2], s.operand_span(2), "the number of points");
  if (n == 1) return x[0];
  const Expr up{s.graph, s.graph.iota(0, n)};
  const double last = static_cast<double>(n - 1);
  return {(x[0].e * (last - up) + x[1].e * up) / last};
}
Value reshape_of(const Site& s, Args x) {
  one_number_each(x.first(1));
  const auto m = s.size(x[1], s.operand_span(1), "a size");
  const auto n = x.size() > 2 ? s.size(x[2], s.operand_span(2), "a size") : 1;
  const Shape to = s.shape(m, n);
  if (to.size() != x[0].shape().size())
    s.refuse_shapes("reshape keeps the number of elements: " + to_string(x[0].shape()) + " has " + std::to_string(x[0].shape().size()) + ", " +
                        to_string(to) + " has " + std::to_string(to.size()), x.first(1), reshape_advice(s, x[0].shape(), to));
  return {reshape(x[0].e, to)};
}

// --- linear systems

template <class R, bool number>
Value of_square(const Site& s, Args x) {
  want_square(s, x);
  return {apply_array<R>({.shape = number ? Shape{} : x[0].shape()}, {x[0].e})};
}
// By the minors of the last rows: those of k rows from those of k - 1, each once, by their set of columns.
Expr by_minors(const Expr& matrix, std::uint32_t n) {
  std::vector<Expr> minors(std::size_t{1} << n);
  for (std::uint32_t set = 1; set < minors.size(); ++set) {
    const auto row = n - static_cast<std::uint32_t>(std::popcount(set));
    Expr sum;
    bool minus = false;
    for (std::uint32_t j = 0; j < n; ++j) {
      const std::uint32_t others = set & ~(1u << j);
      if (others == set) continue;
      const Expr element = part(matrix, {row, j, {}});
      const Expr term = others == 0 ? element : element * minors[others];
      sum = !present(sum) ? term : minus ? sum - term : sum + term;
      minus = !minus;
    }
    minors[set] = sum;
  }
  return minors.back();
}
// Small ones as the polynomial, which has derivatives of every order where the matrix is singular.
Value det(const Site& s, Args x) {
  want_square(s, x);
  const std::uint32_t n = x[0].shape().rows;
  const auto a = [&](std::uint32_t i, std::uint32_t j) { return part(x[0].e, {i, j % n, {}}); };
  if (n == 1) return x[0];
  // For a reader the derivative by the matrix is det(A)*inv(A)', unless the elements stand there.
  const bool named = s.shown() && x[0].e.node().op != op_of<Place>;
  const std::uint32_t most = s.shown() ? 3 : 6;  // rows that are written in minors, for a reader or to be evaluated
  if (n > most || named) return {apply_array<Det>({.shape = {}}, {x[0].e})};
  if (n == 2) return {a(0, 0) * a(1, 1) - a(0, 1) * a(1, 0)};
  if (n > 3) return {by_minors(x[0].e, n)};
  const auto minor = [&](std::uint32_t j) { return a(1, j + 1) * a(2, j + 2) - a(1, j + 2) * a(2, j + 1); };
  return {a(0, 0) * minor(0) + a(0, 1) * minor(1) + a(0, 2) * minor(2)};
}
// What the derivative of a determinant is written with where there is no inverse; of d = det(A).
Value singular_cofactors(const Site& s, Args x) {
  want_square(s, x);
  if (!x[1].shape().scalar())
    s.refuse_shapes("singular_cofactors(A, d) wants a number for d, and this is " + to_string(x[1].shape()), x.subspan(1), "d is det(A)");
  return {apply_array<SingularCofactors>({.shape = x[0].shape()}, {x[0].e, x[1].e})};
}
Value solve(const Site& s, Args x) {
  want_square(s, x);
  one_number_each(x);
  if (x[0].shape().rows != x[1].shape().rows)
    s.refuse_shapes("solve(A, b) wants as many rows in b as in A, and these are " + to_string(x[0].shape()) + " and " + to_string(x[1].shape()), x,
                    x[0].shape().rows == x[1].shape().cols ? "did you mean " + rewritten(s, 1, turned(s, 1)) + "?" : "");
  return {apply_array<Solve>({.shape = x[1].shape()}, {x[0].e, x[1].e})};
}

}  // namespace

std::span<const Builtin> array_builtins() {
  static constexpr Builtin table[] = {
      {"sum", 1, 2, sum_of},
      {"prod", 1, 2, prod_of},
      {"mean", 1, 2, mean_of},
      {"cumsum", 1, 2, along_dimension<Cumsum, along::rows, false>},
      {"softmax", 1, 2, along_dimension<Softmax, along::rows, false>},
      {"log_softmax", 1, 2, along_dimension<LogSoftmax, along::rows, false>},
      {"logsumexp", 1, 2, along_dimension<LogSumExp, along::all, true>},
      {"argmax", 1, 1, of_all<ArgMax>},
      {"argmin", 1, 1, of_all<ArgMin>},
      {"norm", 1, 1, of_all<Norm>},
      {"norm1", 1, 1, norm1},
      {"norminf", 1, 1, norminf},
      {"dot", 2, 2, dot},
      {"outer", 2, 2, outer},
      {"cross", 2, 2, cross},
      {"kron", 2, 2, kron},
      {"transpose", 1, 1, transpose_of},
      {"diag", 1, 1, diag},
      {"trace", 1, 1, trace},
      {"rows", 1, 1, [](const Site& s, Args x) { return count(s, x[0].shape().rows); }},
      {"cols", 1, 1, [](const Site& s, Args x) { return count(s, x[0].shape().cols); }},
      {"len", 1, 1, [](const Site& s, Args x) { return count(s, x[0].shape().size()); }},
      {"zeros", 1, 2, filled<0>},
      {"ones", 1, 2, filled<1>},
      {"eye", 1, 1, eye},
      {"linspace", 3, 3, linspace},
      {"reshape", 2, 3, reshape_of},
      {"hcat", 1, -1, [](const Site& s, Args x) { return join(s, x, true); }},
      {"vcat", 1, -1, [](const Site& s, Args x) { return join(s, x, false); }},
      {"det", 1, 1, det},
      {"logdet", 1, 1, of_square<LogDet, true>},
      {"inv", 1, 1, of_square<Inv, false>},
      {"solve", 2, 2, solve},
      {"singular_cofactors", 2, 2, singular_cofactors},
  };
  return table;
}

}  // namespace wengert::lowering
