#include "c_storage.hpp"

#include <algorithm>
#include <bit>
#include <cmath>

namespace wengert::exec {

namespace {

using std::to_string;
constexpr std::size_t no_room = ~std::size_t{0};

// Exact, and its multiples by a number of steps too.
bool small_integer(double x) { return std::fabs(x) < 0x1p31 && x == std::floor(x) && !(x == 0 && std::signbit(x)); }

}  // namespace

CStorage::CStorage(const Graph& graph, const CFunction& f) : g_(graph) {
  std::vector<NodeId> outputs, inputs;
  for (const CParameter& p : f.inputs) {
    inputs.push_back(p.node);
    inputs_.push_back(p.name);
    taken_.insert(p.name);
  }
  for (const CParameter& p : f.outputs) {
    outputs.push_back(p.node);
    taken_.insert(p.name);
  }
  cells_ = make_cells(graph, outputs, inputs, {.instructions = InstructionSet::baseline}, false);
  const std::size_t n = cells_.all.size();
  name_.resize(n);
  local_.resize(n);
  written_.resize(n);
  step_of_.resize(n);
  home_.resize(n);
  find_order();
  find_locals();
  find_direct(f);
  find_homes();
  find_rooms();
}

// Repeated statements stay in the order of the program; else what can share a loop is brought together.
void CStorage::find_order() {
  order_ = plain_order(cells_);
  repeats_ = find_repeats(cells_, order_);
  if (repeats_.empty()) {
    order_ = make_order(cells_, {.width = 1}, 2, false);
    if (order_.grouped) order_.region.assign(cells_.all.size(), 0);
    return;
  }
  std::vector<bool> begins(order_.cells.size() + 1);
  for (std::size_t k = 0; k < repeats_.size(); ++k) {
    const CRepeat& r = repeats_[k];
    for (std::size_t s = 0; s <= r.count; ++s) begins[r.first + s * r.period] = true;
    for (std::size_t p = 0; p < r.count * r.period; ++p)
      step_of_[order_.cells[r.first + p]] = {k + 1, p / r.period, p % r.period};
  }
  mark_regions(cells_, order_, 2, begins);
}

void CStorage::find_locals() {
  std::vector<std::uint8_t> outside(cells_.all.size());
  for (CellId c : order_.cells)
    for (const View& v : at(c).arguments)
      if (order_.region[c] == 0 || order_.region[c] != order_.region[v.cell]) outside[v.cell] = 1;
  for (const View& v : cells_.outputs) outside[v.cell] = 1;
  for (CellId c : order_.cells) local_[c] = order_.region[c] != 0 && outside[c] == 0;
  for (const CRepeat& r : repeats_)  // in all steps, or in none
    for (std::size_t o = 0; o < r.period; ++o) {
      bool all = true;
      for (std::size_t s = 0; s < r.count; ++s) all = all && local_[cell_of(r, s, o)] != 0;
      for (std::size_t s = 0; s < r.count; ++s) local_[cell_of(r, s, o)] = all;
    }
}

// An output that is a cell of its own is written where it belongs.
void CStorage::find_direct(const CFunction& f) {
  direct_.resize(f.outputs.size());
  for (std::size_t k = 0; k < f.outputs.size(); ++k) {
    const View& v = cells_.outputs[k];
    const Cell& c = at(v.cell);
    if (c.kind == Cell::Kind::constant || c.kind == Cell::Kind::input || single(v.cell) || written_[v.cell] != 0 ||
        step_of_[v.cell].repeat != 0 || v.repeated || v.offset != 0 || v.shape.size() != c.shape.size())
      continue;
    direct_[k] = written_[v.cell] = 1;
    name_[v.cell] = f.outputs[k].name;
  }
}

// What a place alone reads, and has at its beginning, is computed there.
void CStorage::find_homes() {
  for (CellId c = 0; c < home_.size(); ++c) home_[c] = c;
  for (std::size_t p = order_.cells.size(); p-- > 0;) {  // of places in places, the outer one first
    const CellId id = order_.cells[p];
    if (at(id).kind != Cell::Kind::place || step_of_[id].repeat != 0) continue;
    for (const PlaceRun& r : place_runs(at(id)).moves) {
      const View& v = at(id).arguments[r.argument];
      const Cell& c = at(v.cell);
      if (c.kind == Cell::Kind::constant || c.kind == Cell::Kind::input || single(v.cell) || order_.uses[v.cell] != 1 ||
          written_[v.cell] != 0 || step_of_[v.cell].repeat != 0)
        continue;
      if (r.add || r.begin != 0 || r.offset != 0 || v.repeated || v.offset != 0 || r.count != c.shape.size()) continue;
      home_[v.cell] = home_[id];
      written_[v.cell] = 1;
    }
  }
}

void CStorage::find_rooms() {
  for (const CRepeat& r : repeats_) {
    std::vector<std::size_t>& rooms = room_of_.emplace_back(r.period, no_room);
    for (std::size_t o = 0; o < r.period; ++o) {
      const CellId c = cell_of(r, 0, o);
      if (local(c) || (single(c) && r.kept[o] == CKept::within)) continue;
      rooms[o] = new_room(fresh(c, "a"), at(c).shape.size() * (r.kept[o] == CKept::all ? r.count : 1));
    }
  }
}

std::size_t CStorage::new_room(std::string name, std::uint64_t n) {
  rooms_.push_back({std::move(name), top_, n});
  top_ += n;
  return rooms_.size() - 1;
}
std::string CStorage::room(std::uint64_t n) { return rooms_[new_room(temporary("a"), n)].name; }

std::string CStorage::fresh(CellId c, const char* letter) {
  const std::string* known = at(c).node == no_node ? nullptr : g_.name_of(at(c).node);
  return known != nullptr ? c_name(*known, taken_) : temporary(letter);
}

std::string CStorage::declarations() const {
  std::string out;
  for (const auto& [numbers, table] : tables_) out += "  static const double " + table + "[] = {" + numbers + "};\n";
  for (const Room& r : rooms_)
    out += on_stack() ? "  double " + r.name + "[" + to_string(r.size) + "];\n"
                      : "  double *const " + r.name + " = work + " + to_string(r.at) + ";\n";
  return out;
}

// --- repeats

void CStorage::enter(std::size_t repeat, std::size_t step, std::size_t steps) {
  repeat_ = repeat;
  step_ = step;
  steps_ = steps;
}

std::int64_t CStorage::offset_in_room(CellId c) const {
  const Step& s = step_of_[c];
  if (repeats_[s.repeat - 1].kept[s.operation] != CKept::all) return 0;
  return static_cast<std::int64_t>(s.step * at(c).shape.size());
}

CStorage::Address CStorage::address(const View& v, std::size_t repeat, std::size_t step) const {
  using Kind = Address::Kind;
  const Cell& c = at(v.cell);
  const auto offset = static_cast<std::int64_t>(v.offset);
  if (c.kind == Cell::Kind::constant) return {Kind::literal, 0, 0};
  if (c.kind == Cell::Kind::input) return {Kind::input, c.number, offset};
  const Step& s = step_of_[v.cell];
  if (s.repeat == repeat && s.step == step) return {Kind::same_step, s.operation, offset};
  if (s.repeat == 0) return {Kind::cell, home_[v.cell], offset};
  return {Kind::kept, room_of_[s.repeat - 1][s.operation], offset_in_room(v.cell) + offset};
}

// Loops begin at the same operations.
bool CStorage::begins_alike(CellId a, CellId b) const {
  const auto begins = [&](CellId c) {
    const Step& s = step_of_[c];
    if (s.operation == 0 || order_.region[c] == 0) return true;
    return order_.region[cell_of(repeats_[s.repeat - 1], s.step, s.operation - 1)] != order_.region[c];
  };
  return (order_.region[a] == 0) == (order_.region[b] == 0) && begins(a) == begins(b);
}

std::size_t CStorage::alike(std::size_t repeat, std::size_t step) const {
  const CRepeat& r = repeats_[repeat - 1];
  std::vector<std::int64_t> grows;  // by operation and argument
  for (std::size_t o = 0; o < r.period; ++o) grows.resize(grows.size() + at(cell_of(r, step, o)).arguments.size());
  for (std::size_t s = step + 1; s < r.count; ++s) {
    const auto n = static_cast<std::int64_t>(s - step);
    std::size_t k = 0;
    for (std::size_t o = 0; o < r.period; ++o) {
      const CellId a = cell_of(r, step, o), b = cell_of(r, s, o);
      if (!begins_alike(a, b)) return s - step;
      for (std::size_t j = 0; j < at(a).arguments.size(); ++j, ++k) {
        const Address x = address(at(a).arguments[j], repeat, step), y = address(at(b).arguments[j], repeat, s);
        if (x.kind == Address::Kind::literal && y.kind == x.kind) continue;
        const std::int64_t by = y.offset - x.offset;
        if (n == 1) grows[k] = by;
        if (!x.same_base(y) || by != n * grows[k] || (x.kind == Address::Kind::same_step && by != 0)) return s - step;
      }
    }
  }
  return r.count - step;
}

// --- names

const std::string& CStorage::name(CellId c) {
  std::string& s = name_[c];
  if (!s.empty()) return s;
  if (home_[c] != c) return s = name(home_[c]);  // a root: it has no home but itself
  const Cell& cell = at(c);
  if (cell.kind == Cell::Kind::constant) return s = c_number(cell.value);
  if (cell.kind == Cell::Kind::input) return s = inputs_[cell.number];
  if (single(c) || local(c)) return s = step_of_[c].repeat != 0 ? temporary("v") : fresh(c, "v");
  if (const Step& at_step = step_of_[c]; at_step.repeat != 0) {
    const CRepeat& r = repeats_[at_step.repeat - 1];
    const bool moves = r.kept[at_step.operation] == CKept::all && (steps_ > 1 || offset_in_room(c) != 0);
    return s = moves ? temporary("a") : rooms_[room_of_[at_step.repeat - 1][at_step.operation]].name;
  }
  return s = rooms_[new_room(fresh(c, "a"), cell.shape.size())].name;
}

std::string CStorage::declaration(CellId c) {
  const Step& s = step_of_[c];
  if (s.repeat == 0 || single(c) || local(c)) return {};
  const COperand to{COperand::Kind::array, rooms_[room_of_[s.repeat - 1][s.operation]].name, offset_in_room(c),
                    steps_ > 1 && repeats_[s.repeat - 1].kept[s.operation] == CKept::all
                        ? static_cast<std::int64_t>(at(c).shape.size())
                        : 0};
  return name(c) == to.base ? "" : "double *const " + name(c) + " = " + c_pointer(to) + ";";
}

std::string CStorage::kept_number(CellId c) const {
  const Step& s = step_of_[c];
  if (s.repeat == 0 || room_of_[s.repeat - 1][s.operation] == no_room) return {};
  const bool all = repeats_[s.repeat - 1].kept[s.operation] == CKept::all;
  return c_number({COperand::Kind::array, rooms_[room_of_[s.repeat - 1][s.operation]].name, offset_in_room(c),
                   all && steps_ > 1 ? 1 : 0});
}

COperand CStorage::operand(const View& v) {
  const Cell& c = at(v.cell);
  if (c.kind == Cell::Kind::constant) return {COperand::Kind::literal, name(v.cell)};
  if (c.kind == Cell::Kind::input && c.shape.scalar()) return {COperand::Kind::variable, name(v.cell)};
  const Step& s = step_of_[v.cell];
  if (s.repeat != 0 && !here(v.cell))
    return {COperand::Kind::array, rooms_[room_of_[s.repeat - 1][s.operation]].name,
            offset_in_room(v.cell) + static_cast<std::int64_t>(v.offset)};
  if (single(v.cell) || local(v.cell)) return {COperand::Kind::variable, name(v.cell)};
  return {COperand::Kind::array, name(v.cell), static_cast<std::int64_t>(v.offset)};
}

COperand CStorage::argument(CellId c, std::size_t j) {
  const View& v = at(c).arguments[j];
  COperand x = operand(v);
  if (steps_ < 2 || step_of_[c].repeat != repeat_) return x;
  if (x.kind == COperand::Kind::literal) return literal(c, j);
  const CellId next = cell_of(repeats_[repeat_ - 1], step_ + 1, step_of_[c].operation);
  x.step = address(at(next).arguments[j], repeat_, step_ + 1).offset - address(v, repeat_, step_).offset;
  return x;
}

// The same in all steps, or numbers that count them, or a table.
COperand CStorage::literal(CellId c, std::size_t j) {
  std::vector<double> x;
  bool same = true, counts = true;
  for (std::size_t s = 0; s < steps_; ++s) {
    const CellId id = cell_of(repeats_[repeat_ - 1], step_ + s, step_of_[c].operation);
    x.push_back(at(at(id).arguments[j].cell).value);
    same = same && std::bit_cast<std::uint64_t>(x[s]) == std::bit_cast<std::uint64_t>(x[0]);
    counts = counts && small_integer(x[s]) && x[s] - x[0] == static_cast<double>(s) * (x[s > 0] - x[0]);
  }
  COperand one{COperand::Kind::literal, c_number(x[0])};
  if (same) return one;
  if (counts) {
    one.step = static_cast<std::int64_t>(x[1] - x[0]);
    return one;
  }
  std::string numbers;
  for (const double e : x) numbers += (numbers.empty() ? "" : ", ") + c_number(e);
  const auto [known, fresh] = tables_.try_emplace(numbers);
  if (fresh) known->second = temporary("a");
  return {COperand::Kind::array, known->second, 0, 1};
}

}  // namespace wengert::exec
