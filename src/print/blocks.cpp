#include "blocks.hpp"

#include <algorithm>
#include <map>
#include <optional>
#include <tuple>

namespace wengert::print {

namespace {

struct Group {
  Slice at;
  std::vector<NodeId> terms;
};

Slice turned(const Slice& s) { return {s.col, s.row, s.shape.transposed()}; }

// Zeros of this size: element by element where few others surround them.
void fill(std::vector<Block>& line, Shape gap, bool by_element) {
  if (gap.size() == 0) return;
  if (!by_element) {
    line.push_back({gap, {}});
    return;
  }
  for (std::uint32_t c = 0; c < gap.cols; ++c) line.push_back({{gap.rows, 1}, {}});
}

// Rows of blocks, if the groups (in order of row, then column) stand in bands.
std::optional<std::vector<std::vector<Block>>> bands(const std::vector<Group>& groups, Shape whole, bool by_element) {
  std::vector<std::vector<Block>> lines;
  std::uint32_t row = 0;
  const auto skip = [&](std::uint32_t to) {
    if (to == row) return;
    if (by_element)
      for (; row < to; ++row) fill(lines.emplace_back(), {1, whole.cols}, true);
    else
      lines.push_back({{{to - row, whole.cols}, {}}});
    row = to;
  };
  for (std::size_t k = 0; k < groups.size();) {
    const Slice& first = groups[k].at;
    if (first.row < row) return {};
    skip(first.row);
    std::vector<Block> line;
    std::uint32_t col = 0;
    for (; k < groups.size() && groups[k].at.row == first.row; ++k) {
      const Slice& s = groups[k].at;
      if (s.shape.rows != first.shape.rows || s.col < col) return {};
      fill(line, {s.shape.rows, s.col - col}, by_element);
      line.push_back({s.shape, groups[k].terms});
      col = s.col + s.shape.cols;
    }
    fill(line, {first.shape.rows, whole.cols - col}, by_element);
    lines.push_back(std::move(line));
    row = first.row + first.shape.rows;
  }
  skip(whole.rows);
  return lines;
}

std::optional<Grid> grid(std::vector<Group> groups, Shape whole) {
  bool scalars = true;
  for (const Group& g : groups) scalars = scalars && g.at.shape.scalar();
  const bool by_element = scalars && whole.size() <= std::max<std::size_t>(16, 4 * groups.size());
  if (auto lines = bands(groups, whole, by_element)) return Grid{false, std::move(*lines)};
  for (Group& g : groups) g.at = turned(g.at);
  std::sort(groups.begin(), groups.end(), [](const Group& a, const Group& b) { return std::tie(a.at.row, a.at.col) < std::tie(b.at.row, b.at.col); });
  auto lines = bands(groups, whole.transposed(), false);
  if (!lines) return {};
  for (auto& line : *lines)
    for (Block& b : line) b.shape = b.shape.transposed();
  return Grid{true, std::move(*lines)};
}

}  // namespace

bool Grid::scalars() const {
  for (const auto& line : lines)
    for (const Block& b : line)
      if (!b.shape.scalar()) return false;
  return true;
}

std::vector<Grid> arrange(const Graph& graph, NodeId place) {
  const Shape whole = graph[place].shape;
  const auto slices = graph.slices_at(graph[place].payload);
  const auto arguments = graph.arguments(place);
  std::map<std::tuple<std::uint32_t, std::uint32_t, std::uint32_t, std::uint32_t>, Group> known;
  for (std::size_t j = 0; j < slices.size(); ++j) {
    const Slice& s = slices[j];
    Group& g = known[{s.row, s.col, s.shape.rows, s.shape.cols}];
    g.at = s;
    g.terms.push_back(arguments[j]);
  }
  std::vector<Group> groups;
  for (auto& [key, group] : known) groups.push_back(std::move(group));
  if (auto one = grid(groups, whole)) return {*one};

  // Distinct elements never overlap; every larger rectangle is a term of its own.
  std::vector<Grid> out;
  std::vector<Group> elements;
  for (const Group& g : groups) {
    if (g.at.shape.scalar()) elements.push_back(g);
    else out.push_back(*grid({g}, whole));
  }
  if (!elements.empty()) out.push_back(*grid(elements, whole));
  return out;
}

}  // namespace wengert::print
