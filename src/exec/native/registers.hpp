// Which value is in which register: the one whose next use is farthest away makes room.
#pragma once
#include <vector>

#include "../native.hpp"

namespace wengert::exec {

class Registers {
 public:
  static constexpr int none = -1;

  // For this program: uses by position: value k is made at position k, stores come right after their value.
  void begin(const NativeProgram& p, int count);
  // From its first operation once more.
  void restart();
  // It is not read there.
  void forget_use(std::uint32_t value, std::uint32_t position);

  int of(std::uint32_t value) const { return register_[value]; }
  std::uint32_t value_in(int r) const { return value_[static_cast<std::size_t>(r)]; }
  int count() const { return static_cast<int>(value_.size()); }
  bool needed_after(std::uint32_t value, std::uint32_t position) const;
  // A free register, or the best one to empty, which is not among `keep` (bit r: register r).
  int choose(std::uint32_t position, std::uint64_t keep) const;
  void put(std::uint32_t value, int r);
  void drop(int r);

  static constexpr std::uint32_t empty = 0xffffffffu;

 private:
  std::uint32_t next_use(std::uint32_t value, std::uint32_t position) const;
  std::vector<int> register_;                // by value
  std::vector<std::uint32_t> value_;         // by register
  std::uint64_t free_ = 0;                   // bit r: register r
  mutable std::vector<std::uint32_t> next_;  // by register: its value's next use, if that is not past already
  std::vector<std::uint32_t> use_begin_, uses_;
  std::vector<std::uint32_t> at_;  // while uses are put in order
  mutable std::vector<std::uint32_t> cursor_;
};

}  // namespace wengert::exec
