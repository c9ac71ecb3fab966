#include <doctest/doctest.h>

#include <string>

#include "parse.hpp"

namespace wengert {

namespace {

struct Parsed {
  explicit Parsed(std::string text) : source(sources.add("", std::move(text))), tree(parse(sources, source)) {
    REQUIRE(tree);
  }
  std::string_view text(ast::Id id) const { return sources.text(tree->span(id)); }
  const ast::Node& node(ast::Id id) const { return tree->nodes[id]; }
  ast::Id value(std::size_t statement = 0) const { return tree->statements[statement].values[0]; }

  Sources sources;
  std::uint32_t source;
  Result<ast::Tree> tree;
};

}  // namespace

TEST_CASE("an operator's span covers its operands with their brackets, and `at` is the operator") {
  const Parsed p("y = (a + b)*-c ");
  const ast::Node& product = p.node(p.value());
  CHECK(p.text(p.value()) == "(a + b)*-c");
  CHECK(product.at == 11);
  CHECK(p.text(product.a) == "a + b");  // a part itself stands inside its brackets
  CHECK(p.node(product.a).at == 7);
  CHECK(p.text(product.b) == "-c");
  CHECK(p.node(product.b).at == 12);
}

TEST_CASE("a call stands at its name, an index at its bracket") {
  const Parsed p("1 + f''( x, y[2..n] )'");
  const ast::Node& transposed = p.node(p.node(p.value()).b);
  CHECK(transposed.at == 21);
  CHECK(p.text(transposed.a) == "f''( x, y[2..n] )");
  const ast::Node& call = p.node(transposed.a);
  CHECK(call.at == 4);
  CHECK(p.tree->calls[call.a].name_end == 5);
  CHECK(p.tree->calls[call.a].primes == 2);
  const ast::Id index = p.tree->calls[call.a].arguments[1];
  CHECK(p.text(index) == "y[2..n]");
  CHECK(p.node(index).at == 13);
  CHECK(p.text(p.tree->lists[p.node(index).b][0]) == "2..n");
}

TEST_CASE("names are found where they are declared") {
  const Parsed p("input W[3, 2]\nf(u, vw) = u\na, bc := 1, 2\nsum(ij in 1..2, ij)");
  const auto& statements = p.tree->statements;
  const auto text = [&](const auto& declared) { return p.sources.text(Span{p.source, declared.begin, declared.end}); };
  CHECK(text(statements[0].declared[0]) == "W");
  CHECK(text(statements[1].declared[0]) == "f");
  CHECK(text(statements[1].parameters[1]) == "vw");
  CHECK(text(statements[2].declared[1]) == "bc");
  CHECK(text(p.tree->iterations[0][0]) == "ij");
}

TEST_CASE("a statement's span reaches from its first token to its last") {
  const Parsed p(" input x, W[3, 2] # c\n y = (a) ;\nrepeat 2 { a \n }\n\n f(u) = u\n(x)");
  const auto text = [&](std::size_t i) {
    const ast::Statement& s = p.tree->statements[i];
    return p.sources.text(Span{p.source, s.begin, s.end});
  };
  CHECK(text(0) == "input x, W[3, 2]");
  CHECK(text(1) == "y = (a)");
  CHECK(p.tree->statements[1].silent);
  CHECK(text(2) == "repeat 2 { a \n }");
  CHECK(text(3) == "f(u) = u");
  CHECK(text(4) == "(x)");
}

TEST_CASE("children stand before their parents and nothing is left of the names on a left side") {
  const Parsed p("f(u, v) = u + v\na, b := 1, 2\nx = sum(i in 1..2, -i)'\n[i for i in 1..2][1]");
  for (ast::Id id = 0; id < p.tree->nodes.size(); ++id) {
    const ast::Node& n = p.node(id);
    const bool unary = n.tag == ast::Tag::negate || n.tag == ast::Tag::transpose;
    const bool binary = n.tag >= ast::Tag::or_ && n.tag <= ast::Tag::dot_power;
    if (unary || binary) CHECK(n.a < id);
    if (binary) CHECK(n.b < id);
  }
  CHECK(p.tree->nodes.size() == 3 + 2 + 6 + 6);
  CHECK(p.tree->calls.size() == 1);
}

}  // namespace wengert
