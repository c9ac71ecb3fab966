#include "memory.hpp"

#include <algorithm>
#include <numeric>
#include <stdexcept>

namespace wengert::exec {

namespace {

constexpr std::uint32_t in_place_from = 64;  // numbers of inputs and outputs that are not copied
constexpr CellId no_cell = static_cast<CellId>(-1);
constexpr std::size_t never = static_cast<std::size_t>(-1);

bool single(const Cell& c) { return c.kind == Cell::Kind::elementwise && c.shape.scalar(); }
bool contiguous(const Slice& s, Shape whole) { return s.shape.rows == 1 || s.shape.cols == whole.cols; }
std::uint32_t start_of(const Slice& s, Shape whole) { return s.row * whole.cols + s.col; }
bool meet(const Slice& a, const Slice& b) {
  return a.row < b.row + b.shape.rows && b.row < a.row + a.shape.rows && a.col < b.col + b.shape.cols &&
         b.col < a.col + a.shape.cols;
}

}  // namespace

Memory::Memory(const Cells& cells, const Order& order, const PlanOptions& options)
    : cells_(cells), order_(order), options_(options) {
  const std::size_t n = cells.all.size();
  at_.resize(n);
  root_.resize(n);
  offset_.resize(n);
  pitch_.resize(n);
  has_.resize(n);
  local_.resize(n);
  pinned_.resize(n);
  fresh_.resize(n);
  read_by_scalars_.resize(n);
  last_.assign(n, 0);
  for (CellId c = 0; c < n; ++c) root_[c] = c;
  find_homes();
  find_externals();
  find_lifetimes();
  for (CellId c = 0; c < n; ++c) {
    const Cell& cell = cells.all[c];
    if (order.uses[c] == 0 || has_[c] != 0) continue;
    if (cell.kind == Cell::Kind::constant || cell.kind == Cell::Kind::input) {
      at_[c] = {0, take(size_of(c), false)};
      has_[c] = 1;
    }
  }
}

// It is computed row by row, and nothing but the place reads it.
bool Memory::row_by_row(CellId id, const View& v) const {
  const Cell& c = cells_.all[id];
  return c.kind == Cell::Kind::elementwise && reads_across(c) && v.shape == c.shape && order_.uses[id] == 1 &&
         options_.width == 1;
}

// An argument of a place is computed where it will be, unless something would be added to it while others
// still read it.
void Memory::find_homes() {
  for (CellId p : order_.cells) {
    const Cell& place = cells_.all[p];
    if (place.kind != Cell::Kind::place) continue;
    const bool simple =
        place.arguments.size() <= 64 || std::all_of(place.arguments.slices().begin(), place.arguments.slices().end(),
                                                    [](const Slice& s) { return s.shape.scalar(); });
    if (!simple) continue;
    std::vector<std::uint8_t> covered(place.shape.size());
    const bool scalars = place.arguments.size() > 64;
    if (scalars)
      for (const Slice& s : place.arguments.slices())
        covered[start_of(s, place.shape)] =
            static_cast<std::uint8_t>(std::min(covered[start_of(s, place.shape)] + 1, 2));
    for (std::size_t j = 0; j < place.arguments.size(); ++j) {
      const View& v = place.arguments[j];
      const Cell& c = cells_.all[v.cell];
      const Slice& s = place.arguments.slices()[j];
      if (c.kind == Cell::Kind::constant || c.kind == Cell::Kind::input || root_[v.cell] != v.cell) continue;
      const bool lines = contiguous(s, place.shape);
      if (v.repeated || v.offset != 0 || v.shape.size() != c.shape.size() || c.varying != place.varying ||
          !(lines || row_by_row(v.cell, v)))
        continue;
      bool alone = true, first = true;
      if (scalars)
        alone = covered[start_of(s, place.shape)] == 1;
      else
        for (std::size_t i = 0; i < place.arguments.slices().size(); ++i)
          if (i != j && meet(place.arguments.slices()[i], s)) {
            alone = false;
            first = first && i > j;
          }
      if (!(alone || (first && !scalars && order_.uses[v.cell] == 1))) continue;
      root_[v.cell] = p;
      offset_[v.cell] = start_of(s, place.shape);
      if (!lines) pitch_[v.cell] = place.shape.cols;
    }
  }
  // A place in a place: roots of roots. Places come after their arguments.
  for (std::size_t k = order_.cells.size(); k-- > 0;) {
    const CellId c = order_.cells[k];
    const CellId r = root_[c];
    if (r == c || root_[r] == r) continue;
    offset_[c] += offset_[r];
    root_[c] = root_[r];
  }
}

// Long inputs are read, long outputs are written where they are, unless single numbers do it.
void Memory::find_externals() {
  direct_output_.resize(cells_.outputs.size());
  if (options_.width != 1) return;
  for (CellId c : order_.cells) {
    if (!single(cells_.all[c])) {
      if (cells_.all[c].kind != Cell::Kind::place) continue;
      for (const View& v : cells_.all[c].arguments)  // single numbers are moved as such
        if (v.distinct() == 1) read_by_scalars_[root_[v.cell]] = read_by_scalars_[root_[c]] = 1;
      continue;
    }
    read_by_scalars_[root_[c]] = 1;
    for (const View& v : cells_.all[c].arguments) read_by_scalars_[root_[v.cell]] = 1;
  }
  for (CellId c = 0; c < cells_.all.size(); ++c) {
    const Cell& cell = cells_.all[c];
    if (cell.kind != Cell::Kind::input || order_.uses[c] == 0 || cell.shape.size() < in_place_from ||
        read_by_scalars_[c] != 0)
      continue;
    at_[c] = {1 + cell.number, 0};
    has_[c] = 1;
  }
  for (std::size_t k = 0; k < cells_.outputs.size(); ++k) {
    const View& v = cells_.outputs[k];
    const Cell& cell = cells_.all[v.cell];
    if (cell.kind == Cell::Kind::constant || cell.kind == Cell::Kind::input || has_[v.cell] != 0 ||
        root_[v.cell] != v.cell)
      continue;
    if (v.repeated || v.offset != 0 || v.shape.size() != cell.shape.size() || cell.shape.size() < in_place_from ||
        read_by_scalars_[v.cell] != 0)
      continue;
    at_[v.cell] = {static_cast<std::uint32_t>(1 + cells_.inputs + k), 0};
    has_[v.cell] = 1;
    direct_output_[k] = 1;
  }
}

void Memory::find_lifetimes() {
  std::vector<std::uint8_t> outside(cells_.all.size());  // read outside its region
  std::vector<std::size_t> end;                          // of regions
  for (std::size_t p = 0; p < order_.cells.size(); ++p)
    if (const std::uint32_t r = order_.region[order_.cells[p]]; r != 0) {
      end.resize(std::max<std::size_t>(end.size(), r + 1));
      end[r] = p;
    }
  for (std::size_t p = 0; p < order_.cells.size(); ++p) {
    const CellId c = order_.cells[p];
    last_[root_[c]] = std::max(last_[root_[c]], p);
    for (const View& v : cells_.all[c].arguments) {
      const CellId r = root_[v.cell];
      // What is computed once for all points is read by every block of points.
      const bool kept = options_.width > 1 && cells_.all[c].varying && !cells_.all[v.cell].varying;
      // A region reads what is not read in step with its results until its end.
      const std::uint32_t region = order_.region[c];
      const bool in_step =
          region == 0 || (!v.repeated && v.offset == 0 && root_[v.cell] == v.cell &&
                          v.shape.size() == cells_.all[v.cell].shape.size() && !whole_sum(cells_.all[c]));
      if (!in_step) pinned_[r] = 1;
      last_[r] = kept || last_[r] == never ? never : std::max(last_[r], in_step ? p : end[region]);
      if (order_.region[v.cell] == 0 || order_.region[v.cell] != order_.region[c]) outside[v.cell] = 1;
    }
  }
  for (const View& v : cells_.outputs) {
    last_[root_[v.cell]] = never;
    outside[v.cell] = 1;
  }
  for (CellId c : order_.cells) local_[c] = order_.region[c] != 0 && outside[c] == 0 && root_[c] == c ? 1 : 0;
  const auto ends = [&](CellId c) { return root_[c] == c && last_[c] != never && has_[c] == 0; };
  dying_from_.resize(order_.cells.size() + 2);
  for (CellId c : order_.cells)
    if (ends(c)) ++dying_from_[last_[c] + 2];
  std::partial_sum(dying_from_.begin(), dying_from_.end(), dying_from_.begin());
  dying_.resize(dying_from_.back());
  for (CellId c : order_.cells)
    if (ends(c)) dying_[dying_from_[last_[c] + 1]++] = c;
}

std::uint64_t Memory::size_of(CellId c) const {
  const std::uint64_t n = (local_[c] != 0 ? region_piece : cells_.all[c].shape.size()) * lanes(c);
  return n < 8 ? n : (n + 7) / 8 * 8;
}

std::uint32_t Memory::take(std::uint64_t size, bool in_step) {
  for (auto* free : {&free_here_, &free_}) {
    if (free == &free_here_ && !in_step) continue;
    const auto list = free->find(size);
    if (list == free->end() || list->second.empty()) continue;
    const std::uint32_t at = list->second.back();
    list->second.pop_back();
    return at;
  }
  return take_new(size);
}

std::uint32_t Memory::take_new(std::uint64_t size) {
  if (size >= 8) top_ = (top_ + 7) / 8 * 8;
  const std::uint64_t at = top_;
  top_ += size;
  if (top_ > std::min(options_.numbers, PlanOptions::most_numbers))
    throw std::invalid_argument("the program needs more memory than a plan may have");
  return static_cast<std::uint32_t>(at);
}

void Memory::release(CellId root) {
  if (at_[root].base == 0) (region_ == 0 ? free_ : free_here_)[size_of(root)].push_back(at_[root].at);
}

// The result may overwrite this operand: the same numbers one by one.
bool Memory::in_place(CellId c, const View& v) const {
  const Cell& cell = cells_.all[c];
  return cell.kind == Cell::Kind::elementwise && root_[v.cell] == v.cell && root_[c] == c && !v.repeated &&
         v.across == View::Across::none && v.offset == 0 && v.shape.size() == cell.shape.size() &&
         cells_.all[v.cell].varying == cell.varying && local_[v.cell] == local_[c] && size_of(v.cell) == size_of(c);
}

void Memory::begin(std::size_t p) {
  const CellId c = order_.cells[p];
  const CellId r = root_[c];
  if (order_.region[c] != region_) {
    for (auto& [size, list] : free_here_) free_[size].insert(free_[size].end(), list.begin(), list.end());
    free_here_.clear();
    region_ = order_.region[c];
  }
  // Operands that end here, if each is read in step with the result.
  const std::span<CellId> here = dying(p);
  for (std::size_t j = 0, n = here.empty() ? 0 : cells_.all[c].arguments.size(); j < n; ++j) {
    const CellId a = cells_.all[c].arguments[j].cell;
    const auto it = std::find(here.begin(), here.end(), a);
    if (it == here.end() || a == r || pinned_[a] != 0) continue;
    bool every = true;
    // A part of it that is an operand as well is not in step.
    for (const View& w : cells_.all[c].arguments)
      every = every && (root_[w.cell] != a || (w.cell == a && in_place(c, w)));
    if (!every) continue;
    *it = no_cell;
    release(a);
  }
  if (has_[r] == 0) {
    // Nothing else is ever where an output is put together: its zeros stay from run to run.
    fresh_[r] = cells_.all[r].kind == Cell::Kind::place && last_[r] == never ? 1 : 0;
    at_[r] = {0, fresh_[r] != 0 ? take_new(size_of(r))
                                : take(size_of(r), r == c && cells_.all[c].kind == Cell::Kind::elementwise)};
    has_[r] = 1;
  }
}

void Memory::end(std::size_t p) {
  for (CellId c : dying(p))
    if (c != no_cell) release(c);
}

Address Memory::address(CellId c) const {
  const Address root = at_[root_[c]];
  return {root.base, root.at + offset_[c] * lanes(c)};
}

Address Memory::address(const View& v) const {
  const Address a = address(v.cell);
  return {a.base, a.at + v.offset * lanes(v.cell)};
}

bool Memory::placed(CellId place, std::size_t argument) const {
  const View& v = cells_.all[place].arguments[argument];
  return root_[v.cell] == root_[place] && root_[v.cell] != v.cell && !v.repeated && v.offset == 0 &&
         offset_[v.cell] ==
             offset_[place] + start_of(cells_.all[place].arguments.slices()[argument], cells_.all[place].shape) &&
         v.shape.size() == cells_.all[v.cell].shape.size();
}

}  // namespace wengert::exec
