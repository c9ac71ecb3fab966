// Runs the statements of one text, in order.
#pragma once
#include <span>
#include "state.hpp"

namespace wengert::session {

class Runner {
 public:
  Runner(Session::State& state, std::shared_ptr<const ParsedText> text, Session::Answer answer)
      : state_(state), program_(state.program), text_(std::move(text)), answer_(std::move(answer)) {}

  // All of them; the first error. What a failing statement changed is taken back.
  std::optional<Diagnostic> run(std::span<const ast::Statement> statements);

 private:
  friend class Repetition;
  using Failure = std::optional<Diagnostic>;

  Failure execute(const ast::Statement& s);
  Failure declare_inputs(const ast::Statement& s);
  Failure define(const ast::Statement& s);
  Failure constant(const ast::Statement& s);
  Failure function(const ast::Statement& s);
  Failure abstract(const ast::Statement& s);
  Failure store(const ast::Statement& s);
  Failure repeat(const ast::Statement& s);
  Failure expression(const ast::Statement& s);
  Failure check_deferred();

  Piece piece(ast::Id root) { return {text_, root, program_.next_time()}; }
  SymbolId symbol(const ast::Declared& d) const { return text_->symbols[d.name]; }
  Span span(const ast::Declared& d) const { return {text_->tree.source, d.begin, d.end}; }
  Span span(const ast::Statement& s) const { return {text_->tree.source, s.begin, s.end}; }
  Result<std::vector<double>> values(ast::Id root, Shape& shape);
  Result<std::uint32_t> size(ast::Id root);
  void become(SymbolId name, Role role, Shape shape, std::vector<double> numbers, const Span& where, const Piece& body = {});
  void note_constant(SymbolId name, const Span& where);
  bool function_comes_later(const ast::Statement& s) const;

  Session::State& state_;
  Program& program_;
  std::shared_ptr<const ParsedText> text_;
  Session::Answer answer_;
  bool stopped_ = false;                       // by the one who answers
  std::vector<SymbolId> deferred_;             // definitions that could not be lowered yet
  const ast::Statement* current_ = nullptr;    // at the top level
  std::uint64_t repetitions_ = 0;
};

}  // namespace wengert::session
