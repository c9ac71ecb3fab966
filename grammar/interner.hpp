// A number for every different name, in the order of first appearance.
//
//   Interner names;
//   names.id("x") == names.id("x");
//
// Equal numbers mean equal names after NFC. A table with open addressing: one look-up, no allocation, for a known name.
#pragma once
#include <algorithm>
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
    const bool ascii =
        std::all_of(name.begin(), name.end(), [](char c) { return static_cast<unsigned char>(c) < 0x80; });
    return ascii ? find(name) : find(composed(name));
  }
  const std::string& name(ast::NameId id) const { return names_[id]; }
  std::vector<std::string> take() { return std::move(names_); }

 private:
  static std::size_t hash(std::string_view name) {
    std::uint64_t h = 14695981039346656037u;
    for (const char c : name) h = (h ^ static_cast<unsigned char>(c)) * 1099511628211u;
    return static_cast<std::size_t>(h ^ (h >> 32));
  }

  ast::NameId find(std::string_view name) {
    if (names_.size() * 2 >= slots_.size()) grow();
    std::size_t slot = hash(name) & (slots_.size() - 1);
    for (; slots_[slot] != ast::none; slot = (slot + 1) & (slots_.size() - 1))
      if (names_[slots_[slot]] == name) return slots_[slot];
    slots_[slot] = static_cast<ast::NameId>(names_.size());
    names_.emplace_back(name);
    return slots_[slot];
  }

  void grow() {
    std::vector<ast::NameId> larger(slots_.size() * 2, ast::none);
    for (ast::NameId id = 0; id < names_.size(); ++id) {
      std::size_t slot = hash(names_[id]) & (larger.size() - 1);
      while (larger[slot] != ast::none) slot = (slot + 1) & (larger.size() - 1);
      larger[slot] = id;
    }
    slots_ = std::move(larger);
  }

  std::vector<std::string> names_;
  std::vector<ast::NameId> slots_ = std::vector<ast::NameId>(64, ast::none);
};

}  // namespace wengert::grammar
