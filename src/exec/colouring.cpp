// Colourings of columns, of rows, of both, and of symmetric patterns: greedy, in several orders of the vertices.
#include <algorithm>
#include <numeric>
#include <set>

#include "wengert/exec/sparse.hpp"

namespace wengert::exec {

namespace {

using Vertices = std::vector<std::uint32_t>;
constexpr std::uint32_t none = 0xffffffffu;
constexpr int again = 4;                  // orders made from the best colouring
constexpr std::size_t dear = 40'000'000;  // steps of an order that looks at all neighbours of neighbours

std::span<const std::uint32_t> line(const Pattern& p, std::size_t r) {
  return {p.columns.data() + p.begin[r], p.columns.data() + p.begin[r + 1]};
}

std::size_t longest_row(const Pattern& p) {
  std::size_t most = 0;
  for (std::size_t r = 0; r < p.rows; ++r) most = std::max<std::size_t>(most, p.begin[r + 1] - p.begin[r]);
  return most;
}

// The smallest colour that no one has seen for this vertex.
class Palette {
 public:
  void forbid(std::uint32_t colour, std::uint32_t vertex) {
    if (colour >= seen_.size()) seen_.resize(colour + 1, none);
    seen_[colour] = vertex;
  }
  void give(Colouring& c, std::uint32_t vertex) const {
    std::uint32_t colour = 0;
    while (colour < seen_.size() && seen_[colour] == vertex) ++colour;
    c.colour[vertex] = colour;
    c.colours = std::max(c.colours, colour + 1);
  }

 private:
  std::vector<std::uint32_t> seen_;  // by colour: the vertex for which it was seen last
};

// Columns that share a row differ. t: the transpose.
Colouring greedy_columns(const Pattern& p, const Pattern& t, const Vertices& order) {
  Colouring c{.colour = std::vector<std::uint32_t>(p.cols, none), .colours = 0};
  Palette palette;
  for (std::uint32_t column : order) {
    for (std::uint32_t row : line(t, column))
      for (std::uint32_t other : line(p, row))
        if (c.colour[other] != none) palette.forbid(c.colour[other], column);
    palette.give(c, column);
  }
  return c;
}

// No path of four vertices has two colours (Gebremedhin, Manne, Pothen 2005, algorithm 4.1).
Colouring greedy_star(const Pattern& p, const Vertices& order) {
  Colouring c{.colour = std::vector<std::uint32_t>(p.cols, none), .colours = 0};
  Palette palette;
  const auto& colour = c.colour;
  for (std::uint32_t v : order) {
    for (std::uint32_t w : line(p, v)) {
      if (w == v) continue;
      if (colour[w] != none) palette.forbid(colour[w], v);
      for (std::uint32_t x : line(p, w)) {
        if (x == v || x == w || colour[x] == none) continue;
        if (colour[w] == none) {
          palette.forbid(colour[x], v);
          continue;
        }
        for (std::uint32_t y : line(p, x))
          if (y != w && y != x && colour[y] == colour[w]) {
            palette.forbid(colour[x], v);
            break;
          }
      }
    }
    palette.give(c, v);
  }
  return c;
}

// f(u) for each neighbour of v: columns that share a row.
template <class F>
void each_neighbour(const Pattern& p, const Pattern& t, std::uint32_t v, F&& f) {
  for (std::uint32_t row : line(t, v))
    for (std::uint32_t u : line(p, row))
      if (u != v) f(u);
}

std::size_t pairs(const Pattern& p) {
  std::size_t n = 0;
  for (std::size_t r = 0; r < p.rows; ++r) n += line(p, r).size() * line(p, r).size();
  return n;
}

Vertices natural(std::size_t n) {
  Vertices order(n);
  std::iota(order.begin(), order.end(), 0u);
  return order;
}

Vertices largest_first(const Pattern& t) {
  Vertices order = natural(t.rows);
  std::stable_sort(order.begin(), order.end(),
                   [&](std::uint32_t a, std::uint32_t b) { return line(t, a).size() > line(t, b).size(); });
  return order;
}

// Next the vertex with the most neighbours that had their turn (incidence degree); or, from the end, the one with
// the fewest that did not (smallest last).
Vertices by_degree(const Pattern& p, const Pattern& t, bool smallest_last) {
  const auto n = static_cast<std::uint32_t>(p.cols);
  std::vector<std::int64_t> degree(n);
  if (smallest_last)
    for (std::uint32_t v = 0; v < n; ++v) each_neighbour(p, t, v, [&](std::uint32_t) { ++degree[v]; });
  std::set<std::pair<std::int64_t, std::uint32_t>> open;
  const auto key = [&](std::uint32_t v) { return std::pair(smallest_last ? degree[v] : -degree[v], v); };
  for (std::uint32_t v = 0; v < n; ++v) open.insert(key(v));
  Vertices order;
  std::vector<bool> done(n);
  while (!open.empty()) {
    const std::uint32_t v = open.begin()->second;
    open.erase(open.begin());
    done[v] = true;
    order.push_back(v);
    each_neighbour(p, t, v, [&](std::uint32_t u) {
      if (done[u]) return;
      open.erase(key(u));
      degree[u] += smallest_last ? -1 : 1;
      open.insert(key(u));
    });
  }
  if (smallest_last) std::reverse(order.begin(), order.end());
  return order;
}

// The colours' classes, the last one first: what was placed late chooses early.
Vertices classes_reversed(const Colouring& c) {
  Vertices order = natural(c.colour.size());
  std::stable_sort(order.begin(), order.end(),
                   [&](std::uint32_t a, std::uint32_t b) { return c.colour[a] > c.colour[b]; });
  return order;
}

// The best of all orders; `enough`: no colouring has fewer.
template <class Colour>
Colouring best_of(const Pattern& p, const Pattern& t, std::size_t enough, Colour&& colour) {
  Colouring best = colour(natural(p.cols));
  const auto consider = [&](Vertices order) {
    if (best.colours <= enough) return;
    Colouring other = colour(order);
    if (other.colours < best.colours) best = std::move(other);
  };
  consider(largest_first(t));
  if (best.colours <= enough || pairs(p) > dear) return best;
  consider(by_degree(p, t, true));
  consider(by_degree(p, t, false));
  for (int k = 0; k < again; ++k) consider(classes_reversed(best));
  return best;
}

// The rows that are marked (or not).
Pattern rows_of(const Pattern& p, const std::vector<std::uint8_t>& marked, bool which) {
  Pattern out{.rows = p.rows, .cols = p.cols, .begin = {0}, .columns = {}};
  for (std::size_t r = 0; r < p.rows; ++r) {
    if ((marked[r] != 0) == which) {
      const auto row = line(p, r);
      out.columns.insert(out.columns.end(), row.begin(), row.end());
    }
    out.begin.push_back(static_cast<std::uint32_t>(out.columns.size()));
  }
  return out;
}

}  // namespace

Pattern transposed(const Pattern& p) {
  Pattern t{.rows = p.cols,
            .cols = p.rows,
            .begin = std::vector<std::uint32_t>(p.cols + 1),
            .columns = std::vector<std::uint32_t>(p.columns.size())};
  for (std::uint32_t c : p.columns) ++t.begin[c + 1];
  for (std::size_t k = 0; k < p.cols; ++k) t.begin[k + 1] += t.begin[k];
  std::vector<std::uint32_t> at(t.begin.begin(), t.begin.end() - 1);
  for (std::uint32_t r = 0; r < p.rows; ++r)
    for (std::uint32_t c : line(p, r)) t.columns[at[c]++] = r;
  return t;
}

Colouring colour_columns(const Pattern& p) {
  const std::size_t longest = longest_row(p);
  // A dense row makes every column differ: nothing to search for.
  if (longest == p.cols) return {.colour = natural(p.cols), .colours = static_cast<std::uint32_t>(p.cols)};
  const Pattern t = transposed(p);
  return best_of(p, t, std::max<std::size_t>(longest, 1),
                 [&](const Vertices& order) { return greedy_columns(p, t, order); });
}

Colouring colour_star(const Pattern& p) {
  Colouring star = best_of(p, p, 1, [&](const Vertices& order) { return greedy_star(p, order); });
  if (star.colours <= 2) return star;
  // Columns that never meet are far enough apart too.
  Colouring columns = colour_columns(p);
  return columns.colours < star.colours ? columns : star;
}

TwoSided colour_both(const Pattern& p) {
  TwoSided best{.by_row = std::vector<std::uint8_t>(p.rows), .rows = {}, .columns = colour_columns(p)};
  best.rows.colour.assign(p.rows, 0);
  const Vertices order = largest_first(p);
  std::vector<std::uint8_t> marked(p.rows);
  // As many of the longest rows backwards as make the longest of the others clearly shorter, step by step.
  for (std::size_t k = 0; k < p.rows && k < best.colours();) {
    const std::size_t length = line(p, order[k]).size();
    if (length <= 2) break;
    while (k < p.rows && 2 * line(p, order[k]).size() > length) marked[order[k++]] = 1;
    const Pattern backwards = rows_of(p, marked, true), forwards = rows_of(p, marked, false);
    TwoSided other{
        .by_row = marked, .rows = colour_columns(transposed(backwards)), .columns = colour_columns(forwards)};
    if (forwards.columns.empty()) other.columns.colours = 0;
    for (std::size_t r = 0; r < p.rows; ++r)
      if (marked[r] == 0) other.rows.colour[r] = none;
    if (other.colours() < best.colours()) best = std::move(other);
  }
  return best;
}

}  // namespace wengert::exec
