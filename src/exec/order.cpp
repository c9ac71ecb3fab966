#include "order.hpp"

#include <algorithm>

#include "flat_map.hpp"

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
  if (scalars < grouping_from || 2 * scalars < order.size()) return false;
  std::vector<std::uint32_t> level(cells.all.size());
  std::uint32_t deepest = 0;
  for (CellId c : order) {
    for (const View& v : cells.all[c].arguments) level[c] = std::max(level[c], level[v.cell] + 1);
    deepest = std::max(deepest, level[c]);
  }
  // A level has a run at least: a chain is not worth sorting.
  if (static_cast<double>(order.size()) < grouping_run * deepest) return false;
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
void gather_regions(const Cells& cells, std::vector<CellId>& order, std::uint64_t region_from, bool sums) {
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
      if (const Cell& c = cells.all[ready[k]]; c.kind == Cell::Kind::elementwise
                                                   ? c.shape.size() == size
                                                   : sums && whole_sum(c) && c.arguments[0].shape.size() == size) {
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

constexpr std::size_t longest_region = 500;                                       // cells
constexpr std::size_t short_array = 64, least_of_short = 24, most_of_short = 96;  // elements; cells of theirs

// Consecutive elementwise cells of one size that read each other element by element, and sums of these.
class Regions {
 public:
  Regions(const Cells& cells, std::uint64_t from, bool sums)
      : cells_(cells), from_(from), take_sums_(sums), region_(cells.all.size()) {}

  std::vector<std::uint32_t> mark(const std::vector<CellId>& order, const std::vector<bool>& begins = {}) {
    for (std::size_t k = 0; k < order.size(); ++k) {
      const CellId id = order[k];
      const Cell& c = cells_.all[id];
      if (!begins.empty() && begins[k]) current_ = 0;
      if (take_sums_ && current_ != 0 && whole_sum(c) && c.arguments[0].shape.size() == size_ && sums_ < most_sums &&
          in_step(c)) {
        ++sums_;
        region_[id] = current_;
      } else if (c.kind != Cell::Kind::elementwise || c.shape.size() < from_ || reads_across(c)) {
        current_ = 0;
      } else {
        if (current_ == 0 || c.shape.size() != size_ || full(id) || !in_step(c)) begin(id);
        ++cells_in_;
        region_[id] = current_;
      }
    }
    return std::move(region_);
  }

 private:
  const Cells& cells_;
  std::uint64_t from_, size_ = 0;
  bool take_sums_;
  std::vector<std::uint32_t> region_;
  std::uint64_t first_ = 0;  // how the current one begins
  std::uint32_t current_ = 0, last_ = 0;
  std::size_t cells_in_ = 0, sums_ = 0;

  void begin(CellId id) {
    current_ = ++last_;
    size_ = cells_.all[id].shape.size();
    first_ = look_of(id);
    cells_in_ = sums_ = 0;
  }
  // Short arrays repeat, step after step of a recurrence: a region that ends where it began to repeat is one that
  // was there before, and its machine code too.
  bool full(CellId id) const {
    if (size_ > short_array) return cells_in_ >= longest_region;
    return cells_in_ >= most_of_short || (cells_in_ >= least_of_short && look_of(id) == first_);
  }
  std::uint64_t look_of(CellId id) const {
    const Cell& c = cells_.all[id];
    std::uint64_t look = c.code;
    for (const View& v : c.arguments) {
      const Cell& x = cells_.all[v.cell];
      look = (look * 131 + static_cast<std::uint64_t>(x.kind)) * 131 + x.code;
    }
    return look;
  }
  bool in_step(const Cell& c) const {
    for (const View& v : c.arguments)
      if (region_[v.cell] == current_ && (v.repeated || v.offset != 0 || v.shape.size() != size_)) return false;
    return true;
  }
};

}  // namespace

bool whole_sum(const Cell& c) {
  return c.kind == Cell::Kind::array && c.code == code_of<Sum> && c.shape.scalar() && !c.varying &&
         !c.arguments[0].repeated && c.arguments[0].shape.size() >= 8;
}

Order make_order(const Cells& cells, const PlanOptions& options, std::uint64_t region_from, bool sums,
                 std::uint64_t ungrouped) {
  Order o;
  o.uses = count_uses(cells);
  bool large = false;
  std::uint64_t numbers = 0;
  std::vector<CellId> shared, varying;
  for (CellId c = 0; c < cells.all.size(); ++c)
    if (o.uses[c] > 0 && !computed(cells.all[c])) {
      numbers += cells.all[c].shape.size();
    } else if (o.uses[c] > 0) {
      (cells.all[c].varying || options.width == 1 ? varying : shared).push_back(c);
      large = large || (cells.all[c].kind == Cell::Kind::elementwise && cells.all[c].shape.size() >= region_from);
    }
  o.region.resize(cells.all.size());
  if (options.width == 1) {
    o.grouped = numbers + varying.size() > ungrouped && group(cells, varying);
    if (!o.grouped && large) {
      gather_regions(cells, varying, region_from, sums);
      o.region = Regions(cells, region_from, sums).mark(varying);
    }
  }
  o.shared = shared.size();
  o.cells = std::move(shared);
  o.cells.insert(o.cells.end(), varying.begin(), varying.end());
  return o;
}

Order plain_order(const Cells& cells) {
  Order o;
  o.uses = count_uses(cells);
  for (CellId c = 0; c < cells.all.size(); ++c)
    if (o.uses[c] > 0 && computed(cells.all[c])) o.cells.push_back(c);
  o.region.resize(cells.all.size());
  return o;
}

void mark_regions(const Cells& cells, Order& order, std::uint64_t region_from, const std::vector<bool>& begins) {
  order.region = Regions(cells, region_from, false).mark(order.cells, begins);
}

void pair_sines(const Cells& cells, Order& order) {
  FlatMap<std::uint64_t> first, partner;  // by argument: the one that comes first, and the other
  const auto sine_or_cosine = [&](CellId id) {
    const Cell& c = cells.all[id];
    return scalar(c) && (c.code == code_of<Sin> || c.code == code_of<Cos>);
  };
  const auto key = [&](CellId id) {
    const View& v = cells.all[id].arguments[0];
    return std::uint64_t{v.cell} << 32 | v.offset;
  };
  const auto keep_first = [](FlatMap<std::uint64_t>& map, std::uint64_t k, CellId id) {
    const auto [at, fresh] = map.try_emplace(k);
    if (fresh) *at = id;
    return fresh;
  };
  bool any = false;
  for (CellId id : order.cells)
    if (sine_or_cosine(id) && !keep_first(first, key(id), id)) any = keep_first(partner, key(id), id) || any;
  if (!any) return;
  std::vector<CellId> out;
  out.reserve(order.cells.size());
  for (CellId id : order.cells) {
    if (!sine_or_cosine(id)) {
      out.push_back(id);
      continue;
    }
    const CellId* other = partner.find(key(id));
    if (other != nullptr && *other == id) continue;  // it stands there already
    out.push_back(id);
    if (other != nullptr && *first.find(key(id)) == id) out.push_back(*other);
  }
  order.cells = std::move(out);
}

}  // namespace wengert::exec
