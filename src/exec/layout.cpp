#include "layout.hpp"

#include <algorithm>

#include "memory.hpp"
#include "stream.hpp"

namespace wengert::exec {

namespace {

constexpr std::uint64_t native_region = 4;  // elements

class Emitter {
 public:
  Emitter(const Cells& cells, const Order& order, Memory& memory, Layout& out)
      : cells_(cells), order_(order), m_(memory), l_(out), input_size_(out.inputs) {
    for (const Cell& c : cells.all)
      if (c.kind == Cell::Kind::input) input_size_[c.number] = c.shape.size();
  }

  void emit() {
    steps_ = &l_.shared;
    for (std::size_t p = 0; p < order_.cells.size(); ++p) {
      if (p == order_.shared) {
        steps_ = &l_.steps;
        region_ = 0;
      }
      m_.begin(p);
      cell(order_.cells[p]);
      m_.end(p);
    }
    transfers();
    l_.numbers = m_.numbers() + l_.kernels->vector;  // operands are read beyond their end
    if (!l_.options.native) in_short();
  }

 private:
  const Cells& cells_;
  const Order& order_;
  Memory& m_;
  Layout& l_;
  std::vector<std::uint64_t> input_size_;
  std::vector<Step>* steps_ = nullptr;
  std::uint32_t region_ = 0;

  static std::uint32_t u32(std::uint64_t n) { return static_cast<std::uint32_t>(n); }

  void cell(CellId id) {
    const Cell& c = cells_.all[id];
    if (order_.region[id] == 0) region_ = 0;
    switch (c.kind) {
      case Cell::Kind::elementwise:
        return elementwise(id, c);
      case Cell::Kind::place:
        return place(id, c);
      case Cell::Kind::iota:
        steps_->push_back(
            {.kind = Step::Kind::iota, .n = u32(c.shape.size()), .first = c.number, .out = m_.address(id)});
        return;
      case Cell::Kind::product:
      case Cell::Kind::array:
        return array(id, c);
      default:
        return;
    }
  }

  // --- elementwise

  void scalar(Code code, const Address& out, const Address* in, std::size_t count) {
    const ScalarStep s{code, out.at, in[0].at, in[count > 1 ? 1 : 0].at, in[count > 2 ? 2 : 0].at};
    const auto kind = order_.grouped ? Step::Kind::grouped : Step::Kind::scalars;
    if (!steps_->empty() && steps_->back().kind == kind && with_partner(s)) return;
    if (steps_->empty() || steps_->back().kind != kind)
      steps_->push_back({.kind = kind, .first = u32(l_.scalars.size())});
    ++steps_->back().n;
    l_.scalars.push_back(s);
  }

  // The sine and the cosine of one number are one step.
  bool with_partner(const ScalarStep& s) {
    const bool sine = s.code == code_of<Sin>;
    ScalarStep& before = l_.scalars.back();
    if (l_.options.native || order_.grouped || !(sine || s.code == code_of<Cos>)) return false;
    if (before.code != (sine ? code_of<Cos> : code_of<Sin>) || before.a != s.a || before.out == s.a) return false;
    before = {sincos_code, sine ? s.out : before.out, s.a, sine ? before.out : s.out, s.a};
    return true;
  }

  void elementwise(CellId id, const Cell& c) {
    const std::uint32_t w = m_.lanes(id);
    Step s{.code = c.code,
           .n = u32(c.shape.size() * w),
           .width = w,
           .out = m_.address(id),
           .kernel = l_.kernels->elementwise[c.code]};
    for (std::size_t j = 0; j < 3; ++j) s.in[j] = m_.address(c.arguments[j < c.arguments.size() ? j : 0]);
    if (w == 1 && c.shape.scalar() && s.out.base == 0) return scalar(c.code, s.out, s.in, c.arguments.size());
    if (reads_across(c)) return line_by_line(id, c, s);
    bool nested = false;
    for (std::size_t j = 0; j < c.arguments.size(); ++j) {
      const View& v = c.arguments[j];
      const bool varying = m_.lanes(v.cell) > 1, along = v.distinct() > 1 || c.shape.scalar();
      if (w == 1) {
        s.form |= along && !(v.distinct() == 1) ? 1u << j : 0u;
      } else {
        s.form |= varying ? 1u << j : 0u;
        s.step[j] = v.distinct() > 1 ? (varying ? w : 1) : 0;
        nested = nested || (!c.shape.scalar() && (varying ? v.distinct() == 1 : v.distinct() > 1));
      }
    }
    if (nested) {
      s.kind = Step::Kind::nested;
      s.n = w;
      s.count = u32(c.shape.size());
      s.step[3] = w;
    }
    if (order_.region[id] != 0) return in_region(id, c, s);
    if (number_by_number(s)) return;
    s.n = with_padding(id, s);
    steps_->push_back(s);
  }

  // How many numbers may be computed instead: whole registers of them where nothing but padding is behind the result
  // and operands can be read so far. The last, incomplete one would cost as much as several.
  std::uint32_t with_padding(CellId id, const Step& s) const {
    const auto vector = u32(l_.kernels->vector);
    const std::uint32_t n = (s.n + vector - 1) / vector * vector;
    if (s.kind != Step::Kind::block || s.width != 1 || s.n < 8 || !m_.padded(id)) return s.n;
    for (std::size_t j = 0; j < operands_of(s.code); ++j) {
      const Address& a = s.in[j];
      if ((s.form >> j & 1u) != 0 && a.base != 0 && (a.base > l_.inputs || a.at + n > input_size_[a.base - 1]))
        return s.n;
    }
    return n;
  }

  // Few numbers are cheaper one by one than padded to a register.
  bool number_by_number(const Step& s) {
    constexpr std::uint32_t few = 7, few_calls = 3;
    if (s.width != 1 || s.kind != Step::Kind::block || s.n > few || s.out.base != 0) return false;
    if (s.n > few_calls && !arithmetic(s.code)) return false;
    const std::size_t operands = operands_of(s.code);
    for (std::size_t j = 0; j < operands; ++j)
      if (s.in[j].base != 0) return false;
    for (std::uint32_t e = 0; e < s.n; ++e) {
      Address in[3];
      for (std::size_t j = 0; j < 3; ++j) in[j] = {0, s.in[j].at + ((s.form >> j & 1u) != 0 ? e : 0)};
      scalar(s.code, {0, s.out.at + e}, in, operands);
    }
    return true;
  }
  static bool arithmetic(Code code) {
    return code == code_of<Add> || code == code_of<Sub> || code == code_of<Mul> || code == code_of<StrongMul> ||
           code == code_of<Div> || code == code_of<Neg> || (code >= copy_code && code <= strong_submul_code);
  }

  // Row by row: of a column one number a row, of a row the same numbers every time.
  void line_by_line(CellId id, const Cell& c, Step s) {
    s.kind = Step::Kind::nested;
    s.n = c.shape.cols;
    s.count = c.shape.rows;
    s.step[3] = m_.pitch(id);
    for (std::size_t j = 0; j < c.arguments.size(); ++j) {
      const View& v = c.arguments[j];
      const bool column = v.across == View::Across::column, row = v.across == View::Across::row;
      s.form |= column || v.distinct() == 1 ? 0u : 1u << j;
      s.step[j] = column ? 1 : row || v.distinct() == 1 ? 0 : c.shape.cols;
    }
    steps_->push_back(s);
  }

  void in_region(CellId id, const Cell& c, Step s) {
    if (region_ != order_.region[id]) {
      region_ = order_.region[id];
      steps_->push_back({.kind = Step::Kind::region, .count = s.n, .first = u32(l_.inner.size())});
      steps_->back().width = with_padding(id, s);
    }
    Step& region = steps_->back();
    if (s.kind == Step::Kind::sum || with_padding(id, s) != region.width) region.width = region.count;
    for (std::size_t j = 0; j < c.arguments.size(); ++j)
      if (m_.local(c.arguments[j].cell)) s.form |= 1u << (4 + j);
    if (m_.local(id)) s.form |= 1u << 7;
    ++steps_->back().n;
    l_.inner.push_back(s);
  }

  // --- places: runs of elements copied, added or cleared

  void move(bool add, Address to, Address from, bool along, std::uint32_t n, std::uint32_t w, bool from_varying) {
    const Address in[] = {add ? to : from, add ? from : to};
    const Code code = add ? code_of<Add> : copy_code;
    if (n == 1 && w == 1 && to.base == 0 && from.base == 0) return scalar(code, to, in, add ? 2 : 1);
    Step s{.code = code,
           .n = n * w,
           .width = w,
           .out = to,
           .in = {in[0], in[1], in[0]},
           .kernel = l_.kernels->elementwise[code]};
    const unsigned bit = add ? 1 : 0;
    if (w == 1 || (from_varying && along) || (from_varying && n == 1)) {
      s.form = (along || n == 1 || from_varying ? 1u << bit : 0u) | (add ? 1u : 0u);
      if (!along && n > 1) s.form &= ~(1u << bit);
    } else if (!from_varying && !along) {
      s.form = add ? 1u : 0u;
    } else {
      s.kind = Step::Kind::nested;
      s.form = (from_varying ? 1u << bit : 0u) | (add ? 1u : 0u);
      s.n = w;
      s.count = n;
      s.step[3] = w;
      if (add) s.step[0] = w;
      s.step[bit] = along ? (from_varying ? w : 1) : 0;
    }
    if (number_by_number(s)) return;
    steps_->push_back(s);
  }

  // How many runs from this one on are the rows of one rectangle.
  static std::size_t lines_of(const PlaceRuns& runs, std::size_t k, std::uint64_t pitch) {
    constexpr std::uint64_t few = 8;  // numbers of a row: one by one, in machine code
    const PlaceRun& first = runs.moves[k];
    std::size_t n = 1;
    for (; first.count > few && k + n < runs.moves.size(); ++n) {
      const PlaceRun& r = runs.moves[k + n];
      if (r.argument != first.argument || r.add != first.add || r.count != first.count ||
          r.begin != first.begin + n * pitch || r.offset != first.offset + n * first.count)
        break;
    }
    return n;
  }

  // A rectangle, row by row.
  void move_lines(bool add, Address to, Address from, bool along, std::uint32_t n, std::uint32_t lines,
                  std::uint32_t pitch) {
    const Code code = add ? code_of<Add> : copy_code;
    const unsigned bit = add ? 1 : 0;
    Step s{.kind = Step::Kind::nested,
           .code = code,
           .form = (along ? 1u << bit : 0u) | (add ? 1u : 0u),
           .n = n,
           .count = lines,
           .out = to,
           .in = {add ? to : from, add ? from : to, add ? to : from},
           .kernel = l_.kernels->elementwise[code]};
    if (add) s.step[0] = pitch;
    s.step[bit] = along ? n : 0;
    s.step[3] = pitch;
    steps_->push_back(s);
  }

  void place(CellId id, const Cell& c) {
    const std::uint32_t w = m_.lanes(id);
    const Address out = m_.address(id);
    const auto shifted = [](Address a, std::uint64_t by) { return Address{a.base, a.at + u32(by)}; };
    const PlaceRuns runs = place_runs(c);
    for (std::size_t k = 0; k < runs.moves.size();) {
      const PlaceRun& r = runs.moves[k];
      const std::size_t lines = w == 1 ? lines_of(runs, k, c.shape.cols) : 1;
      k += lines;
      if (m_.placed(id, r.argument)) continue;
      const View& v = c.arguments[r.argument];
      const bool along = !v.repeated && v.distinct() > 1;
      const Address from = m_.address(v), start = along ? shifted(from, r.offset * m_.lanes(v.cell)) : from;
      if (lines > 1)
        move_lines(r.add, shifted(out, r.begin), start, along, u32(r.count), u32(lines), c.shape.cols);
      else
        move(r.add, shifted(out, r.begin * w), start, along, u32(r.count), w, m_.lanes(v.cell) > 1);
    }
    for (const auto& [begin, count] : runs.zeros) {
      if (count <= 64 && m_.keeps_zeros(id)) {
        for (std::uint64_t e = begin * w; e < (begin + count) * w; ++e) l_.constants.push_back({u32(out.at + e), 0.0});
        continue;
      }
      if (count < 8 && w == 1 && out.base == 0) {
        const Address zero{0, m_.zero()};
        for (std::uint64_t e = 0; e < count; ++e) scalar(copy_code, shifted(out, begin + e), &zero, 1);
        continue;
      }
      steps_->push_back({.kind = Step::Kind::fill, .n = u32(count * w), .out = shifted(out, begin * w)});
    }
  }

  // --- arrays

  void array(CellId id, const Cell& c) {
    Step s{.kind = c.kind == Cell::Kind::product ? Step::Kind::product : Step::Kind::array,
           .code = c.code,
           .width = m_.lanes(id),
           .out = m_.address(id)};
    if (c.code == code_of<Sum>) s.kind = Step::Kind::sum;
    if (order_.region[id] != 0) {  // a sum of what is computed there
      s.in[0] = m_.address(c.arguments[0]);
      s.form = 1u;
      return in_region(id, c, s);
    }
    const bool fast = l_.options.mathematics == Mathematics::fast;
    if (fast && (c.code == code_of<MaxOf> || c.code == code_of<MinOf>)) s.kind = Step::Kind::extreme;
    if (c.code == code_of<Part> || c.code == code_of<Transpose> || c.code == code_of<Broadcast> ||
        c.code == code_of<Diagonal>)
      return strided(s, c);
    s.first = u32(l_.details.size());
    Detail d{
        .shape = c.shape, .number = c.number, .slices = {c.arguments.slices().begin(), c.arguments.slices().end()}};
    for (const View& v : c.arguments) {
      d.in.push_back(m_.address(v));
      d.shapes.push_back(v.shape);
      d.varying.push_back(m_.lanes(v.cell) > 1 ? 1 : 0);
    }
    if (c.code == code_of<Iterate> || c.code == code_of<IterateAdjoint>) {
      s.kind = Step::Kind::loop;
      d.loop = cells_.loops[c.number];
    }
    l_.details.push_back(std::move(d));
    steps_->push_back(s);
  }

  // Element (r, c) of the result is element offset + r*step[0] + c*step[1] of the argument.
  void strided(Step s, const Cell& c) {
    const View& x = c.arguments[0];
    s.kind = Step::Kind::strided;
    s.in[0] = m_.address(x);
    s.n = c.shape.rows;
    s.count = c.shape.cols;
    if (c.code == code_of<Part>) {
      s.in[0].at += (c.arguments.slices()[0].row * x.shape.cols + c.arguments.slices()[0].col) * s.width;
      s.step[0] = x.shape.cols;
      s.step[1] = 1;
    } else if (c.code == code_of<Transpose>) {
      s.step[0] = 1;
      s.step[1] = x.shape.cols;
    } else if (c.code == code_of<Broadcast>) {
      s.step[0] = x.shape.rows == 1 ? 0 : x.shape.cols;
      s.step[1] = x.shape.cols == 1 ? 0 : 1;
    } else {
      s.n = c.shape.rows * c.shape.cols;
      s.count = 1;
      s.step[0] = x.shape.cols + 1;
    }
    steps_->push_back(s);
  }

  void in_short() {
    for (auto* steps : {&l_.shared, &l_.steps}) shorten(*steps);
    drop_copies(l_);
    if (!order_.grouped && !l_.scalars.empty() && l_.numbers < stream_places) make_streams(l_);
  }

  // Blocks that follow each other are written in short.
  void shorten(std::vector<Step>& steps) {
    std::vector<Step> out;
    for (std::size_t k = 0; k < steps.size(); ++k) {
      const Step& s = steps[k];
      const bool fits = s.kind == Step::Kind::block && s.form < 256 &&
                        std::max({s.out.base, s.in[0].base, s.in[1].base, s.in[2].base}) < 256;
      if (!fits) {
        out.push_back(s);
        continue;
      }
      if (out.empty() || out.back().kind != Step::Kind::blocks)
        out.push_back({.kind = Step::Kind::blocks, .first = u32(l_.blocks.size())});
      ++out.back().n;
      BlockStep b{.code = s.code, .form = static_cast<std::uint8_t>(s.form), .base = {}, .n = s.n, .at = {}};
      const Address* all[] = {&s.in[0], &s.in[1], &s.in[2], &s.out};
      for (std::size_t j = 0; j < 4; ++j) {
        b.base[j] = static_cast<std::uint8_t>(all[j]->base);
        b.at[j] = all[j]->at;
      }
      l_.blocks.push_back(b);
    }
    out.shrink_to_fit();
    steps = std::move(out);
    l_.blocks.shrink_to_fit();
  }

  void transfers() {
    if (const auto at = m_.zero_at()) l_.constants.push_back({*at, 0.0});
    for (CellId c = 0; c < cells_.all.size(); ++c) {
      const Cell& cell = cells_.all[c];
      if (order_.uses[c] == 0) continue;
      if (cell.kind == Cell::Kind::constant) l_.constants.push_back({m_.address(c).at, cell.value});
      if (cell.kind == Cell::Kind::input && m_.loaded(c))
        l_.loads.push_back({cell.number, m_.address(c), u32(cell.shape.size()), m_.lanes(c) > 1, false});
    }
    for (std::size_t k = 0; k < cells_.outputs.size(); ++k) {
      const View& v = cells_.outputs[k];
      if (!m_.direct(k))
        l_.stores.push_back({u32(k), m_.address(v), u32(v.shape.size()), m_.lanes(v.cell) > 1, v.repeated});
    }
  }
};

}  // namespace

Layout make_layout(const Graph& graph, std::span<const NodeId> outputs, std::span<const NodeId> inputs,
                   const PlanOptions& options) {
  Layout l;
  l.options = options;
  l.options.instructions = std::min(options.instructions, widest_instructions());
  l.width = options.width;
  l.inputs = inputs.size();
  l.outputs = outputs.size();
  l.kernels = &kernels_for(l.options.instructions, options.mathematics);
  l.stop = graph.stop();
  Cells cells = make_cells(graph, outputs, inputs, options, true);
  // Machine code gains by short regions too; an interpreter by fewer steps.
  const bool native = l.options.native && native_available() && l.options.instructions != InstructionSet::baseline;
  if (!l.options.native) join_products(cells);
  // In machine code the order of the program keeps numbers in registers until they are read.
  Order order =
      make_order(cells, options, native ? native_region : 2 * region_piece, true, native ? largest_native_program : 0);
  if (!l.options.native && !order.grouped) pair_sines(cells, order);
  Memory memory(cells, order, options);
  Emitter(cells, order, memory, l).emit();
  make_native(l);
  return l;
}

}  // namespace wengert::exec
