#include "wengert/explain/drawing.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

#include "drawing_layers.hpp"
#include "drawing_repeats.hpp"
#include "wengert/print/text.hpp"

namespace wengert {

std::string brief(double x, int digits) {
  const std::string full = shortest(x);
  if (full.size() <= static_cast<std::size_t>(digits) + 1 || !(x - x == 0)) return full;
  return fmt::format("{:.{}g}", x, digits);
}

namespace {

constexpr std::size_t longest_title = 36;
constexpr std::size_t listed_operations = 6;
constexpr double character = 7.3, line_height = 15;

std::size_t characters(const std::string& s) {
  return static_cast<std::size_t>(
      std::count_if(s.begin(), s.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xc0u) != 0x80u; }));
}

std::string clipped(const std::string& s, std::size_t most) {
  if (characters(s) <= most) return s;
  std::size_t bytes = 0, seen = 0;
  while (bytes < s.size()) {
    if ((static_cast<unsigned char>(s[bytes]) & 0xc0u) != 0x80u && ++seen == most) break;
    ++bytes;
  }
  return s.substr(0, bytes) + "…";
}

class Drawer {
 public:
  Drawer(const Trace& t, const DrawingOptions& o) : t_(t), o_(o), owner_(t.rows.size()) {
    for (std::size_t r = 0; r < t.rows.size(); ++r) owner_[r] = r;
  }

  Drawing run() {
    std::vector<bool> shown = focused();
    if (owners(shown).size() > std::min(o_.most, o_.unfolded)) into_repetitions(shown);
    if (owners(shown).size() > o_.most) into_definitions();
    if (owners(shown).size() > o_.most) into_the_middle(shown);
    make_boxes(shown);
    make_arrows(shown);
    drawing::arrange(d_);
    describe();
    return std::move(d_);
  }

 private:
  // A scalar, a few elements, or the norm.
  std::string brief(Shape shape, const std::vector<double>& x) const {
    if (x.empty()) return "";
    if (shape.scalar()) return wengert::brief(x[0], o_.digits);
    if (x.size() > 4) {
      double norm = 0;
      for (const double e : x) norm = std::hypot(norm, e);
      return "of norm " + wengert::brief(norm, o_.digits);
    }
    std::string out = "[";
    for (std::size_t r = 0; r < shape.rows; ++r)
      for (std::size_t c = 0; c < shape.cols; ++c)
        out += (r == 0 && c == 0           ? ""
                : c == 0 && shape.cols > 1 ? "; "
                                           : ", ") +
               wengert::brief(x[r * shape.cols + c], o_.digits);
    return out + "]";
  }

  bool is_input(std::size_t r) const { return t_.rows[r].op == Op::input; }

  std::vector<bool> focused() const {
    std::vector<bool> shown(t_.rows.size(), true);
    if (o_.focus.empty()) return shown;
    std::size_t center = t_.rows.size();
    for (std::size_t r = 0; r < t_.rows.size(); ++r)
      if (t_.rows[r].name == o_.focus) center = r;
    if (center == t_.rows.size()) return shown;
    const std::size_t far = ~std::size_t{0};
    std::vector<std::size_t> below(t_.rows.size(), far), above(t_.rows.size(), far);
    below[center] = above[center] = 0;
    for (std::size_t r = center + 1; r-- > 0;)
      if (below[r] < o_.reach)
        for (const std::size_t a : t_.rows[r].arguments) below[a] = std::min(below[a], below[r] + 1);
    for (std::size_t r = center; r < t_.rows.size(); ++r)
      for (const std::size_t a : t_.rows[r].arguments)
        if (above[a] < o_.reach) above[r] = std::min(above[r], above[a] + 1);
    for (std::size_t r = 0; r < shown.size(); ++r) shown[r] = below[r] != far || above[r] != far;
    return shown;
  }

  // Copies of the same operations are one box, with the inputs that belong to one copy alone.
  void into_repetitions(const std::vector<bool>& shown) {
    std::vector<std::set<std::size_t>> copies(t_.rows.size());  // by input, the copies that use it
    for (const drawing::Repetition& r : drawing::repetitions(t_)) {
      if (std::find(shown.begin() + at(r.first), shown.begin() + at(r.end()), false) != shown.begin() + at(r.end()))
        continue;
      const std::size_t last = r.end() - 1;
      repetition_.emplace(last, r);
      for (std::size_t row = r.first; row <= last; ++row) {
        owner_[row] = last;
        const std::size_t copy = (row - r.first) / r.period;
        const std::vector<std::size_t>& a = t_.rows[row].arguments;
        const std::vector<std::size_t>& other = t_.rows[copy == 0 ? row + r.period : row - r.period].arguments;
        for (std::size_t k = 0; k < a.size(); ++k) {
          copies[a[k]].insert(r.first + copy);
          if (!is_input(other[k])) copies[a[k]].insert(none);  // what comes in from outside stays outside
        }
      }
    }
    std::vector<bool> elsewhere(t_.rows.size());
    for (std::size_t r = 0; r < t_.rows.size(); ++r)
      for (const std::size_t a : t_.rows[r].arguments)
        if (owner_[r] == r) elsewhere[a] = true;
    for (std::size_t r = 0; r < t_.rows.size(); ++r) {
      if (!is_input(r) || elsewhere[r] || copies[r].size() != 1) continue;
      const std::size_t copy = *copies[r].begin();
      for (const auto& [last, repetition] : repetition_)
        if (copy >= repetition.first && copy <= last) owner_[r] = last;
    }
  }
  static constexpr std::size_t none = ~std::size_t{0};
  static std::ptrdiff_t at(std::size_t k) { return static_cast<std::ptrdiff_t>(k); }

  // An operation without a name that one other uses belongs to that one.
  void into_definitions() {
    std::vector<std::set<std::size_t>> users(t_.rows.size());
    for (std::size_t r = t_.rows.size(); r-- > 0;) {
      const bool free =
          !is_input(r) && !t_.rows[r].defined && r != t_.output && owner_[r] == r && !repetition_.contains(r);
      if (free && users[r].size() == 1) owner_[r] = *users[r].begin();
      for (const std::size_t a : t_.rows[r].arguments) users[a].insert(owner_[r]);
    }
  }

  std::set<std::size_t> owners(const std::vector<bool>& shown) const {
    std::set<std::size_t> all;
    for (std::size_t r = 0; r < shown.size(); ++r)
      if (shown[r]) all.insert(owner_[r]);
    return all;
  }

  // The first and the last boxes stay; what is between is one.
  void into_the_middle(const std::vector<bool>& shown) {
    const std::set<std::size_t> all = owners(shown);
    const std::vector<std::size_t> order(all.begin(), all.end());
    const std::size_t keep = std::max<std::size_t>(o_.most / 2, 2);
    const std::size_t middle = order[order.size() - keep];
    std::map<std::size_t, std::size_t> into;
    for (std::size_t k = keep; k + keep < order.size(); ++k) into[order[k]] = middle;
    for (std::size_t& o : owner_)
      if (const auto it = into.find(o); it != into.end()) o = it->second;
    middle_ = middle;
  }

  void make_boxes(const std::vector<bool>& shown) {
    for (std::size_t r = 0; r < shown.size(); ++r) {
      if (!shown[r]) continue;
      const auto [it, fresh] = box_.try_emplace(owner_[r], d_.boxes.size());
      if (fresh) d_.boxes.emplace_back();
      d_.boxes[it->second].rows.push_back(r);
    }
    // A box that took others in is as late as its own row: arrows lead to later boxes.
    std::vector<std::size_t> order;
    for (const auto& [owner, at] : box_) order.push_back(owner);
    std::vector<DrawnBox> sorted;
    for (const std::size_t owner : order) {
      sorted.push_back(std::move(d_.boxes[box_[owner]]));
      box_[owner] = sorted.size() - 1;
      fill(sorted.back(), owner);
    }
    d_.boxes = std::move(sorted);
  }

  void fill(DrawnBox& b, std::size_t owner) {
    const TraceRow& row = t_.rows[owner];
    b.name = row.name;
    const std::size_t taken = b.rows.size();
    const auto repeated = repetition_.find(owner);
    if (repeated != repetition_.end() && owner != middle_) return fill_repetition(b, repeated->second);
    b.kind = taken > 1            ? DrawnBox::Kind::collapsed
             : owner == t_.output ? DrawnBox::Kind::output
             : !is_input(owner)   ? row.defined ? DrawnBox::Kind::definition : DrawnBox::Kind::operation
             : row.active         ? DrawnBox::Kind::input
                                  : DrawnBox::Kind::constant;
    if (owner == middle_)
      b.title = std::to_string(taken) + " operations";
    else
      b.title =
          clipped(taken > 1 ? row.name + " (" + std::to_string(taken) + " operations)" : equation(row), longest_title);
    if (!row.shape.scalar()) b.lines.push_back(to_string(row.shape));
    if (o_.numbers && owner != middle_) {
      b.lines.push_back("value " + brief(row.shape, row.value));
      for (std::size_t k = 0; k < row.tangents.size() && t_.seeds.size() <= 3; ++k)
        b.lines.push_back("d/d" + t_.seeds[k].name + " " + brief(row.shape, row.tangents[k]));
      if (row.active) b.lines.push_back("adjoint " + brief(row.shape, row.adjoint));
    }
    measure(b);
  }

  // The operations of the first copy, and what the last one made; adjoints at both ends.
  void fill_repetition(DrawnBox& b, const drawing::Repetition& r) {
    const TraceRow &first = t_.rows[r.first + r.period - 1], &last = t_.rows[r.end() - 1];
    b.kind = DrawnBox::Kind::repeated;
    b.times = r.times;
    b.title = clipped(first.name + " to " + last.name + ", " + std::to_string(r.times) + " times", longest_title);
    for (std::size_t k = 0; k < std::min(r.period, listed_operations); ++k)
      b.lines.push_back(clipped(equation(t_.rows[r.first + k]), longest_title));
    if (r.period > listed_operations)
      b.lines.push_back("and " + std::to_string(r.period - listed_operations) + " more");
    if (!last.shape.scalar()) b.lines.push_back(to_string(last.shape));
    if (o_.numbers) {
      b.lines.push_back(last.name + " " + brief(last.shape, last.value));
      if (last.active) b.lines.push_back("adjoint of " + last.name + " " + brief(last.shape, last.adjoint));
      if (first.active) b.lines.push_back("adjoint of " + first.name + " " + brief(first.shape, first.adjoint));
    }
    measure(b);
  }

  static void measure(DrawnBox& b) {
    std::size_t longest = characters(b.title);
    for (const std::string& line : b.lines) longest = std::max(longest, characters(line));
    b.width = character * static_cast<double>(longest) + 16;
    b.height = line_height * static_cast<double>(b.lines.size() + 1) + 10;
  }

  void make_arrows(const std::vector<bool>& shown) {
    std::map<std::pair<std::size_t, std::size_t>, std::size_t> known;
    for (std::size_t r = 0; r < shown.size(); ++r) {
      if (!shown[r]) continue;
      for (std::size_t j = 0; j < t_.rows[r].arguments.size(); ++j) {
        const std::size_t a = t_.rows[r].arguments[j];
        if (!shown[a] || owner_[a] == owner_[r] || owner_[a] > owner_[r]) continue;
        const std::pair<std::size_t, std::size_t> ends{box_.at(owner_[a]), box_.at(owner_[r])};
        const auto [it, fresh] = known.try_emplace(ends, d_.arrows.size());
        if (fresh) d_.arrows.push_back({ends.first, ends.second, {}, {}});
        const TracePartial& p = t_.rows[r].partials[j];
        const bool plain = owner_[r] == r && owner_[a] == a && p.varies && p.entries.size() == 1 && p.shape.scalar();
        if (!o_.numbers || !plain) continue;
        std::string& label = d_.arrows[it->second].label;
        label += (label.empty() ? "" : ", ") + wengert::brief(p.entries[0], o_.digits);
      }
    }
    std::sort(d_.arrows.begin(), d_.arrows.end(), [](const DrawnArrow& a, const DrawnArrow& b) {
      return std::pair(a.to, a.from) < std::pair(b.to, b.from);
    });
  }

  void describe() {
    d_.description =
        "A graph of " + std::to_string(d_.boxes.size()) + " boxes and " + std::to_string(d_.arrows.size()) + " arrows.";
    for (const DrawnBox& b : d_.boxes) {
      d_.description += " " + b.title;
      for (const std::string& line : b.lines) d_.description += ", " + line;
      d_.description += ".";
    }
  }

  const Trace& t_;
  const DrawingOptions& o_;
  std::vector<std::size_t> owner_;  // by row, the row whose box it is in
  std::map<std::size_t, std::size_t> box_;
  std::map<std::size_t, drawing::Repetition> repetition_;  // by its last row
  std::size_t middle_ = ~std::size_t{0};
  Drawing d_;
};

}  // namespace

Drawing draw(const Trace& trace, const DrawingOptions& options) { return Drawer(trace, options).run(); }

}  // namespace wengert
