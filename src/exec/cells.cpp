#include "cells.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <map>
#include <optional>
#include <stdexcept>

namespace wengert::exec {

namespace {

class Maker {
 public:
  Maker(const Graph& graph, std::span<const NodeId> inputs, const PlanOptions& options, bool across)
      : g_(graph), options_(options), across_(across && options.width == 1) {
    for (std::size_t k = 0; k < inputs.size(); ++k) input_.emplace(inputs[k], k);
  }

  Cells make(std::span<const NodeId> outputs) {
    const std::vector<NodeId> order = g_.reachable(outputs);
    cells_.all.reserve(order.size() + order.size() / 8);
    views_.resize(order.empty() ? 0 : std::size_t{order.back()} + 1);
    uses_.resize(views_.size());
    for (NodeId id : order)
      for (NodeId a : g_.arguments(id)) ++uses_[a];
    for (NodeId o : outputs) ++uses_[o];
    for (NodeId id : order) {
      views_[id] = node(id);
      Cell& c = cells_.all[views_[id].cell];
      if (c.node == no_node && views_[id].offset == 0) c.node = id;
    }
    for (NodeId o : outputs) cells_.outputs.push_back(views_[o]);
    cells_.inputs = input_.size();
    return std::move(cells_);
  }

 private:
  const Graph& g_;
  const PlanOptions& options_;
  bool across_;
  std::vector<std::uint32_t> uses_;  // by node
  std::unordered_map<NodeId, std::size_t> input_;
  std::vector<View> views_;
  Cells cells_;
  std::map<std::uint64_t, CellId> constants_;
  std::map<std::vector<std::uint64_t>, CellId> known_;  // cells that expansions and copies made

  View whole(CellId id) const { return {id, 0, cells_.all[id].shape, false}; }

  CellId add(Cell c) {
    for (const View& v : c.arguments) c.varying = c.varying || cells_.all[v.cell].varying;
    cells_.all.push_back(std::move(c));
    return static_cast<CellId>(cells_.all.size() - 1);
  }
  // The same cell for the same operation on the same views.
  CellId shared(Cell c) {
    std::vector<std::uint64_t> key{static_cast<std::uint64_t>(c.kind), c.code, c.number, c.shape.rows, c.shape.cols};
    for (const View& v : c.arguments)
      for (std::uint64_t k : {std::uint64_t{v.cell}, std::uint64_t{v.offset}, std::uint64_t{v.repeated},
                              std::uint64_t{v.shape.rows}, static_cast<std::uint64_t>(v.across)})
        key.push_back(k);
    for (const Slice& s : c.arguments.slices())
      for (std::uint64_t k : {s.row, s.col, s.shape.rows, s.shape.cols}) key.push_back(k);
    if (const auto it = known_.find(key); it != known_.end()) return it->second;
    const CellId id = add(std::move(c));
    known_.emplace(std::move(key), id);
    return id;
  }
  View number(double x) {
    const auto [it, fresh] = constants_.try_emplace(std::bit_cast<std::uint64_t>(x), 0);
    if (fresh) it->second = add({.kind = Cell::Kind::constant, .value = x});
    return whole(it->second);
  }
  View elementwise(Code code, Views x, Shape shape, bool share = false) {
    bool repeated = true;
    for (View& v : x) {
      v = in_place(v);
      repeated = repeated && v.distinct() == 1;
    }
    Cell c{
        .kind = Cell::Kind::elementwise, .code = code, .shape = repeated ? Shape{} : shape, .arguments = std::move(x)};
    const CellId id = share ? shared(std::move(c)) : add(std::move(c));
    return {id, 0, shape, repeated && !shape.scalar()};
  }
  // What a row or a column was broadcast to, as that row or column.
  View in_place(const View& v) const {
    if (v.shape.scalar()) return v;
    const Cell& c = cells_.all[v.cell];
    if (!across_ || c.kind != Cell::Kind::array || c.code != code_of<Broadcast> || v.offset != 0 || v.shape != c.shape)
      return v;
    const View& from = c.arguments[0];
    return {from.cell, from.offset, v.shape, false, from.shape.cols == 1 ? View::Across::column : View::Across::row};
  }
  template <class R>
  View apply(Views x, Shape shape) {
    return elementwise(code_of<R>, std::move(x), shape, true);
  }

  // The numbers one after the other, each of its own.
  View spread(View v) {
    if (!v.repeated) return v;
    v.shape = {static_cast<std::uint32_t>(v.shape.rows), v.shape.cols};
    const Shape shape = v.shape;
    View one = v;
    one.shape = {};
    one.repeated = false;
    return whole(shared({.kind = Cell::Kind::elementwise, .code = copy_code, .shape = shape, .arguments = {one}}));
  }

  View array(Op op, Views x, Shape shape, std::uint32_t number, std::vector<Slice> slices = {}) {
    for (View& v : x) v = spread(v);
    return whole(shared({.kind = Cell::Kind::array,
                         .code = static_cast<Code>(op),
                         .shape = shape,
                         .number = number,
                         .arguments = slices.empty() ? Arguments(x) : Arguments(x, std::move(slices))}));
  }

  View node(NodeId id) {
    const Node& n = g_[id];
    if (n.op == Op::constant) return number(g_.constant_of(id).value);
    if (n.op == Op::iota) return whole(add({.kind = Cell::Kind::iota, .shape = n.shape, .number = n.payload}));
    if (n.op == Op::input) {
      const auto it = input_.find(id);
      if (it == input_.end())
        throw std::invalid_argument("the input " + g_.input_of(id).name + " is not among the plan's");
      const bool varying =
          options_.width > 1 && std::find(options_.shared.begin(), options_.shared.end(), id) == options_.shared.end();
      return whole(add({.kind = Cell::Kind::input,
                        .varying = varying,
                        .shape = n.shape,
                        .number = static_cast<std::uint32_t>(it->second)}));
    }
    if (n.shape.scalar() && elementwise_op(n.op))
      if (const auto v = single_numbers(n.op, g_.arguments(id))) return *v;
    Views x;
    for (NodeId a : g_.arguments(id)) x.push_back(views_[a]);
    if (elementwise_op(n.op)) return row(n.op, std::move(x), n.shape);
    return array_row(id, n, std::move(x));
  }

  // Of single numbers, which long programs are made of, without asking what arrays ask.
  std::optional<View> single_numbers(Op op, std::span<const NodeId> arguments) {
    constexpr std::size_t most = 3;
    if (arguments.size() > most || op == op_of<Pow>) return std::nullopt;
    for (NodeId a : arguments)
      if (!Arguments::single(views_[a])) return std::nullopt;
    const bool plain =
        op == op_of<StrongMul> && (plain_factor(views_[arguments[0]]) || plain_factor(views_[arguments[1]]));
    bool varying = false;
    for (NodeId a : arguments) varying = varying || cells_.all[views_[a].cell].varying;
    Cell& c = cells_.all.emplace_back();
    c.kind = Cell::Kind::elementwise;
    c.code = plain ? code_of<Mul> : static_cast<Code>(op);
    c.varying = varying;
    for (NodeId a : arguments) c.arguments.add_single(views_[a].cell, views_[a].offset);
    return View{static_cast<CellId>(cells_.all.size() - 1), 0, {}, false};
  }

  View row(Op op, Views x, Shape shape) {
    const Code code = static_cast<Code>(op);
    if (op == op_of<Pow> && options_.mathematics == Mathematics::fast) {
      const Cell& exponent = cells_.all[x[1].cell];
      if (exponent.kind == Cell::Kind::constant && exponent.value == 2) return elementwise(square_code, {x[0]}, shape);
      if (exponent.kind == Cell::Kind::constant && exponent.value == 3) return elementwise(cube_code, {x[0]}, shape);
      if (exponent.kind == Cell::Kind::constant && exponent.value == -1)
        return elementwise(code_of<Div>, {number(1), x[0]}, shape);
    }
    if (op == op_of<StrongMul> && (plain_factor(x[0]) || plain_factor(x[1])))
      return elementwise(code_of<Mul>, std::move(x), shape);
    return elementwise(code, std::move(x), shape);
  }
  // Neither annihilates nor is annihilated.
  bool plain_factor(const View& v) const {
    const Cell& c = cells_.all[v.cell];
    return c.kind == Cell::Kind::constant && std::isfinite(c.value) && c.value != 0;
  }

  View array_row(NodeId id, const Node& n, Views x) {
    const Op op = n.op;
    if (op == op_of<Iterate> || op == op_of<IterateAdjoint>) return loop(op, n, std::move(x));
    if (op == op_of<Reshape>) return {x[0].cell, x[0].offset, n.shape, x[0].repeated};
    if (op == op_of<Transpose> && (x[0].shape.vector() || x[0].repeated))
      return {x[0].cell, x[0].offset, n.shape, x[0].repeated};
    if (op == op_of<Broadcast>) {
      if (x[0].distinct() == 1) return {x[0].cell, x[0].offset, n.shape, !n.shape.scalar()};
      return array(op, std::move(x), n.shape, 0);
    }
    if (op == op_of<Part>) {
      const Slice s = g_.slices_at(n.payload)[0];
      if (x[0].repeated) return {x[0].cell, x[0].offset, n.shape, !n.shape.scalar()};
      if (s.shape.rows == 1 || s.shape.cols == x[0].shape.cols)
        return {x[0].cell, x[0].offset + s.row * x[0].shape.cols + s.col, n.shape, false};
      return array(op, std::move(x), n.shape, 0, {s});
    }
    if (op == op_of<Place>) {
      const auto slices = g_.slices_at(n.payload);
      for (View& v : x) v = v.distinct() == 1 ? View{v.cell, v.offset, v.shape, v.repeated} : v;
      return whole(add({.kind = Cell::Kind::place,
                        .code = static_cast<Code>(op),
                        .shape = n.shape,
                        .arguments = Arguments(x, {slices.begin(), slices.end()})}));
    }
    if (op == op_of<MatMul> || op == op_of<StrongMatMul>) return product(op, std::move(x), n.shape);
    if (op == op_of<Sum> && n.payload != along::all)
      if (const auto s = sum_before(g_.arguments(id)[0], n)) return *s;
    if (options_.mathematics == Mathematics::fast) {
      if (op == op_of<Softmax>) return softmax(x[0], n.payload);
      if (op == op_of<LogSumExp>) return log_sum_exp(x[0], n.payload);
      if (op == op_of<LogSoftmax>) return log_softmax(x[0], n.payload);
    }
    return array(op, std::move(x), n.shape, n.payload, slices_of(id, n));
  }
  std::vector<Slice> slices_of(NodeId, const Node&) const { return {}; }

  View loop(Op op, const Node& n, Views x) {
    for (View& v : x) v = spread(v);
    const bool adjoint = op == op_of<IterateAdjoint>;
    bool any = false;
    std::vector<bool> varying;
    for (std::size_t k = 0; k < x.size(); ++k) {
      any = any || cells_.all[x[k].cell].varying;
      if (k > (adjoint ? 1 : 0)) varying.push_back(cells_.all[x[k].cell].varying);
    }
    if (!any) varying.clear();
    // A loop without parameters still runs in lanes where its state differs.
    PlanOptions options = options_;
    if (!any) options.width = 1;
    cells_.loops.push_back(make_loop(g_, n.payload, adjoint, varying, options));
    return whole(add({.kind = Cell::Kind::array,
                      .code = static_cast<Code>(op),
                      .shape = n.shape,
                      .number = static_cast<std::uint32_t>(cells_.loops.size() - 1),
                      .arguments = std::move(x)}));
  }

  // Sums of lines that are taken before what is done to all of their numbers: before a sign, before a product.
  std::optional<View> sum_before(NodeId of, const Node& sum) {
    if (options_.mathematics != Mathematics::fast) return std::nullopt;
    bool negative = false;
    for (; g_[of].op == op_of<Neg> && uses_[of] == 1; of = g_.arguments(of)[0]) negative = !negative;
    const View& x = views_[of];
    const Cell& c = cells_.all[x.cell];
    const bool product =
        uses_[of] == 1 && c.kind == Cell::Kind::product && !x.repeated && x.offset == 0 && x.shape == c.shape;
    if (!product && !negative) return std::nullopt;
    const View s =
        product ? sum_of_product(Cell(c), sum.payload, sum.shape) : array(sum.op, {x}, sum.shape, sum.payload);
    return negative ? apply<Neg>({s}, sum.shape) : s;
  }
  // The sum of a product's columns is its left factor times the sum of the right one's; of its rows likewise.
  View sum_of_product(const Cell& c, std::uint32_t dimension, Shape shape) {
    const std::size_t summed = dimension == along::cols ? 1 : 0;
    std::uint32_t flags = c.number;
    const std::uint32_t flag = summed == 1 ? right_transposed : left_transposed;
    Views x = c.arguments.views();
    const bool transposed = (flags & flag) != 0;
    const std::uint32_t over = (dimension == along::cols) != transposed ? along::cols : along::rows;
    const Code code = c.code;
    View s = array(op_of<Sum>, {x[summed]}, reduced(x[summed].shape, over), over);
    s.shape = summed == 1 ? Shape{static_cast<std::uint32_t>(s.shape.size()), 1}
                          : Shape{1, static_cast<std::uint32_t>(s.shape.size())};
    flags &= ~flag;
    x[summed] = s;
    return whole(add({.kind = Cell::Kind::product, .code = code, .shape = shape, .number = flags, .arguments = x}));
  }

  // A matrix that is transposed for a product alone is read in place.
  View product(Op op, Views x, Shape shape) {
    std::uint32_t flags = op == op_of<StrongMatMul> ? strong_product : 0;
    for (std::size_t j = 0; j < 2; ++j) {
      x[j] = spread(x[j]);
      const Cell& c = cells_.all[x[j].cell];
      const bool entire = x[j].offset == 0 && x[j].shape == c.shape;
      if (options_.mathematics == Mathematics::fast && c.kind == Cell::Kind::array && c.code == code_of<Transpose> &&
          entire) {
        x[j] = c.arguments[0];
        flags |= j == 0 ? left_transposed : right_transposed;
      }
    }
    return whole(add({.kind = Cell::Kind::product,
                      .code = static_cast<Code>(op),
                      .shape = shape,
                      .number = flags,
                      .arguments = std::move(x)}));
  }

  // --- rows that are built from others; the same values as the rows' own

  View line(const View& reducedView, Shape to) {
    if (reducedView.distinct() == 1) return {reducedView.cell, reducedView.offset, to, !to.scalar()};
    return array(op_of<Broadcast>, {reducedView}, to, 0);
  }
  struct Exponentials {
    View largest, shift, terms, sum;  // the sum is NaN where the largest is infinite, if it is to be divided by
  };
  Exponentials exponentials(View x, std::uint32_t dimension) {
    x = spread(x);
    const Shape s = x.shape, r = reduced(s, dimension);
    Exponentials e;
    e.largest = s == r ? x : array(op_of<MaxOf>, {x}, r, dimension);
    const View gap = apply<Sub>({e.largest, e.largest}, r);
    e.shift = apply<Select>({apply<Equal>({gap, number(0)}, r), e.largest, number(0)}, r);
    e.terms = apply<Exp>({apply<Sub>({x, line(e.shift, s)}, s)}, s);
    e.sum = s == r ? e.terms : array(op_of<Sum>, {e.terms}, r, dimension);
    return e;
  }
  View log_sum_exp(const View& x, std::uint32_t dimension) {
    const Exponentials e = exponentials(x, dimension);
    const Shape r = reduced(x.shape, dimension);
    return apply<Add>({e.shift, apply<Log>({e.sum}, r)}, r);
  }
  View softmax(const View& x, std::uint32_t dimension) {
    const Exponentials e = exponentials(x, dimension);
    const Shape r = reduced(x.shape, dimension);
    const View sum = apply<Add>({e.sum, apply<Sub>({e.largest, e.largest}, r)}, r);
    return apply<Div>({e.terms, line(sum, x.shape)}, x.shape);
  }
  View log_softmax(const View& x, std::uint32_t dimension) {
    const Exponentials e = exponentials(x, dimension);
    const Shape r = reduced(x.shape, dimension);
    const View log_sum = apply<Log>({apply<Add>({e.sum, apply<Sub>({e.largest, e.largest}, r)}, r)}, r);
    return apply<Sub>({apply<Sub>({spread(x), line(e.largest, x.shape)}, x.shape), line(log_sum, x.shape)}, x.shape);
  }
};

}  // namespace

bool keeps_not_numbers(Code code) {
  switch (code) {
    case code_of<Add>:
    case code_of<Sub>:
    case code_of<Mul>:
    case code_of<StrongMul>:
    case code_of<Div>:
    case code_of<Neg>:
    case code_of<Abs>:
    case code_of<Sqrt>:
    case code_of<Max>:
    case code_of<Min>:
    case copy_code:
    case square_code:
    case cube_code:
      return true;
    default:
      return false;
  }
}

Cells make_cells(const Graph& graph, std::span<const NodeId> outputs, std::span<const NodeId> inputs,
                 const PlanOptions& options, bool across) {
  return Maker(graph, inputs, options, across).make(outputs);
}

PlaceRuns place_runs(const Cell& place) {
  PlaceRuns runs;
  const std::span<const Slice> slices = place.arguments.slices();
  const Shape whole = place.shape;
  std::vector<std::uint8_t> filled(whole.size());
  const auto stop_of = [&](std::uint64_t e, std::uint64_t end) {
    std::uint64_t stop = e;
    while (stop < end && filled[stop] == filled[e]) ++stop;
    return stop;
  };
  for (std::size_t j = 0; j < slices.size(); ++j) {
    const Slice& s = slices[j];
    // Whole rows that follow each other are one line.
    const bool one = s.shape.cols == whole.cols;
    const std::uint64_t lines = one ? 1 : s.shape.rows, length = one ? s.shape.size() : s.shape.cols;
    for (std::uint64_t r = 0; r < lines; ++r) {
      const std::uint64_t begin = (s.row + r) * whole.cols + s.col, end = begin + length;
      for (std::uint64_t e = begin, stop = 0; e < end; e = stop) {
        stop = stop_of(e, end);
        runs.moves.push_back({j, e, r * length + (e - begin), stop - e, filled[e] != 0});
        std::fill(filled.begin() + static_cast<std::ptrdiff_t>(e), filled.begin() + static_cast<std::ptrdiff_t>(stop),
                  std::uint8_t{1});
      }
    }
  }
  for (std::uint64_t e = 0, stop = 0; e < filled.size(); e = stop) {
    stop = stop_of(e, filled.size());
    if (filled[e] == 0) runs.zeros.emplace_back(e, stop - e);
  }
  return runs;
}

}  // namespace wengert::exec
