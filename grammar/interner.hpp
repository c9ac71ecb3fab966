// A number for every different name, in the order of first appearance.
//
//   Interner names;
//   names.id("x") == names.id("x");
//
// Equal numbers mean equal names after NFC. A table with open addressing: one look-up, no allocation, for a known name.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "ast.hpp"
#include "characters.hpp"

namespace wengert::grammar {

class Interner {
 public:
  ast::NameId id(std::string_view name) {
    const Hash hash = hash_of(name);
    if (hash.ascii) return find(name, hash.value);
    const std::string nfc = composed(name);
    return find(nfc, hash_of(nfc).value);
  }
  const std::string& name(ast::NameId id) const { return names_[id]; }
  std::vector<std::string> take() { return std::move(names_); }

 private:
  struct Slot {
    std::uint32_t hash = 0;
    ast::NameId id = ast::none;
  };
  struct Hash {
    std::uint32_t value;
    bool ascii;
  };

  static Hash hash_of(std::string_view name) {
    std::uint64_t h = 14695981039346656037u;
    unsigned all = 0;
    for (const char c : name) {
      const auto byte = static_cast<unsigned char>(c);
      all |= byte;
      h = (h ^ byte) * 1099511628211u;
    }
    return {static_cast<std::uint32_t>(h ^ (h >> 32)), all < 0x80};
  }

  ast::NameId find(std::string_view name, std::uint32_t hash) {
    if (names_.size() * 2 >= slots_.size()) grow();
    const std::size_t mask = slots_.size() - 1;
    std::size_t at = hash & mask;
    for (; slots_[at].id != ast::none; at = (at + 1) & mask)
      if (slots_[at].hash == hash && names_[slots_[at].id] == name) return slots_[at].id;
    slots_[at] = {hash, static_cast<ast::NameId>(names_.size())};
    names_.emplace_back(name);
    return slots_[at].id;
  }

  void grow() {
    std::vector<Slot> larger(slots_.size() * 2);
    const std::size_t mask = larger.size() - 1;
    for (const Slot& slot : slots_) {
      if (slot.id == ast::none) continue;
      std::size_t at = slot.hash & mask;
      while (larger[at].id != ast::none) at = (at + 1) & mask;
      larger[at] = slot;
    }
    slots_ = std::move(larger);
  }

  std::vector<std::string> names_;
  std::vector<Slot> slots_ = std::vector<Slot>(64);
};

}  // namespace wengert::grammar
