#include "complaints.hpp"

#include <algorithm>
#include <array>
#include <cstdio>

#include "advice.hpp"
#include "characters.hpp"
#include "numbers.hpp"
#include "words.hpp"

namespace wengert::grammar {

namespace {

std::string quote(std::string_view text) { return "`" + std::string(text) + "`"; }

// Where the last token before the offset ends, past neither blanks nor comments.
std::size_t token_end_before(std::string_view text, std::size_t offset) {
  std::size_t end = 0;
  for (std::size_t i = skip_blanks(text, 0, true); i < offset; i = skip_blanks(text, i, true)) end = ++i;
  return end;
}

// The token that ends there: a name, a number, or one character.
std::string_view token_before(std::string_view text, std::size_t end) {
  std::size_t begin = end;
  while (begin > 0 && (continues_name(text, begin - 1) ||
                       (static_cast<unsigned char>(text[begin - 1]) & 0xc0) == 0x80 || text[begin - 1] == '.'))
    --begin;
  // Not every byte that may belong to a name does; take the longest token that ends where it should.
  for (; begin < end; ++begin)
    if (name_end(text, begin) == end || number_end(text, begin) == end) return text.substr(begin, end - begin);
  return end > 0 ? text.substr(end - 1, 1) : std::string_view();
}

std::string_view token_at(std::string_view text, std::size_t begin) {
  const std::size_t end = std::max(name_end(text, begin), number_end(text, begin));
  if (end > begin) return text.substr(begin, end - begin);
  if (const Advice* odd = strange(text.substr(begin))) return odd->token;
  static constexpr std::array<std::string_view, 5> pairs{"...", "..", ":=", "==", "!="};
  for (const std::string_view pair : pairs)
    if (text.substr(begin).starts_with(pair)) return pair;
  return text.substr(begin, std::max<std::size_t>(character_at(text, begin).bytes, 1));
}

// A character as it can be shown: controls and invisible ones by their number.
std::string shown(std::string_view text, std::size_t at) {
  const Character c = character_at(text, at);
  const bool invisible = c.code < 0x20 || (c.code >= 0x7f && c.code < 0xa0) || c.code == 0xad || c.code == 0xfeff ||
                         (c.code >= 0x200b && c.code <= 0x200f) || (c.code >= 0x2028 && c.code <= 0x202e) ||
                         (c.code >= 0x2060 && c.code <= 0x206f);
  if (!invisible) return quote(text.substr(at, c.bytes));
  char number[16];
  std::snprintf(number, sizeof number, "U+%04X", static_cast<unsigned>(c.code));
  return number;
}

class Complaint {
 public:
  explicit Complaint(const Situation& situation) : s_(situation) {
    const bool joins = !s_.open->empty() && s_.open->back().bracket != Bracket::brace;
    begin_ = skip_blanks(s_.text, s_.at, joins);
    before_end_ = token_end_before(s_.text, begin_);
    at_end_ = begin_ >= s_.text.size() || s_.text[begin_] == '\n';
    ended_line_ = begin_ < s_.text.size() && at_end_;
    if (at_end_)
      begin_ = before_end_;
    else
      token_ = token_at(s_.text, begin_);
    before_ = token_before(s_.text, before_end_);
  }

  Diagnostic make() {
    if (at_end_)
      ended();
    else if (!bracket() && !odd_character())
      misplaced();
    out_.kind = Kind::syntax;
    out_.span = {s_.source, static_cast<std::uint32_t>(begin_), static_cast<std::uint32_t>(begin_ + token_.size())};
    return std::move(out_);
  }

 private:
  bool wants(std::string_view what) const { return s_.expected == what; }
  bool wants_operand() const { return wants(expected::operand) || wants(expected::statement); }
  bool wants_closer() const {
    return wants(expected::close_round) || wants(expected::close_items) || wants(expected::close_list) ||
           wants(expected::close_body) || wants(expected::close_brace);
  }
  const Open* innermost() const { return s_.open->empty() ? nullptr : &s_.open->back(); }
  char opening() const { return innermost() ? s_.text[innermost()->at] : '\0'; }

  void say(std::string message, std::string_view help = {}) {
    out_.message = std::move(message);
    out_.help = help;
  }

  void say_expected() {
    if (wants(expected::stop))
      say("expected an operator or the end of the statement");
    else
      say("expected " + std::string(s_.expected));
  }

  // Between the last token and this one a line ended, perhaps because a bracket was left open.
  bool after_line_end() const {
    return s_.text.substr(before_end_, begin_ - before_end_).find('\n') != std::string_view::npos;
  }

  void label_opening() {
    if (!innermost() || !out_.labels.empty()) return;
    const Span span{s_.source, innermost()->at, innermost()->at + 1};
    out_.labels.push_back({span, quote(s_.text.substr(innermost()->at, 1)) + " is opened here"});
  }

  // The text or the line ends too early.
  void ended() {
    if (wants(expected::statement))
      say("expected an operand");
    else
      say_expected();
    if (wants(expected::open_brace))
      out_.help = "what is repeated stands in braces that open on the same line: repeat 10 { ... }";
    if (wants(expected::name) && is_reserved(before_)) out_.help = reserved_help(before_);
    if (wants(expected::equals)) out_.help = reserved_help("const");
    if (ended_line_ && wants_operand() && before_ == "=") out_.help = "the expression begins on the same line";
    label_opening();
  }

  // A bracket that closes nothing, closes the wrong one, or closes too early.
  bool bracket() {
    const char c = s_.text[begin_];
    if (c != ')' && c != ']' && c != '}') return false;
    const char opened = opening();
    const char partner = c == ')' ? '(' : c == ']' ? '[' : '{';
    if (opened == '\0' || (opened == '{' && c != '}')) {
      say(quote(token_) + " closes nothing", "delete it, or open it with " + quote(std::string(1, partner)));
      return true;
    }
    if (opened != partner) {
      const char right = opened == '(' ? ')' : opened == '[' ? ']' : '}';
      say("expected " + quote(std::string(1, right)) + " before " + quote(token_));
      label_opening();
      return true;
    }
    if (!wants_operand()) return false;
    if (before_ == "[" && innermost()->bracket == Bracket::size)
      say("expected a size", "write x[3] or W[3, 2]");
    else if (before_ == "[" && innermost()->bracket == Bracket::list)
      say("expected an operand", "a list has at least one element");
    else if (before_ == "[")
      say("expected an operand", "write a position, a range or : in an index");
    else if (before_ == ",")
      say("expected an operand", "delete the comma before it");
    else
      say("expected an operand");
    return true;
  }

  // A character or an operator that the language does not have.
  bool odd_character() {
    if (const Advice* odd = strange(s_.text.substr(begin_))) {
      const bool word = odd->token.size() == 2 && static_cast<unsigned char>(odd->token[0]) < 0x80;
      say((word ? "unknown operator " : "unknown character ") + quote(odd->token), odd->help);
      return true;
    }
    static constexpr std::string_view known = "()[]{}+-*/^<>=!.,:;'_";
    const char c = token_[0];
    const bool named = name_end(s_.text, begin_) > begin_ || number_end(s_.text, begin_) > begin_;
    if (named || known.find(c) != std::string_view::npos) return false;
    say("unknown character " + shown(s_.text, begin_));
    if (s_.text[begin_] == '\r' || out_.message.find("U+") != std::string::npos)
      out_.help = "it cannot be seen; delete it";
    return true;
  }

  void misplaced() {
    if (wants_operand()) return misplaced_operand();
    if (wants(expected::name)) return misplaced_name();
    if (wants(expected::equals)) {
      const bool more = token_ == "[" || token_ == "(";
      return say("expected `=`", more ? "a constant is a name with a value: const k = 8.314" : "write const k = 8.314");
    }
    if (wants(expected::in)) return say("expected `in`", "write for i in 1..n");
    if (wants(expected::open_brace)) {
      if (!operand_begins()) return say("expected `{`", "write repeat 100 { ... }");
      return say("expected `{`", "what is repeated stands in braces: repeat 100 { ... }");
    }
    misplaced_operator();
  }

  // `input` and `function` are followed by names and nothing else.
  bool list_of_names() {
    const bool input = s_.statement == ast::Does::input;
    if (!input && s_.statement != ast::Does::abstract) return false;
    if (!operand_begins() && token_ != "=") return false;
    say("expected `,` or the end of the statement");
    const std::string name(before_);
    if (input && token_ == "=")
      out_.help = "a name with a value is an input already: " + name + " = 2";
    else if (input && token_ == "(")
      out_.help = "a shape is written " + name + "[3] or " + name + "[3, 2]";
    else if (!input && token_ == "(")
      out_.help = "a function with a formula is written f(u) = u^2, without `function`";
    else
      out_.help = "names are separated by commas";
    return true;
  }

  bool operand_begins() const {
    return name_end(s_.text, begin_) > begin_ || number_end(s_.text, begin_) > begin_ || token_ == "(" || token_ == "[";
  }

  void misplaced_operand() {
    say("expected an operand", misspelt_operator(s_.text.substr(0, before_end_), token_));
    if (!out_.help.empty()) return;
    if (token_ == "...")
      out_.help = "a line that ends in an operator goes on by itself";
    else if (token_ == "..")
      out_.help = "a range has two ends: 1..n";
    else if (token_ == ":")
      out_.help = "`:` alone is for an index: W[i, :]";
    else if (token_ == "{")
      out_.help = "a list is written in square brackets: [1, 2]; braces follow repeat n";
    else if (token_ == "'")
      out_.help = "`'` stands behind what it transposes, or between a function and its bracket";
    else if (token_ == "=" && is_reserved(before_))
      say(reserved_message(before_), reserved_help(before_));
    else if (token_ == "=" || token_ == ":=")
      out_.help = "a name stands before it: x " + std::string(token_) + " 2";
    else if (token_ == ".")
      out_.help = "a digit stands behind a decimal point";
    else if (token_ == ";" && innermost() && opening() == '[')
      out_.help = "rows are written in brackets of their own: [[a, b], [c, d]]";
  }

  void misplaced_name() {
    if (is_reserved(before_) && (token_ == "=" || token_ == "("))
      return say(reserved_message(before_), reserved_help(before_));
    say("expected a name");
    if (before_ == ",") out_.help = "delete the comma before it";
  }

  // Something complete stands before it, and it does not continue that.
  void misplaced_operator() {
    say_expected();
    if (wants_closer() && after_line_end()) return label_opening();
    if (wants(expected::stop) && list_of_names()) return;
    if (token_[0] == '.' && point()) return;
    if (name_end(s_.text, begin_) > begin_ && is_reserved(token_)) return misplaced_word();
    if (operand_begins()) return side_by_side();
    if (token_ == "=") {
      say("`=` gives a name to an expression", "write == to compare");
    } else if (token_ == ":=") {
      say("`:=` stands behind the names at the beginning of a statement", "write w := w - 1");
    } else if (token_ == ":") {
      out_.help = "a range is written 1..n";
    } else if (token_ == ";" && innermost()) {
      out_.help = opening() == '[' ? "rows are written in brackets of their own: [[a, b], [c, d]]"
                                   : "a comma separates arguments";
    } else if (token_ == "{") {
      say("`{` opens only what is repeated", "write repeat 100 { ... }");
    } else if (token_ == ",") {
      if (wants(expected::stop))
        out_.help = "several values are a list, [a, b], or are stored with a, b := 1, 2";
      else if (wants(expected::close_body))
        out_.help = "a comprehension ends behind its ranges";
    }
  }

  // A point that is neither a decimal point nor the beginning of an operator.
  bool point() {
    const bool behind_number = begin_ == before_end_ && number_end(before_, 0) == before_.size();
    if (token_.size() > 1) {
      if (!behind_number || number_end(token_, 0) != token_.size()) return false;
      say("a number has one decimal point");
    } else if (behind_number) {
      const std::string digits(before_);
      say("expected a digit behind the decimal point", "write " + digits + " or " + digits + ".0");
    } else if (s_.text.substr(begin_).starts_with(".'")) {
      out_.help = "`'` transposes: write x'";
    } else {
      out_.help = "a point stands in numbers, 2.5, and in elementwise operators, .*";
    }
    return true;
  }

  void misplaced_word() {
    say(reserved_message(token_), reserved_help(token_));
    const bool call = innermost() && innermost()->bracket == Bracket::call;
    const bool list = innermost() && innermost()->bracket == Bracket::list;
    if (token_ == "for" && list && wants(expected::close_body))
      out_.help = "several ranges are separated by commas: for i in 1..m, j in 1..n";
    else if (token_ == "for" && list)
      out_.help = "one expression stands before `for`: [x[i] for i in 1..n]";
    else if (token_ == "for" && call)
      out_.help = "write sum(i in 1..n, x[i])";
    else if (token_ == "if")
      out_.help = "a choice is written if(c, a, b)";
    else if (token_ == "end" && innermost())
      out_.help = reserved_help("end");
  }

  // Two operands without an operator between them.
  void side_by_side() {
    const bool known_left = name_end(before_, 0) == before_.size() || number_end(before_, 0) == before_.size();
    const bool number_left = number_end(before_, 0) == before_.size();
    const bool touching = begin_ == before_end_;
    const std::string left = known_left && before_.size() <= 30 ? std::string(before_) : "...";
    const std::string right = token_.size() <= 30 ? std::string(token_) : "...";
    const bool called = s_.text.substr(begin_ + token_.size()).starts_with("(");
    const std::string product = left + "*" + (token_ == "(" ? "(...)" : right + (called ? "(...)" : ""));
    if (before_ == ":") {
      out_.help = "a range is written 1..n";
    } else if (token_ == "(" && before_ == "'") {
      say("a bracket cannot follow `'` here", "a derivative is written without blanks: f'(x); a product with *");
    } else if (token_ == "(" && !known_left) {
      say("only a name can be called", "write * for a product: (a)*(b)");
    } else if (token_ == "[" && known_left) {
      say("expected an operator before `[`", "write * for a product");
    } else if (number_left && touching && token_[0] == '_') {
      say("digits stand without separators", "write 1000000 or 1e6");
    } else if (number_left && touching && (token_[0] == 'e' || token_[0] == 'E') && token_.size() == 1) {
      say("expected digits behind the exponent's `" + right + "`",
          "write " + left + "e3, or " + product + " for a product");
    } else {
      const std::string_view other = habit(before_);
      std::string help =
          known_left ? "write " + product + " for a product" : std::string("write * between them for a product");
      if (wants(expected::close_list) || wants(expected::close_items)) help += ", or a comma between them";
      if (!other.empty()) help = other;
      say("expected an operator between " + quote(left) + " and " + quote(right), help);
    }
  }

  const Situation& s_;
  std::size_t begin_ = 0;
  std::size_t before_end_ = 0;
  bool at_end_ = false;
  bool ended_line_ = false;
  std::string_view token_;
  std::string_view before_;
  Diagnostic out_;
};

}  // namespace

Diagnostic complain(const Situation& situation) { return Complaint(situation).make(); }

Diagnostic complain(const Fault& fault, std::uint32_t source) {
  const auto at = static_cast<std::uint32_t>(fault.at);
  Diagnostic out;
  out.kind = Kind::limit;
  out.span = {source, at, at + 1};
  if (fault.what == Fault::What::nul) {
    out.message = "a NUL character is in the text";
    out.help = "this is not a text file, or it was damaged; delete the character";
  } else {
    out.message = "the text is not UTF-8";
    out.help = "save it as UTF-8";
  }
  return out;
}

}  // namespace wengert::grammar
