#include "format.hpp"

#include <algorithm>
#include <cstdint>
#include <string_view>
#include <vector>

#include "characters.hpp"

namespace wengert {

namespace {

using ast::Declared;
using ast::Does;
using ast::Statement;

struct Comment {
  std::size_t begin = 0, end = 0;
};

std::vector<Comment> comments_of(std::string_view text) {
  std::vector<Comment> comments;
  for (std::size_t begin = text.find('#'); begin != std::string_view::npos;) {
    const std::size_t line_end = std::min(text.find('\n', begin), text.size());
    std::size_t end = line_end;
    while (std::string_view(" \t\r\f\v").find(text[end - 1]) != std::string_view::npos) --end;
    comments.push_back({begin, end});
    begin = text.find('#', line_end);
  }
  return comments;
}

// Lays statements and comments out in the order in which they stand in the source.
class Layout {
 public:
  Layout(const ast::Tree& tree, const Sources& sources)
      : tree_(tree), sources_(sources), text_(sources.text(tree.source)), comments_(comments_of(text_)) {}

  std::string make() {
    block(tree_.statements);
    comments_before(text_.size() + 1);
    if (!out_.empty()) out_ += '\n';
    return std::move(out_);
  }

 private:
  void block(const std::vector<Statement>& statements) {
    for (const Statement& s : statements) {
      if (s.does == Does::repeat)
        repetition(s);
      else
        line(s.begin, s.end, written(s) + (s.silent ? ";" : ""));
    }
  }

  void repetition(const Statement& s) {
    const std::size_t brace = opening_brace(s);
    const std::string head = "repeat " + value(s.values[0]) + " {";
    const bool empty = s.body.empty() && !comment_in(brace, s.end);
    if (empty) return line(s.begin, s.end, head + (s.silent ? "};" : "}"));
    line(s.begin, brace + 1, head);
    ++indent_;
    tight_ = true;
    block(s.body);
    comments_before(s.end - 1);
    --indent_;
    tight_ = true;
    line(s.end - 1, s.end, s.silent ? "};" : "}");
  }

  // The only `{` between the count and the body, unless it is in a comment.
  std::size_t opening_brace(const Statement& s) const {
    std::size_t at = tree_.nodes[s.values[0]].end;
    while (text_[at] != '{') at = text_[at] == '#' ? grammar::skip_blanks(text_, at, false) : at + 1;
    return at;
  }

  bool comment_in(std::size_t begin, std::size_t end) const {
    return std::any_of(comments_.begin(), comments_.end(),
                       [&](const Comment& c) { return c.begin >= begin && c.begin < end; });
  }

  // ---- lines

  void line(std::size_t begin, std::size_t end, const std::string& content) {
    comments_before(begin);
    // Comments inside the statement move above it.
    for (; next_ < comments_.size() && comments_[next_].begin < end; ++next_)
      put(begin, begin, comment(comments_[next_]));
    put(begin, end, content);
    may_trail_ = true;
  }

  void comments_before(std::size_t offset) {
    for (; next_ < comments_.size() && comments_[next_].begin < offset; ++next_) {
      const Comment& c = comments_[next_];
      if (may_trail_ && newlines(last_, c.begin) == 0) {
        out_ += "  ";
        out_ += comment(c);
        last_ = c.end;
      } else {
        put(c.begin, c.end, comment(c));
      }
      may_trail_ = false;
    }
  }

  // One line of output for the source from begin to end, with the blank line before it that the source has.
  void put(std::size_t begin, std::size_t end, std::string_view content) {
    if (!out_.empty()) out_ += '\n';
    if (!out_.empty() && !tight_ && newlines(last_, begin) > 1) out_ += '\n';
    out_.append(2 * indent_, ' ');
    out_ += content;
    last_ = end;
    tight_ = false;
    may_trail_ = false;
  }

  std::string_view comment(const Comment& c) const { return text_.substr(c.begin, c.end - c.begin); }

  std::size_t newlines(std::size_t begin, std::size_t end) const {
    if (begin >= end) return 0;
    const std::string_view gap = text_.substr(begin, end - begin);
    return static_cast<std::size_t>(std::count(gap.begin(), gap.end(), '\n'));
  }

  // ---- statements

  std::string value(ast::Id id) const { return format(tree_, sources_, id); }

  std::string names(const std::vector<Declared>& declared) const {
    std::string out;
    for (const Declared& d : declared) {
      if (!out.empty()) out += ", ";
      out += tree_.names[d.name];
      if (d.rows != ast::none) out += "[" + value(d.rows) + (d.cols != ast::none ? ", " + value(d.cols) : "") + "]";
    }
    return out;
  }

  std::string values(const std::vector<ast::Id>& ids) const {
    std::string out;
    for (const ast::Id id : ids) out += (out.empty() ? "" : ", ") + value(id);
    return out;
  }

  std::string written(const Statement& s) const {
    switch (s.does) {
      case Does::input:
        return "input " + names(s.declared);
      case Does::define:
        return names(s.declared) + " = " + values(s.values);
      case Does::constant:
        return "const " + names(s.declared) + " = " + values(s.values);
      case Does::function:
        return names(s.declared) + "(" + names(s.parameters) + ") = " + values(s.values);
      case Does::abstract:
        return "function " + names(s.declared);
      case Does::store:
        return names(s.declared) + " := " + values(s.values);
      case Does::expression:
      case Does::repeat:
        return values(s.values);
    }
    return {};
  }

  const ast::Tree& tree_;
  const Sources& sources_;
  std::string_view text_;
  std::vector<Comment> comments_;
  std::size_t next_ = 0;  // of the comments
  std::size_t last_ = 0;  // how far the source is laid out
  std::size_t indent_ = 0;
  bool tight_ = false;      // no blank line comes next: behind `{`, before `}`
  bool may_trail_ = false;  // a comment on the same line stays there
  std::string out_;
};

}  // namespace

std::string format(const ast::Tree& tree, const Sources& sources) { return Layout(tree, sources).make(); }

}  // namespace wengert
