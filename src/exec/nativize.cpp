// Which steps of a layout become machine code: runs of single numbers, blocks of points, regions.
#include <algorithm>
#include <map>
#include <optional>
#include <set>

#include "layout.hpp"

namespace wengert::exec {

namespace {

constexpr std::uint32_t loop_from = 16;  // elements of blocks that are joined to loops

// A program in the making: numbers known by where they stand.
class Recorder {
 public:
  using Key = std::pair<std::uint32_t, std::uint32_t>;  // base, place

  explicit Recorder(bool vector) { program.vector = vector; }

  std::uint32_t read(const Key& key, NativeValue::Kind kind, const Pointer& from) {
    const auto [it, fresh] = now_.try_emplace(key, 0);
    if (fresh) it->second = add({.kind = kind, .from = from});
    return it->second;
  }
  void write(const Key& key, Code code, const std::uint32_t (&x)[3]) {
    const std::uint32_t value = add({.kind = NativeValue::Kind::operation, .code = code, .x = {x[0], x[1], x[2]}});
    now_[key] = value;
    written_[key] = value;
  }
  // Stores of what was written last.
  const std::map<Key, std::uint32_t>& written() const { return written_; }
  std::optional<std::uint32_t> known(const Key& key) const {
    const auto it = now_.find(key);
    return it == now_.end() ? std::nullopt : std::optional(it->second);
  }
  NativeProgram program;

 private:
  std::uint32_t add(NativeValue v) {
    program.values.push_back(v);
    return static_cast<std::uint32_t>(program.values.size() - 1);
  }
  std::map<Key, std::uint32_t> now_, written_;
};

class Nativizer {
 public:
  explicit Nativizer(Layout& l) : l_(l) {}

  void run() {
    if (l_.width > 1) return points();
    if (l_.shared.empty() && l_.steps.size() == 1 && l_.steps[0].kind == Step::Kind::scalars && alone()) return;
    join_blocks();
    for (Step& s : l_.steps) {
      if (s.kind == Step::Kind::region)
        loop(s);
      else if (s.kind == Step::Kind::scalars && s.n >= 4)
        numbers(s);
    }
  }

 private:
  Layout& l_;

  static unsigned arity(Code code) {
    return code >= first_own ? 1 : static_cast<unsigned>(row_of(static_cast<Op>(code)).arity);
  }
  std::shared_ptr<const NativeCode> compiled(const NativeProgram& p) {
    return compile_native(p, l_.options.instructions, *l_.kernels);
  }

  std::span<const ScalarStep> scalars(const Step& s) const { return {l_.scalars.data() + s.first, s.n}; }
  template <class Read>
  void record(Recorder& r, const Step& s, Read&& read) const {
    for (const ScalarStep& k : scalars(s)) {
      const unsigned operands = arity(static_cast<Code>(k.code));
      const std::uint32_t a = read(k.a);
      const std::uint32_t x[3] = {a, operands > 1 ? read(k.b) : a, operands > 2 ? read(k.c) : a};
      r.write({0, k.out}, static_cast<Code>(k.code), x);
    }
  }

  // A program of single numbers and nothing else: straight from the inputs to the outputs.
  bool alone() {
    for (const Layout::Transfer& t : l_.stores)
      if (t.repeated) return false;
    Recorder r(false);
    std::map<std::uint32_t, Pointer> input;
    for (const Layout::Transfer& t : l_.loads)
      for (std::uint32_t e = 0; e < t.n; ++e) input[t.from.at + e] = {Pointer::Table::input, t.which, e, 0};
    const auto read = [&](std::uint32_t at) {
      const auto it = input.find(at);
      return r.read({0, at}, NativeValue::Kind::load,
                    it == input.end() ? Pointer{Pointer::Table::workspace, 0, at, 0} : it->second);
    };
    record(r, l_.steps[0], read);
    for (const Layout::Transfer& t : l_.stores)
      for (std::uint32_t e = 0; e < t.n; ++e) {
        if (t.from.base != 0) return false;
        r.program.stores.push_back({read(t.from.at + e), {Pointer::Table::output, t.which, e, 0}});
      }
    l_.whole = compiled(r.program);
    return l_.whole != nullptr;
  }

  // Single numbers among other steps: they are read from and written to the workspace.
  void numbers(Step& s) {
    Recorder r(false);
    record(r, s, [&](std::uint32_t at) {
      return r.read({0, at}, NativeValue::Kind::load, {Pointer::Table::workspace, 0, at, 0});
    });
    for (const auto& [key, value] : r.written())
      r.program.stores.push_back({value, {Pointer::Table::workspace, 0, key.second, 0}});
    replace(s, compiled(r.program), 1);
  }

  void replace(Step& s, std::shared_ptr<const NativeCode> code, std::uint32_t count) {
    if (code == nullptr) return;
    s.kind = Step::Kind::native;
    s.count = count;
    s.first = static_cast<std::uint32_t>(l_.native.size());
    l_.native.push_back(std::move(code));
  }

  Pointer pointer(const Address& a) const {
    if (a.base == 0) return {Pointer::Table::workspace, 0, a.at, 0};
    if (a.base <= l_.inputs) return {Pointer::Table::input, a.base - 1, a.at, 0};
    return {Pointer::Table::output, a.base - 1 - static_cast<std::uint32_t>(l_.inputs), a.at, 0};
  }

  // Elements of a region, a vector at a time; what is local never leaves the registers.
  void loop(Step& region) {
    Recorder r(true);
    std::set<Recorder::Key> locals;
    for (std::uint32_t k = 0; k < region.n; ++k) {
      const Step& s = l_.inner[region.first + k];
      std::uint32_t x[3];
      for (unsigned j = 0; j < 3; ++j) {
        const bool along = (s.form >> j & 1u) != 0;
        x[j] = j < arity(s.code)
                   ? r.read({s.in[j].base, s.in[j].at}, along ? NativeValue::Kind::load : NativeValue::Kind::broadcast,
                            pointer(s.in[j]))
                   : x[0];
      }
      r.write({s.out.base, s.out.at}, s.code, x);
      if ((s.form & 128u) != 0)
        locals.insert({s.out.base, s.out.at});
      else
        locals.erase({s.out.base, s.out.at});
    }
    for (const auto& [key, value] : r.written())
      if (!locals.contains(key)) r.program.stores.push_back({value, pointer({key.first, key.second})});
    replace(region, compiled(r.program), region.count);
  }

  // Neighbouring blocks of one length are a region too, if each reads the others in step.
  void join_blocks() {
    std::vector<Step> out;
    bool open = false;  // the last of out is such a region
    for (const Step& s : l_.steps) {
      if (s.kind != Step::Kind::block || s.n < loop_from) {
        out.push_back(s);
        open = false;
        continue;
      }
      if (!open || out.back().count != s.n || !in_step(out.back(), s))
        out.push_back({.kind = Step::Kind::region, .count = s.n, .first = static_cast<std::uint32_t>(l_.inner.size())});
      open = true;
      ++out.back().n;
      l_.inner.push_back(s);
    }
    l_.steps = std::move(out);
  }
  static bool overlap(const Address& a, const Address& b, std::uint32_t n) {
    return a.base == b.base && a.at < b.at + n && b.at < a.at + n;
  }
  // Whatever the block and those of the region both touch, they touch element by element.
  bool in_step(const Step& region, const Step& s) const {
    for (std::uint32_t k = 0; k < region.n; ++k) {
      const Step& other = l_.inner[region.first + k];
      for (unsigned j = 0; j < 3; ++j) {
        if (overlap(s.in[j], other.out, s.n) && s.in[j].at != other.out.at) return false;
        if (overlap(other.in[j], s.out, s.n) && other.in[j].at != s.out.at) return false;
      }
      if (overlap(s.out, other.out, s.n) && s.out.at != other.out.at) return false;
    }
    return true;
  }

  // Programs of one element a value: points, a vector at a time, from the inputs' columns to the outputs'.
  void points() {
    Recorder r(true);
    std::map<std::uint32_t, Pointer> column;
    for (const Layout::Transfer& t : l_.loads)
      for (std::uint32_t e = 0; t.varying && e < t.n; ++e)
        column[t.from.at + e * l_.width] = {Pointer::Table::input, t.which, 0, e};
    const auto read = [&](std::uint32_t at, bool varying) {
      if (!varying) return r.read({1, at}, NativeValue::Kind::broadcast, {Pointer::Table::workspace, 0, at, 0});
      const auto it = column.find(at);
      return r.read({0, at}, NativeValue::Kind::load, it == column.end() ? Pointer{} : it->second);
    };
    for (const Step& s : l_.steps) {
      if (s.kind != Step::Kind::block || s.n != l_.width || s.width != l_.width) return;
      std::uint32_t x[3];
      const unsigned operands = arity(s.code);
      for (unsigned j = 0; j < 3; ++j) {
        const bool varying = (s.form >> (j < operands ? j : 0) & 1u) != 0;
        if (varying && !r.known({0, s.in[j].at}) && !column.contains(s.in[j].at)) return;
        x[j] = j < operands ? read(s.in[j].at, varying) : x[0];
      }
      r.write({0, s.out.at}, s.code, x);
    }
    for (const Layout::Transfer& t : l_.stores)
      for (std::uint32_t e = 0; e < t.n; ++e) {
        const std::uint32_t at = t.from.at + (t.repeated ? 0 : e) * (t.varying ? l_.width : 1);
        if (t.varying && !r.known({0, at}) && !column.contains(at)) return;
        r.program.stores.push_back({read(at, t.varying), {Pointer::Table::output, t.which, 0, e}});
      }
    l_.whole = compiled(r.program);
  }
};

}  // namespace

void make_native(Layout& layout) {
  if (layout.options.native && native_available()) Nativizer(layout).run();
}

}  // namespace wengert::exec
