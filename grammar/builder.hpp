// Builds the tree while the text is read from left to right.
//
// An expression comes as a flat sequence of operands and operators. The builder keeps two stacks: operands that wait
// for an operator, and operators that wait for their right operand (Dijkstra's shunting yard). A bracket remembers
// where its part of the stacks begins. For `a + b*c`:
//
//   builder.name(a); builder.binary(Tag::add, 2); builder.name(b); builder.binary(Tag::multiply, 5);
//   builder.name(c); builder.end_expression();    // one operand is left: add(a, multiply(b, c))
//
// No depth of operators costs stack space. What the grammar cannot see (a range outside an index, a parameter named
// twice) is refused here by throwing a Refusal, which never leaves parse().
#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "ast.hpp"
#include "interner.hpp"
#include "operators.hpp"
#include "parse.hpp"

namespace wengert::grammar {

struct Refusal {
  Diagnostic diagnostic;
};

// A piece of the text, in bytes.
struct Slice {
  std::uint32_t begin = 0, end = 0;
};

enum class Bracket : std::uint8_t { round, call, list, index, size, brace };

struct Open {
  Bracket bracket = Bracket::round;
  std::uint32_t at = 0;
  std::size_t operators = 0;  // heights of the stacks below this bracket
  std::size_t operands = 0;
  bool ranges = false;             // a range may stand here
  ast::NameId callee = ast::none;  // of a call
  Slice callee_slice;
  std::uint32_t primes = 0;
  std::uint32_t iterations = ast::none;  // of a call or a comprehension
};

class Builder {
 public:
  Builder(std::string_view text, std::uint32_t source, const ParseLimits& limits)
      : text_(text), source_(source), limits_(limits) {
    tree_.nodes.reserve(text.size() / 3);  // a node for three or four bytes is usual
  }

  std::string_view text() const { return text_; }
  // Inside round and square brackets a line end is a blank.
  bool joins_lines() const { return joins_lines_; }
  const std::vector<Open>& open_brackets() const { return open_; }
  // What the statement is that is being read, or was read last.
  ast::Does statement() const;
  ast::Tree take();

  // Expressions.
  void number(Slice literal);
  void name(Slice word);
  void prefix(ast::Tag tag, std::uint32_t at);
  void binary(ast::Tag tag, std::uint32_t at);
  void end_expression();
  void transpose(std::uint32_t at);
  void colon(std::uint32_t at);

  void open(Bracket bracket, std::uint32_t at);
  void open_call(std::uint32_t at, std::uint32_t primes);
  void close_round(std::uint32_t end);
  void close_call(std::uint32_t end);
  void close_list(std::uint32_t end);
  void close_index(std::uint32_t end);
  void close_comprehension(std::uint32_t end);

  void bind_argument(std::uint32_t at);  // the operand before `in` is a name: `sum(i in ...`
  void bind(Slice word);                 // the name after `for`
  void bounds();                         // the operand is its range

  // Statements.
  void begin_statement(std::uint32_t at);
  void end_statement();
  void silence();
  bool after_block() const;
  void does(ast::Does what);
  void declare(Slice word);
  void declare_size();
  void close_size(std::uint32_t end);
  void left_side(ast::Does what, std::uint32_t at);  // what was read stands before `=` or `:=`
  void value();
  void open_block(std::uint32_t at);
  void close_block(std::uint32_t end);

 private:
  struct Operand {
    ast::Id id = ast::none;
    std::uint32_t begin = 0, end = 0;  // with the brackets around it
  };
  struct Waiting {
    ast::Tag tag = ast::Tag::add;
    bool prefix = false;
    Precedence binds = sum;
    std::uint32_t at = 0;
  };

  Operand pop();
  void push(ast::Tag tag, std::uint32_t a, std::uint32_t b, std::uint32_t begin, std::uint32_t end, std::uint32_t at);
  void reduce();
  void refuse_range(const Operand& operand) const;
  void refuse_chain(const Waiting& before, ast::Tag tag, std::uint32_t at) const;
  std::vector<ast::Id> items();
  void close();
  void add_iterator(const ast::Iterator& iterator);
  void add_name(std::vector<ast::Declared>& to, const ast::Declared& declared, std::string_view what) const;
  ast::Declared declared_from(const Operand& operand, std::string_view what, std::uint32_t at) const;
  void function_from(const Operand& operand);

  [[noreturn]] void refuse(Slice where, std::string message, std::string help = {}, Kind kind = Kind::syntax) const;
  Span span(Slice where) const { return {source_, where.begin, where.end}; }
  std::string quoted(Slice where) const;

  std::string_view text_;
  std::uint32_t source_;
  ParseLimits limits_;
  ast::Tree tree_;
  Interner names_;
  std::vector<Operand> operands_;
  std::vector<Waiting> operators_;
  std::vector<Open> open_;
  std::size_t open_indices_ = 0;
  bool joins_lines_ = false;
  std::vector<ast::Statement> unfinished_;  // a statement in each open block
  std::vector<std::vector<ast::Statement>> blocks_{1};
};

}  // namespace wengert::grammar
