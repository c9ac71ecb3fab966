#include "app/spy.hpp"

#include <algorithm>

#include "app/ask.hpp"
#include "app/layout.hpp"
#include "app/usage.hpp"
#include "wengert/exec/sparse.hpp"
#include "wengert/rules/build.hpp"
#include "wengert/sweep/differentiate.hpp"

namespace wengert::app {

namespace {

constexpr std::size_t widest = 160, highest = 80;  // dots of a picture of text
constexpr std::size_t drawn = 400;                 // cells a side of an svg
constexpr std::size_t listed = 1'000'000;          // entries in JSON

struct Spy {
  std::string what;  // "the Jacobian by x", "the Hessian by x"
  exec::Pattern pattern;
  std::uint32_t colours = 0;
};

// Cells of a coarser grid that have an entry.
struct Grid {
  std::size_t rows, cols;
  std::vector<std::uint8_t> dot;
};
Grid shrunk(const exec::Pattern& p, std::size_t most_rows, std::size_t most_cols) {
  // One scale for both directions: the picture keeps its proportions.
  const std::size_t scale =
      std::max({std::size_t{1}, (p.rows + most_rows - 1) / most_rows, (p.cols + most_cols - 1) / most_cols});
  Grid g{(p.rows + scale - 1) / scale, (p.cols + scale - 1) / scale, {}};
  g.dot.resize(g.rows * g.cols);
  for (std::size_t r = 0; r < p.rows; ++r)
    for (std::uint32_t k = p.begin[r]; k < p.begin[r + 1]; ++k) g.dot[r / scale * g.cols + p.columns[k] / scale] = 1;
  return g;
}

// Two by four dots a character.
std::string braille(const Grid& g) {
  constexpr unsigned bit[4][2] = {{0x01, 0x08}, {0x02, 0x10}, {0x04, 0x20}, {0x40, 0x80}};
  std::string out;
  for (std::size_t r = 0; r < g.rows; r += 4) {
    for (std::size_t c = 0; c < g.cols; c += 2) {
      unsigned dots = 0;
      for (std::size_t i = 0; i < 4 && r + i < g.rows; ++i)
        for (std::size_t j = 0; j < 2 && c + j < g.cols; ++j)
          if (g.dot[(r + i) * g.cols + c + j] != 0) dots |= bit[i][j];
      const unsigned code = 0x2800 + dots;
      out += static_cast<char>(0xe0 | (code >> 12));
      out += static_cast<char>(0x80 | ((code >> 6) & 0x3f));
      out += static_cast<char>(0x80 | (code & 0x3f));
    }
    out += '\n';
  }
  return out;
}

std::string caption(const Spy& s) {
  const double all = static_cast<double>(s.pattern.rows) * static_cast<double>(s.pattern.cols);
  return s.what + ": " + std::to_string(s.pattern.rows) + " x " + std::to_string(s.pattern.cols) + ", " +
         std::to_string(s.pattern.nonzeros()) + " entries (" +
         rounded(100 * static_cast<double>(s.pattern.nonzeros()) / all, 3) + "%), " + std::to_string(s.colours) +
         (s.colours == 1 ? " colour" : " colours");
}

std::string svg_of(const Spy& s) {
  const Grid g = shrunk(s.pattern, drawn, drawn);
  const std::size_t cell = std::max<std::size_t>(1, drawn / std::max(g.rows, g.cols));
  const std::string w = std::to_string(g.cols * cell), h = std::to_string(g.rows * cell);
  std::string path;
  for (std::size_t r = 0; r < g.rows; ++r)
    for (std::size_t c = 0; c < g.cols;) {
      std::size_t end = c;
      while (end < g.cols && g.dot[r * g.cols + end] != 0) ++end;
      if (end > c)
        path += "M" + std::to_string(c * cell) + " " + std::to_string(r * cell) + "h" +
                std::to_string((end - c) * cell) + "v" + std::to_string(cell) + "h-" +
                std::to_string((end - c) * cell) + "z";
      c = std::max(end, c + 1);
    }
  return "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"-2 -2 " + std::to_string(g.cols * cell + 4) + " " +
         std::to_string(g.rows * cell + 4) + "\" width=\"" + w + "\" height=\"" + h + "\" role=\"img\"><title>" +
         caption(s) + "</title><rect width=\"" + w + "\" height=\"" + h +
         "\" fill=\"none\" stroke=\"currentColor\"/><path fill=\"currentColor\" d=\"" + path + "\"/></svg>\n";
}

}  // namespace

Result<Lesson> sparsity_picture(Session& session, const Query& query, const Options& options) {
  if (!options.as.empty() && options.as != "text" && options.as != "svg")
    return usage("`graph --spy` is drawn as text or svg, not as `" + options.as + "`");
  const Result<Problem> problem = Asker(session, options).problem(query);
  if (!problem) return problem.error();
  if (problem->wrt.empty()) return usage("there is nothing to differentiate by");
  const bool scalar = problem->shape().scalar();
  Json json;
  json.open('{').key("schema").number(std::uint64_t{1}).key("input").string(query.text).key("spy").open('[');
  std::string text;
  for (const NodeId input : problem->wrt) {
    const Expr x(*problem->graph, input), value(*problem->graph, problem->output);
    const Expr y = scalar ? gradient(value, x) : value;
    const std::string name = problem->graph->input_of(input).name;
    Spy s{std::string(scalar ? "the Hessian by " : "the Jacobian by ") + name,
          scalar ? exec::hessian_pattern(y, x) : exec::jacobian_pattern(y, x), 0};
    s.colours = exec::colour_both(s.pattern).colours();
    if (scalar) s.colours = std::min(s.colours, exec::colour_star(s.pattern).colours);
    text += options.as == "svg" ? svg_of(s) : caption(s) + "\n" + braille(shrunk(s.pattern, highest, widest));
    json.open('{').key("by").string(name).key("of").string(scalar ? "hessian" : "jacobian");
    json.key("rows").number(std::uint64_t{s.pattern.rows}).key("cols").number(std::uint64_t{s.pattern.cols});
    json.key("nonzeros").number(std::uint64_t{s.pattern.nonzeros()}).key("colours").number(std::uint64_t{s.colours});
    json.key("pattern").open('[');
    for (std::size_t r = 0; r < s.pattern.rows && s.pattern.nonzeros() <= listed; ++r)
      for (std::uint32_t k = s.pattern.begin[r]; k < s.pattern.begin[r + 1]; ++k)
        json.open('[').number(std::uint64_t{r + 1}).number(std::uint64_t{s.pattern.columns[k]} + 1).close(']');
    json.close(']').close('}');
  }
  json.close(']');
  return Lesson{std::move(text), std::move(json)};
}

}  // namespace wengert::app
