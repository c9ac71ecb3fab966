// A picture in words: every box with its numbers, and where its arrows lead.
#include "trace_table.hpp"
#include "wengert/explain/drawing.hpp"

namespace wengert {

std::string to_text(const Drawing& d, std::size_t width) {
  std::vector<std::vector<std::string>> leads(d.boxes.size());
  for (const DrawnArrow& a : d.arrows)
    leads[a.from].push_back("-> " + d.boxes[a.to].name + (a.label.empty() ? "" : " (" + a.label + ")"));
  std::string out;
  for (std::size_t k = 0; k < d.boxes.size(); ++k) {
    const DrawnBox& b = d.boxes[k];
    std::vector<std::string> words{b.title + (b.lines.empty() ? "" : ":")};
    for (std::size_t n = 0; n < b.lines.size(); ++n) words.push_back(b.lines[n] + (n + 1 < b.lines.size() ? "," : ""));
    out += explain::wrapped(words, 0, width, 1);
    out += explain::wrapped(leads[k], 4, width);
  }
  return out;
}

}  // namespace wengert
