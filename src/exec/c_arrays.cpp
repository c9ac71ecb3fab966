#include "c_arrays.hpp"

#include <stdexcept>

#include "c_body.hpp"

namespace wengert::exec {

namespace {

using std::to_string;
using Lines = std::vector<std::string>;
using Helpers = std::set<std::string>;

// The Kronecker product of A and B, or one of its adjoints: all run over the elements of both.
Lines kronecker(const Cell& c, const std::string& y, const std::string& a, const std::string& b, Helpers& helpers) {
  const bool whole = c.code == code_of<Kron>, product = c.code == code_of<BlockProduct>;
  const Shape left = whole ? c.arguments[0].shape : product ? c.shape : c.arguments[1].shape;
  const Shape right = whole || product ? c.arguments[1].shape : c.shape;
  const std::string helper = whole ? "wg_kron" : product ? "wg_block_product" : "wg_block_sum";
  helpers.insert(helper);
  return {helper + "(" + y + ", " + a + ", " + b + ", " + to_string(left.rows) + ", " + to_string(left.cols) + ", " +
          to_string(right.rows) + ", " + to_string(right.cols) +
          (!whole                                ? ""
           : c.number == wengert::strong_product ? ", 1"
                                                 : ", 0") +
          ");"};
}

// By an LU factorisation on the stack.
Lines factored(const Cell& c, const std::string& y, const std::string& a, const std::string& b, Helpers& helpers) {
  const std::uint64_t n = c.arguments[0].shape.rows;
  const bool inverse = c.code == code_of<Inv>, cofactors = c.code == code_of<SingularCofactors>;
  if (cofactors && c.number == SingularCofactors::movement)
    return {c_for(n * n, y + "[i] = (" + b + ")[0] == 0.0 ? NAN : 0.0;")};
  const std::string what(row_of(static_cast<Op>(c.code)).info->name), size = to_string(n);
  if (n * n * (inverse || cofactors ? 2 : 1) > stack_doubles)
    throw std::invalid_argument("`" + what + "` of a " + size + "x" + size +
                                " matrix is too large for a stack: it has no C version");
  std::vector<std::string> out{"{", "  double wg_f[" + to_string(n * n) + "];", "  size_t wg_pivot[" + size + "];"};
  if (inverse) out.push_back("  double wg_unit[" + to_string(n * n) + "];");
  if (cofactors) {
    out.push_back("  double wg_x[" + to_string(n * n) + "];");
    out.push_back("  size_t wg_column[" + size + "];");
  }
  const std::string helper = c.code == code_of<Solve> ? "wg_solve"
                             : inverse                ? "wg_inverse"
                             : cofactors              ? "wg_singular_cofactors"
                             : c.code == code_of<Det> ? "wg_det"
                                                      : "wg_logdet";
  helpers.insert(helper);
  if (c.code == code_of<Solve>)
    out.push_back("  wg_solve(" + y + ", " + a + ", " + b + ", " + size + ", " + to_string(c.shape.cols) +
                  (c.number == transposed_system ? ", 1" : ", 0") + ", wg_f, wg_pivot);");
  else if (inverse)
    out.push_back("  wg_inverse(" + y + ", " + a + ", " + size + ", wg_f, wg_pivot, wg_unit, " +
                  (c.number == zero_if_singular ? "1" : "0") + ");");
  else if (cofactors)
    out.push_back("  wg_singular_cofactors(" + y + ", " + a + ", (" + b + ")[0], " + size +
                  ", wg_f, wg_x, wg_pivot, wg_column);");
  else
    out.push_back("  " + y + "[0] = " + helper + "(" + a + ", " + size + ", wg_f, wg_pivot);");
  out.push_back("}");
  return out;
}

Lines running_sums(const Cell& c, const std::string& y, const std::string& a) {
  const Shape s = c.shape;
  const bool back = (c.number & Cumsum::backwards) != 0,
             by_rows = (c.number & 3u) != along::cols && (c.number & 3u) != along::all;
  const std::uint64_t lines = (c.number & 3u) == along::all ? 1 : by_rows ? s.cols : s.rows;
  const std::uint64_t n = s.size() / lines, stride = by_rows ? s.cols : 1, apart = by_rows ? 1 : s.cols;
  return {"for (size_t j = 0; j < " + to_string(lines) + "; ++j) {",
          "  double v0 = 0.0;",
          "  for (size_t i = 0; i < " + to_string(n) + "; ++i) {",
          "    const size_t k = j * " + to_string(apart) + " + " +
              (back ? "(" + to_string(n - 1) + " - i)" : std::string("i")) + " * " + to_string(stride) + ";",
          "    v0 = i == 0 ? (" + a + ")[k] : v0 + (" + a + ")[k];",
          "    " + y + "[k] = v0;",
          "  }",
          "}"};
}

// A helper of (begin, count, stride) of each line, written as a loop over the lines.
Lines reduction(const Cell& c, const std::string& y, const std::string& a, const std::string& helper,
                Helpers& helpers) {
  helpers.insert(helper);
  const Shape s = c.arguments[0].shape;
  const auto call = [&](const std::string& from, std::uint64_t n, std::uint64_t stride) {
    return helper + "(" + from + ", " + to_string(n) + ", " + to_string(stride) + ");";
  };
  if (c.number == along::all || c.shape.scalar()) return {y + "[0] = " + call(a, s.size(), 1)};
  if (c.number == along::rows) return {c_for(s.cols, y + "[i] = " + call(a + " + i", s.rows, s.cols))};
  return {c_for(s.rows, y + "[i] = " + call(a + " + i * " + to_string(s.cols), s.cols, 1))};
}

// Element (i, j) is the argument's at row + column.
Lines gather(const Cell& c, const std::string& y, const std::string& a, const std::string& row,
             const std::string& column) {
  const std::string cols = to_string(c.shape.cols);
  return {c_for(c.shape.rows, ""),
          "  " + c_for(c.shape.cols, y + "[i * " + cols + " + j] = (" + a + ")[" + row + " + " + column + "];", "j")};
}

Lines largest_at(const Cell& c, const std::string& y, const std::string& a) {
  const char* better = c.code == code_of<ArgMax> ? " > " : " < ";
  return {y + "[0] = 1.0;", c_for(c.arguments[0].shape.size(), "if ((" + a + ")[i]" + better + "(" + a + ")[(size_t)" +
                                                                   y + "[0] - 1]) " + y + "[0] = (double)(i + 1);")};
}

}  // namespace

std::string c_for(std::uint64_t n, const std::string& body, const char* i) {
  const std::string k = i;
  return "for (size_t " + k + " = 0; " + k + " < " + to_string(n) + "; ++" + k + ")" + (body.empty() ? "" : " ") + body;
}

std::string c_product(const Cell& c, const std::string& y, const std::string& a, const std::string& b, bool strong,
                      Helpers& helpers) {
  const bool lt = (c.number & left_transposed) != 0, rt = (c.number & right_transposed) != 0;
  const Shape left = c.arguments[0].shape, right = c.arguments[1].shape;
  const char* f = strong && (c.number & strong_product) != 0 ? "wg_strong_product" : "wg_product";
  helpers.insert(f);
  const auto steps = [](bool transposed, Shape s) {
    return transposed ? ", 1, " + to_string(s.cols) : ", " + to_string(s.cols) + ", 1";
  };
  return std::string(f) + "(" + y + ", " + a + steps(lt, left) + ", " + b + steps(rt, right) + ", " +
         to_string(c.shape.rows) + ", " + to_string(lt ? left.rows : left.cols) + ", " + to_string(c.shape.cols) + ");";
}

Lines c_array(const Cell& c, const std::string& y, const std::string& a, const std::string& b, Helpers& helpers) {
  const Shape s = c.arguments[0].shape;
  const std::string cols = to_string(s.cols);
  switch (c.code) {
    case code_of<Sum>:
      return reduction(c, y, a, "wg_sum", helpers);
    case code_of<MaxOf>:
      return reduction(c, y, a, "wg_largest", helpers);
    case code_of<MinOf>:
      return reduction(c, y, a, "wg_smallest", helpers);
    case code_of<Transpose>:
      return gather(c, y, a, "j * " + cols, "i");
    case code_of<Broadcast>:
      return gather(c, y, a, s.rows == 1 ? "0" : "i * " + cols, s.cols == 1 ? "0" : "j");
    case code_of<Part>:
      return gather(c, y, a, "(i + " + to_string(c.arguments.slices()[0].row) + ") * " + cols,
                    "j + " + to_string(c.arguments.slices()[0].col));
    case code_of<Diagonal>:
      return {c_for(s.rows, y + "[i] = (" + a + ")[i * " + to_string(s.cols + 1) + "];")};
    case code_of<DiagonalMatrix>:
      return {c_for(c.shape.size(), y + "[i] = 0.0;"),
              c_for(s.size(), y + "[i * " + to_string(c.shape.cols + 1) + "] = (" + a + ")[i];")};
    case code_of<Norm>:
      helpers.insert("wg_norm");
      return {y + "[0] = wg_norm(" + a + ", " + to_string(s.size()) + ");"};
    case code_of<ArgMax>:
    case code_of<ArgMin>:
      return largest_at(c, y, a);
    case code_of<Cumsum>:
      return running_sums(c, y, a);
    case code_of<Kron>:
    case code_of<BlockProduct>:
    case code_of<BlockSum>:
      return kronecker(c, y, a, b, helpers);
    case code_of<Solve>:
    case code_of<Inv>:
    case code_of<Det>:
    case code_of<LogDet>:
    case code_of<SingularCofactors>:
      return factored(c, y, a, b, helpers);
    default:
      throw NoCVersion(std::string(row_of(static_cast<Op>(c.code)).info->name));
  }
}

}  // namespace wengert::exec
