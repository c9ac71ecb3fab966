// A sheet as one SVG file: its blocks below each other.
#include <fmt/format.h>

#include <algorithm>

#include "drawing_svg.hpp"
#include "trace_table.hpp"
#include "wengert/explain/sheet.hpp"
#include "wengert/print/mathml.hpp"

namespace wengert {

namespace {

constexpr double page_width = 1300;  // of a table
constexpr double margin = 16, character = 7.3, line_height = 17, between_columns = 18;
constexpr std::size_t page_columns = 110;  // where notes and words break

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> out;
  for (std::size_t begin = 0; begin <= text.size();) {
    const std::size_t end = std::min(text.find('\n', begin), text.size());
    out.push_back(text.substr(begin, end - begin));
    begin = end + 1;
  }
  return out;
}

double width_of(std::string_view text) { return character * static_cast<double>(explain::columns_of(text)); }

class SvgWriter {
 public:
  void operator()(const SheetHeading& h) {
    y_ += line_height * 0.5;
    line(margin, h.text, "title");
  }
  void operator()(const SheetNote& n) {
    for (const std::string& part : lines_of(to_text(Sheet{SheetNote{n.text}}, page_columns)))
      if (!part.empty()) line(margin, part, "number");
  }
  void operator()(const SheetWords& w) {
    for (const std::string& part : lines_of(to_text(Sheet{w}, page_columns))) {
      const std::size_t begin = part.find_first_not_of(' ');
      if (begin != std::string::npos) line(margin + character * static_cast<double>(begin), part.substr(begin), "");
    }
  }
  void operator()(const SheetTable& t);
  void operator()(const SheetFormula& f);
  void operator()(const SheetBreak&) { y_ += line_height * 0.6; }
  void operator()(const Drawing& d) {
    out_ += fmt::format("<g transform=\"translate({:.1f} {:.1f})\">\n", margin, y_) +
            drawing::svg_content(d, "d" + std::to_string(drawings_++) + "-") + "</g>\n";
    y_ += d.height + line_height * 0.5;
    widen(margin + d.width);
  }

  std::string file(const std::string& title, const std::string& description, Theme theme) const {
    return fmt::format(
               "<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"wengert\" viewBox=\"0 0 {0:.0f} {1:.0f}\" "
               "width=\"{0:.0f}\" height=\"{1:.0f}\" role=\"img\" "
               "aria-labelledby=\"wengert-title wengert-description\">\n"
               "<title id=\"wengert-title\">{2}</title>\n<desc id=\"wengert-description\">{3}</desc>\n{4}\n",
               width_ + margin, y_ + margin, escaped_xml(title), escaped_xml(description), drawing::svg_style(theme)) +
           (drawings_ > 0 ? drawing::svg_tip() : "") + out_ + "</svg>\n";
  }

 private:
  void widen(double x) { width_ = std::max(width_, x); }

  void text(double x, double y, const std::string& s, std::string_view kind) {
    const std::string attributes = kind.empty() ? "" : fmt::format(" class=\"{}\"", kind);
    out_ += fmt::format("<text{} x=\"{:.1f}\" y=\"{:.1f}\" xml:space=\"preserve\">{}</text>\n", attributes, x, y,
                        escaped_xml(s));
    widen(x + width_of(s));
  }
  void line(double x, const std::string& s, std::string_view kind) {
    y_ += line_height;
    text(x, y_, s, kind);
  }
  void rule(double x, double length) {
    out_ += fmt::format("<path style=\"stroke:var(--rule)\" d=\"M{:.1f},{:.1f} h{:.1f}\"/>\n", x, y_, length);
  }

  std::string out_;
  double y_ = margin / 2, width_ = 0;
  std::size_t drawings_ = 0;
};

void SvgWriter::operator()(const SheetTable& t) {
  std::vector<double> width;
  for (const std::string& title : t.titles) width.push_back(width_of(title));
  for (const auto& row : t.rows)
    for (std::size_t c = 0; c < row.size() && c < width.size(); ++c)
      for (const std::string& part : lines_of(row[c])) width[c] = std::max(width[c], width_of(part));
  // Too many columns for a page: parts below each other, the first column in each.
  double used = 0;
  for (std::size_t c = 0; c < width.size(); ++c) {
    used += width[c] + between_columns;
    if (c < 2 || used <= page_width) continue;
    SheetTable first{{}, {}, t.accented}, rest{{t.titles[0]}, {}, t.accented};
    const auto cut = static_cast<std::ptrdiff_t>(c);
    first.titles.assign(t.titles.begin(), t.titles.begin() + cut);
    rest.titles.insert(rest.titles.end(), t.titles.begin() + cut, t.titles.end());
    for (std::vector<std::string> row : t.rows) {
      row.resize(t.titles.size());
      first.rows.emplace_back(row.begin(), row.begin() + cut);
      row.erase(row.begin() + 1, row.begin() + cut);
      rest.rows.push_back(std::move(row));
    }
    (*this)(first);
    (*this)(SheetBreak{});
    return (*this)(rest);
  }
  const double begin = margin + (t.accented ? 14 : 0);
  double all = 0;
  for (const double w : width) all += w + between_columns;
  y_ += line_height;
  double x = begin;
  for (std::size_t c = 0; c < t.titles.size(); ++c) {
    text(x, y_, t.titles[c], "title");
    x += width[c] + between_columns;
  }
  y_ += 5;
  rule(begin, all - between_columns);
  for (std::size_t r = 0; r < t.rows.size(); ++r) {
    if (t.accented && r < drawing::accents)
      out_ += fmt::format("<rect class=\"k{}\" x=\"{:.1f}\" y=\"{:.1f}\" width=\"10\" height=\"4\"/>\n", r, margin,
                          y_ + line_height - 6);
    std::size_t tallest = 1;
    x = begin;
    for (std::size_t c = 0; c < t.rows[r].size() && c < width.size(); ++c) {
      const std::vector<std::string> parts = lines_of(t.rows[r][c]);
      for (std::size_t k = 0; k < parts.size(); ++k)
        if (!parts[k].empty()) text(x, y_ + line_height * static_cast<double>(k + 1), parts[k], "");
      tallest = std::max(tallest, parts.size());
      x += width[c] + between_columns;
    }
    y_ += line_height * static_cast<double>(tallest);
  }
  y_ += 6;
}

void SvgWriter::operator()(const SheetFormula& f) {
  if (!f.reason.empty()) {
    y_ += 4;
    line(margin + 2 * character, f.reason, "number");
  }
  y_ += line_height;
  const double begin = margin + 2 * character;
  for (const auto& [at, length] : f.marks)
    out_ += fmt::format("<rect style=\"fill:var(--mark)\" x=\"{:.1f}\" y=\"{:.1f}\" width=\"{:.1f}\" height=\"16\"/>\n",
                        begin + character * static_cast<double>(at), y_ - 12, character * static_cast<double>(length));
  if (!f.reason.empty()) text(margin, y_, "=", "");
  // As wide as it was measured, whatever the font.
  out_ += fmt::format(
      "<text x=\"{:.1f}\" y=\"{:.1f}\" textLength=\"{:.1f}\" lengthAdjust=\"spacingAndGlyphs\" "
      "xml:space=\"preserve\">{}</text>\n",
      begin, y_, std::max(width_of(f.text), 1.0), escaped_xml(f.text));
  widen(begin + width_of(f.text));
  y_ += 4;
}

}  // namespace

std::string to_svg(const Sheet& sheet, const std::string& title, Theme theme) {
  SvgWriter writer;
  for (const SheetBlock& block : sheet) std::visit(writer, block);
  return writer.file(title, to_text(sheet), theme);
}

}  // namespace wengert
