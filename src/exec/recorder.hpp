// A program for machine code in the making: numbers known by where they stand.
#pragma once
#include <algorithm>
#include <bit>
#include <optional>
#include <tuple>

#include "flat_map.hpp"
#include "native.hpp"

namespace wengert::exec {

class Recorder {
 public:
  using Key = std::pair<std::uint32_t, std::uint32_t>;  // base, place

  // Another program.
  void begin(bool vector) {
    program = {.vector = vector};
    program.values.reserve(usual);
    program.pointers.reserve(usual);
    program.stores.reserve(usual);
    now_.clear();
    written_at_.clear();
    numbers_.clear();
    pointers_.clear();
    written_.clear();
  }

  std::uint32_t pointer(const Pointer& p) {
    const auto [at, fresh] = pointers_.try_emplace({p});
    if (fresh) {
      *at = static_cast<std::uint32_t>(program.pointers.size());
      program.pointers.push_back(p);
    }
    return *at;
  }
  // The number there: as it was written last, or read from `from`; a broadcast is never one that was written.
  std::uint32_t read(const Key& key, NativeValue::Kind kind, const Pointer& from) {
    const auto [at, fresh] = now_.try_emplace(place(key, kind == NativeValue::Kind::broadcast));
    return fresh ? *at = add({.kind = kind, .pointer = pointer(from)}) : *at;
  }
  std::uint32_t number(double x) {
    const auto [at, fresh] = numbers_.try_emplace(std::bit_cast<std::uint64_t>(x));
    return fresh ? *at = add({.kind = NativeValue::Kind::constant, .number = x}) : *at;
  }
  std::uint32_t operation(Code code, std::uint32_t a, std::uint32_t b, std::uint32_t c) {
    return add({.kind = NativeValue::Kind::operation, .code = code, .x = {a, b, c}});
  }
  void write(const Key& key, std::uint32_t value) {
    *now_.try_emplace(place(key, false)).first = value;
    const auto [at, fresh] = written_at_.try_emplace(place(key, false));
    if (fresh) {
      *at = static_cast<std::uint32_t>(written_.size());
      written_.emplace_back(key, value);
    } else {
      written_[*at].second = value;
    }
  }
  // What was written last, by where; in the order of first writing.
  const std::vector<std::pair<Key, std::uint32_t>>& written() const { return written_; }
  std::optional<std::uint32_t> known(const Key& key) const {
    const std::uint32_t* at = now_.find(place(key, false));
    return at == nullptr ? std::nullopt : std::optional(*at);
  }
  void store(std::uint32_t value, const Pointer& to) { program.stores.push_back({value, pointer(to), false}); }

  // Stores wait where a load nearer than `lanes` may still read what they overwrite.
  void order_stores(std::uint32_t lanes) {
    const auto line = [](const Pointer& p) { return Line{p.table, p.index, p.columns}; };
    std::vector<std::pair<Line, std::uint32_t>>& loaded = loaded_;
    loaded.clear();
    for (const NativeValue& v : program.values)
      if (v.kind == NativeValue::Kind::load || v.kind == NativeValue::Kind::broadcast)
        loaded.emplace_back(line(program.pointers[v.pointer]), program.pointers[v.pointer].offset);
    std::sort(loaded.begin(), loaded.end());
    for (NativeProgram::Store& s : program.stores) {
      const Pointer& to = program.pointers[s.pointer];
      const std::uint32_t near = lanes - 1;
      const std::pair<Line, std::uint32_t> from(line(to), to.offset > near ? to.offset - near : 0);
      const auto it = std::lower_bound(loaded.begin(), loaded.end(), from);
      s.late = it != loaded.end() && it->first == line(to) && it->second <= to.offset + near;
    }
  }

  // Equal for programs that are one but for their addresses.
  std::vector<std::uint64_t> signature() const {
    std::vector<std::uint64_t> key{program.values.size(), program.stores.size(), program.pointers.size(),
                                   (program.whole ? 1u : 0u) | (program.many ? 2u : 0u)};
    key.reserve(4 + 2 * program.values.size() + program.stores.size() + program.sums.size());
    for (const NativeValue& v : program.values) {
      const auto kind = static_cast<std::uint64_t>(v.kind);
      if (v.kind == NativeValue::Kind::operation) {
        key.push_back(kind | std::uint64_t{v.code} << 8 | std::uint64_t{v.x[0]} << 32);
        key.push_back(std::uint64_t{v.x[1]} << 32 | v.x[2]);
      } else {
        key.push_back(kind | std::uint64_t{v.pointer} << 8);
        if (v.kind == NativeValue::Kind::constant) key.push_back(std::bit_cast<std::uint64_t>(v.number));
      }
    }
    for (const auto* list : {&program.stores, &program.sums})
      for (const NativeProgram::Store& s : *list)
        key.push_back(std::uint64_t{s.value} << 32 | std::uint64_t{s.pointer} << 1 | (s.late ? 1 : 0));
    return key;
  }
  NativeProgram program;

 private:
  static constexpr std::size_t usual = 16;  // values of a program, so that most lists grow but once
  using Line = std::tuple<Pointer::Table, std::uint32_t, std::uint32_t>;
  std::uint32_t add(NativeValue v) {
    program.values.push_back(v);
    return static_cast<std::uint32_t>(program.values.size() - 1);
  }
  static std::uint64_t place(const Key& key, bool broadcast) {
    return std::uint64_t{key.second} | std::uint64_t{key.first} << 32 | (broadcast ? std::uint64_t{1} << 63 : 0);
  }
  struct PointerKey {
    Pointer p;
    std::uint64_t hash() const {
      const auto table = static_cast<std::uint64_t>(p.table);
      return mixed(mixed((std::uint64_t{p.index} << 32 | p.offset) + table) + p.columns);
    }
    bool operator==(const PointerKey&) const = default;
  };
  FlatMap<std::uint64_t> now_, written_at_, numbers_;  // by place; by bits
  std::vector<std::pair<Key, std::uint32_t>> written_;
  FlatMap<PointerKey> pointers_;
  std::vector<std::pair<Line, std::uint32_t>> loaded_;  // while stores are put in order
};

}  // namespace wengert::exec
