// What a session holds, and what its parts share.
#pragma once
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "parse.hpp"
#include "wengert/lower/lower.hpp"
#include "wengert/session/session.hpp"

namespace wengert {

struct QuerySource {
  Piece piece;
};

struct Session::State {
  explicit State(const SessionLimits& most) : limits(most), program(most) {}

  SessionLimits limits;
  Program program;
  std::vector<std::size_t> history;          // marks in the journal: where each statement that changed something begins
  std::optional<Diagnostic> pending;         // a value from outside that contradicts the program
  std::function<bool()> stop;
};

namespace session {

using State = Session::State;

// A text, parsed, its names known to the program.
Result<std::shared_ptr<const ParsedText>> read(Program& program, const SessionLimits& limits, const std::string& name, const std::string& text);

// queries.cpp
struct Asked {
  std::shared_ptr<const ParsedText> text;
  ast::Id root;
  Span span;
  bool silent = false;
};
Result<Query> make_query(Program& program, const Asked& asked);
std::vector<std::string> missing_names(const Program& program, const std::vector<NodeId>& inputs);
std::string advice_for_missing(const Program& program, const std::vector<std::string>& missing);
Diagnostic without_value(const Program& program, NodeId input, const Span& span);

// The input node for a name with this shape: the one it has, if that fits.
NodeId input_node(Program& program, SymbolId name, Shape shape, bool is_const);

}  // namespace session

}  // namespace wengert
