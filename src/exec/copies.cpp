// Copies of single numbers that need not be: what is only copied is computed where the copy would be.
#include <limits>

#include "layout.hpp"

namespace wengert::exec {

namespace {

constexpr std::size_t outside = std::numeric_limits<std::size_t>::max();  // what no step wrote

class Copies {
 public:
  explicit Copies(Layout& l) : l_(l), written_by_(l.numbers, outside), touched_(l.numbers) {}

  void drop() {
    count_reads();
    for (std::size_t k = 0; k < steps().size(); ++k)
      if (!fold(k)) touch(k);
    std::size_t kept = 0;
    for (std::size_t k = 0; k < steps().size(); ++k)
      if (!folded_[k]) steps()[kept++] = steps()[k];
    steps().resize(kept);
    l_.steps[0].n = static_cast<std::uint32_t>(kept);
  }

 private:
  Layout& l_;
  std::vector<std::size_t> written_by_;  // by place, while counting
  std::vector<std::size_t> touched_;     // by place: 1 + the last step that read or wrote it
  std::vector<std::size_t> reads_;       // by step: of its result
  std::vector<std::size_t> source_;      // by copy: the step that wrote what it copies
  std::vector<std::uint8_t> folded_;

  std::vector<ScalarStep>& steps() { return l_.scalars; }

  template <class F>
  static void each_operand(const ScalarStep& s, F&& f) {
    const std::size_t n = s.code == sincos_code ? 1 : operands_of(s.code);
    const std::uint32_t at[] = {s.a, s.b, s.c};
    for (std::size_t j = 0; j < n; ++j) f(at[j]);
  }
  template <class F>
  static void each_result(const ScalarStep& s, F&& f) {
    f(s.out);
    if (s.code == sincos_code) f(s.b);
  }

  void count_reads() {
    const std::size_t n = steps().size();
    reads_.assign(n, 0);
    source_.assign(n, outside);
    folded_.assign(n, 0);
    const auto read = [&](std::uint32_t at, std::size_t times) {
      if (written_by_[at] != outside) reads_[written_by_[at]] += times;
    };
    for (std::size_t k = 0; k < n; ++k) {
      const ScalarStep& s = steps()[k];
      if (s.code == copy_code) source_[k] = written_by_[s.a];
      each_operand(s, [&](std::uint32_t at) { read(at, 1); });
      each_result(s, [&](std::uint32_t at) { written_by_[at] = k; });
    }
    for (const Layout::Transfer& t : l_.stores)
      for (std::uint32_t e = 0; e < t.n && t.from.base == 0; ++e) read(t.from.at + (t.repeated ? 0 : e), 2);
  }

  // The step that wrote the number writes it where the copy would, if nothing touches that place in between.
  bool fold(std::size_t k) {
    const ScalarStep& copy = steps()[k];
    std::size_t from = source_[k];
    if (copy.code != copy_code || from == outside || reads_[from] != 1) return false;
    while (folded_[from]) from = source_[from];
    ScalarStep& source = steps()[from];
    if (source.code == sincos_code || touched_[copy.out] > from + 1) return false;
    source.out = copy.out;
    source_[k] = from;
    folded_[k] = 1;
    touched_[copy.out] = k + 1;
    return true;
  }
  void touch(std::size_t k) {
    const ScalarStep& s = steps()[k];
    each_operand(s, [&](std::uint32_t at) { touched_[at] = k + 1; });
    each_result(s, [&](std::uint32_t at) { touched_[at] = k + 1; });
  }
};

}  // namespace

bool only_scalars(const Layout& l) {
  return l.shared.empty() && l.steps.size() == 1 && l.steps[0].kind == Step::Kind::scalars &&
         l.steps[0].n == l.scalars.size() && l.width == 1;
}

void drop_copies(Layout& l) {
  if (only_scalars(l)) Copies(l).drop();
}

}  // namespace wengert::exec
