// The order of operations of a loop that calls nothing: long chains of them beside each other.
//
// A processor looks some hundred instructions ahead. The chains of a program one after the other leave it waiting for
// the one at hand, and all beside each other want more registers than there are. So an operation comes halfway between
// the moment at which it could begin and the one at which it would have to, and where registers are short, what frees
// one comes first.
#include <algorithm>
#include <set>

#include "emitter.hpp"

namespace wengert::exec {

namespace {

// Cycles until its result is there, as most processors have them.
int latency(const NativeValue& v) {
  if (v.kind != NativeValue::Kind::operation) return 0;
  if (v.version == NativeValue::Version::called) return 1;
  switch (v.code) {
    case reciprocal_code:
      return 13;
    case code_of<Div>:
      return v.x[2] == v.x[0] ? 13 : 4;  // or a product by a reciprocal
    case code_of<Sqrt>:
      return 18;
    case copy_code:
    case code_of<Neg>:
    case code_of<Abs>:
    case bits_plus_code:
    case bits_minus_code:
    case bits_and_code:
    case bits_or_code:
    case bits_xor_code:
    case bits_left_code:
    case bits_right_code:
      return 1;
    default:
      return 4;
  }
}

// Every operation at a moment of its own, in cycles.
std::vector<int> moments(const NativeProgram& p) {
  const std::size_t n = p.values.size();
  std::vector<int> early(n), rest(n), moment(n);  // rest: from its beginning to the end; 0: nobody waits for it
  const auto operation = [&](std::size_t k) { return p.values[k].kind == NativeValue::Kind::operation; };
  int all = 0;
  for (std::size_t k = 0; k < n; ++k) {
    if (!operation(k)) continue;
    for (const std::uint32_t x : p.values[k].x) early[k] = std::max(early[k], early[x] + latency(p.values[x]));
    all = std::max(all, early[k] + latency(p.values[k]));
  }
  for (std::size_t k = n; k-- > 0;) {
    const bool waited_for = rest[k] > 0 || p.values[k].version != NativeValue::Version::fast;
    if (!operation(k) || !waited_for) continue;
    rest[k] += latency(p.values[k]);
    for (const std::uint32_t x : p.values[k].x) rest[x] = std::max(rest[x], rest[k]);
  }
  // A test, and what is computed for it, comes when its operand has just been computed.
  for (std::size_t k = 0; k < n; ++k) {
    if (!operation(k)) continue;
    moment[k] = rest[k] > 0 ? early[k] + all - rest[k] : 0;
    if (rest[k] == 0)
      for (const std::uint32_t x : p.values[k].x) moment[k] = std::max(moment[k], moment[x]);
  }
  return moment;
}

// Operations that can be computed, those of early moments first; while more results wait than there are registers,
// those that are the last ones to read something.
class Interleaving {
 public:
  Interleaving(const NativeProgram& p, int registers)
      : p_(p), most_(registers), moment_(moments(p)), waits_for_(p.values.size()), reads_(p.values.size()) {
    users_begin_.resize(p.values.size() + 1);
    each_use([&](std::uint32_t x, std::uint32_t) { ++users_begin_[x + 1]; });
    for (std::size_t k = 1; k < users_begin_.size(); ++k) users_begin_[k] += users_begin_[k - 1];
    users_.resize(users_begin_.back());
    std::vector<std::uint32_t> at(users_begin_.begin(), users_begin_.end() - 1);
    each_use([&](std::uint32_t x, std::uint32_t k) {
      users_[at[x]++] = k;
      ++waits_for_[k];
      ++reads_[x];
    });
  }

  std::vector<std::uint32_t> order() {
    for (std::uint32_t k = 0; k < p_.values.size(); ++k)
      if (operation(k) && waits_for_[k] == 0) ready_.insert({moment_[k], k});
    std::vector<std::uint32_t> out;
    while (!ready_.empty()) {
      const auto next = live_ < most_ ? ready_.begin() : std::find_if(ready_.begin(), ready_.end(), [&](const auto& r) {
        return more_live(r.second) <= 0;
      });
      const auto taken = next == ready_.end() ? ready_.begin() : next;
      const std::uint32_t k = taken->second;
      ready_.erase(taken);
      out.push_back(k);
      live_ += more_live(k);
      each_operand(k, [&](std::uint32_t x) { --reads_[x]; });
      for (std::uint32_t u = users_begin_[k]; u < users_begin_[k + 1]; ++u)
        if (--waits_for_[users_[u]] == 0) ready_.insert({moment_[users_[u]], users_[u]});
    }
    return out;
  }

 private:
  const NativeProgram& p_;
  int most_, live_ = 0;
  std::vector<int> moment_;
  std::vector<std::uint32_t> waits_for_, reads_;  // operands that are not there; users that are still to come
  std::vector<std::uint32_t> users_begin_, users_;
  std::set<std::pair<int, std::uint32_t>> ready_;

  bool operation(std::uint32_t k) const { return p_.values[k].kind == NativeValue::Kind::operation; }
  // Each once.
  template <class F>
  void each_operand(std::uint32_t k, F&& f) const {
    const auto& x = p_.values[k].x;
    for (std::size_t j = 0; j < 3; ++j)
      if (operation(x[j]) && std::find(x, x + j, x[j]) == x + j) f(x[j]);
  }
  template <class F>
  void each_use(F&& f) const {
    for (std::uint32_t k = 0; k < p_.values.size(); ++k)
      if (operation(k)) each_operand(k, [&](std::uint32_t x) { f(x, k); });
  }
  int more_live(std::uint32_t k) const {
    int more = users_begin_[k] < users_begin_[k + 1] ? 1 : 0;
    each_operand(k, [&](std::uint32_t x) { more -= reads_[x] == 1 ? 1 : 0; });
    return more;
  }
};

}  // namespace

NativeProgram interleaved(NativeProgram p, int registers) {
  const std::vector<std::uint32_t> order = Interleaving(p, registers).order();
  return in_order(std::move(p), order);
}

}  // namespace wengert::exec
