#include "local_maps.hpp"

#include <algorithm>

#include "wengert/rules/build.hpp"
#include "wengert/sweep/propagate.hpp"

namespace wengert::exec {

namespace {

using Int = std::int64_t;
using Frame = SymbolicFrame<Expr>;
constexpr Int most_copies = 128;    // of one matrix, in the derivative of a product by a matrix
constexpr Int most_directions = 256;  // in which an operation of no known form is swept
constexpr Int longest_sum = 1024;     // running sums whose matrix is written out

class Linearizer {
 public:
  Linearizer(const Tape& tape, Graph& graph) : t_(tape), graph_(graph), f_(tape), algebra_(&graph) {
    for (SlotId s = 0; s < tape.slot_count(); ++s) f_.values[s] = Expr(graph, tape.node(s));
    f_.clear_tangents();
    f_.clear_adjoints();
  }

  // The map from the value of a slot to the instruction's.
  std::optional<LinearMap> map(const Instruction& i, SlotId from) {
    LinearMap out(size(i.out), size(from));
    const auto x = t_.arguments(i);
    bool done = false;
    for (std::size_t j = 0; j < x.size(); ++j) {
      if (x[j] != from || !varies(row_of(i.op), j)) continue;
      if (whole_row(i.op)) {
        if (done) continue;  // all arguments at once
        done = true;
      }
      if (!term(out, i, j, from)) return std::nullopt;
    }
    return out;
  }

  // One of several inputs: its elements among all.
  LinearMap selection(Int first, Int n, Int columns) {
    LinearMap out(n, columns);
    add(out, n, 1, {0, 1, 0}, {first, 1, 0}, algebra_.one());
    return out;
  }

 private:
  const Tape& t_;
  Graph& graph_;
  Frame f_;
  MapAlgebra algebra_;

  Int size(SlotId s) const { return static_cast<Int>(t_.shape(s).size()); }
  static bool structural(Op op) {
    return op == op_of<Transpose> || op == op_of<Sum> || op == op_of<Broadcast> || op == op_of<Part> ||
           op == op_of<Place> || op == op_of<Reshape> || op == op_of<DiagonalMatrix> || op == op_of<Diagonal> ||
           op == op_of<MatMul> || op == op_of<StrongMatMul>;
  }
  // Rows whose derivative by a value is taken from the sweep, wherever that value is an argument.
  static bool whole_row(Op op) { return !structural(op); }

  void add(LinearMap& out, Int rows, Int cols, Places row, Places col, const Entries& e) {
    algebra_.add(out, {rows, cols, row, col, e});
  }

  // The tangent of the instruction's value for the tangent t of an argument alone.
  Expr push(const Instruction& i, SlotId from, const Expr& t) {
    f_.tangents[from] = t;
    kernel<Frame>(i.op).push(f_, i);
    const Expr result = f_.tangents[i.out];
    f_.tangents[from] = f_.tangents[i.out] = Expr();
    return result;
  }
  Expr ones(Shape s) { return broadcast(Expr(graph_, graph_.constant(Constant::integer(1))), s); }

  bool term(LinearMap& out, const Instruction& i, std::size_t j, SlotId from) {
    if (row_of(i.op).elementwise) return elementwise(out, i, from);
    if (i.op == op_of<MatMul> || i.op == op_of<StrongMatMul>) return product(out, i, j);
    if (structural(i.op)) return moved(out, i, j);
    return by_sweep(out, i, from);
  }

  bool elementwise(LinearMap& out, const Instruction& i, SlotId from) {
    const Expr partial = push(i, from, ones(t_.shape(from)));
    if (!present(partial)) return true;
    const Int n = size(i.out), along = t_.shape(from).scalar() ? 0 : 1;
    Entries e = algebra_.entries(partial);
    if (!e.repeated) e.numbers = reshape(e.numbers, shape_for(n, 1));
    add(out, n, 1, {0, 1, 0}, {0, along, 0}, e);
    return true;
  }

  // Values that are arguments' elsewhere.
  bool moved(LinearMap& out, const Instruction& i, std::size_t j) {
    const Shape to = t_.shape(i.out), from = t_.shape(t_.arguments(i)[j]);
    const Int r = to.rows, c = to.cols, fr = from.rows, fc = from.cols;
    const Entries one = algebra_.one();
    if (i.op == op_of<Reshape>) {
      add(out, r * c, 1, {0, 1, 0}, {0, 1, 0}, one);
    } else if (i.op == op_of<Transpose>) {
      add(out, r, c, {0, c, 1}, {0, 1, fc}, one);
    } else if (i.op == op_of<Broadcast>) {
      add(out, r, c, {0, c, 1}, {0, fr == 1 ? 0 : fc, fc == 1 ? 0 : 1}, one);
    } else if (i.op == op_of<Sum>) {
      const std::uint32_t d = t_.payload(i);
      add(out, fr, fc, {0, d == along::cols ? 1 : 0, d == along::rows ? 1 : 0}, {0, fc, 1}, one);
    } else if (i.op == op_of<Part>) {
      const Slice& s = t_.slices(i)[0];
      add(out, r, c, {0, c, 1}, {s.row * fc + s.col, fc, 1}, one);
    } else if (i.op == op_of<Place>) {
      const Slice& s = t_.slices(i)[j];
      add(out, fr, fc, {s.row * c + s.col, c, 1}, {0, fc, 1}, one);
    } else if (i.op == op_of<DiagonalMatrix>) {
      add(out, fr * fc, 1, {0, c + 1, 0}, {0, 1, 0}, one);
    } else {
      add(out, r * c, 1, {0, 1, 0}, {0, fc + 1, 0}, one);
    }
    return true;
  }

  // Of A*X by X, or of X*B by X: one matrix, once for each column or row where there are many.
  bool product(LinearMap& out, const Instruction& i, std::size_t j) {
    const auto x = t_.arguments(i);
    const Expr left = f_.values[x[0]], right = f_.values[x[1]];
    const Int p = left.shape().rows, q = left.shape().cols, s = right.shape().cols;
    const auto spread = [&](const Expr& e, Int rows, Int cols) {
      return algebra_.entries(broadcast(e, shape_for(rows, cols)));
    };
    // A line of copies is a rectangle: an element, or a row, of the other factor for each.
    const CopiedMatrix copies = j == 1 ? CopiedMatrix{algebra_.entries(left), p, q, s, true}
                                 : CopiedMatrix{algebra_.entries(transpose(right)), s, q, p, false};
    const bool alone = out.size() == 0;
    const bool rectangle = p == 1 || q == 1 || s == 1;
    if (!rectangle && copies.n > most_copies) return false;
    if (!rectangle)
      algebra_.add(out, copies);
    else if (j == 1 && s == 1)
      add(out, p, q, {0, 1, 0}, {0, 0, 1}, algebra_.entries(left));
    else if (j == 1 && q == 1)
      add(out, p, s, {0, s, 1}, {0, 0, 1}, spread(left, p, s));
    else if (j == 1)  // row j' by element (k, j')
      add(out, q, s, {0, 0, 1}, {0, s, 1}, spread(transpose(left), q, s));
    else if (p == 1)
      add(out, q, s, {0, 0, 1}, {0, 1, 0}, algebra_.entries(right));
    else if (q == 1)
      add(out, p, s, {0, s, 1}, {0, 1, 0}, spread(right, p, s));
    else
      add(out, p, q, {0, 1, 0}, {0, q, 1}, spread(transpose(right), p, q));
    if (rectangle && alone && copies.n > 1) MapAlgebra::mark(out, copies);
    return true;
  }

  // A scalar's gradient, the derivative by a scalar, what goes along lines; the others direction by direction.
  bool by_sweep(LinearMap& out, const Instruction& i, SlotId from) {
    const Int m = size(i.out), n = size(from);
    if (kernel<Frame>(i.op).push == nullptr || kernel<Frame>(i.op).pull == nullptr) return false;
    if (i.op == op_of<Softmax> || i.op == op_of<LogSoftmax>) return softmax(out, i);
    if (i.op == op_of<Cumsum>) return running_sums(out, i);
    if (m == 1) {
      const Expr g = pull(i, from, ones({}));
      if (present(g)) add(out, n, 1, {0, 0, 0}, {0, 1, 0}, line(g, n));
      return true;
    }
    if (n == 1) {
      const Expr t = push(i, from, ones({}));
      if (present(t)) add(out, m, 1, {0, 1, 0}, {0, 0, 0}, line(t, m));
      return true;
    }
    if (i.op == op_of<LogSumExp> || i.op == op_of<MaxOf> || i.op == op_of<MinOf>) return reduction(out, i, from);
    return by_directions(out, i, from);
  }
  // Each element of the argument goes into one line's result.
  bool reduction(LinearMap& out, const Instruction& i, SlotId from) {
    const Shape s = t_.shape(from);
    const Expr g = pull(i, from, ones(t_.shape(i.out)));
    const Places row = t_.payload(i) == along::rows ? Places{0, 0, 1} : Places{0, 1, 0};
    if (present(g)) add(out, s.rows, s.cols, row, {0, s.cols, 1}, algebra_.entries(g));
    return true;
  }
  bool by_directions(LinearMap& out, const Instruction& i, SlotId from) {
    const Int m = size(i.out), n = size(from);
    if (std::min(m, n) > most_directions) return false;
    const bool forward = n <= m;
    for (Int k = 0; k < std::min(m, n); ++k) {
      const Expr e = unit(t_.shape(forward ? from : i.out), k);
      const Expr d = forward ? push(i, from, e) : pull(i, from, e);
      if (!present(d)) continue;
      if (forward)
        add(out, m, 1, {0, 1, 0}, {k, 0, 0}, line(d, m));
      else
        add(out, n, 1, {k, 0, 0}, {0, 1, 0}, line(d, n));
    }
    return true;
  }
  Expr unit(Shape shape, Int element) {
    const Slice at{static_cast<std::uint32_t>(element / shape.cols), static_cast<std::uint32_t>(element % shape.cols), {}};
    const Expr one = ones({});
    return Lift<Expr>::array<Place>({.shape = shape, .slices = {&at, 1}}, std::span(&one, 1));
  }
  Entries line(const Expr& e, Int n) {
    Entries all = algebra_.entries(e);
    if (!all.repeated) all.numbers = reshape(all.numbers, shape_for(n, 1));
    return all;
  }
  Expr pull(const Instruction& i, SlotId from, const Expr& cotangent) {
    f_.adjoints[i.out] = cotangent;
    kernel<Frame>(i.op).pull(f_, i);
    const Expr g = f_.adjoint(from);
    f_.adjoints[i.out] = Expr();
    for (SlotId a : t_.arguments(i)) {
      f_.parts.erase(a);
      f_.adjoints[a] = Expr();
    }
    return g;
  }

  // Ones up to the diagonal (or from it on), once for each line.
  bool running_sums(LinearMap& out, const Instruction& i) {
    const Shape s = t_.shape(i.out);
    const std::uint32_t d = t_.payload(i) & 3u;
    const Int lines = d == along::all ? 1 : d == along::rows ? s.cols : s.rows, length = size(i.out) / lines;
    if (length == 1) {
      add(out, lines, 1, {0, 1, 0}, {0, 1, 0}, algebra_.one());
      return true;
    }
    if (lines > most_copies || length > longest_sum) return false;
    const Shape square = shape_for(length, length);
    const Expr diagonal = ones(shape_for(length, 1));
    const Expr unit = Lift<Expr>::array<DiagonalMatrix>({.shape = square}, std::span(&diagonal, 1));
    const std::uint32_t down = along::rows | (t_.payload(i) & Cumsum::backwards);
    const Entries sums =
        algebra_.entries(Lift<Expr>::array<Cumsum>({.shape = square, .number = down}, std::span(&unit, 1)));
    if (lines == 1)
      add(out, length, length, {0, 1, 0}, {0, 0, 1}, sums);
    else
      algebra_.add(out, CopiedMatrix{sums, length, length, lines, d == along::rows});
    return true;
  }

  // Of each line diag(y) - y y', and of its logarithm the identity - 1 y'.
  bool softmax(LinearMap& out, const Instruction& i) {
    const bool log = i.op == op_of<LogSoftmax>;
    const Shape s = t_.shape(i.out);
    std::uint32_t d = t_.payload(i);
    if (s.vector()) d = along::all == d || (d == along::rows) == (s.cols == 1) ? along::all : d;
    const Int lines = d == along::all ? 1 : d == along::rows ? s.cols : s.rows, length = size(i.out) / lines;
    if (lines > most_copies) return false;
    const Expr y = log ? wengert::softmax(f_.values[t_.arguments(i)[0]], t_.payload(i)) : f_.values[i.out];
    const Int n = size(i.out), step = d == along::rows ? lines : 1, next = d == along::rows ? 1 : length;
    add(out, n, 1, {0, 1, 0}, {0, 1, 0}, log ? algebra_.one() : line(y, n));
    for (Int k = 0; k < lines; ++k) {
      const auto at = static_cast<std::uint32_t>(k);
      const Expr own = reshape(d == along::all    ? y
                               : d == along::rows ? part(y, {0, at, {s.rows, 1}})
                                                  : part(y, {at, 0, {1, s.cols}}),
                               shape_for(length, 1));
      const Expr block = log ? broadcast(transpose(-own), shape_for(length, length)) : strong_matmul(-own, transpose(own));
      add(out, length, length, {k * next, step, 0}, {k * next, 0, step}, algebra_.entries(block));
    }
    return true;
  }
};

}  // namespace

std::optional<LinearizedProgram> linearize(const Expr& y, std::span<const Expr> wrt) {
  Graph& graph = *y.graph;
  const Tape tape = Tape::record(graph, std::span(&y.id, 1), ids(wrt));
  LinearizedProgram out;
  const SlotId output = tape.outputs()[0];
  if (!tape.active(output)) return LinearizedProgram{.vertices = 2, .edges = {}};
  Linearizer linearizer(tape, graph);
  std::vector<std::uint32_t> vertex(tape.slot_count());
  const bool alone = wrt.size() == 1 && tape.wrt()[0] != output;
  Int columns = 0, first = 0;
  for (const Expr& x : wrt) columns += static_cast<Int>(x.shape().size());
  out.vertices = 1;
  for (std::size_t k = 0; k < wrt.size(); first += static_cast<Int>(wrt[k++].shape().size())) {
    const SlotId s = tape.wrt()[k];
    if (s == Tape::no_slot || alone) continue;
    vertex[s] = out.vertices++;
    out.edges.push_back({0, vertex[s], linearizer.selection(first, static_cast<Int>(wrt[k].shape().size()), columns)});
    if (s == output) return LinearizedProgram{.vertices = 2, .edges = {{0, 1, out.edges.back().map}}};
  }
  std::vector<SlotId> seen;
  for (const Instruction& i : tape.code()) {
    if (!tape.active(i.out)) continue;
    vertex[i.out] = out.vertices++;
    seen.clear();
    for (SlotId a : tape.arguments(i)) {
      if (!tape.active(a) || std::find(seen.begin(), seen.end(), a) != seen.end()) continue;
      seen.push_back(a);
      auto map = linearizer.map(i, a);
      if (!map) return std::nullopt;
      if (map->size() > 0) out.edges.push_back({vertex[a], vertex[i.out], std::move(*map)});
    }
  }
  return out;
}

}  // namespace wengert::exec
