// Where the numbers of a sparse derivative go.
#include <algorithm>

#include "assembly.hpp"

namespace wengert::exec {

namespace {

using Places32 = std::vector<std::uint32_t>;
using Run = Scatter::Run;
constexpr std::uint32_t short_run = 16;  // not worth weaving

// The pattern, and for every entry in the order of pieces its place in it.
Pattern pattern_of(const Assembly& a, Places32& place) {
  Pattern p{
      .rows = static_cast<std::size_t>(a.rows), .cols = static_cast<std::size_t>(a.cols), .begin = {}, .columns = {}};
  p.begin.assign(p.rows + 1, 0);
  const auto each = [&](auto&& f) {
    std::uint32_t k = 0;
    for (const Assembly::Piece& piece : a.pieces)
      piece.each_entry([&](std::int64_t r, std::int64_t c, std::size_t) { f(r, c, k++); });
  };
  each([&](std::int64_t r, std::int64_t, std::uint32_t) { ++p.begin[static_cast<std::size_t>(r) + 1]; });
  for (std::size_t r = 0; r < p.rows; ++r) p.begin[r + 1] += p.begin[r];
  std::vector<std::pair<std::uint32_t, std::uint32_t>> in_rows(p.begin.back());  // column, entry
  Places32 at(p.begin.begin(), p.begin.end() - 1);
  each([&](std::int64_t r, std::int64_t c, std::uint32_t k) {
    in_rows[at[static_cast<std::size_t>(r)]++] = {static_cast<std::uint32_t>(c), k};
  });
  place.resize(in_rows.size());
  p.columns.reserve(in_rows.size());
  std::uint32_t from = 0;
  for (std::size_t r = 0; r < p.rows; ++r) {
    const std::uint32_t end = p.begin[r + 1];
    std::sort(in_rows.begin() + from, in_rows.begin() + end);
    for (std::uint32_t k = from; k < end; ++k) {
      if (k == from || in_rows[k].first != in_rows[k - 1].first) p.columns.push_back(in_rows[k].first);
      place[in_rows[k].second] = static_cast<std::uint32_t>(p.columns.size() - 1);
    }
    from = end;
    p.begin[r + 1] = static_cast<std::uint32_t>(p.columns.size());
  }
  return p;
}

// Runs that grow entry by entry.
class Growing {
 public:
  std::vector<Run> runs;
  void begin() { open_ = false; }
  void add(std::uint32_t to, std::uint32_t from) {
    if (open_) {
      Run& r = runs.back();
      if (r.count == 1) {
        r.to_step = to - r.to;
        r.from_step = from - r.from;
      }
      if (to == r.to + r.count * r.to_step && from == r.from + r.count * r.from_step) {
        ++r.count;
        return;
      }
      if (r.count == 1) r.to_step = r.from_step = 0;
    }
    runs.push_back({to, 0, from, 0, 1});
    open_ = true;
  }

 private:
  bool open_ = false;
};

Run part_of(const Run& r, std::uint32_t first, std::uint32_t end) {
  return {r.to + first * r.to_step, r.to_step, r.from + first * r.from_step, r.from_step, end - first};
}

bool weavable(const Run& r) {
  return r.count >= short_run && r.to_step >= 1 && r.to_step <= most_woven && r.from_step <= 1;
}

// Of runs that go side by side, the stretch that all of them have becomes one pass.
void weave(Scatter& s, std::vector<Run> runs) {
  std::stable_sort(runs.begin(), runs.end(), [](const Run& x, const Run& y) { return x.to < y.to; });
  std::vector<bool> taken(runs.size());
  for (std::size_t k = 0; k < runs.size(); ++k) {
    if (taken[k] || !weavable(runs[k])) continue;
    const std::uint32_t n = runs[k].to_step, base = runs[k].to;
    std::size_t beside[most_woven] = {k};
    std::uint32_t found = 1, begin = 0, end = runs[k].count;
    for (std::size_t j = k + 1; j < runs.size() && found < n && runs[j].to < base + n * end; ++j) {
      const std::uint32_t lane = (runs[j].to - base) % n, first = (runs[j].to - base) / n;
      if (taken[j] || !weavable(runs[j]) || runs[j].to_step != n || beside[lane] != 0 || lane == 0) continue;
      beside[lane] = j;
      ++found;
      begin = std::max(begin, first);
      end = std::min(end, first + runs[j].count);
    }
    if (found < n || begin + short_run > end) continue;
    Scatter::Weave w{.to = base + begin * n, .runs = n, .count = end - begin, .from = {}, .from_step = {}};
    for (std::uint32_t lane = 0; lane < n; ++lane) {
      const Run r = runs[beside[lane]];
      const std::uint32_t from = begin - (r.to - base) / n, to = from + w.count;
      w.from[lane] = r.from + from * r.from_step;
      w.from_step[lane] = r.from_step;
      taken[beside[lane]] = true;
      if (from > 0) s.copied.push_back(part_of(r, 0, from));
      if (to < r.count) s.copied.push_back(part_of(r, to, r.count));
    }
    s.woven.push_back(w);
  }
  for (std::size_t k = 0; k < runs.size(); ++k)
    if (!taken[k]) s.copied.push_back(runs[k]);
}

// The runs of a weave's rows first..end, one by one.
void unweave(Scatter& s, const Scatter::Weave& w, std::uint32_t first, std::uint32_t end) {
  for (std::uint32_t k = 0; first < end && k < w.runs; ++k) {
    s.copied.push_back(part_of({w.to + k, w.runs, w.from[k], w.from_step[k], w.count}, first, end));
    if (w.added[k]) s.added.push_back(part_of({w.to + k, w.runs, w.plus[k], w.plus_step[k], w.count}, first, end));
  }
}

// What is added along most of a woven run is added while it is woven; the weave ends where it does.
bool add_woven(Scatter& s, const Run& r) {
  for (Scatter::Weave& w : s.woven) {
    const std::uint32_t lane = (r.to + w.runs - w.to % w.runs) % w.runs;
    if (r.to_step != w.runs || r.from_step > 1 || w.added[lane]) continue;
    const std::int64_t at = (std::int64_t{r.to} - w.to - lane) / w.runs;  // of the run's first entry
    const auto first = static_cast<std::uint32_t>(std::max<std::int64_t>(0, at));
    const auto end = static_cast<std::uint32_t>(std::clamp<std::int64_t>(at + r.count, 0, w.count));
    if (first + short_run > end || w.count > 2 * (end - first)) continue;
    const auto before = static_cast<std::uint32_t>(first - at), after = static_cast<std::uint32_t>(end - at);
    if (before > 0) s.added.push_back(part_of(r, 0, before));
    if (after < r.count) s.added.push_back(part_of(r, after, r.count));
    unweave(s, w, 0, first);
    unweave(s, w, end, w.count);
    for (std::uint32_t k = 0; k < w.runs; ++k) {
      w.from[k] += first * w.from_step[k];
      w.plus[k] += first * w.plus_step[k];
    }
    w.to += first * w.runs;
    w.count = end - first;
    w.added[lane] = true;
    w.plus[lane] = r.from + before * r.from_step;
    w.plus_step[lane] = r.from_step;
    return true;
  }
  return false;
}

}  // namespace

Scatter scatter_of(const Assembly& a) {
  Scatter s;
  Places32 place;
  s.pattern = pattern_of(a, place);
  std::vector<bool> there(s.pattern.nonzeros());
  Growing copied, added;
  std::uint32_t first = 0, k = 0;
  for (const Assembly::Piece& piece : a.pieces) {
    copied.begin();
    added.begin();
    piece.each_entry([&](std::int64_t, std::int64_t, std::size_t n) {
      const std::uint32_t to = place[k++];
      (there[to] ? added : copied).add(to, first + static_cast<std::uint32_t>(n));
      there[to] = true;
    });
    first += static_cast<std::uint32_t>(piece.size);
  }
  weave(s, std::move(copied.runs));
  // In their order: from the first one on that is not woven, all of them come afterwards.
  auto r = added.runs.begin();
  while (r != added.runs.end() && add_woven(s, *r)) ++r;
  s.added.insert(s.added.end(), r, added.runs.end());
  return s;
}

void Scatter::run(const KernelTable& kernels, const double* numbers, double* nonzeros) const {
  for (const Weave& w : woven) {
    WovenLine lines[most_woven];
    for (std::uint32_t k = 0; k < w.runs; ++k)
      lines[k] = {numbers + w.from[k], w.added[k] ? numbers + w.plus[k] : nullptr, w.from_step[k], w.plus_step[k]};
    kernels.weave(nonzeros + w.to, lines, w.runs, w.count);
  }
  for (const Run& r : copied)
    for (std::size_t k = 0; k < r.count; ++k) nonzeros[r.to + k * r.to_step] = numbers[r.from + k * r.from_step];
  for (const Run& r : added)
    for (std::size_t k = 0; k < r.count; ++k) nonzeros[r.to + k * r.to_step] += numbers[r.from + k * r.from_step];
}

}  // namespace wengert::exec
