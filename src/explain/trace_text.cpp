// The trace as tables for the terminal.
#include <algorithm>

#include "trace_table.hpp"
#include "wengert/explain/trace.hpp"
#include "wengert/print/text.hpp"

namespace wengert {

namespace {

using explain::cell;
using explain::clipped;
using explain::TextTable;

constexpr std::size_t name_columns = 24;
constexpr std::size_t equation_columns = 34;

std::string slope(const std::string& of, const std::string& by) { return "d" + of + "/d" + by; }

class Writer {
 public:
  Writer(const Trace& trace, const TraceText& options) : t_(trace), options_(options) {
    for (const TraceRow& row : t_.rows) arrays_ = arrays_ || !row.shape.scalar();
  }
  std::string all() const {
    std::string out = forward();
    if (options_.partials) out += partials();
    return out + reverse();
  }

 private:
  std::string name(std::size_t row) const { return clipped(t_.rows[row].name, name_columns); }

  std::string forward() const {
    std::vector<std::string> titles{"forward"};
    if (arrays_) titles.emplace_back("shape");
    titles.emplace_back("value");
    const std::size_t shown = t_.tangents ? std::min(t_.seeds.size(), options_.columns) : 0;
    for (std::size_t k = 0; k < shown; ++k) titles.push_back("d/d" + clipped(t_.seeds[k].name, name_columns));
    TextTable table(titles);
    for (const TraceRow& row : t_.rows) {
      std::vector<std::string> cells{clipped(equation(row), equation_columns)};
      if (arrays_) cells.push_back(to_string(row.shape));
      cells.push_back(cell(row.value, row.shape));
      for (std::size_t k = 0; k < shown; ++k) cells.push_back(cell(row.tangents[k], row.shape));
      table.add(std::move(cells));
    }
    std::string out = table.text(options_.width);
    if (shown < t_.seeds.size())
      out += "(" + std::to_string(t_.seeds.size() - shown) + " of " + std::to_string(t_.seeds.size()) +
             " tangents not shown)\n";
    return out;
  }

  std::string partials() const {
    std::string out = "\nlocal partials\n";
    bool any = false;
    for (const TraceRow& row : t_.rows) {
      std::vector<std::string> words;
      for (std::size_t j = 0; j < row.arguments.size(); ++j)
        if (row.partials[j].varies) words.push_back(partial(row, j));
      if (words.empty()) continue;
      any = true;
      out += explain::wrapped(words, 2, options_.width);
    }
    return any ? out : "";
  }

  std::string partial(const TraceRow& row, std::size_t j) const {
    const TracePartial& p = row.partials[j];
    std::string out = slope(clipped(row.name, name_columns), name(row.arguments[j])) + " = ";
    if (p.shape.scalar()) {
      const std::string number = shortest(p.entries[0]);
      return out + (p.formula.empty() || p.formula == number || p.formula.size() > 40 ? "" : p.formula + " = ") +
             number;
    }
    out += to_string(p.shape) + " ";
    if (p.entries.empty()) return out + "(not listed)";
    if (p.diagonal) return out + "diagonal " + cell(p.entries, {p.shape.rows, 1});
    return out + cell(p.entries, p.shape, 60);
  }

  // As the sweep goes: the output first, each adjoint growing with every `+=`.
  std::string reverse() const {
    if (!t_.rows[t_.output].active) return "\nThe output does not vary with what one differentiates by.\n";
    TextTable table({"reverse", "+=", "from", "adjoint"});
    std::vector<std::size_t> order;
    for (std::size_t r = t_.rows.size(); r-- > 0;)
      if (t_.rows[r].op != Op::input) order.push_back(r);
    for (std::size_t r = 0; r < t_.rows.size(); ++r)
      if (t_.rows[r].op == Op::input) order.push_back(r);
    for (std::size_t r : order) {
      const TraceRow& row = t_.rows[r];
      if (!row.active) continue;
      if (r == t_.output)
        table.add({name(r), cell(row.adjoint, row.shape, 28), "(seed)", cell(row.adjoint, row.shape, 28)});
      else if (row.contributions.empty())
        table.add({name(r), "", "", cell(row.adjoint, row.shape, 28)});
      std::vector<double> sum(row.shape.size(), 0.0);
      for (std::size_t k = 0; k < row.contributions.size(); ++k) {
        const TraceContribution& c = row.contributions[k];
        for (std::size_t e = 0; e < sum.size(); ++e) sum[e] += c.amount[e];
        table.add({k == 0 ? name(r) : "", cell(c.amount, row.shape, 28), name(c.from),
                   cell(k + 1 == row.contributions.size() ? row.adjoint : sum, row.shape, 28)});
      }
    }
    return "\n" + table.text(options_.width);
  }

  const Trace& t_;
  const TraceText& options_;
  bool arrays_ = false;
};

}  // namespace

std::string trace_text(const Trace& trace, const TraceText& options) { return Writer(trace, options).all(); }

}  // namespace wengert
