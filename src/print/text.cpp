#include "wengert/print/text.hpp"

#include "text_notation.hpp"

namespace wengert {

Text to_text(const Expr& e, const TextOptions& options) {
  Texts all = to_texts({&e, 1}, options);
  return {std::move(all.definitions), std::move(all.expressions[0]), all.cut};
}

Texts to_texts(std::span<const Expr> all, const TextOptions& options) {
  const print::Plan plan(all, {.on = options.share,
                              .above = options.share_above,
                              .whole_above = options.share_whole_above,
                              .pending = options.pending,
                              .marked = options.marked});
  const print::TextNotation notation(plan);
  Texts text;
  std::size_t left = options.limit;
  const auto write = [&](NodeId id) {
    std::string line = print::write(notation, id, left, text.cut);
    left -= std::min(left, line.size());
    return line;
  };
  for (NodeId id : plan.named()) {
    if (text.cut) break;
    text.definitions.emplace_back(*plan.name(id), write(id));
  }
  for (const Expr& e : all) {
    const std::string* name = plan.name(e.id);
    text.expressions.push_back(text.cut ? "..." : name != nullptr ? *name : write(e.id));
  }
  return text;
}

std::string Text::all() const {
  std::string out;
  for (const auto& [name, line] : definitions) out += name + " = " + line + "\n";
  return out + expression;
}

}  // namespace wengert
