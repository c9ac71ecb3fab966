// The walk that every notation shares: an explicit stack of what is still to be written.
//
// A notation answers one question: what a node looks like, as a Form of texts and operands. Brackets
// follow from levels: an operand that binds looser than its place asks for gets them.
#pragma once
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "precedence.hpp"
#include "wengert/core/graph.hpp"
#include "wengert/print/text.hpp"

namespace wengert::print {

// A text, or an operand with the level that its place asks for.
struct Piece {
  NodeId id = no_node;
  Level level = whole;
  bool unsigned_ = false;  // the sign in front of the operand is written already, or turned round
  std::string text;

  Piece(std::string_view t) : text(t) {}           // NOLINT: implicit on purpose
  Piece(const char* t) : text(t) {}                // NOLINT: implicit on purpose
  Piece(std::string t) : text(std::move(t)) {}     // NOLINT: implicit on purpose
  Piece(NodeId operand, Level asked, bool without_sign = false) : id(operand), level(asked), unsigned_(without_sign) {}
};

struct Form {
  Level level = atom;
  std::vector<Piece> pieces;
};

struct Brackets {
  std::string_view open, close;
};

// Notation: const std::string* name(NodeId), Form form(NodeId, bool unsigned_), Brackets brackets(),
// bool marked(NodeId).
// What is longer than `limit` characters is left out; `cut` tells so.
template <class Notation>
std::string write(const Notation& notation, NodeId root, std::size_t limit, bool& cut) {
  std::string out;
  std::vector<Piece> todo{Piece(root, whole)};
  bool at_root = true;
  while (!todo.empty()) {
    if (out.size() > limit) {
      cut = true;
      return out + "...";
    }
    const Piece piece = std::move(todo.back());
    todo.pop_back();
    if (piece.id == no_node) {
      out += piece.text;
      continue;
    }
    if (const std::string* name = notation.name(piece.id); name != nullptr && !at_root) {
      out += *name;
      continue;
    }
    at_root = false;
    if (notation.marked(piece.id)) todo.emplace_back(std::string_view(&mark_end, 1));
    Form form = notation.form(piece.id, piece.unsigned_);
    const bool bracketed = form.level < piece.level;
    if (bracketed) todo.emplace_back(notation.brackets().close);
    for (std::size_t i = form.pieces.size(); i-- > 0;) todo.push_back(std::move(form.pieces[i]));
    if (bracketed) todo.emplace_back(notation.brackets().open);
    if (notation.marked(piece.id)) out += mark_begin;
  }
  return out;
}

}  // namespace wengert::print
