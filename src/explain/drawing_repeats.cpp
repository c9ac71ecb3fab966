#include "drawing_repeats.hpp"

#include <algorithm>
#include <cctype>
#include <string>
#include <unordered_map>

namespace wengert::drawing {

namespace {

constexpr std::size_t longest_period = 400;
constexpr std::size_t fewest_times = 3;

bool in_a_name(char c) {
  const auto u = static_cast<unsigned char>(c);
  return std::isalnum(u) != 0 || c == '_' || u >= 0x80;
}

// The operation with its arguments numbered, and all shapes: "#0*#1 2x1 2x2 2x1".
std::string kind_of(const Trace& t, const TraceRow& row) {
  std::string out;
  const std::string& text = row.operation;
  for (std::size_t k = 0; k < text.size();) {
    std::size_t end = k;
    while (end < text.size() && in_a_name(text[end])) ++end;
    if (end == k) {
      out += text[k++];
      continue;
    }
    const std::string word = text.substr(k, end - k);
    std::size_t j = 0;
    while (j < row.arguments.size() && t.rows[row.arguments[j]].name != word) ++j;
    const bool called = end < text.size() && text[end] == '(';
    out += j < row.arguments.size() && !called ? "#" + std::to_string(j) : word;
    k = end;
  }
  out += " " + to_string(row.shape);
  for (const std::size_t a : row.arguments) out += " " + to_string(t.rows[a].shape);
  return out;
}

class Search {
 public:
  explicit Search(const Trace& t) : t_(t), kind_(t.rows.size()) {
    std::unordered_map<std::string, std::size_t> numbers;
    for (std::size_t r = 0; r < t.rows.size(); ++r)
      if (!is_input(r)) kind_[r] = numbers.try_emplace(kind_of(t, t.rows[r]), numbers.size()).first->second;
  }

  std::vector<Repetition> all() {
    std::vector<Repetition> found;
    std::vector<std::pair<std::size_t, std::size_t>> open;
    for (std::size_t r = 0; r < t_.rows.size(); ++r) {  // stretches of operations
      if (is_input(r)) continue;
      std::size_t end = r;
      while (end < t_.rows.size() && !is_input(end)) ++end;
      open.emplace_back(r, end);
      r = end;
    }
    while (!open.empty()) {
      const auto [begin, end] = open.back();
      open.pop_back();
      const Repetition best = longest(begin, end);
      if (best.times < fewest_times) continue;
      found.push_back(best);
      open.emplace_back(begin, best.first);
      open.emplace_back(best.end(), end);
    }
    std::sort(found.begin(), found.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
    return found;
  }

 private:
  bool is_input(std::size_t r) const { return t_.rows[r].op == Op::input; }

  // Row j is row i, one copy later.
  bool same(std::size_t i, std::size_t j) const {
    if (kind_[i] != kind_[j]) return false;
    const auto &a = t_.rows[i].arguments, &b = t_.rows[j].arguments;
    for (std::size_t k = 0; k < a.size(); ++k) {
      const bool moved = a[k] + (j - i) == b[k], fixed = a[k] == b[k];
      if (!moved && !fixed && !(is_input(a[k]) && is_input(b[k]))) return false;
    }
    return true;
  }

  // The same for the first copy, which takes from outside what the others take from the copy before.
  bool may_begin(std::size_t i, std::size_t j, std::size_t first) const {
    if (kind_[i] != kind_[j]) return false;
    const auto &a = t_.rows[i].arguments, &b = t_.rows[j].arguments;
    for (std::size_t k = 0; k < a.size(); ++k)
      if (a[k] + (j - i) != b[k] && a[k] >= first) return false;
    return true;
  }

  Repetition longest(std::size_t begin, std::size_t end) const {
    Repetition best;
    for (std::size_t p = 1; p <= longest_period && begin + p * fewest_times <= end; ++p) {
      for (std::size_t i = begin; i + p < end;) {
        std::size_t stop = i;
        while (stop + p < end && same(stop, stop + p)) ++stop;
        consider(i, stop + p, p, begin, best);
        i = std::max(stop, i) + 1;
      }
    }
    return best;
  }

  // Rows begin, ..., end - 1 are periodic.
  void consider(std::size_t begin, std::size_t end, std::size_t p, std::size_t bound, Repetition& best) const {
    std::size_t times = (end - begin) / p;
    if (times + 1 < fewest_times) return;
    // A copy ends with a definition, where there is one; else the last copy ends where the repetition does.
    std::size_t first = begin + (end - begin) % p;
    for (std::size_t offset = (end - begin) % p + 1; offset-- > 0;)
      if (t_.rows[begin + offset + p - 1].defined) {
        first = begin + offset;
        break;
      }
    if (first >= bound + p) {
      bool begins = true;
      for (std::size_t k = 0; k < p && begins; ++k) begins = may_begin(first - p + k, first + k, first - p);
      if (begins) first -= p, ++times;
    }
    times = std::min(times, (end - first) / p);
    const auto saved = [](const Repetition& r) { return r.times > 0 ? (r.times - 1) * r.period : 0; };
    const Repetition here{first, p, times};
    if (times >= fewest_times && saved(here) > saved(best)) best = here;
  }

  const Trace& t_;
  std::vector<std::size_t> kind_;  // by row; equal where the operation is
};

}  // namespace

std::vector<Repetition> repetitions(const Trace& trace) { return Search(trace).all(); }

}  // namespace wengert::drawing
