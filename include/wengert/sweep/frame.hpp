// Frames: the memory of one run of a tape in one type of number, and how rows reach into it.
//
// NumericFrame<N> holds numbers; elementwise rows run over the elements, array rows over views.
// SymbolicFrame<V> holds one V a value for types that stand for a whole array: Expr, Counted.
// A tape is immutable and shared; a frame belongs to one run.
#pragma once
#include <complex>
#include <memory>
#include <unordered_map>

#include "wengert/rules/linear_algebra.hpp"
#include "wengert/sweep/dual.hpp"
#include "wengert/sweep/tape.hpp"

namespace wengert {

// --- memory: numbers by component, so that the array in each component is contiguous

template <class N>
class Plane {
 public:
  using Whole = Array<N>;
  void resize(std::size_t n, const N& zero) { data_.assign(n, zero); }
  void clear(std::size_t offset, std::size_t n, const N& zero) { std::fill_n(data_.begin() + static_cast<std::ptrdiff_t>(offset), n, zero); }
  const N& get(std::size_t i) const { return data_[i]; }
  void set(std::size_t i, N x) { data_[i] = std::move(x); }
  void add(std::size_t i, const N& x) { data_[i] = data_[i] + x; }
  Whole view(std::size_t offset, Shape shape) const { return Array<N>::view(data_.data() + offset, shape); }
  void put(std::size_t offset, const Whole& x) { std::copy(x.data(), x.data() + x.size(), data_.begin() + static_cast<std::ptrdiff_t>(offset)); }
  void add(std::size_t offset, const Whole& x) { for (std::size_t i = 0; i < x.size(); ++i) add(offset + i, x[i]); }
  // Adds x into a rectangle of the array of that shape at the offset.
  void add_part(std::size_t offset, Shape shape, const Slice& s, const Whole& x) {
    for (std::size_t r = 0; r < s.shape.rows; ++r)
      for (std::size_t c = 0; c < s.shape.cols; ++c) add(offset + (s.row + r) * shape.cols + s.col + c, x(r, c));
  }
  void copy(std::size_t from, std::size_t to) { data_[to] = data_[from]; }
  std::span<N> all() { return data_; }
  std::span<const N> all() const { return data_; }

 private:
  std::vector<N> data_;
};

template <class V, int K>
class Plane<Dual<V, K>> {
 public:
  using Number = Dual<V, K>;
  using Whole = Dual<Array<V>, K>;
  void resize(std::size_t n, const Number& zero) {
    v.resize(n, zero.v);
    for (std::size_t k = 0; k < K; ++k) t[k].resize(n, zero.t[k]);
  }
  void clear(std::size_t offset, std::size_t n, const Number& zero) {
    v.clear(offset, n, zero.v);
    for (std::size_t k = 0; k < K; ++k) t[k].clear(offset, n, zero.t[k]);
  }
  Number get(std::size_t i) const { return gather<Number>([&](const auto& plane) { return plane.get(i); }); }
  Whole view(std::size_t offset, Shape shape) const { return gather<Whole>([&](const auto& plane) { return plane.view(offset, shape); }); }
  void set(std::size_t i, const Number& x) { each(x, [&](auto& plane, const auto& c) { plane.set(i, c); }); }
  void add(std::size_t i, const Number& x) { each(x, [&](auto& plane, const auto& c) { plane.add(i, c); }); }
  void put(std::size_t offset, const Whole& x) { each(x, [&](auto& plane, const auto& c) { plane.put(offset, spread(c, x.v)); }); }
  void add(std::size_t offset, const Whole& x) { each(x, [&](auto& plane, const auto& c) { plane.add(offset, spread(c, x.v)); }); }
  void add_part(std::size_t offset, Shape shape, const Slice& s, const Whole& x) {
    each(x, [&](auto& plane, const auto& c) { plane.add_part(offset, shape, s, spread(c, x.v)); });
  }
  void copy(std::size_t from, std::size_t to) {
    v.copy(from, to);
    for (auto& plane : t) plane.copy(from, to);
  }
  Plane<V> v;
  std::array<Plane<V>, K> t;

 private:
  // The tangent of a constant is a scalar 0.
  static Array<V> spread(const Array<V>& c, const Array<V>& like) { return broadcast(c, like.shape()); }
  template <class Out, class F>
  Out gather(F&& f) const {
    Out out{f(v), {}};
    for (std::size_t k = 0; k < K; ++k) out.t[k] = f(t[k]);
    return out;
  }
  template <class X, class F>
  void each(const X& x, F&& f) {
    f(v, x.v);
    for (std::size_t k = 0; k < K; ++k) f(t[k], x.t[k]);
  }
};

// How literals become numbers: as the nearest double (so that the reference has the same program), or
// as written, in so many bits.
struct Literals {
  int bits = 53;
  bool as_written = false;
};

template <class N>
struct FromConstant;  // N make(const Constant&, const Literals&)

template <>
struct FromConstant<double> {
  static double make(const Constant& c, const Literals&) { return c.value; }
};
template <>
struct FromConstant<std::complex<double>> {
  static std::complex<double> make(const Constant& c, const Literals&) { return c.value; }
};
template <class V, int K>
struct FromConstant<Dual<V, K>> {
  static Dual<V, K> make(const Constant& c, const Literals& l) {
    return Lift<Dual<V, K>>::constant(FromConstant<V>::make(c, l), V(0.0));
  }
};

template <class N>
class NumericFrame {
 public:
  static constexpr bool symbolic = false;
  using Number = N;
  using Whole = typename Plane<N>::Whole;

  explicit NumericFrame(const Tape& program, Literals how = {}) : tape(program), literals(how) {
    values.resize(tape.elements(), zero());
    for (const Tape::Known& k : tape.constants()) values.set(tape.offset(k.slot), FromConstant<N>::make(k.value, literals));
  }
  N zero() const { return FromConstant<N>::make(Constant::integer(0), literals); }
  void clear_adjoints() { adjoints.resize(tape.adjoint_elements(), zero()); }
  void clear_tangents(std::size_t count) {
    tangents.resize(count);
    for (Plane<N>& t : tangents) t.resize(tape.elements(), zero());
  }
  // What a value left in memory that others share: an adjoint that was passed on, a tangent that is not there.
  void pass_on(SlotId s) {
    if (tape.keep() == Keep::values) adjoints.clear(tape.adjoint_offset(s), tape.shape(s).size(), zero());
  }
  void clear_tangents_of(SlotId s) {
    for (Plane<N>& t : tangents) t.clear(tape.offset(s), tape.shape(s).size(), zero());
  }
  bool active(SlotId s) const { return tape.active(s); }

  const Tape& tape;
  Literals literals;
  Plane<N> values;
  Plane<N> adjoints;               // of one reverse sweep
  FactorCache factors;             // of the matrices among the values
  std::vector<Plane<N>> tangents;  // of a forward sweep, all at once
};

template <class V>
class SymbolicFrame {
 public:
  static constexpr bool symbolic = true;
  using Number = V;
  using Whole = V;

  explicit SymbolicFrame(const Tape& program) : tape(program), values(program.slot_count()) {}
  bool active(SlotId s) const { return tape.active(s); }
  void clear_adjoints() {
    adjoints.assign(tape.slot_count(), V{});
    parts.clear();
  }
  void clear_tangents() { tangents.assign(tape.slot_count(), V{}); }
  // The sum of all that was contributed; absent if nothing was. What arrived in parts is one node.
  V adjoint(SlotId s) {
    const auto it = parts.find(s);
    if (it != parts.end()) {
      std::vector<V> pieces;
      std::vector<Slice> slices;
      for (auto& [slice, piece] : it->second) {
        slices.push_back(slice);
        pieces.push_back(piece);
      }
      parts.erase(it);
      const V placed = Lift<V>::template array<Place>(Params{.shape = tape.shape(s), .number = 0, .slices = slices}, std::span<const V>(pieces));
      adjoints[s] = present(adjoints[s]) ? adjoints[s] + placed : placed;
    }
    return adjoints[s];
  }
  void accumulate(SlotId s, const V& x) {
    const Shape shape = tape.shape(s);
    const V fitted = shape.scalar() ? total(x, along::all) : broadcast(x, shape);
    adjoints[s] = present(adjoints[s]) ? adjoints[s] + fitted : fitted;
  }

  const Tape& tape;
  std::vector<V> values, adjoints, tangents;
  std::unordered_map<SlotId, std::vector<std::pair<Slice, V>>> parts;
  bool shown = false;  // partials in the blackboard's form
};

}  // namespace wengert
