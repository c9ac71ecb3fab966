#include "order.hpp"

#include <algorithm>

namespace wengert::exec {

namespace {

constexpr std::size_t grouping_from = 2000;  // single numbers; below, a plain list predicts well enough
constexpr double grouping_run = 4;           // equal operations a run, on average

bool computed(const Cell& c) { return c.kind != Cell::Kind::constant && c.kind != Cell::Kind::input; }
bool scalar(const Cell& c) { return c.kind == Cell::Kind::elementwise && c.shape.scalar() && !c.varying; }

std::vector<std::uint32_t> count_uses(const Cells& cells) {
  std::vector<std::uint32_t> uses(cells.all.size());
  for (const View& v : cells.outputs) ++uses[v.cell];
  for (std::size_t k = cells.all.size(); k-- > 0;)
    if (uses[k] > 0)
      for (const View& v : cells.all[k].arguments) ++uses[v.cell];
  return uses;
}

// By level, and by operation within a level, if that gives runs.
bool group(const Cells& cells, std::vector<CellId>& order) {
  std::size_t scalars = 0;
  for (CellId c : order) scalars += scalar(cells.all[c]) ? 1 : 0;
  if (scalars < grouping_from) return false;
  std::vector<std::uint32_t> level(cells.all.size());
  for (CellId c : order)
    for (const View& v : cells.all[c].arguments) level[c] = std::max(level[c], level[v.cell] + 1);
  std::vector<CellId> sorted = order;
  const auto key = [&](CellId c) {
    return (std::uint64_t{level[c]} << 32) | (std::uint64_t{scalar(cells.all[c])} << 16) | cells.all[c].code;
  };
  std::stable_sort(sorted.begin(), sorted.end(), [&](CellId a, CellId b) { return key(a) < key(b); });
  std::size_t runs = 0;
  for (std::size_t k = 0; k < sorted.size(); ++k) runs += k == 0 || key(sorted[k]) != key(sorted[k - 1]) ? 1 : 0;
  if (static_cast<double>(sorted.size()) < grouping_run * static_cast<double>(runs)) return false;
  order = std::move(sorted);
  return true;
}

// Of what is ready, first what continues the elementwise run at hand; else the oldest.
void gather_regions(const Cells& cells, std::vector<CellId>& order, std::uint64_t region_from) {
  std::vector<std::uint32_t> waiting(cells.all.size());
  std::vector<std::vector<CellId>> users(cells.all.size());
  std::vector<bool> member(cells.all.size());
  for (CellId c : order) member[c] = true;
  for (CellId c : order)
    for (const View& v : cells.all[c].arguments)
      if (member[v.cell]) {
        ++waiting[c];
        users[v.cell].push_back(c);
      }
  std::vector<CellId> ready, out;  // ready: sorted, the oldest last
  const auto older = [](CellId a, CellId b) { return a > b; };
  const auto push = [&](CellId c) { ready.insert(std::upper_bound(ready.begin(), ready.end(), c, older), c); };
  for (CellId c : order)
    if (waiting[c] == 0) push(c);
  std::uint64_t size = 0;
  while (!ready.empty()) {
    std::size_t next = ready.size() - 1;
    for (std::size_t k = ready.size(); k-- > 0 && ready.size() - k < 64;)
      if (const Cell& c = cells.all[ready[k]]; c.kind == Cell::Kind::elementwise && c.shape.size() == size) {
        next = k;
        break;
      }
    const CellId c = ready[next];
    ready.erase(ready.begin() + static_cast<std::ptrdiff_t>(next));
    out.push_back(c);
    const bool large = cells.all[c].kind == Cell::Kind::elementwise && cells.all[c].shape.size() >= region_from;
    size = large ? cells.all[c].shape.size() : size;
    for (CellId u : users[c])
      if (--waiting[u] == 0) push(u);
  }
  order = std::move(out);
}

// Consecutive elementwise cells of one size that read each other element by element.
std::vector<std::uint32_t> mark_regions(const Cells& cells, const std::vector<CellId>& order,
                                        std::uint64_t region_from) {
  std::vector<std::uint32_t> region(cells.all.size());
  std::uint32_t current = 0, last = 0;
  std::uint64_t size = 0;
  for (CellId id : order) {
    const Cell& c = cells.all[id];
    const std::uint64_t n = c.shape.size();
    if (c.kind != Cell::Kind::elementwise || n < region_from) {
      current = 0;
      continue;
    }
    bool fits = current != 0 && n == size;
    for (const View& v : c.arguments)
      if (fits && region[v.cell] == current) fits = !v.repeated && v.offset == 0 && v.shape.size() == n;
    if (!fits) current = ++last;
    size = n;
    region[id] = current;
  }
  return region;
}

}  // namespace

Order make_order(const Cells& cells, const PlanOptions& options, std::uint64_t region_from) {
  Order o;
  o.uses = count_uses(cells);
  bool large = false;
  std::vector<CellId> shared, varying;
  for (CellId c = 0; c < cells.all.size(); ++c)
    if (o.uses[c] > 0 && computed(cells.all[c])) {
      (cells.all[c].varying || options.width == 1 ? varying : shared).push_back(c);
      large = large || (cells.all[c].kind == Cell::Kind::elementwise && cells.all[c].shape.size() >= region_from);
    }
  o.region.resize(cells.all.size());
  if (options.width == 1) {
    o.grouped = group(cells, varying);
    if (!o.grouped && large) {
      gather_regions(cells, varying, region_from);
      o.region = mark_regions(cells, varying, region_from);
    }
  }
  o.shared = shared.size();
  o.cells = std::move(shared);
  o.cells.insert(o.cells.end(), varying.begin(), varying.end());
  return o;
}

}  // namespace wengert::exec
