#include "wengert/print/text.hpp"

#include "text_notation.hpp"

namespace wengert {

Text to_text(const Expr& e, const TextOptions& options) {
  SharedTexts all = to_texts({&e, 1}, options);
  return {std::move(all.definitions), std::move(all.expressions[0]), all.cut};
}

SharedTexts to_texts(std::span<const Expr> all, const TextOptions& options) {
  const print::Loops loops(all, options.functions);
  const print::Plan plan(all, {.on = options.share,
                              .above = options.share_above,
                              .whole_above = options.share_whole_above,
                              .definitions = options.definitions,
                              .pending = options.pending,
                              .marked = options.marked,
                              .loops = &loops});
  const print::TextNotation notation(plan);
  SharedTexts text;
  for (const print::LoopFunction& f : loops.functions()) {
    if (f.body == no_node) {
      text.definitions.emplace_back(f.head, f.text);
      continue;
    }
    const print::Plan body({*all[0].graph, f.body}, {.on = false, .loops = &loops});
    text.definitions.emplace_back(f.head, print::write(print::TextNotation(body), f.body, options.limit, text.cut));
  }
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
