// The part of the builder that makes statements out of what was read.
#include "builder.hpp"
#include "words.hpp"

namespace wengert::grammar {

using ast::Does;
using ast::Tag;

void Builder::begin_statement(std::uint32_t at) {
  unfinished_.emplace_back();
  unfinished_.back().begin = at;
}

Does Builder::statement() const {
  if (!unfinished_.empty() && unfinished_.size() == blocks_.size()) return unfinished_.back().does;
  return blocks_.back().empty() ? Does::expression : blocks_.back().back().does;
}

void Builder::does(Does what) { unfinished_.back().does = what; }

void Builder::value() {
  const Operand operand = pop();
  unfinished_.back().values.push_back(operand.id);
  unfinished_.back().end = operand.end;
}

void Builder::end_statement() {
  ast::Statement& statement = unfinished_.back();
  const std::size_t waiting = open_.empty() ? 0 : open_.back().operands;
  if (statement.does == Does::expression) {
    if (operands_.size() > waiting + 1) {
      const Operand& second = operands_[waiting + 1];
      refuse({second.begin, second.end}, "a statement is one expression",
             "write them on two lines, or in brackets: [a, b]");
    }
    value();
  }
  if (statement.does == Does::store && statement.declared.size() != statement.values.size()) {
    const std::string names = std::to_string(statement.declared.size());
    const std::string values = std::to_string(statement.values.size());
    refuse({statement.begin, statement.end},
           "as many values as names are needed, but there are " + names + " and " + values);
  }
  blocks_.back().push_back(std::move(statement));
  unfinished_.pop_back();
}

void Builder::silence() { blocks_.back().back().silent = true; }

bool Builder::after_block() const { return !blocks_.back().empty() && blocks_.back().back().does == Does::repeat; }

void Builder::add_name(std::vector<ast::Declared>& to, const ast::Declared& declared, std::string_view what) const {
  for (const ast::Declared& earlier : to)
    if (earlier.name == declared.name)
      refuse({declared.begin, declared.end},
             "the " + std::string(what) + " `" + names_.name(declared.name) + "` is there twice");
  to.push_back(declared);
}

void Builder::declare(Slice word) {
  const std::string_view written = text_.substr(word.begin, word.end - word.begin);
  if (is_reserved(written)) refuse(word, reserved_message(written), reserved_help(written));
  add_name(unfinished_.back().declared, {names_.id(written), word.begin, word.end, ast::none, ast::none}, "name");
  unfinished_.back().end = word.end;
}

void Builder::declare_size() {
  ast::Declared& declared = unfinished_.back().declared.back();
  const Operand size = pop();
  if (declared.rows == ast::none)
    declared.rows = size.id;
  else if (declared.cols == ast::none)
    declared.cols = size.id;
  else
    refuse({size.begin, size.end}, "a shape has at most two sizes", "write W[rows, columns]");
}

void Builder::close_size(std::uint32_t end) {
  unfinished_.back().end = end;
  close();
}

// ---- left sides

ast::Declared Builder::declared_from(const Operand& operand, std::string_view what, std::uint32_t at) const {
  const ast::Node& node = tree_.nodes[operand.id];
  if (node.tag != Tag::name || node.begin != operand.begin) {
    std::string help;
    if (node.tag == Tag::index)
      help = "elements are not assigned one by one; write the whole value, x = [1, 2, 3]";
    else if (node.tag == Tag::name)
      help = "write it without brackets";
    else if (text_[at] == '=')
      help = "write == to compare";
    refuse({operand.begin, operand.end},
           "expected " + std::string(what) + " on the left of `" + (text_[at] == '=' ? "=" : ":=") + "`", help);
  }
  return {node.a, node.begin, node.end, ast::none, ast::none};
}

void Builder::function_from(const Operand& operand) {
  const ast::Node& node = tree_.nodes[operand.id];
  const ast::Call& call = tree_.calls[node.a];
  const Slice whole{operand.begin, operand.end};
  ast::Statement& statement = unfinished_.back();
  if (call.primes > 0 || call.iterations != ast::none || operand.begin != node.begin)
    refuse(whole, "expected a name or a function of names on the left of `=`", "write f(u, v) = ...");
  if (is_reserved(names_.name(call.name)))
    refuse({node.at, call.name_end}, reserved_message(names_.name(call.name)), "choose another name for the function");
  if (call.arguments.empty())
    refuse(whole, "a function has at least one parameter", "without one it is a name: f = ...");
  statement.declared.push_back({call.name, node.at, call.name_end, ast::none, ast::none});
  for (const ast::Id id : call.arguments) {
    const ast::Node& argument = tree_.nodes[id];
    if (argument.tag != Tag::name)
      refuse({argument.begin, argument.end}, "expected the name of a parameter",
             "write f(u, v) = ..., or == to compare");
    add_name(statement.parameters, {argument.a, argument.begin, argument.end, ast::none, ast::none}, "parameter");
  }
  statement.does = Does::function;
}

void Builder::left_side(Does what, std::uint32_t at) {
  ast::Statement& statement = unfinished_.back();
  const std::size_t waiting = open_.empty() ? 0 : open_.back().operands;
  const std::size_t count = operands_.size() - waiting;
  statement.does = what;
  if (what == Does::define && count > 1)
    refuse({at, at + 1}, "`=` names one expression", "several values are stored with `:=`: a, b := 1, 2");
  const Operand first = operands_[waiting];
  if (what == Does::define && tree_.nodes[first.id].tag == Tag::call) {
    function_from(first);
    tree_.calls.pop_back();
  } else {
    for (std::size_t i = waiting; i < operands_.size(); ++i)
      add_name(statement.declared, declared_from(operands_[i], "a name", at), "name");
  }
  // What was read as expressions were names: they and a call were the last nodes made, and leave no trace.
  tree_.nodes.resize(tree_.nodes.size() - count - statement.parameters.size());
  operands_.resize(waiting);
}

// ---- blocks

void Builder::open_block(std::uint32_t at) {
  open(Bracket::brace, at);
  blocks_.emplace_back();
}

void Builder::close_block(std::uint32_t end) {
  unfinished_.back().end = end;
  unfinished_.back().body = std::move(blocks_.back());
  blocks_.pop_back();
  close();
}

}  // namespace wengert::grammar
