#include "c_arrays.hpp"

#include <stdexcept>

namespace wengert::exec {

namespace {
using std::to_string;
}

// The Kronecker product of A and B, or one of its adjoints: all run over the elements of both.
std::vector<std::string> c_kronecker(const Cell& c, const std::string& y, const std::string& a, const std::string& b,
                                     std::set<std::string>& helpers) {
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
std::vector<std::string> c_factored(const Cell& c, const std::string& y, const std::string& a, const std::string& b,
                                    std::set<std::string>& helpers) {
  const std::uint64_t n = c.arguments[0].shape.rows;
  const bool inverse = c.code == code_of<Inv>;
  const std::string what(row_of(static_cast<Op>(c.code)).info->name), size = to_string(n);
  if (n * n * (inverse ? 2 : 1) > stack_doubles)
    throw std::invalid_argument("`" + what + "` of a " + size + "x" + size +
                                " matrix is too large for a stack: it has no C version");
  std::vector<std::string> out{"{", "  double f[" + to_string(n * n) + "];", "  size_t pivot[" + size + "];"};
  if (inverse) out.push_back("  double unit[" + to_string(n * n) + "];");
  const std::string helper = c.code == code_of<Solve> ? "wg_solve"
                             : inverse                ? "wg_inverse"
                             : c.code == code_of<Det> ? "wg_det"
                                                      : "wg_logdet";
  helpers.insert(helper);
  if (c.code == code_of<Solve>)
    out.push_back("  wg_solve(" + y + ", " + a + ", " + b + ", " + size + ", " + to_string(c.shape.cols) +
                  (c.number == transposed_system ? ", 1" : ", 0") + ", f, pivot);");
  else if (inverse)
    out.push_back("  wg_inverse(" + y + ", " + a + ", " + size + ", f, pivot, unit);");
  else
    out.push_back("  " + y + "[0] = " + helper + "(" + a + ", " + size + ", f, pivot);");
  out.push_back("}");
  return out;
}

std::vector<std::string> c_running_sums(const Cell& c, const std::string& y, const std::string& a) {
  const Shape s = c.shape;
  const bool back = (c.number & Cumsum::backwards) != 0,
             by_rows = (c.number & 3u) != along::cols && (c.number & 3u) != along::all;
  const std::uint64_t lines = (c.number & 3u) == along::all ? 1 : by_rows ? s.cols : s.rows;
  const std::uint64_t n = s.size() / lines, stride = by_rows ? s.cols : 1, apart = by_rows ? 1 : s.cols;
  return {"for (size_t j = 0; j < " + to_string(lines) + "; ++j) {",
          "  double s = 0.0;",
          "  for (size_t i = 0; i < " + to_string(n) + "; ++i) {",
          "    const size_t k = j * " + to_string(apart) + " + " +
              (back ? "(" + to_string(n - 1) + " - i)" : std::string("i")) + " * " + to_string(stride) + ";",
          "    s = i == 0 ? (" + a + ")[k] : s + (" + a + ")[k];",
          "    " + y + "[k] = s;",
          "  }",
          "}"};
}

}  // namespace wengert::exec
