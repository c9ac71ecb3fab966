// Which steps of a layout become machine code: runs of single numbers, blocks of points, regions.
#include <map>

#include "layout.hpp"
#include "recorder.hpp"

namespace wengert::exec {

namespace {

constexpr std::uint32_t many = 4096;  // elements of a loop
constexpr std::uint32_t unrolled = 8;  // elements of blocks that are single numbers to a program of such

class Nativizer {
 public:
  explicit Nativizer(Layout& l)
      : l_(l), compiler_(l.options.instructions, *l.kernels, l.options.mathematics, l.options.code_memory) {
    for (const Layout::Known& k : l.constants)
      if (const auto [at, fresh] = constant_at_.try_emplace(k.at); fresh) {
        *at = static_cast<std::uint32_t>(constants_.size());
        constants_.push_back(k.value);
      }
  }

  // False where nothing was compiled; the layout is then as it was.
  bool run() {
    const std::vector<Step> before = l_.steps;
    if (l_.width > 1)
      points();
    else if (!(l_.shared.empty() && alone()))
      step_by_step();
    const auto code = compiler_.finish();
    if (code.empty()) {
      l_.steps = before;
      l_.native = {};
      return false;
    }
    if (whole_) l_.whole = code[*whole_];
    for (std::size_t k = 0; k < l_.native.size(); ++k) l_.native[k].code = code[code_of_step_[k]];
    return true;
  }

 private:
  using Kind = NativeValue::Kind;
  using Table = Pointer::Table;
  Layout& l_;
  FlatMap<std::uint64_t> constant_at_;  // by place
  std::vector<double> constants_;
  NativeCompiler compiler_;
  std::map<std::vector<std::uint64_t>, std::optional<std::size_t>> loops_;  // by signature
  std::optional<std::size_t> whole_;
  Recorder recorder_;
  std::vector<std::size_t> code_of_step_;  // of Layout::native

  void step_by_step() {
    for (Step& s : l_.steps) {
      if (s.kind == Step::Kind::region)
        loop(s);
      else if (s.kind == Step::Kind::scalars && s.n >= 4)
        numbers(s);
    }
  }

  Recorder& begun(bool vector) {
    recorder_.begin(vector);
    return recorder_;
  }

  Pointer pointer(const Address& a) const {
    if (a.base == 0) return {Table::workspace, 0, a.at, 0};
    if (a.base <= l_.inputs) return {Table::input, a.base - 1, a.at, 0};
    return {Table::output, a.base - 1 - static_cast<std::uint32_t>(l_.inputs), a.at, 0};
  }

  // Null where the place holds no constant.
  const double* constant(std::uint32_t place) const {
    const std::uint32_t* at = constant_at_.find(place);
    return at == nullptr ? nullptr : &constants_[*at];
  }

  // --- single numbers

  // What a step does, number by number; false if it is none of those.
  template <class Read>
  bool record(Recorder& r, const Step& s, Read&& read) const {
    const auto apply = [&](Code code, const Address& out, auto&& operand) {
      const std::size_t operands = operands_of(code);
      const std::uint32_t a = operand(0);
      const std::uint32_t b = operands > 1 ? operand(1) : a, c = operands > 2 ? operand(2) : a;
      r.write({out.base, out.at}, r.operation(code, a, b, c));
    };
    if (s.kind == Step::Kind::scalars || s.kind == Step::Kind::grouped) {
      for (std::uint32_t k = s.first; k < s.first + s.n; ++k) {
        const ScalarStep& x = l_.scalars[k];
        const std::uint32_t at[] = {x.a, x.b, x.c};
        apply(static_cast<Code>(x.code), {0, x.out}, [&](unsigned j) { return read(Address{0, at[j]}); });
      }
      return true;
    }
    if (s.kind == Step::Kind::fill && s.n <= 8 * unrolled) {
      for (std::uint32_t e = 0; e < s.n; ++e) r.write({s.out.base, s.out.at + e}, r.number(0));
      return true;
    }
    if (s.kind != Step::Kind::block || s.n > unrolled) return false;
    for (std::uint32_t e = 0; e < s.n; ++e)
      apply(s.code, {s.out.base, s.out.at + e}, [&](unsigned j) {
        return read(Address{s.in[j].base, s.in[j].at + ((s.form >> j & 1u) != 0 ? e : 0)});
      });
    return true;
  }

  // A program of single numbers and nothing else: straight from the inputs to the outputs.
  bool alone() {
    if (!may_be_numbers()) return false;
    Recorder& r = begun(false);
    FlatMap<std::uint64_t> input;
    std::vector<Pointer> inputs;
    for (const Layout::Transfer& t : l_.loads)
      for (std::uint32_t e = 0; e < t.n; ++e) {
        *input.try_emplace(t.from.at + e).first = static_cast<std::uint32_t>(inputs.size());
        inputs.push_back({Table::input, t.which, e, 0});
      }
    const auto read = [&](const Address& a) {
      if (a.base != 0) return r.read({a.base, a.at}, Kind::load, pointer(a));
      if (const double* c = constant(a.at)) return r.number(*c);
      const std::uint32_t* k = input.find(a.at);
      return r.read({a.base, a.at}, Kind::load, k == nullptr ? pointer(a) : inputs[*k]);
    };
    for (const Step& s : flat_steps())
      if (!record(r, s, read)) return false;
    for (const auto& [key, value] : r.written())
      if (key.first != 0) r.store(value, pointer({key.first, key.second}));
    for (const Layout::Transfer& t : l_.stores)
      for (std::uint32_t e = 0; e < t.n; ++e)
        r.store(read({t.from.base, t.from.at + (t.repeated ? 0 : e)}), {Table::output, t.which, e, 0});
    if (r.program.values.empty()) return false;
    r.order_stores(1);
    whole_ = compiler_.add(std::move(r.program));
    return whole_.has_value();
  }
  // A guess that costs little: what is none of these is not made of few single numbers.
  bool may_be_numbers() const {
    return std::all_of(l_.steps.begin(), l_.steps.end(), [](const Step& s) {
      return s.kind == Step::Kind::scalars || s.kind == Step::Kind::grouped ||
             (s.kind == Step::Kind::fill && s.n <= 8 * unrolled) || (s.kind == Step::Kind::block && s.n <= unrolled) ||
             (s.kind == Step::Kind::region && s.count <= unrolled);
    });
  }
  // Short regions as the blocks that they are made of.
  std::vector<Step> flat_steps() const {
    std::vector<Step> out;
    out.reserve(l_.steps.size() + l_.inner.size());
    for (const Step& s : l_.steps) {
      if (s.kind != Step::Kind::region || s.count > unrolled) {
        out.push_back(s);
        continue;
      }
      for (std::uint32_t k = 0; k < s.n; ++k) out.push_back(l_.inner[s.first + k]);
    }
    return out;
  }

  // Single numbers among other steps: they are read from and written to the workspace.
  void numbers(Step& s) {
    Recorder& r = begun(false);
    record(r, s, [&](const Address& a) {
      const double* c = constant(a.at);
      return c != nullptr ? r.number(*c) : r.read({a.base, a.at}, Kind::load, pointer(a));
    });
    for (const auto& [key, value] : r.written()) r.store(value, pointer({key.first, key.second}));
    r.order_stores(1);
    replace(s, compiler_.add(std::move(r.program)), 1, {});
  }

  void replace(Step& s, std::optional<std::size_t> code, std::uint32_t count, const std::vector<Pointer>& pointers) {
    if (!code) return;
    s.kind = Step::Kind::native;
    s.count = count;
    s.first = static_cast<std::uint32_t>(l_.native.size());
    const auto first = static_cast<std::uint32_t>(l_.native_pointers.size());
    for (const Pointer& p : pointers) {
      const std::uint32_t base = p.table == Table::workspace ? 0
                                 : p.table == Table::input   ? 1 + p.index
                                                             : 1 + static_cast<std::uint32_t>(l_.inputs) + p.index;
      l_.native_pointers.push_back({base, p.offset});
    }
    l_.native.push_back({nullptr, first, static_cast<std::uint32_t>(pointers.size())});
    code_of_step_.push_back(*code);
  }

  // --- elements of a region, a vector at a time; what is local never leaves the registers

  void loop(Step& region) {
    // One operation alone gains nothing.
    if (region.n == 1 && l_.inner[region.first].kind == Step::Kind::block) {
      if (region.count > region_piece) return;
      const std::uint32_t n = region.width;
      region = Step(l_.inner[region.first]);
      region.n = n;
      return;
    }
    Recorder& r = begun(true);
    r.program.whole = region.width != 0 && region.width % 8 == 0;
    r.program.many = region.width >= many;
    const auto read = [&](const Step& s, unsigned j) {
      const Address& a = s.in[j];
      if ((s.form >> j & 1u) != 0) return r.read({a.base, a.at}, Kind::load, pointer(a));
      if (const double* c = constant(a.at); a.base == 0 && c != nullptr) return r.number(*c);
      return r.read({a.base, a.at}, Kind::broadcast, pointer(a));
    };
    std::vector<std::pair<std::uint32_t, Address>> sums;
    FlatMap<std::uint64_t> local;  // by place, 1: it is read in the region alone
    const auto place = [](const Recorder::Key& k) { return std::uint64_t{k.first} << 32 | k.second; };
    for (std::uint32_t k = 0; k < region.n; ++k) {
      const Step& s = l_.inner[region.first + k];
      if (s.kind == Step::Kind::sum) {
        sums.emplace_back(read(s, 0), s.out);
        continue;
      }
      const std::size_t operands = operands_of(s.code);
      const std::uint32_t a = read(s, 0), b = operands > 1 ? read(s, 1) : a, c = operands > 2 ? read(s, 2) : a;
      r.write({s.out.base, s.out.at}, r.operation(s.code, a, b, c));
      *local.try_emplace(place({s.out.base, s.out.at})).first = (s.form & 128u) != 0 ? 1 : 0;
    }
    for (const auto& [key, value] : r.written())
      if (const std::uint32_t* l = local.find(place(key)); *l == 0) r.store(value, pointer({key.first, key.second}));
    for (const auto& [value, to] : sums) r.program.sums.push_back({value, r.pointer(pointer(to)), false});
    r.order_stores(8);
    const auto [it, fresh] = loops_.try_emplace(r.signature());
    const std::vector<Pointer> pointers = r.program.pointers;
    if (fresh) it->second = compiler_.add(std::move(r.program));
    replace(region, it->second, region.width, pointers);
  }

  // --- programs of one element a value: points, a vector at a time, from the inputs' columns to the outputs'

  void points() {
    Recorder& r = begun(true);
    std::map<std::uint32_t, Pointer> column;
    for (const Layout::Transfer& t : l_.loads)
      for (std::uint32_t e = 0; t.varying && e < t.n; ++e)
        column[t.from.at + e * l_.width] = {Table::input, t.which, 0, e};
    const auto read = [&](std::uint32_t at, bool varying) {
      if (!varying) {
        if (const double* c = constant(at)) return r.number(*c);
        return r.read({1, at}, Kind::broadcast, {Table::workspace, 0, at, 0});
      }
      const auto it = column.find(at);
      return r.read({0, at}, Kind::load, it == column.end() ? Pointer{} : it->second);
    };
    for (const Step& s : l_.steps) {
      if (s.kind != Step::Kind::block || s.n != l_.width || s.width != l_.width) return;
      std::uint32_t x[3];
      const std::size_t operands = operands_of(s.code);
      for (unsigned j = 0; j < 3; ++j) {
        const bool varying = (s.form >> (j < operands ? j : 0) & 1u) != 0;
        if (varying && !r.known({0, s.in[j].at}) && !column.contains(s.in[j].at)) return;
        x[j] = j < operands ? read(s.in[j].at, varying) : x[0];
      }
      r.write({0, s.out.at}, r.operation(s.code, x[0], x[1], x[2]));
    }
    for (const Layout::Transfer& t : l_.stores)
      for (std::uint32_t e = 0; e < t.n; ++e) {
        const std::uint32_t at = t.from.at + (t.repeated ? 0 : e) * (t.varying ? l_.width : 1);
        if (t.varying && !r.known({0, at}) && !column.contains(at)) return;
        r.store(read(at, t.varying), {Table::output, t.which, 0, e});
      }
    r.order_stores(8);
    l_.whole_pointers = r.program.pointers;
    r.program.many = true;
    whole_ = compiler_.add(std::move(r.program));
  }
};

}  // namespace

void make_native(Layout& layout) {
  if (!layout.options.native || !native_available()) return;
  if (!Nativizer(layout).run()) return;
  const auto none = [&](Step::Kind kind) {
    return std::none_of(layout.steps.begin(), layout.steps.end(), [&](const Step& s) { return s.kind == kind; });
  };
  if (layout.whole != nullptr) std::vector<Step>().swap(layout.steps);
  if (none(Step::Kind::region)) std::vector<Step>().swap(layout.inner);
  if (none(Step::Kind::scalars) && none(Step::Kind::grouped) && layout.shared.empty())
    std::vector<ScalarStep>().swap(layout.scalars);
}

}  // namespace wengert::exec
