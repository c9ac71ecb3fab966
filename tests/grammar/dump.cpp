#include "dump.hpp"

#include <cmath>
#include <cstdio>
#include <variant>
#include <vector>

#include "operators.hpp"

namespace wengert::test {

namespace {

using ast::Tag;

std::string number(double value) {
  char buffer[64];
  if (value == std::floor(value) && value < 1e15) {
    std::snprintf(buffer, sizeof buffer, "%.0f", value);
    return buffer;
  }
  std::snprintf(buffer, sizeof buffer, "%.17g", value);
  double back = 0;
  for (int digits = 1; digits < 17; ++digits) {
    char shorter[64];
    std::snprintf(shorter, sizeof shorter, "%.*g", digits, value);
    if (std::sscanf(shorter, "%lf", &back) == 1 && back == value) return shorter;
  }
  return buffer;
}

// Expressions are written with a stack of what is still to be written: nodes and pieces of text.
class Writer {
 public:
  explicit Writer(const ast::Tree& tree) : tree_(tree) {}

  std::string expression(ast::Id root) {
    std::string out;
    todo_.emplace_back(root);
    while (!todo_.empty()) {
      const auto next = todo_.back();
      todo_.pop_back();
      if (const auto* text = std::get_if<std::string>(&next))
        out += *text;
      else
        node(std::get<ast::Id>(next), out);
    }
    return out;
  }

 private:
  using Part = std::variant<ast::Id, std::string>;

  void later(std::vector<Part> parts) { todo_.insert(todo_.end(), parts.rbegin(), parts.rend()); }

  void iterations(std::uint32_t index, std::vector<Part>& parts) const {
    if (index == ast::none) return;
    for (const ast::Iterator& i : tree_.iterations[index]) {
      parts.emplace_back(" (in " + tree_.names[i.name] + " ");
      parts.emplace_back(i.low);
      parts.emplace_back(" ");
      parts.emplace_back(i.high);
      parts.emplace_back(")");
    }
  }

  void node(ast::Id id, std::string& out) {
    const ast::Node& n = tree_.nodes[id];
    std::vector<Part> parts;
    switch (n.tag) {
      case Tag::number: {
        const ast::Number& value = tree_.numbers[n.a];
        out += number(value.value);
        if (!value.integer) out += "r";
        return;
      }
      case Tag::name:
        out += tree_.names[n.a];
        return;
      case Tag::colon:
        out += ":";
        return;
      case Tag::end:
        out += "end";
        return;
      case Tag::negate:
        parts = {"(neg ", n.a, ")"};
        break;
      case Tag::plus:
        parts = {"(pos ", n.a, ")"};
        break;
      case Tag::not_:
        parts = {"(not ", n.a, ")"};
        break;
      case Tag::transpose:
        parts = {"(' ", n.a, ")"};
        break;
      case Tag::call: {
        const ast::Call& call = tree_.calls[n.a];
        parts.emplace_back("(" + tree_.names[call.name] + std::string(call.primes, '\'') + "()");
        iterations(call.iterations, parts);
        add_all(call.arguments, parts);
        break;
      }
      case Tag::index:
        parts = {"(at ", n.a};
        add_all(tree_.lists[n.b], parts);
        break;
      case Tag::list:
        parts = {"(list"};
        add_all(tree_.lists[n.a], parts);
        break;
      case Tag::comprehension:
        parts = {"(for"};
        iterations(n.b, parts);
        parts.emplace_back(" ");
        parts.emplace_back(n.a);
        parts.emplace_back(")");
        break;
      default:
        parts = {"(" + std::string(grammar::binary_operator(n.tag)->text) + " ", n.a, " ", n.b, ")"};
    }
    later(std::move(parts));
  }

  static void add_all(const std::vector<ast::Id>& ids, std::vector<Part>& parts) {
    for (const ast::Id id : ids) {
      parts.emplace_back(" ");
      parts.emplace_back(id);
    }
    parts.emplace_back(")");
  }

  const ast::Tree& tree_;
  std::vector<Part> todo_;
};

std::string names(const ast::Tree& tree, const std::vector<ast::Declared>& declared) {
  std::string out;
  for (const ast::Declared& d : declared) {
    out += " " + tree.names[d.name];
    if (d.rows == ast::none) continue;
    out += "[" + Writer(tree).expression(d.rows);
    if (d.cols != ast::none) out += " " + Writer(tree).expression(d.cols);
    out += "]";
  }
  return out;
}

std::string statements(const ast::Tree& tree, const std::vector<ast::Statement>& list);

std::string statement(const ast::Tree& tree, const ast::Statement& s) {
  std::string values;
  for (const ast::Id id : s.values) values += " " + Writer(tree).expression(id);
  switch (s.does) {
    case ast::Does::input:
      return "(input" + names(tree, s.declared) + ")";
    case ast::Does::define:
      return "(=" + names(tree, s.declared) + values + ")";
    case ast::Does::constant:
      return "(const" + names(tree, s.declared) + values + ")";
    case ast::Does::function: {
      const std::string parameters = names(tree, s.parameters);
      return "(def" + names(tree, s.declared) + " (" + parameters.substr(1) + ")" + values + ")";
    }
    case ast::Does::abstract:
      return "(function" + names(tree, s.declared) + ")";
    case ast::Does::store:
      return "(:=" + names(tree, s.declared) + values + ")";
    case ast::Does::repeat:
      return "(repeat" + values + (s.body.empty() ? "" : " ") + statements(tree, s.body) + ")";
    case ast::Does::expression:
      return values.substr(1);
  }
  return {};
}

std::string statements(const ast::Tree& tree, const std::vector<ast::Statement>& list) {
  std::string out;
  for (const ast::Statement& s : list) {
    if (!out.empty()) out += " ";
    out += statement(tree, s);
    if (s.silent) out += ";";
  }
  return out;
}

}  // namespace

std::string dump(const ast::Tree& tree) { return statements(tree, tree.statements); }

std::string dump(std::string_view text) {
  Sources sources;
  const std::uint32_t source = sources.add("", std::string(text));
  const Result<ast::Tree> tree = parse(sources, source);
  if (tree) return dump(*tree);
  const Position place = sources.position(tree.error().span);
  return std::to_string(place.line) + ":" + std::to_string(place.column) + " " + tree.error().message;
}

}  // namespace wengert::test
