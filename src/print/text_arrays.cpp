// How operations on whole arrays are written in the language.
#include "blocks.hpp"
#include "text_notation.hpp"
#include "wengert/rules/table.hpp"

namespace wengert::print {

namespace {

std::string sized(std::string_view function, Shape s) {
  return std::string(function) + "(" + std::to_string(s.rows) + ", " + std::to_string(s.cols) + ")";
}

// `:`, `2` or `2..4`, counted from 1.
std::string index(std::uint32_t first, std::uint32_t count, std::uint32_t whole) {
  if (count == whole) return ":";
  if (count == 1) return std::to_string(first + 1);
  return std::to_string(first + 1) + ".." + std::to_string(first + count);
}

// A list of forms between brackets.
Form list(std::string_view open, std::vector<Form> elements, std::string_view close) {
  if (elements.size() == 1 && open.ends_with("cat(")) return std::move(elements[0]);
  Form form{atom, {open}};
  for (std::size_t k = 0; k < elements.size(); ++k) {
    if (k > 0) form.pieces.emplace_back(", ");
    append(form, std::move(elements[k]));
  }
  form.pieces.emplace_back(close);
  return form;
}

constexpr SumSigns plain_signs{" + ", " - "};

}  // namespace

Form TextNotation::array(NodeId id, bool unsigned_) const {
  const auto x = g_.arguments(id);
  switch (static_cast<std::uint16_t>(g_[id].op)) {
    case number_of<MatMul>: case number_of<StrongMatMul>: return {product, {{x[0], product, unsigned_}, "*", {x[1], power}}};
    case number_of<Transpose>: return {postfix, {{x[0], postfix}, "'"}};
    case number_of<Broadcast>: return repetition(id, unsigned_);
    case number_of<Part>:
      if (plan_.loops() != nullptr && is_adjoint_part(g_, id)) return adjoint_part(id, g_[id].shape);
      return part(id);
    case number_of<Place>: return place(id);
    case number_of<Reshape>:
      if (plan_.loops() != nullptr && is_adjoint_part(g_, x[0]) && plan_.name(x[0]) == nullptr) return adjoint_part(x[0], g_[id].shape);
      return {atom, {"reshape(", {x[0], whole}, ", " + std::to_string(g_[id].shape.rows) + ", " + std::to_string(g_[id].shape.cols) + ")"}};
    case number_of<DiagonalMatrix>:
      if (g_[x[0]].op == op_of<Broadcast> && g_.is_constant(g_.arguments(x[0])[0], 1)) return {atom, {"eye(" + std::to_string(g_[id].shape.rows) + ")"}};
      return {atom, {"diag(", {x[0], whole}, ")"}};
    case number_of<MaxOf>: case number_of<MinOf>: return extreme(id);
    case number_of<Sum>: case number_of<Cumsum>: case number_of<LogSumExp>: case number_of<Softmax>: case number_of<LogSoftmax>: return reduction(id);
    case number_of<Solve>:
      if (g_[id].payload == transposed_system) return {atom, {"solve(", {x[0], postfix}, "', ", {x[1], whole}, ")"}};
      return call("solve", id);
    case number_of<Iterate>: return loop(id);
    case number_of<IterateAdjoint>: return loop_adjoint(id, Loops::every);
    case number_of<BlockProduct>: case number_of<BlockSum>: return blocks(id);
    case number_of<Abstract>: {
      const std::uint32_t number = g_[id].payload;
      return {atom, {g_.abstract_function_at(abstract_name(number)) + std::string(abstract_order(number), '\'') + "(", {x[0], whole}, ")"}};
    }
    default: return call(row_of(g_[id].op).info->name, id);
  }
}

// The adjoints of a Kronecker product: sums over blocks.
Form TextNotation::blocks(NodeId id) const {
  const bool inner = g_[id].op == op_of<BlockProduct>;
  const NodeId all = g_.arguments(id)[0], factor = g_.arguments(id)[1];
  const Shape block = inner ? g_[factor].shape : g_[id].shape, count = inner ? g_[id].shape : g_[factor].shape;
  const std::string i = plan_.fresh("i"), j = plan_.fresh("j");
  const auto range = [](const std::string& k, std::uint32_t n) {
    const std::string by = std::to_string(n);
    return n == 1 ? k : "(" + k + " - 1)*" + by + " + 1.." + k + "*" + by;
  };
  const std::string at = "[" + range(i, block.rows) + ", " + range(j, block.cols) + "]";
  const std::string over = i + " in 1.." + std::to_string(count.rows) + ", " + j + " in 1.." + std::to_string(count.cols);
  if (inner) return {atom, {"[sum(", {all, postfix}, at + ".*", {factor, power}, ") for " + over + "]"}};
  return {atom, {"sum(" + over + ", ", {factor, postfix}, "[" + i + ", " + j + "]*", {all, postfix}, at + ")"}};
}

// The function's name, the first state, the count, then the parameters.
Form TextNotation::loop(NodeId id) const {
  const Loop& body = g_.loop_at(g_[id].payload);
  const auto x = written_arguments(g_, id);
  const std::string& function = plan_.loops() != nullptr ? plan_.loops()->name(g_[id].payload) : body.name;
  Form form{atom, {"iterate(" + function + ", ", {x[0], whole}, ", " + std::to_string(body.count)}};
  for (NodeId parameter : x.subspan(1)) {
    form.pieces.emplace_back(", ");
    form.pieces.emplace_back(parameter, whole);
  }
  form.pieces.emplace_back(")");
  return form;
}

// The column of an iterate's adjoints, or one of them.
Form TextNotation::loop_adjoint(NodeId column, std::size_t argument) const {
  if (plan_.loops() == nullptr) return call("iterate_adjoint", column);
  Form form{atom, {plan_.loops()->adjoint(g_[column].payload, argument) + "("}};
  const auto x = written_arguments(g_, column);
  for (std::size_t k = 0; k < x.size(); ++k) {
    if (k > 0) form.pieces.emplace_back(", ");
    form.pieces.emplace_back(x[k], whole);
  }
  form.pieces.emplace_back(")");
  return form;
}

// An adjoint has the shape of its argument; as a part of the column it is a column.
Form TextNotation::adjoint_part(NodeId id, Shape wanted) const {
  const NodeId column = g_.arguments(id)[0];
  const std::size_t k = adjoint_argument(g_, id);
  const Loop& body = g_.loop_at(g_[column].payload);
  const Shape shape = g_[k == 0 ? body.state : body.parameters[k - 1]].shape;
  Form form = loop_adjoint(column, k);
  if (shape == wanted) return form;
  form.pieces.insert(form.pieces.begin(), "reshape(");
  form.pieces.emplace_back(", " + std::to_string(wanted.rows) + ", " + std::to_string(wanted.cols) + ")");
  return form;
}

// A repetition where nothing implies it; ones times what is repeated is exactly that node again.
Form TextNotation::repetition(NodeId id, bool unsigned_) const {
  const NodeId inner = g_.arguments(id)[0];
  const Shape shape = g_[id].shape;
  const std::string ones = sized("ones", shape);
  if (!g_[inner].shape.scalar()) return {product, {ones + ".*", {inner, power}}};
  if (g_[inner].op == Op::constant) {
    const Constant& c = g_.constant_of(inner);
    if (c.is(0)) return {atom, {sized("zeros", shape)}};
    if (c.is(1)) return {atom, {ones}};
    if (c.is(-1)) return unsigned_ ? Form{atom, {ones}} : Form{product, {"-" + ones}};
  }
  return {product, {{inner, product, unsigned_}, "*" + ones}};
}

Form TextNotation::part(NodeId id) const {
  const NodeId base = g_.arguments(id)[0];
  const Slice s = g_.slices_at(g_[id].payload)[0];
  const Shape whole = g_[base].shape;
  std::string at;
  if (whole.cols == 1) at = index(s.row, s.shape.rows, whole.rows);
  else if (whole.rows == 1 && s.shape.scalar()) at = index(s.col, s.shape.cols, whole.cols);
  else at = index(s.row, s.shape.rows, whole.rows == 1 ? 0 : whole.rows) + ", " + index(s.col, s.shape.cols, whole.cols);
  return {postfix, {{base, postfix}, "[" + at + "]"}};
}

Form TextNotation::place(NodeId id) const {
  const auto cell = [&](const Block& b) -> Form {
    if (b.terms.empty()) return {atom, {b.shape.scalar() ? std::string("0") : sized("zeros", b.shape)}};
    return terms_form(plan_, b.terms, plain_signs);
  };
  // An element that begins with its own bracket would be read as a row.
  const auto written_as_bracket = [&](const Block& b) {
    if (b.terms.size() != 1 || plan_.name(b.terms[0]) != nullptr) return false;
    const Op op = g_[b.terms[0]].op;
    return op == op_of<Place> || op == Op::iota || op == op_of<Cumsum> || op == op_of<MaxOf> || op == op_of<MinOf>;
  };
  const auto written = [&](const Grid& grid) {
    bool plain = true;
    for (const auto& line : grid.lines)
      for (const Block& b : line) plain = plain && !written_as_bracket(b);
    const bool column = g_[id].shape.cols == 1 && !grid.upright, scalars = grid.scalars();
    std::vector<Form> lines;
    for (const auto& line : grid.lines) {
      std::vector<Form> cells;
      for (const Block& b : line) cells.push_back(cell(b));
      if (grid.upright) lines.push_back(list("vcat(", std::move(cells), ")"));
      else if (plain && scalars && !column) lines.push_back(list("[", std::move(cells), "]"));
      else lines.push_back(list("hcat(", std::move(cells), ")"));
    }
    if (grid.upright) return list("hcat(", std::move(lines), ")");
    if (plain && (column ? lines.size() > 1 : scalars)) return list("[", std::move(lines), "]");
    return list("vcat(", std::move(lines), ")");
  };

  const std::vector<Grid> grids = arrange(g_, id);
  if (grids.size() == 1) return written(grids[0]);
  Form form{sum, {}};
  for (const Grid& grid : grids) {
    if (!form.pieces.empty()) form.pieces.emplace_back(" + ");
    append(form, written(grid));
  }
  return form;
}

Form TextNotation::reduction(NodeId id) const {
  const Node& n = g_[id];
  const NodeId x = g_.arguments(id)[0];
  const Shape from = g_[x].shape;
  const std::string function(row_of(n.op).info->name);
  const std::uint32_t dimension = n.payload & 3u;
  const bool by_columns = n.op != op_of<Sum> && n.op != op_of<LogSumExp>;  // where no dimension is given
  if (n.op == op_of<Cumsum> && (n.payload & Cumsum::backwards) != 0) {
    const std::string i = plan_.fresh("i"), j = plan_.fresh("j");
    const std::string m = std::to_string(from.rows), k = std::to_string(from.cols);
    if (dimension == along::rows && from.cols == 1) return {atom, {"[sum(", {x, postfix}, "[" + i + ".." + m + "]) for " + i + " in 1.." + m + "]"}};
    const std::string at = dimension == along::cols ? "[" + i + ", " + j + ".." + k + "]" : "[" + i + ".." + m + ", " + j + "]";
    return {atom, {"[sum(", {x, postfix}, at + ") for " + i + " in 1.." + m + ", " + j + " in 1.." + k + "]"}};
  }
  if (dimension == along::all && by_columns && from.cols > 1) {  // all elements together have no notation of their own
    if (from.rows == 1) return {atom, {function + "(", {x, whole}, ", 2)"}};
    const std::string flat = std::to_string(from.size());
    return {atom, {"reshape(" + function + "(reshape(", {x, whole}, ", " + flat + ", 1)), " + std::to_string(from.rows) + ", " + std::to_string(from.cols) + ")"}};
  }
  const std::uint32_t usual = by_columns ? along::rows : along::all;
  const bool say = dimension != usual && dimension != along::all;
  return {atom, {function + "(", {x, whole}, say ? ", " + std::to_string(dimension) + ")" : std::string(")")}};
}

// max(a, b, c) is the largest element of a list; two arguments are another operation.
Form TextNotation::extreme(NodeId id) const {
  const Node& n = g_[id];
  const NodeId x = g_.arguments(id)[0];
  const std::string function(row_of(n.op).info->name);
  if (n.payload == along::all) {
    Form form = call(function, id);
    if (g_[x].op != op_of<Place> || plan_.name(x) != nullptr || g_[x].shape.cols != 1 || g_.arguments(x).size() < 3) return form;
    const std::vector<Grid> grids = arrange(g_, x);
    if (grids.size() != 1 || !grids[0].scalars() || grids[0].lines.size() != g_.arguments(x).size()) return form;
    std::vector<Form> elements;
    for (const auto& line : grids[0].lines) elements.push_back({whole, {{line[0].terms[0], whole}}});
    return list(function + "(", std::move(elements), ")");
  }
  const std::string i = plan_.fresh("i");
  const bool rows = n.payload == along::rows;
  const std::string at = rows ? "[:, " + i + "]" : "[" + i + ", :]";
  const std::string count = std::to_string(rows ? n.shape.cols : n.shape.rows);
  Form column{atom, {"[" + function + "(", {x, postfix}, at + ") for " + i + " in 1.." + count + "]"}};
  if (!rows) return column;
  column.level = postfix;
  column.pieces.emplace_back("'");
  return column;
}

}  // namespace wengert::print
