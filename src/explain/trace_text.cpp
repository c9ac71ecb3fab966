// The trace as tables.
#include <algorithm>

#include "trace_table.hpp"
#include "wengert/explain/sheets.hpp"
#include "wengert/print/text.hpp"

namespace wengert {

namespace {

using explain::cell_lines;
using explain::clipped;

constexpr std::size_t name_columns = 24;
constexpr std::size_t equation_columns = 34;
constexpr std::size_t adjoint_columns = 28;

std::string slope(const std::string& of, const std::string& by) { return "d" + of + "/d" + by; }

class Writer {
 public:
  Writer(const Trace& trace, const SheetOptions& options) : t_(trace), options_(options) {
    for (const TraceRow& row : t_.rows) arrays_ = arrays_ || !row.shape.scalar();
  }
  Sheet all() {
    if (options_.pictures) sheet_.emplace_back(draw(t_));
    forward();
    if (options_.partials) partials();
    sheet_.emplace_back(SheetBreak{});
    reverse();
    return std::move(sheet_);
  }

 private:
  // Terminals are narrow, pictures and documents are not.
  std::size_t narrow(std::size_t columns) const { return options_.pictures ? 4 * columns : columns; }
  std::string name(std::size_t row) const { return clipped(t_.rows[row].name, narrow(name_columns)); }
  std::string number(double x) const { return explain::number_text(x, options_.digits); }
  std::string array(const std::vector<double>& x, Shape shape, std::size_t columns = 44) const {
    return cell_lines(x, shape, columns, options_.digits);
  }

  void forward() {
    SheetTable table{{"forward"}, {}};
    if (arrays_) table.titles.emplace_back("shape");
    table.titles.emplace_back("value");
    const std::size_t shown = t_.tangents ? std::min(t_.seeds.size(), options_.columns) : 0;
    for (std::size_t k = 0; k < shown; ++k) table.titles.push_back("d/d" + clipped(t_.seeds[k].name, name_columns));
    for (const TraceRow& row : t_.rows) {
      std::vector<std::string> cells{clipped(equation(row), narrow(equation_columns))};
      if (arrays_) cells.push_back(to_string(row.shape));
      cells.push_back(array(row.value, row.shape));
      for (std::size_t k = 0; k < shown; ++k) cells.push_back(array(row.tangents[k], row.shape));
      table.rows.push_back(std::move(cells));
    }
    sheet_.emplace_back(std::move(table));
    if (shown < t_.seeds.size())
      sheet_.emplace_back(SheetNote{"(" + std::to_string(t_.seeds.size() - shown) + " of " +
                                    std::to_string(t_.seeds.size()) + " tangents not shown)"});
  }

  void partials() {
    Sheet lines;
    for (const TraceRow& row : t_.rows) {
      std::vector<std::string> words;
      for (std::size_t j = 0; j < row.arguments.size(); ++j)
        if (row.partials[j].varies) words.push_back(partial(row, j));
      if (!words.empty()) lines.emplace_back(SheetWords{std::move(words)});
    }
    if (lines.empty()) return;
    sheet_.emplace_back(SheetBreak{});
    sheet_.emplace_back(SheetHeading{"local partials"});
    sheet_.insert(sheet_.end(), lines.begin(), lines.end());
  }

  std::string partial(const TraceRow& row, std::size_t j) const {
    const TracePartial& p = row.partials[j];
    std::string out = slope(clipped(row.name, name_columns), name(row.arguments[j])) + " = ";
    if (p.shape.scalar()) {
      const std::string value = number(p.entries[0]);
      return out + (p.formula.empty() || p.formula == value || p.formula.size() > 40 ? "" : p.formula + " = ") + value;
    }
    out += to_string(p.shape) + " ";
    if (p.entries.empty()) return out + "(not listed)";
    if (p.diagonal) return out + "diagonal " + explain::cell(p.entries, {p.shape.rows, 1}, 70, options_.digits);
    return out + explain::cell(p.entries, p.shape, 80, options_.digits);
  }

  // As the sweep goes: the output first, each adjoint growing with every `+=`.
  void reverse() {
    if (!t_.rows[t_.output].active) {
      sheet_.emplace_back(SheetNote{"The output does not vary with what one differentiates by."});
      return;
    }
    SheetTable table{{"reverse", "+=", "from", "adjoint"}, {}};
    std::vector<std::size_t> order;
    for (std::size_t r = t_.rows.size(); r-- > 0;)
      if (t_.rows[r].op != Op::input) order.push_back(r);
    for (std::size_t r = 0; r < t_.rows.size(); ++r)
      if (t_.rows[r].op == Op::input) order.push_back(r);
    for (std::size_t r : order) {
      const TraceRow& row = t_.rows[r];
      if (!row.active) continue;
      const auto adjoint = [&](const std::vector<double>& x) { return array(x, row.shape, adjoint_columns); };
      if (r == t_.output)
        table.rows.push_back({name(r), adjoint(row.adjoint), "(seed)", adjoint(row.adjoint)});
      else if (row.contributions.empty())
        table.rows.push_back({name(r), "", "", adjoint(row.adjoint)});
      std::vector<double> sum(row.shape.size(), 0.0);
      for (std::size_t k = 0; k < row.contributions.size(); ++k) {
        const TraceContribution& c = row.contributions[k];
        for (std::size_t e = 0; e < sum.size(); ++e) sum[e] += c.amount[e];
        table.rows.push_back({k == 0 ? name(r) : "", adjoint(c.amount), name(c.from),
                              adjoint(k + 1 == row.contributions.size() ? row.adjoint : sum)});
      }
    }
    sheet_.emplace_back(std::move(table));
  }

  const Trace& t_;
  const SheetOptions& options_;
  bool arrays_ = false;
  Sheet sheet_;
};

}  // namespace

Sheet trace_sheet(const Trace& trace, const SheetOptions& options) { return Writer(trace, options).all(); }

std::string trace_text(const Trace& trace, const TraceText& options) {
  return to_text(
      trace_sheet(
          trace,
          {.width = options.width, .digits = options.digits, .columns = options.columns, .partials = options.partials}),
      options.width);
}

}  // namespace wengert
