// What every mode costs as inputs and outputs vary: ./dev bench modes [FAMILY ...] [--quick|--tiny] [--json] [--prices]
// [--commit NAME]
//
// Every family of programs at n inputs and m outputs, its Jacobian by every mode: operations counted, bounds and
// bytes; then the time of those that are predicted to take at most 50 ms. A value that is wrong ends the run with
// status 1 before anything is reported.
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstring>
#include <string_view>

#include "clock.hpp"
#include "report.hpp"

namespace wengert::mode_costs {
namespace {

constexpr double boldest = 20;  // a forecast this many times the limit is believed whatever the model says

struct Wanted {
  std::vector<std::string_view> families;
  std::vector<std::size_t> sizes{1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024};
  Effort effort;
  std::vector<Size> run_sizes{{1, 64}, {8, 8}, {64, 1}, {64, 64}, {1024, 1}};  // by every way of running
  double per_way = 0.01;
  int visits = 6;
  std::vector<std::size_t> depths{1, 2, 4, 8, 16, 32, 64};
  int deepest = 64;
  bool json = false, prices = false;
  std::string commit = "unknown";
};

Wanted read(int count, char** words) {
  Wanted w;
  for (int k = 1; k < count; ++k) {
    const std::string_view word = words[k];
    if (word == "--quick") {
      w.sizes = {1, 4, 16, 64, 256, 1024};
      w.effort = {.longest = 0.02, .per_mode = 0.006, .reference = 0.02};
      w.run_sizes = {{8, 8}, {64, 1}}, w.per_way = 0.004, w.deepest = 32;
      w.visits = 5, w.depths = {1, 4, 16, 64};
    } else if (word == "--tiny") {
      w.sizes = {1, 8, 64};
      w.effort = {.longest = 0.002, .per_mode = 0.001, .reference = 0.005};
      w.run_sizes = {{8, 8}}, w.per_way = 0.001, w.deepest = 16;
      w.visits = 2, w.depths = {1, 8};
    } else if (word == "--json") {
      w.json = true;
    } else if (word == "--prices") {
      w.prices = true;
    } else if (word == "--commit" && k + 1 < count) {
      w.commit = words[++k];
    } else {
      w.families.push_back(word);
    }
  }
  return w;
}

// A bar, where there is a terminal.
void progress(std::string_view what, std::size_t done, std::size_t all, std::string_view now) {
  constexpr std::size_t width = 30;
  if (!isatty(STDERR_FILENO)) return;
  const std::size_t full = width * done / std::max<std::size_t>(1, all);
  fmt::print(stderr, "\r\033[K{} [{:#<{}}{:.<{}}] {}", what, "", full, "", width - full, now);
}

void progress_over() {
  if (isatty(STDERR_FILENO)) fmt::print(stderr, "\r\033[K");
}

bool asked_for(const Wanted& w, const Family& f) {
  return w.families.empty() || std::find(w.families.begin(), w.families.end(), f.name) != w.families.end();
}

std::vector<Row> rows_of(const std::vector<Cell>& cells) {
  std::vector<Row> all;
  for (const Cell& c : cells)
    for (Row& r : c.rows()) all.push_back(std::move(r));
  return all;
}

std::vector<std::pair<const Family*, Size>> places(const Wanted& w) {
  std::vector<std::pair<const Family*, Size>> all;
  for (const Family& f : families())
    if (asked_for(w, f))
      for (const std::size_t n : w.sizes)
        for (const std::size_t m : w.sizes) all.emplace_back(&f, Size{n, m});
  return all;
}

// Depth and uses, at one number of inputs and outputs.
std::vector<std::pair<const Family*, Size>> deep_places(const Wanted& w) {
  std::vector<std::pair<const Family*, Size>> all;
  for (const Family& f : families()) {
    if (!f.deep || !asked_for(w, f)) continue;
    for (const std::size_t uses : f.shares ? std::vector<std::size_t>{1, 2, 3} : std::vector<std::size_t>{0})
      for (const std::size_t depth : w.depths) all.emplace_back(&f, Size{8, 8, depth, uses});
  }
  return all;
}

std::string named(const Family& f, Size size) {
  return fmt::format("{}: {} inputs, {} outputs{}", f.name, size.inputs, size.outputs,
                     size.depth > 0 ? fmt::format(", depth {}", size.depth) : "");
}

// First the engine's own forecast decides what is run; then a model is fitted to it, and what the model predicts to be
// quick is run too. Every cell is visited several times, so that repeats lie far apart.
std::vector<Row> run_cells(const std::vector<std::pair<const Family*, Size>>& where, const Wanted& w,
                           const char* what) {
  std::vector<Cell> cells;
  const double each = w.effort.per_mode / w.visits;
  for (const auto& [family, size] : where) {
    progress(what, cells.size(), where.size() * static_cast<std::size_t>(w.visits), named(*family, size));
    cells.emplace_back(*family, size, w.effort);
    cells.back().run([&](const Row& row) { return row.forecast <= w.effort.longest; });
    cells.back().visit(each);
  }
  const Model model = Model::fitted(rows_of(cells), [](const Row&) { return true; });
  for (int visit = 1; visit < w.visits; ++visit)
    for (std::size_t k = 0; k < cells.size(); ++k) {
      progress(what, static_cast<std::size_t>(visit) * cells.size() + k,
               cells.size() * static_cast<std::size_t>(w.visits), named(*where[k].first, where[k].second));
      if (visit == 1)
        cells[k].run([&](const Row& r) {
          const std::optional<double> s = model.seconds(r);
          return r.forecast <= w.effort.longest ||
                 (s && *s <= w.effort.longest && r.forecast <= boldest * w.effort.longest);
        });
      cells[k].visit(each);
    }
  return rows_of(cells);
}

Extras extras_of(const Wanted& w) {
  Extras x{.steps = step_curve(), .swells = swells(w.deepest), .executions = {}, .compiling = {}, .chunks = {}};
  for (const Family& f : families()) {
    if (!asked_for(w, f)) continue;
    for (const Size size : w.run_sizes) {
      progress("ways", x.executions.size(), 0, named(f, size));
      for (Execution& e : executions(f, size, w.per_way)) x.executions.push_back(std::move(e));
    }
    for (const Chunk& c : chunks(f, {32, 8}, w.per_way)) x.chunks.push_back(c);
  }
  x.compiling = compiling_pays(x.executions);
  return x;
}

// Every second cell, as on a chess board.
bool held_out(const Row& r, const std::vector<std::size_t>& sizes) {
  const auto place = [&](std::size_t n) { return std::find(sizes.begin(), sizes.end(), n) - sizes.begin(); };
  return (place(r.size.inputs) + place(r.size.outputs)) % 2 == 1;
}

bool report_wrong(const std::vector<Row>& rows, const Extras& extras) {
  bool any = false;
  for (const Execution& e : extras.executions)
    if (e.wrong) {
      fmt::print(stderr, "{}, {} inputs, {} outputs: {} is wrong by {:.2g}\n", e.family, e.size.inputs, e.size.outputs,
                 e.way, e.error);
      any = true;
    }
  for (const Row& r : rows)
    if (r.wrong && r.recounted && *r.recounted != *r.operations) {
      fmt::print(stderr, "{}, {} inputs, {} outputs: {} was predicted to take {} operations and took {}\n", r.family,
                 r.size.inputs, r.size.outputs, to_string(r.mode), r.operations->total(), r.recounted->total());
      any = true;
    } else if (r.wrong) {
      fmt::print(stderr, "{}, {} inputs, {} outputs: {} is wrong by {:.2g} ({})\n", r.family, r.size.inputs,
                 r.size.outputs, to_string(r.mode), r.error.value_or(-1), r.checked);
      any = true;
    }
  return any;
}

int run(int count, char** words) {
  const Wanted w = read(count, words);
  Sweep s{.machine = this_machine(w.commit),
          .sizes = w.sizes,
          .rows = {},
          .deep = {},
          .crossings = {},
          .model = {},
          .error = {},
          .extras = {},
          .longest = w.effort.longest};
  const double begin = processor_seconds();
  const auto any = [](const Row&) { return true; };
  s.rows = run_cells(places(w), w, "modes");
  if (s.rows.empty()) {
    fmt::print(stderr, "no such family; there are:\n");
    for (const Family& f : families()) fmt::print(stderr, "  {:<17} {}\n", f.name, f.about);
    return 2;
  }
  s.deep = run_cells(deep_places(w), w, "depths");
  s.crossings = crossovers(s.rows, w.effort, [&](const Family& f, Size size) {
    progress("crossings", s.crossings.size(), 0, named(f, size));
  });
  s.extras = extras_of(w);
  progress_over();
  if (report_wrong(s.rows, s.extras) || report_wrong(s.deep, {})) return 1;
  s.model = Model::fitted(s.rows, any);
  for (std::vector<Row>* rows : {&s.rows, &s.deep})
    for (Row& r : *rows) r.model = s.model.seconds(r);
  // An honest error: the cells that it is taken on had no part in the fit.
  const Model half = Model::fitted(s.rows, [&](const Row& r) { return !held_out(r, s.sizes); });
  std::vector<const Row*> others;
  for (const Row& r : s.rows)
    if (held_out(r, s.sizes)) others.push_back(&r);
  s.error = model_error(half, others);
  s.seconds = processor_seconds() - begin;
  fmt::print("{}", w.prices ? price_table(s.model) : w.json ? json_lines(s) : tables(s));
  return 0;
}

}  // namespace
}  // namespace wengert::mode_costs

int main(int count, char** words) { return wengert::mode_costs::run(count, words); }
