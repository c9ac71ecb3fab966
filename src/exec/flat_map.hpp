// Numbers by key in one array, open addressing: no memory is asked for entry by entry, and nothing is ever taken out.
#pragma once
#include <algorithm>
#include <cstdint>
#include <utility>
#include <vector>

namespace wengert::exec {

// Spreads a key over all bits (the finisher of splitmix64).
inline std::uint64_t mixed(std::uint64_t x) {
  x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9ull;
  x = (x ^ (x >> 27)) * 0x94d049bb133111ebull;
  return x ^ (x >> 31);
}

template <class Key>
class FlatMap {
 public:
  // The number of this key, and whether it is new here; then it is 0. It stays where it is until the next is added.
  std::pair<std::uint32_t*, bool> try_emplace(const Key& key) {
    if (2 * (count_ + 1) > entries_.size()) grow();
    Entry& e = entry(key);
    const bool fresh = !e.used;
    if (fresh) {
      e = {key, 0, true};
      ++count_;
    }
    return {&e.number, fresh};
  }
  // Nothing, with room for as much as before.
  void clear() {
    if (count_ != 0) std::fill(entries_.begin(), entries_.end(), Entry{});
    count_ = 0;
  }
  // Null where there is none.
  const std::uint32_t* find(const Key& key) const {
    if (entries_.empty()) return nullptr;
    const Entry& e = const_cast<FlatMap*>(this)->entry(key);
    return e.used ? &e.number : nullptr;
  }

 private:
  struct Entry {
    Key key{};
    std::uint32_t number = 0;
    bool used = false;
  };
  static std::uint64_t hash(std::uint64_t key) { return mixed(key); }
  template <class K>
  static std::uint64_t hash(const K& key) {
    return key.hash();
  }

  Entry& entry(const Key& key) {
    const std::size_t mask = entries_.size() - 1;
    std::size_t k = hash(key) & mask;
    while (entries_[k].used && !(entries_[k].key == key)) k = (k + 1) & mask;
    return entries_[k];
  }
  void grow() {
    std::vector<Entry> before(entries_.empty() ? 32 : 2 * entries_.size());
    before.swap(entries_);
    for (const Entry& e : before)
      if (e.used) entry(e.key) = e;
  }
  std::vector<Entry> entries_;  // a power of two of them, at most half of them used
  std::size_t count_ = 0;
};

}  // namespace wengert::exec
