// What every mode costs as inputs and outputs vary: ./dev bench modes [FAMILY ...] [--quick|--tiny] [--json] [--prices]
// [--commit NAME]
//
// Every family of programs at n inputs and m outputs, its Jacobian by every mode: operations counted, bounds and
// bytes; then the time of those that are predicted to take at most 50 ms. First the engine's own forecast decides
// what is run; then a model is fitted to it, and what the model predicts to be quick is run too. A value that is
// wrong ends the run with status 1 before anything is reported.
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
  std::vector<Size> run_sizes{{1, 64}, {8, 8}, {64, 1}, {64, 64}, {256, 16}};  // by every way of running
  double per_way = 0.01;
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
    } else if (word == "--tiny") {
      w.sizes = {1, 8, 64};
      w.effort = {.longest = 0.002, .per_mode = 0.001, .reference = 0.005};
      w.run_sizes = {{8, 8}}, w.per_way = 0.001, w.deepest = 16;
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

void progress(const std::string& text) {
  if (isatty(STDERR_FILENO)) fmt::print(stderr, "\r\033[K{}", text);
}

const Family& family_named(const std::string& name) {
  return *std::find_if(families().begin(), families().end(), [&](const Family& f) { return f.name == name; });
}

bool asked_for(const Wanted& w, const Family& f) {
  return w.families.empty() || std::find(w.families.begin(), w.families.end(), f.name) != w.families.end();
}

std::vector<Row> first_pass(const Wanted& w) {
  std::vector<Row> rows;
  for (const Family& f : families()) {
    if (!asked_for(w, f)) continue;
    for (const std::size_t n : w.sizes)
      for (const std::size_t m : w.sizes) {
        progress(fmt::format("{}: {} inputs, {} outputs", f.name, n, m));
        for (Row& r : run_cell(f, {n, m}, w.effort, [&](const Row& row) { return row.forecast <= w.effort.longest; }))
          rows.push_back(std::move(r));
      }
  }
  return rows;
}

// Cells of which the model knows better than the forecast, run again with all that they may run.
void second_pass(std::vector<Row>& rows, const Model& model, const Wanted& w) {
  const auto allowed = [&](const Row& r) {
    if (r.forecast <= w.effort.longest) return true;
    const std::optional<double> s = model.seconds(r);
    return s && *s <= w.effort.longest && r.forecast <= boldest * w.effort.longest;
  };
  for (std::size_t from = 0, to = 0; from < rows.size(); from = to) {
    const auto here = [&](const Row& r) {
      return r.family == rows[from].family && r.size.inputs == rows[from].size.inputs &&
             r.size.outputs == rows[from].size.outputs;
    };
    while (to < rows.size() && here(rows[to])) ++to;
    const bool more =
        std::any_of(rows.begin() + static_cast<std::ptrdiff_t>(from), rows.begin() + static_cast<std::ptrdiff_t>(to),
                    [&](const Row& r) { return r.left_out.empty() && !r.seconds && allowed(r); });
    if (!more) continue;
    progress(fmt::format("{}: {} inputs, {} outputs, once more", rows[from].family, rows[from].size.inputs,
                         rows[from].size.outputs));
    std::vector<Row> again = run_cell(family_named(rows[from].family), rows[from].size, w.effort, allowed);
    std::move(again.begin(), again.end(), rows.begin() + static_cast<std::ptrdiff_t>(from));
  }
}

Extras extras_of(const Wanted& w) {
  Extras x{.steps = step_curve(), .swells = swells(w.deepest), .executions = {}, .compiling = {}, .chunks = {}};
  for (const Family& f : families()) {
    if (!asked_for(w, f)) continue;
    for (const Size size : w.run_sizes) {
      progress(fmt::format("{}: {} inputs, {} outputs, every way of running", f.name, size.inputs, size.outputs));
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
          .model = {},
          .error = {},
          .extras = {},
          .longest = w.effort.longest};
  const double begin = processor_seconds();
  const auto any = [](const Row&) { return true; };
  s.rows = first_pass(w);
  if (s.rows.empty()) {
    fmt::print(stderr, "no such family; there are:\n");
    for (const Family& f : families()) fmt::print(stderr, "  {:<17} {}\n", f.name, f.about);
    return 2;
  }
  second_pass(s.rows, Model::fitted(s.rows, any), w);
  s.extras = extras_of(w);
  progress("");
  if (report_wrong(s.rows, s.extras)) return 1;
  s.model = Model::fitted(s.rows, any);
  for (Row& r : s.rows) r.model = s.model.seconds(r);
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
