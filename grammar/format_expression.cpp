// Expressions as text with as few brackets as possible.
#include <string_view>
#include <vector>

#include "format.hpp"
#include "operators.hpp"

namespace wengert {

namespace {

using ast::Id;
using ast::Tag;
using namespace grammar;

// What is still to be written, the next on top: an expression or a piece of text. Pieces are literals or names of the
// tree, so they outlive the stack.
class Writer {
 public:
  Writer(const ast::Tree& tree, const Sources& sources) : tree_(tree), sources_(sources) {}

  std::string write(Id root) {
    later(root);
    while (!todo_.empty()) {
      const Part part = todo_.back();
      todo_.pop_back();
      if (part.id == ast::none)
        out_ += part.text;
      else
        node(part.id);
    }
    return std::move(out_);
  }

 private:
  struct Part {
    Id id = ast::none;
    std::string_view text;
  };

  // Called in reverse order: what is to be written last comes first.
  void later(std::string_view text) { todo_.push_back({ast::none, text}); }
  void later(Id id) { todo_.push_back({id, {}}); }
  void later(Id id, bool brackets) {
    if (brackets) later(")");
    later(id);
    if (brackets) later("(");
  }
  void later(const std::vector<Id>& ids) {
    for (std::size_t i = ids.size(); i-- > 0;) {
      later(ids[i]);
      if (i > 0) later(", ");
    }
  }

  Precedence binds(Id id) const { return precedence(tree_.nodes[id].tag); }

  // Whether an operand keeps its brackets. Behind `^` a sign needs none: 2^-x.
  bool left_brackets(Tag parent, Id child) const {
    const Precedence outer = precedence(parent);
    if (binds(child) != outer) return binds(child) < outer;
    return groups_right(parent) || outer == comparison;
  }
  bool right_brackets(Tag parent, Id child) const {
    const Precedence outer = precedence(parent);
    if (binds(child) != outer) return binds(child) < outer && !(outer == power && binds(child) == sign);
    return !groups_right(parent);
  }

  void node(Id id) {
    const ast::Node& n = tree_.nodes[id];
    switch (n.tag) {
      case Tag::number:
        out_ += sources_.text(tree_.span(id));
        break;
      case Tag::name:
        out_ += tree_.names[n.a];
        break;
      case Tag::colon:
        out_ += ':';
        break;
      case Tag::end:
        out_ += "end";
        break;
      case Tag::negate:
        prefix(n, "-");
        break;
      case Tag::plus:
        prefix(n, "+");
        break;
      case Tag::not_:
        prefix(n, "not ");
        break;
      case Tag::transpose:
        later("'");
        later(n.a, binds(n.a) < postfix);
        break;
      case Tag::index:
        later("]");
        later(tree_.lists[n.b]);
        later("[");
        later(n.a, binds(n.a) < postfix);
        break;
      case Tag::call:
        call(tree_.calls[n.a]);
        break;
      case Tag::list:
        later("]");
        later(tree_.lists[n.a]);
        out_ += '[';
        break;
      case Tag::comprehension:
        later("]");
        iterations(n.b);
        later(" for ");
        later(n.a);
        out_ += '[';
        break;
      default:
        binary(n);
    }
  }

  void prefix(const ast::Node& n, std::string_view sign) {
    later(n.a, binds(n.a) < precedence(n.tag));
    out_ += sign;
  }

  void binary(const ast::Node& n) {
    const BinaryOperator& written = *binary_operator(n.tag);
    const std::string_view space = written.spaces == Spaces::yes ? " " : "";
    later(n.b, right_brackets(n.tag, n.b));
    later(space);
    later(written.text);
    later(space);
    later(n.a, left_brackets(n.tag, n.a));
  }

  void call(const ast::Call& c) {
    later(")");
    later(c.arguments);
    if (c.iterations != ast::none) {
      later(", ");
      iterations(c.iterations);
    }
    out_ += tree_.names[c.name];
    out_.append(c.primes, '\'');
    out_ += '(';
  }

  void iterations(std::uint32_t index) {
    const auto& list = tree_.iterations[index];
    for (std::size_t i = list.size(); i-- > 0;) {
      later(list[i].high, right_brackets(Tag::range, list[i].high));
      later("..");
      later(list[i].low, left_brackets(Tag::range, list[i].low));
      later(" in ");
      later(tree_.names[list[i].name]);
      if (i > 0) later(", ");
    }
  }

  const ast::Tree& tree_;
  const Sources& sources_;
  std::vector<Part> todo_;
  std::string out_;
};

}  // namespace

std::string format(const ast::Tree& tree, const Sources& sources, ast::Id expression) {
  return Writer(tree, sources).write(expression);
}

}  // namespace wengert
