// Misconceptions, written.
#include "trace_table.hpp"
#include "wengert/explain/sheets.hpp"

namespace wengert {

Sheet misconceptions_sheet(const std::vector<Misconception>& all, const SheetOptions& o) {
  Sheet sheet;
  for (const Misconception& m : all) {
    if (!sheet.empty()) sheet.emplace_back(SheetBreak{});
    sheet.emplace_back(SheetHeading{m.title + (m.shows ? "" : "   (harmless here)")});
    sheet.emplace_back(SheetNote{m.claim, 2});
    SheetTable table{{"", m.left, m.right}, {}, false, 2};
    for (const MisconceptionRow& r : m.rows)
      table.rows.push_back({explain::clipped(r.label, 40), explain::number_text(r.mistaken, o.digits),
                            explain::number_text(r.right, o.digits)});
    if (!m.rows.empty()) sheet.emplace_back(std::move(table));
    for (std::size_t begin = 0; begin < m.note.size();) {
      const std::size_t end = std::min(m.note.find('\n', begin), m.note.size());
      sheet.emplace_back(SheetNote{m.note.substr(begin, end - begin), 2});
      begin = end + 1;
    }
  }
  return sheet;
}

std::string misconceptions_text(const std::vector<Misconception>& all) { return to_text(misconceptions_sheet(all)); }

}  // namespace wengert
