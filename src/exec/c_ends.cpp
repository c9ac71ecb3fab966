#include "c_ends.hpp"

namespace wengert::exec {

namespace {

// Numbers of this argument that are none make some of the result none. Single numbers are looked at where they are, two
// a test, not where they are put together.
bool passes_on(const Cells& cells, const Cell& c, std::size_t j) {
  const View& v = c.arguments[j];
  if (v.distinct() != cells.all[v.cell].shape.size()) return false;
  if (c.kind == Cell::Kind::product) return true;
  if (c.kind == Cell::Kind::place) return !v.shape.scalar();
  if (c.kind == Cell::Kind::elementwise) return keeps_not_numbers(c.code);
  return c.kind == Cell::Kind::array && (c.code == code_of<Sum> || c.code == code_of<Broadcast> ||
                                         c.code == code_of<Transpose> || c.code == code_of<DiagonalMatrix>);
}

}  // namespace

bool annihilates(const Cells& cells, CellId id) {
  const Cell& c = cells.all[id];
  if (c.kind == Cell::Kind::product) return (c.number & strong_product) != 0;
  return c.kind == Cell::Kind::elementwise && c.code == code_of<StrongMul>;
}

std::vector<std::uint8_t> looked_at(const CStorage& storage) {
  const Cells& cells = storage.cells();
  const std::vector<CellId>& order = storage.order().cells;
  std::vector<std::size_t> end(cells.all.size());  // by cell: the place of the last one that it reaches for certain
  for (std::size_t k = 0; k < order.size(); ++k) end[order[k]] = k;
  std::vector<std::uint8_t> looked(cells.all.size());
  for (std::size_t k = order.size(); k-- > 0;) {
    const CellId id = order[k];
    if (annihilates(cells, id)) looked[order[end[id]]] = 1;
    const Cell& c = cells.all[id];
    for (std::size_t j = 0; j < c.arguments.size(); ++j)
      if (passes_on(cells, c, j)) end[c.arguments[j].cell] = std::max(end[c.arguments[j].cell], end[id]);
  }
  for (const CRepeat& r : storage.repeats())  // in all steps, or in none
    for (std::size_t o = 0; o < r.period; ++o) {
      bool any = false;
      for (std::size_t s = 0; s < r.count; ++s) any = any || looked[order[r.first + s * r.period + o]] != 0;
      for (std::size_t s = 0; s < r.count; ++s) looked[order[r.first + s * r.period + o]] = any;
    }
  return looked;
}

}  // namespace wengert::exec
