#include "builder.hpp"

#include "numbers.hpp"
#include "words.hpp"

namespace wengert::grammar {

using ast::Tag;

void Builder::refuse(Slice where, std::string message, std::string help, Kind kind) const {
  Diagnostic diagnostic;
  diagnostic.kind = kind;
  diagnostic.message = std::move(message);
  diagnostic.span = span(where);
  diagnostic.help = std::move(help);
  throw Refusal{std::move(diagnostic)};
}

// What stands there, if it is short enough to be repeated in a message.
std::string Builder::quoted(Slice where) const {
  const std::string_view words = text_.substr(where.begin, where.end - where.begin);
  if (words.size() > 40 || words.find('\n') != std::string_view::npos) return "...";
  return std::string(words);
}

ast::Tree Builder::take() {
  tree_.source = source_;
  tree_.names = names_.take();
  tree_.statements = std::move(blocks_.front());
  return std::move(tree_);
}

// ---- operands and operators

void Builder::push(Tag tag, std::uint32_t a, std::uint32_t b, std::uint32_t begin, std::uint32_t end,
                   std::uint32_t at) {
  operands_.push_back({static_cast<ast::Id>(tree_.nodes.size()), begin, end});
  tree_.nodes.push_back({tag, a, b, begin, end, at});
}

Builder::Operand Builder::pop() {
  const Operand top = operands_.back();
  operands_.pop_back();
  return top;
}

void Builder::number(Slice literal) {
  const std::string_view written = text_.substr(literal.begin, literal.end - literal.begin);
  const auto value = read_number(written);
  if (!value) refuse(literal, "number out of range", "doubles reach from 4.9e-324 to 1.8e308", Kind::limit);
  tree_.numbers.push_back(*value);
  push(Tag::number, static_cast<std::uint32_t>(tree_.numbers.size() - 1), ast::none, literal.begin, literal.end,
       literal.begin);
}

void Builder::name(Slice word) {
  const std::string_view written = text_.substr(word.begin, word.end - word.begin);
  if (is_reserved(written)) {
    if (written == "end" && open_indices_ > 0) {
      return push(Tag::end, ast::none, ast::none, word.begin, word.end, word.begin);
    }
    const std::size_t next = skip_blanks(text_, word.end, joins_lines_);
    const bool call = next < text_.size() && text_[next] == '(';
    if (written != "if" || !call) refuse(word, reserved_message(written), reserved_help(written));
  }
  push(Tag::name, names_.id(written), ast::none, word.begin, word.end, word.begin);
}

void Builder::colon(std::uint32_t at) { push(Tag::colon, ast::none, ast::none, at, at + 1, at); }

void Builder::transpose(std::uint32_t at) {
  const Operand operand = pop();
  push(Tag::transpose, operand.id, ast::none, operand.begin, at + 1, at);
}

void Builder::prefix(Tag tag, std::uint32_t at) {
  const std::size_t floor = open_.empty() ? 0 : open_.back().operators;
  const Precedence binds = precedence(tag);
  if (tag == Tag::not_ && operators_.size() > floor && operators_.back().binds > binds)
    refuse({at, at + 3}, "`not` binds less tightly than the operator before it", "put brackets around it: (not ...)");
  operators_.push_back({tag, true, binds, at});
}

void Builder::binary(Tag tag, std::uint32_t at) {
  const std::size_t floor = open_.empty() ? 0 : open_.back().operators;
  const Precedence binds = precedence(tag);
  while (operators_.size() > floor) {
    const Waiting& top = operators_.back();
    if (top.binds < binds || (top.binds == binds && groups_right(tag))) break;
    if (top.binds == binds && (binds == comparison || binds == range)) refuse_chain(top, tag, at);
    reduce();
  }
  if (tag == Tag::range && (open_.empty() || !open_.back().ranges))
    refuse({at, at + 2}, "a range stands only in an index or after `in`",
           "a list of consecutive numbers is written [i for i in 1..n]");
  operators_.push_back({tag, false, binds, at});
}

void Builder::refuse_chain(const Waiting& before, Tag tag, std::uint32_t at) const {
  const std::string second(binary_operator(tag)->text);
  const Slice where{at, at + static_cast<std::uint32_t>(second.size())};
  if (tag == Tag::range) refuse(where, "a range has two ends", "write a..b; ranges have no step");
  const Operand& left = operands_[operands_.size() - 2];
  const Operand& middle = operands_.back();
  const std::string first(binary_operator(before.tag)->text);
  const std::string shared = quoted({middle.begin, middle.end});
  const std::string right(operand_after(text_, where.end));
  refuse(where, "comparisons are not chained",
         "use `" + quoted({left.begin, left.end}) + " " + first + " " + shared + " and " + shared + " " + second + " " +
             right + "`");
}

void Builder::reduce() {
  const Waiting top = operators_.back();
  operators_.pop_back();
  const Operand right = pop();
  refuse_range(right);
  if (top.prefix) return push(top.tag, right.id, ast::none, top.at, right.end, top.at);
  const Operand left = pop();
  refuse_range(left);
  push(top.tag, left.id, right.id, left.begin, right.end, top.at);
}

void Builder::refuse_range(const Operand& operand) const {
  const ast::Node& node = tree_.nodes[operand.id];
  if (node.tag == Tag::range)
    refuse({node.at, node.at + 2}, "a range is not a value to compute with",
           "it stands alone in an index or after `in`");
}

void Builder::end_expression() {
  const std::size_t floor = open_.empty() ? 0 : open_.back().operators;
  while (operators_.size() > floor) reduce();
}

// ---- brackets

void Builder::open(Bracket bracket, std::uint32_t at) {
  if (open_.size() >= limits_.brackets)
    refuse({at, at + 1}, "more than " + std::to_string(limits_.brackets) + " brackets are open here",
           "name the inner parts: a = ..., then use a", Kind::limit);
  Open entry;
  entry.bracket = bracket;
  entry.at = at;
  entry.operators = operators_.size();
  entry.operands = operands_.size();
  entry.ranges = bracket == Bracket::index;
  open_.push_back(entry);
  joins_lines_ = bracket != Bracket::brace;
  if (bracket == Bracket::index) ++open_indices_;
}

void Builder::open_call(std::uint32_t at, std::uint32_t primes) {
  const Operand name = pop();
  const ast::Node node = tree_.nodes.back();
  if (node.tag != Tag::name) refuse({name.begin, name.end}, reserved_message("end"), reserved_help("end"));
  tree_.nodes.pop_back();
  open(Bracket::call, at);
  open_.back().callee = node.a;
  open_.back().callee_slice = {name.begin, name.end};
  open_.back().primes = primes;
}

void Builder::close() {
  if (open_.back().bracket == Bracket::index) --open_indices_;
  open_.pop_back();
  joins_lines_ = !open_.empty() && open_.back().bracket != Bracket::brace;
}

// The operands since the bracket was opened.
std::vector<ast::Id> Builder::items() {
  std::vector<ast::Id> ids;
  ids.reserve(operands_.size() - open_.back().operands);
  for (std::size_t i = open_.back().operands; i < operands_.size(); ++i) ids.push_back(operands_[i].id);
  operands_.resize(open_.back().operands);
  return ids;
}

void Builder::close_round(std::uint32_t end) {
  operands_.back().begin = open_.back().at;
  operands_.back().end = end;
  close();
}

void Builder::close_call(std::uint32_t end) {
  const Open opened = open_.back();
  const Slice name = opened.callee_slice;
  const std::size_t count = operands_.size() - opened.operands;
  if (opened.iterations != ast::none && count != 1) {
    const std::string call = names_.name(opened.callee) + "(i in 1..n, ...)";
    if (count == 0) refuse({end - 1, end}, "expected `,` and what is to be added up or compared", "write " + call);
    const Operand& second = operands_[opened.operands + 1];
    refuse({second.begin, second.end}, "one expression follows the index and its range", "write " + call);
  }
  tree_.calls.push_back({opened.callee, name.end, opened.primes, opened.iterations, items()});
  close();
  push(Tag::call, static_cast<std::uint32_t>(tree_.calls.size() - 1), ast::none, name.begin, end, name.begin);
}

void Builder::close_list(std::uint32_t end) {
  const std::uint32_t begin = open_.back().at;
  tree_.lists.push_back(items());
  close();
  push(Tag::list, static_cast<std::uint32_t>(tree_.lists.size() - 1), ast::none, begin, end, begin);
}

void Builder::close_index(std::uint32_t end) {
  const std::uint32_t at = open_.back().at;
  if (operands_.size() - open_.back().operands > 2) {
    const Operand& third = operands_[open_.back().operands + 2];
    refuse({third.begin, third.end}, "there are at most two indices", "a value has rows and columns: W[i, j]");
  }
  tree_.lists.push_back(items());
  close();
  const Operand base = pop();
  push(Tag::index, base.id, static_cast<std::uint32_t>(tree_.lists.size() - 1), base.begin, end, at);
}

void Builder::close_comprehension(std::uint32_t end) {
  const Open opened = open_.back();
  const Operand body = pop();
  close();
  push(Tag::comprehension, body.id, opened.iterations, opened.at, end, opened.at);
}

// ---- iterators

void Builder::add_iterator(const ast::Iterator& iterator) {
  Open& opened = open_.back();
  if (opened.iterations == ast::none) {
    opened.iterations = static_cast<std::uint32_t>(tree_.iterations.size());
    tree_.iterations.emplace_back();
  }
  auto& list = tree_.iterations[opened.iterations];
  for (const ast::Iterator& earlier : list)
    if (earlier.name == iterator.name)
      refuse({iterator.begin, iterator.end}, "`" + names_.name(iterator.name) + "` runs over two ranges");
  list.push_back(iterator);
  opened.ranges = true;
}

void Builder::bind_argument(std::uint32_t at) {
  const Open& opened = open_.back();
  const std::string& callee = names_.name(opened.callee);
  const Operand operand = operands_.back();
  const ast::Node node = tree_.nodes[operand.id];
  if (!runs_over_an_index(callee))
    refuse({at, at + 2}, "`" + callee + "` does not run over an index",
           "sum, prod, mean, max and min do; a column is written [... for i in 1..n]");
  if (node.tag != Tag::name || operand.begin != node.begin)
    refuse({operand.begin, operand.end}, "expected a name before `in`");
  pop();
  tree_.nodes.pop_back();
  if (operands_.size() > opened.operands)
    refuse({node.begin, at + 2}, "the index and its range come before the expression",
           "write " + callee + "(" + names_.name(node.a) + " in 1..n, ...)");
  add_iterator({node.a, node.begin, node.end, ast::none, ast::none});
}

void Builder::bind(Slice word) {
  const std::string_view written = text_.substr(word.begin, word.end - word.begin);
  if (is_reserved(written)) refuse(word, reserved_message(written), reserved_help(written));
  add_iterator({names_.id(written), word.begin, word.end, ast::none, ast::none});
}

void Builder::bounds() {
  Open& opened = open_.back();
  const Operand operand = pop();
  const ast::Node node = tree_.nodes[operand.id];
  if (node.tag != Tag::range) refuse({operand.begin, operand.end}, "expected a range", "write 1..n");
  tree_.nodes.pop_back();
  ast::Iterator& iterator = tree_.iterations[opened.iterations].back();
  iterator.low = node.a;
  iterator.high = node.b;
  opened.ranges = false;
}

}  // namespace wengert::grammar
