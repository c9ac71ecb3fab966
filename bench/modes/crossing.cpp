#include "crossing.hpp"

#include <algorithm>
#include <bit>
#include <cmath>

#include "stopwatch.hpp"
#include "verdicts.hpp"

namespace wengert::mode_costs {

namespace {

constexpr double near = 1.05;  // sizes so close to each other are not told apart

constexpr std::string_view names[] = {"reverse overtakes forward", "symbolic overtakes both"};

// What the modes cost at one size, by counts or by time; none of a mode that was left out.
struct Costs {
  std::optional<double> reverse, forward, symbolic;
  // Whether the one overtakes the other; none where that is not known.
  std::optional<bool> overtaken(Overtaking what) const {
    if (!reverse || !forward) return std::nullopt;
    if (what == Overtaking::reverse_forward) return *reverse < *forward;
    if (!symbolic) return std::nullopt;
    return *symbolic < std::min(*reverse, *forward);
  }
  void set(Mode mode, std::optional<double> cost) {
    if (mode == Mode::reverse) reverse = cost;
    if (mode == Mode::forward) forward = cost;
    if (mode == Mode::symbolic) symbolic = cost;
  }
};

constexpr Mode compared[] = {Mode::reverse, Mode::forward, Mode::symbolic};

Costs counted_at(const Problem& p) {
  Costs c;
  for (const Mode mode : compared)
    if (preparing_seconds(mode, p) <= longest_preparation)
      c.set(mode, static_cast<double>(prepare(mode, p).operations().total()));
  return c;
}

Costs measured_at(const Program& program, const Effort& effort) {
  std::vector<std::function<void()>> calls;
  std::vector<Mode> modes;
  for (const Mode mode : compared) {
    if (preparing_seconds(mode, program.problem) > longest_preparation) continue;
    const Prepared f = prepare(mode, program.problem);
    if (f.workload(&program.point()).seconds() > effort.longest) continue;
    modes.push_back(mode);
    calls.push_back([&program, f] { static_cast<void>(f.jacobian(program.point())); });
  }
  Costs c;
  const std::vector<Timing> times = measured_in_turns(calls, effort.per_mode / 4);
  for (std::size_t k = 0; k < modes.size(); ++k) c.set(modes[k], times[k].least);
  return c;
}

// The cells of one family and number of outputs, by ascending inputs.
struct Line {
  const Family* family = nullptr;
  std::size_t outputs = 1;
  std::vector<std::size_t> sizes;
  std::vector<Costs> counted, measured;
};

std::vector<Line> lines_of(const std::vector<Row>& rows) {
  std::vector<Line> all;
  for (const auto& cell : cells_of(rows)) {
    const Row& first = *cell[0];
    auto at = std::find_if(all.begin(), all.end(), [&](const Line& l) {
      return l.family->name == first.family && l.outputs == first.size.outputs;
    });
    if (at == all.end()) {
      Line l;
      l.family =
          &*std::find_if(families().begin(), families().end(), [&](const Family& f) { return f.name == first.family; });
      l.outputs = first.size.outputs;
      all.push_back(l);
      at = all.end() - 1;
    }
    at->sizes.push_back(first.size.inputs);
    at->counted.emplace_back(), at->measured.emplace_back();
    for (const Row* r : cell) {
      at->counted.back().set(r->mode, counted_cost(*r));
      at->measured.back().set(r->mode, measured_cost(*r));
    }
  }
  return all;
}

using Known = std::vector<Costs>;
std::optional<Found> searched(const Line& line, const Known& known, Overtaking what,
                              const std::function<Costs(const Program&)>& cost) {
  for (std::size_t k = 0; k < line.sizes.size(); ++k) {
    if (!known[k].overtaken(what).value_or(false)) continue;
    if (k == 0) return Found{line.sizes[0], 0};
    return bisected(line.sizes[k - 1], line.sizes[k], line.family->halves, [&](std::size_t n) {
      const Program program(*line.family, {n, line.outputs});
      return cost(program).overtaken(what).value_or(false);
    });
  }
  return std::nullopt;
}

}  // namespace

std::string_view to_string(Overtaking what) { return names[static_cast<std::size_t>(what)]; }

Found bisected(std::size_t low, std::size_t high, bool halves, const std::function<bool(std::size_t)>& wins) {
  Found f{high, 0};
  while (high > low + 1 && static_cast<double>(high) > near * static_cast<double>(low)) {
    const auto middle = static_cast<std::size_t>(std::sqrt(static_cast<double>(low) * static_cast<double>(high)));
    const std::size_t next = halves ? std::bit_floor(middle) : std::max(middle, low + 1);
    if (next <= low || next >= high) break;
    ++f.steps;
    (wins(next) ? high : low) = next;
  }
  f.size = high;
  return f;
}

std::vector<Crossover> crossovers(const std::vector<Row>& rows, const Effort& effort,
                                  const std::function<void(const Family&, Size)>& progress) {
  std::vector<Crossover> out;
  for (const Line& line : lines_of(rows)) {
    progress(*line.family, {line.sizes.back(), line.outputs});
    for (const Overtaking what : {Overtaking::reverse_forward, Overtaking::symbolic_both}) {
      Crossover c{.what = what, .family = line.family->name, .outputs = line.outputs, .counted = {}, .measured = {}};
      const auto note = [&](std::optional<std::size_t>& where, const std::optional<Found>& found) {
        if (!found) return;
        where = found->size;
        c.programs += found->steps;
      };
      note(c.counted,
           searched(line, line.counted, what, [](const Program& program) { return counted_at(program.problem); }));
      note(c.measured,
           searched(line, line.measured, what, [&](const Program& program) { return measured_at(program, effort); }));
      out.push_back(c);
    }
  }
  return out;
}

}  // namespace wengert::mode_costs
