#include "wengert/core/diagnostic.hpp"

#include <algorithm>
#include <array>

namespace wengert {

std::string_view to_string(Kind kind) {
  static constexpr std::array<std::string_view, 15> names{
      "syntax", "name", "shape", "domain", "limit", "usage", "internal", "domain", "limit", "interrupted", "kink", "strong-zero", "constant", "note", "cancellation"};
  return names[static_cast<std::size_t>(kind)];
}

namespace {

void place(std::string& out, const Span& span, const Sources& sources, const std::string& remark) {
  const Position p = sources.position(span);
  const std::string& file = sources.name(span.source);
  out += "  --> " + (file.empty() ? std::string() : file + ": ") + "line " + std::to_string(p.line) + ", column " +
         std::to_string(p.column) + "\n";
  // Long lines are cut to a window around the span; tabs become blanks so that the caret is under its place.
  constexpr std::uint32_t width = 90;
  const std::string_view whole = sources.line(span);
  std::vector<std::string_view> shown;  // one character each
  for (std::size_t i = 0; i < whole.size();) {
    std::size_t j = i + 1;
    while (j < whole.size() && (static_cast<unsigned char>(whole[j]) & 0xc0) == 0x80) ++j;
    shown.push_back(whole.substr(i, j - i));
    i = j;
  }
  std::uint32_t first = 0;
  if (shown.size() > width && p.column > width / 2) first = p.column - width / 2;
  const std::size_t last = std::min<std::size_t>(shown.size(), first + width);
  out += "  | ";
  if (first > 0) out += "...";
  for (std::size_t i = first; i < last; ++i) {
    const bool control = shown[i].size() == 1 && static_cast<unsigned char>(shown[i][0]) < 0x20;
    out += control ? std::string_view(" ") : shown[i];
  }
  if (last < shown.size()) out += "...";
  out += "\n  | ";
  if (first > 0) out += "   ";
  out.append(p.column - 1 - first, ' ');
  out.append(std::min<std::size_t>(p.length, width), '^');
  if (!remark.empty()) out += " " + remark;
  out += "\n";
}

}  // namespace

std::string render(const Diagnostic& diagnostic, const Sources& sources, std::string_view severity) {
  std::string out = std::string(severity) + ": " + diagnostic.message + "\n";
  if (diagnostic.span.known()) place(out, diagnostic.span, sources, {});
  for (const Label& label : diagnostic.labels)
    if (label.span.known()) place(out, label.span, sources, label.text);
  if (!diagnostic.help.empty()) out += "  help: " + diagnostic.help + "\n";
  return out;
}

namespace {

// Edits (insertion, deletion, substitution, swap of neighbours) from a to b.
std::size_t distance(std::string_view a, std::string_view b) {
  std::vector<std::vector<std::size_t>> d(a.size() + 1, std::vector<std::size_t>(b.size() + 1));
  for (std::size_t i = 0; i <= a.size(); ++i) d[i][0] = i;
  for (std::size_t j = 0; j <= b.size(); ++j) d[0][j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i)
    for (std::size_t j = 1; j <= b.size(); ++j) {
      d[i][j] = std::min({d[i - 1][j] + 1, d[i][j - 1] + 1, d[i - 1][j - 1] + (a[i - 1] != b[j - 1])});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) d[i][j] = std::min(d[i][j], d[i - 2][j - 2] + 1);
    }
  return d[a.size()][b.size()];
}

// Letters that a key held down repeats: `loggg` is `log`.
std::string without_repeats(std::string_view word) {
  std::string out;
  for (const char c : word)
    if (out.empty() || out.back() != c) out += c;
  return out;
}

}  // namespace

std::optional<std::string> nearest(std::string_view word, const std::vector<std::string>& known) {
  const std::size_t allowed = word.size() > 5 ? 2 : 1;
  std::optional<std::string> best;
  std::size_t least = allowed + 1, same_beginning = 0;
  if (word.size() < 2 || word.size() > 64) return best;
  for (const std::string& candidate : known) {
    const std::size_t gap = candidate.size() > word.size() ? candidate.size() - word.size() : word.size() - candidate.size();
    const bool repeats = without_repeats(word) == without_repeats(candidate);
    if ((gap > allowed && !repeats) || candidate == word) continue;
    const std::size_t d = repeats ? 1 : distance(word, candidate);
    if (d > least || d >= std::max(word.size(), candidate.size())) continue;
    // Of equally near ones the one that begins alike: people get the beginning right.
    const auto alike = static_cast<std::size_t>(
        std::mismatch(word.begin(), word.end(), candidate.begin(), candidate.end()).first - word.begin());
    if (d < least || (best && alike > same_beginning)) {
      least = d;
      best = candidate;
      same_beginning = alike;
    }
  }
  return best;
}

}  // namespace wengert
