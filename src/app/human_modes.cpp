#include <algorithm>

#include "app/human.hpp"
#include "app/layout.hpp"

namespace wengert::app {

namespace {

constexpr std::size_t large_brief = 24;  // elements of an array: more are summarised

std::string error_text(const ModeReport& report) {
  if (report.mode == Mode::finite) return report.relative_error ? rounded(*report.relative_error, 1) : "";
  if (!report.ulp) return "";
  return rounded(*report.ulp, *report.ulp < 1 ? 1 : 2) + " ulp";
}

std::string cost_text(const OperationCount& mode, const OperationCount& value) {
  std::string text = std::to_string(mode.total());
  if (value.total() > 0) {
    const double ratio = static_cast<double>(mode.total()) / static_cast<double>(value.total());
    text += " (" + rounded(ratio, ratio >= 100 ? 3 : 2) + "x f)";
  }
  return text;
}

bool ran(const ModeReport& report) { return !report.skipped_seconds && report.derivative.unavailable.empty(); }

std::string remark_text(const ModeReport& report) {
  if (!report.derivative.unavailable.empty()) return "not available: " + report.derivative.unavailable;
  if (report.skipped_seconds)
    return "skipped: predicted " + duration(*report.skipped_seconds) +
           (report.skipped_bytes ? ", " + memory(*report.skipped_bytes) : "") +
           (report.product_error ? "; random products w'Jv agree to " + rounded(*report.product_error, 1) : " (see --budget)");
  return report.note;
}

// A line for each mode, the derivatives as columns if `numbers`.
std::vector<Column> mode_columns(const DerivativeAnswer& answer, bool numbers) {
  const Agreement& all = *answer.agreement;
  std::vector<Column> columns(1);
  for (std::size_t k = 0; numbers && k < answer.by.size(); ++k)
    columns.push_back({"d/d" + answer.by[k].name, Column::Align::point, {}});
  const std::size_t error = columns.size();
  columns.push_back({"error", Column::Align::left, {}});
  const bool counted = answer.what == Quantity::jacobian;
  if (counted) columns.push_back({"operations", Column::Align::left, {}});
  columns.push_back({"time", Column::Align::right, {}});
  for (const ModeReport& report : all.modes) {
    columns[0].cells.emplace_back(to_string(report.mode));
    const bool there = ran(report);
    for (std::size_t k = 1; k < error; ++k)
      columns[k].cells.push_back(there ? slopes_of(report.derivative.blocks[k - 1])[0] : "-");
    columns[error].cells.push_back(there ? error_text(report) : "-");
    if (counted) columns[error + 1].cells.push_back(there ? cost_text(report.operations, all.value_operations) : "-");
    columns.back().cells.push_back(there ? duration(report.evaluate_seconds) : "-");
  }
  if (std::all_of(columns[error].cells.begin(), columns[error].cells.end(),
                  [](const std::string& c) { return c.empty() || c == "-"; }))
    columns.erase(columns.begin() + static_cast<std::ptrdiff_t>(error));
  return columns;
}

// Remarks stand at the end of their line where there is room, otherwise below the table.
std::string mode_table(const DerivativeAnswer& answer, bool numbers) {
  std::vector<Column> columns = mode_columns(answer, numbers);
  Column remarks;
  std::string below;
  const std::size_t used = table_width(columns) + 3;
  for (const ModeReport& report : answer.agreement->modes) {
    const std::string remark = remark_text(report);
    const bool fits = used + width(remark) <= page_width;
    remarks.cells.push_back(fits ? remark : "");
    if (!fits) below += wrapped(std::string(to_string(report.mode)) + ": " + remark) + "\n";
  }
  columns.push_back(std::move(remarks));
  return table(columns) + below;
}

std::string counted(std::uint64_t n, const char* thing) {
  return std::to_string(n) + " " + thing + (n == 1 ? "" : "s");
}

// What no warning above the answer tells: a note stands in the sentence itself.
std::string reason_of(const Agreement& all) {
  const auto note = [](const Diagnostic& d) { return d.kind == Kind::note; };
  if (!all.warnings.empty() && std::all_of(all.warnings.begin(), all.warnings.end(), note))
    return ": " + all.warnings.front().message;
  return " as the warning explains" + (all.disagreement.empty() ? "" : ": " + all.disagreement);
}

std::string verdict_text(const DerivativeAnswer& answer) {
  const Agreement& all = *answer.agreement;
  std::string text;
  std::size_t there = 0;
  bool finite = false;
  for (const ModeReport& report : all.modes) {
    there += ran(report) ? 1 : 0;
    finite = finite || (ran(report) && report.mode == Mode::finite);
  }
  if (there > 1) {
    const std::string who = there == all.modes.size() ? "The modes" : "The modes that ran";
    if (all.verdict == Verdict::agree)
      text = who + " agree" + (finite ? " (finite differences within their own estimate)" : "") + ".";
    else if (all.verdict == Verdict::explained)
      text = who + " differ" + reason_of(all) + ".";
    else
      text = who + " DISAGREE" + (all.disagreement.empty() ? "" : ": " + all.disagreement) + ".";
    text = wrapped(text) + "\n";
    if (answer.what == Quantity::jacobian)
      text += "Cheapest for " + counted(answer.inputs(), "input") + " and " + counted(answer.shape.size(), "output") +
            ": " + std::string(to_string(all.cheapest)) + ".\n";
  }
  if (!all.reference_done && !all.modes.empty()) text += "The reference of many digits was left out (see --budget).\n";
  return text;
}

}  // namespace

std::string human_modes(const DerivativeAnswer& answer) { return mode_table(answer, false) + verdict_text(answer); }

std::string human_comparison(const DerivativeAnswer& answer, const Look& look) {
  const Agreement& all = *answer.agreement;
  std::string out = human_array(answer.shape, answer.value, all.value_digits, 0, false, large_brief) + "\n";
  if (look.color) out = "\x1b[1m" + out.substr(0, out.size() - 1) + "\x1b[0m\n";
  if (answer.by.empty()) return out;
  const bool scalars =
      answer.shape.scalar() && all.block_digits.empty() &&
      std::all_of(answer.by.begin(), answer.by.end(), [](const Variable& v) { return v.shape.scalar(); });
  bool columns = scalars && answer.by.size() <= 8;
  if (columns) columns = table_width(mode_columns(answer, true)) <= page_width;
  out += "\n";
  if (!columns) {
    DerivativeAnswer brief = answer;
    const std::size_t shown = 20;
    const std::size_t left_out = brief.by.size() > shown ? brief.by.size() - shown : 0;
    brief.by.resize(brief.by.size() - left_out);
    out += human_blocks(brief, false, large_brief);
    const bool cut = left_out > 0 || std::any_of(brief.by.begin(), brief.by.end(), [&](const Variable& v) {
                       return v.shape.size() * answer.shape.size() > large_brief;
                     });
    if (left_out > 0) out += "... and " + std::to_string(left_out) + " more names\n";
    if (cut) out += "(`wengert grad` prints every element)\n";
    out += "\n";
  }
  return out + mode_table(answer, columns) + verdict_text(answer);
}

}  // namespace wengert::app
