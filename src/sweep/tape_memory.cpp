// Memory that values share: a block is given to the next value of the same size when nothing reads it any more.
#include <map>

#include "wengert/sweep/tape.hpp"

namespace wengert {

namespace {

class Blocks {
 public:
  std::uint32_t take(std::size_t size) {
    std::vector<std::uint32_t>& free = free_[size];
    if (free.empty()) {
      const auto at = static_cast<std::uint32_t>(end_);
      end_ += size;
      return at;
    }
    const std::uint32_t at = free.back();
    free.pop_back();
    return at;
  }
  void give_back(std::uint32_t at, std::size_t size) { free_[size].push_back(at); }
  std::uint64_t elements() const { return end_; }

 private:
  std::map<std::size_t, std::vector<std::uint32_t>> free_;
  std::uint64_t end_ = 0;
};

}  // namespace

// From the first instruction on: a value's memory is free behind the last instruction that reads it.
void Tape::share_values() {
  constexpr std::size_t never = ~std::size_t{0};
  std::vector<std::size_t> last(slots_.size(), 0);
  for (std::size_t k = 0; k < code_.size(); ++k)
    for (const SlotId s : arguments(code_[k])) last[s] = k;
  for (const SlotId s : outputs_) last[s] = never;
  Blocks memory;
  std::vector<std::uint8_t> computed(slots_.size(), 0);
  for (const Instruction& i : code_) computed[i.out] = 1;
  for (SlotId s = 0; s < slots_.size(); ++s)
    if (computed[s] == 0) slots_[s].offset = memory.take(shape(s).size());
  for (std::size_t k = 0; k < code_.size(); ++k) {
    slots_[code_[k].out].offset = memory.take(shape(code_[k].out).size());
    for (const SlotId s : arguments(code_[k]))
      if (computed[s] != 0 && last[s] == k) {
        memory.give_back(slots_[s].offset, shape(s).size());
        last[s] = never;  // an argument may be there twice
      }
  }
  elements_ = memory.elements();
}

// From the last instruction back: an adjoint's memory is free once it was passed on to the arguments.
void Tape::share_adjoints() {
  constexpr std::uint32_t nowhere = ~std::uint32_t{0};
  adjoint_offsets_.assign(slots_.size(), nowhere);
  Blocks memory;
  const auto place = [&](SlotId s) {
    if (adjoint_offsets_[s] == nowhere) adjoint_offsets_[s] = memory.take(shape(s).size());
  };
  for (const SlotId s : outputs_) place(s);
  for (const Given& g : inputs_)
    if (active_[g.slot] != 0) place(g.slot);
  for (std::size_t k = code_.size(); k-- > 0;) {
    const SlotId out = code_[k].out;
    if (active_[out] == 0) continue;
    for (const SlotId s : arguments(code_[k]))
      if (active_[s] != 0) place(s);
    place(out);
    memory.give_back(adjoint_offsets_[out], shape(out).size());
  }
  adjoint_elements_ = memory.elements();
}

}  // namespace wengert
