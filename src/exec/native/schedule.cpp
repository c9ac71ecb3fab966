// The order of operations around calls: what lives across a call is written to memory and read again.
//
// A call waits for nothing but its operands. An operation before it that it does not need comes after it where its
// operands live across the call anyway: so its result does not have to.
#include <algorithm>

#include "emitter.hpp"

namespace wengert::exec {

namespace {

class Schedule {
 public:
  explicit Schedule(const NativeProgram& p) : p_(p), users_begin_(p.values.size() + 1), state_(p.values.size()) {
    const auto each = [&](auto&& f) {
      for (std::uint32_t k = 0; k < p.values.size(); ++k)
        if (operation(k))
          for (const std::uint32_t x : p.values[k].x) f(x, k);
    };
    each([&](std::uint32_t x, std::uint32_t) { ++users_begin_[x + 1]; });
    for (std::size_t k = 1; k < users_begin_.size(); ++k) users_begin_[k] += users_begin_[k - 1];
    users_.resize(users_begin_.back());
    std::vector<std::uint32_t> at(users_begin_.begin(), users_begin_.end() - 1);
    each([&](std::uint32_t x, std::uint32_t k) { users_[at[x]++] = k; });
    for (const NativeProgram::Store& s : p.stores)
      if (s.late) state_[s.value].awaited = true;
    for (const NativeProgram::Store& s : p.sums) state_[s.value].awaited = true;
  }

  // The operations, in their new order.
  std::vector<std::uint32_t> order() {
    for (std::uint32_t k = 0; k < p_.values.size(); ++k) {
      if (!operation(k)) continue;
      if (calls(k))
        call(k);
      else
        segment_.push_back(k);
    }
    waiting_.insert(waiting_.end(), segment_.begin(), segment_.end());
    emit(std::move(waiting_));
    return std::move(order_);
  }

 private:
  struct State {
    bool awaited = false;  // lives to the end
    bool done = false, waits = false, needed = false;
  };
  const NativeProgram& p_;
  std::vector<std::uint32_t> users_begin_, users_;
  std::vector<State> state_;
  std::vector<std::uint32_t> segment_;  // since the last call
  std::vector<std::uint32_t> waiting_;  // from before earlier calls; some are done
  std::vector<std::uint32_t> order_;
  FlatMap<std::uint64_t> angles_;  // that a sine or a cosine was computed of: the other one comes from that call

  bool operation(std::uint32_t k) const { return p_.values[k].kind == NativeValue::Kind::operation; }
  bool calls(std::uint32_t k) {
    const NativeValue& v = p_.values[k];
    if (!called(v)) return false;
    if (p_.vector || (v.code != code_of<Sin> && v.code != code_of<Cos>)) return true;
    const std::uint64_t sine = v.code == code_of<Sin> ? 1 : 0, x = std::uint64_t{v.x[0]} << 1;
    angles_.try_emplace(x | sine);
    return angles_.find(x | (1 - sine)) == nullptr;
  }

  void emit(std::vector<std::uint32_t> all) {
    std::sort(all.begin(), all.end());
    for (const std::uint32_t k : all) {
      if (state_[k].done) continue;
      state_[k].done = true;
      order_.push_back(k);
    }
  }

  // Everything that k still waits for.
  void need(std::uint32_t k, std::vector<std::uint32_t>& all) {
    const std::size_t first = all.size();
    const auto operands = [&](std::uint32_t of) {
      for (const std::uint32_t x : p_.values[of].x) {
        if (!operation(x) || state_[x].done || state_[x].needed) continue;
        state_[x].needed = true;
        all.push_back(x);
      }
    };
    operands(k);
    for (std::size_t at = first; at < all.size(); ++at) operands(all[at]);
  }

  // Somebody reads it after the call: users come later than what they use, so these are decided.
  bool lives_across(std::uint32_t x, std::uint32_t call) const {
    if (state_[x].awaited) return true;
    for (std::uint32_t u = users_begin_[x + 1]; u-- > users_begin_[x];)
      if (users_[u] > call || state_[users_[u]].waits) return true;
    return false;
  }

  bool better_after(std::uint32_t k, std::uint32_t call) const {
    bool used = state_[k].awaited;
    for (std::uint32_t u = users_begin_[k]; u < users_begin_[k + 1]; ++u) {
      if (users_[u] < call && !state_[users_[u]].waits) return false;
      used = used || users_[u] != call;
    }
    return used && std::all_of(std::begin(p_.values[k].x), std::end(p_.values[k].x),
                               [&](std::uint32_t x) { return !operation(x) || lives_across(x, call); });
  }

  void call(std::uint32_t c) {
    std::vector<std::uint32_t> now;
    need(c, now);
    for (const std::uint32_t k : now) state_[k].waits = false;
    for (const std::uint32_t k : segment_)  // what uses something that waits has to wait, too
      for (const std::uint32_t x : p_.values[k].x) state_[k].waits = state_[k].waits || state_[x].waits;
    for (std::size_t at = segment_.size(); at-- > 0;) {
      const std::uint32_t k = segment_[at];
      if (state_[k].needed) continue;
      if (state_[k].waits || better_after(k, c)) {
        state_[k].waits = true;
        waiting_.push_back(k);
      } else {
        now.push_back(k);
      }
    }
    segment_.clear();
    now.push_back(c);
    emit(std::move(now));
  }
};

}  // namespace

NativeProgram in_order(NativeProgram p, const std::vector<std::uint32_t>& order) {
  std::vector<std::uint32_t> now(p.values.size());
  std::vector<NativeValue> values;
  values.reserve(p.values.size());
  const auto add = [&](std::uint32_t k) {
    now[k] = static_cast<std::uint32_t>(values.size());
    values.push_back(p.values[k]);
  };
  for (std::uint32_t k = 0; k < p.values.size(); ++k)
    if (p.values[k].kind != NativeValue::Kind::operation) add(k);
  for (const std::uint32_t k : order) {
    add(k);
    for (std::uint32_t& x : values.back().x) x = now[x];
  }
  p.values = std::move(values);
  for (auto* list : {&p.stores, &p.sums})
    for (NativeProgram::Store& s : *list) s.value = now[s.value];
  return p;
}

NativeProgram scheduled(NativeProgram p) {
  if (std::none_of(p.values.begin(), p.values.end(), called)) return p;
  const std::vector<std::uint32_t> order = Schedule(p).order();
  return in_order(std::move(p), order);
}

}  // namespace wengert::exec
