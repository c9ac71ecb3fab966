// How operations on whole arrays are written in LaTeX.
#include <algorithm>

#include "blocks.hpp"
#include "latex_notation.hpp"
#include "wengert/print/latex.hpp"

namespace wengert::print {

namespace {

std::string sized(std::string_view symbol, Shape s) {
  return std::string(symbol) + "_{" + std::to_string(s.rows) + " \\times " + std::to_string(s.cols) + "}";
}

std::string index(std::uint32_t first, std::uint32_t count, std::uint32_t whole) {
  if (count == whole && whole > 1) return ":";
  if (count == 1) return std::to_string(first + 1);
  return std::to_string(first + 1) + ":" + std::to_string(first + count);
}

}  // namespace

Form LatexNotation::array(NodeId id, bool unsigned_) const {
  const auto x = g_.arguments(id);
  const Node& n = g_[id];
  const std::string function = "\\operatorname{" + std::string(row_of(n.op).info->name) + "}";
  const auto along_a_dimension = [&](std::uint32_t usual) -> Form {
    const std::uint32_t dimension = n.payload & 3u;
    const std::string subscript = dimension == usual || dimension == along::all ? "" : "_{" + std::to_string(dimension) + "}";
    return call((n.payload & Cumsum::backwards) != 0 && n.op == op_of<Cumsum> ? "\\overleftarrow{" + function + "}" + subscript : function + subscript, id);
  };
  switch (static_cast<std::uint16_t>(n.op)) {
    case number_of<MatMul>: case number_of<StrongMatMul>: return product_of(x[0], " ", x[1], unsigned_);
    case number_of<Transpose>: return {power, {{x[0], postfix}, "^{\\top}"}};
    case number_of<Broadcast>: return repetition(id, unsigned_);
    case number_of<Part>: return part(id);
    case number_of<Place>: return place(id);
    case number_of<Norm>: return {atom, {"\\left\\|", {x[0], whole}, "\\right\\|"}};
    case number_of<Reshape>: return call(function + "_{" + std::to_string(n.shape.rows) + " \\times " + std::to_string(n.shape.cols) + "}", id);
    case number_of<DiagonalMatrix>:
      if (g_[x[0]].op == op_of<Broadcast> && g_.is_constant(g_.arguments(x[0])[0], 1)) return {postfix, {"I_{" + std::to_string(n.shape.rows) + "}"}};
      return call(function, id);
    case number_of<MaxOf>: case number_of<MinOf>: return call("\\" + std::string(row_of(n.op).info->name), id);
    case number_of<Sum>: case number_of<LogSumExp>: return along_a_dimension(along::all);
    case number_of<Cumsum>: case number_of<Softmax>: case number_of<LogSoftmax>: return along_a_dimension(along::rows);
    case number_of<Inv>: return {power, {{x[0], postfix}, "^{-1}"}};
    case number_of<Solve>: return {product, {{x[0], postfix}, n.payload == transposed_system ? "^{-\\top} " : "^{-1} ", {x[1], power}}};
    case number_of<Det>: return call("\\det", id);
    case number_of<LogDet>: return call("\\log\\det", id);
    case number_of<Kron>: return {product, {{x[0], power}, " \\otimes ", {x[1], power}}};
    case number_of<Abstract>: {
      const std::uint32_t order = abstract_order(n.payload);
      const std::string primes = order <= 3 ? std::string(order, '\'') : "^{(" + std::to_string(order) + ")}";
      return call(g_.abstract_function_at(abstract_name(n.payload)) + primes, id);
    }
    default: break;
  }
  const std::string_view name = row_of(n.op).info->name;
  std::string escaped;
  for (char c : name) escaped += c == '_' ? "\\_" : std::string(1, c);
  return call("\\operatorname{" + escaped + "}", id);
}

Form LatexNotation::repetition(NodeId id, bool unsigned_) const {
  const NodeId inner = g_.arguments(id)[0];
  const std::string ones = sized("\\mathbf{1}", g_[id].shape);
  if (!g_[inner].shape.scalar()) return {product, {ones + " \\odot ", {inner, power}}};
  if (g_.is_constant(inner, 0)) return {postfix, {sized("\\mathbf{0}", g_[id].shape)}};
  if (g_.is_constant(inner, 1)) return {postfix, {ones}};
  return {product, {{inner, product, unsigned_}, " " + ones}};
}

Form LatexNotation::part(NodeId id) const {
  const NodeId base = g_.arguments(id)[0];
  const Slice s = g_.slices_at(g_[id].payload)[0];
  const Shape whole_shape = g_[base].shape;
  std::string at = index(s.row, s.shape.rows, whole_shape.rows);
  if (whole_shape.rows == 1) at = index(s.col, s.shape.cols, whole_shape.cols);
  else if (whole_shape.cols > 1) at += "," + index(s.col, s.shape.cols, whole_shape.cols);
  // A name with a subscript of its own is a group: {x_{1}}_{2}.
  const std::string* given = name(base);
  const std::string written = given != nullptr ? *given : g_[base].op == Op::input ? latex_name(g_.input_of(base).name) : "";
  if (written.find('_') == std::string::npos) return {postfix, {{base, atom}, "_{" + at + "}"}};
  return {postfix, {"{" + written + "}_{" + at + "}"}};
}

Form LatexNotation::place(NodeId id) const {
  const auto cell = [&](const Block& b) -> Form {
    if (b.terms.empty()) return {atom, {b.shape.scalar() ? std::string("0") : sized("\\mathbf{0}", b.shape)}};
    return terms_form(plan_, b.terms, {" + ", " - "});
  };
  const auto matrix = [&](const std::vector<std::vector<Form>>& rows) {
    Form form{atom, {"\\begin{bmatrix} "}};
    for (std::size_t r = 0; r < rows.size(); ++r) {
      if (r > 0) form.pieces.emplace_back(" \\\\ ");
      for (std::size_t c = 0; c < rows[r].size(); ++c) {
        if (c > 0) form.pieces.emplace_back(" & ");
        append(form, rows[r][c]);
      }
    }
    form.pieces.emplace_back(" \\end{bmatrix}");
    return form;
  };
  const auto written = [&](const Grid& grid) {
    std::vector<std::vector<Form>> rows;
    std::size_t longest = 0, shortest_row = ~std::size_t{0};
    for (const auto& line : grid.lines) {
      auto& row = rows.emplace_back();
      for (const Block& b : line) row.push_back(cell(b));
      longest = std::max(longest, row.size());
      shortest_row = std::min(shortest_row, row.size());
    }
    if (!grid.upright && longest == shortest_row) return matrix(rows);
    // Lines of different numbers of blocks are matrices of their own.
    std::vector<std::vector<Form>> whole_rows;
    for (auto& row : rows) {
      std::vector<std::vector<Form>> line;
      if (grid.upright) for (Form& f : row) line.push_back({std::move(f)});
      else line.push_back(std::move(row));
      Form one = line.size() == 1 && line[0].size() == 1 ? std::move(line[0][0]) : matrix(line);
      if (grid.upright && !whole_rows.empty()) whole_rows[0].push_back(std::move(one));
      else whole_rows.push_back({std::move(one)});
    }
    return matrix(whole_rows);
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

}  // namespace wengert::print
