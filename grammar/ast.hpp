// The syntax tree: what was typed, with the position of every part, and nothing of what it means.
//
// Nodes stand in one array and refer to each other by number, children before parents, so a tree
// of any depth is walked with a loop and freed without recursion. Names are interned in NFC. Brackets leave no node: a
// node's span does not include those around it, its parent's does.
#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "wengert/core/source.hpp"

namespace wengert::ast {

using Id = std::uint32_t;      // of a node
using NameId = std::uint32_t;  // of a name in Tree::names
inline constexpr std::uint32_t none = 0xffffffffu;

// clang-format off
enum class Tag : std::uint8_t {
  number,  // a: index into numbers
  name,    // a: NameId
  colon,   // `:` alone as an index
  end,     // `end` in an index
  // one operand, in a
  negate, plus, not_, transpose,
  // two operands, in a and b
  or_, and_, less, less_equal, greater, greater_equal, equal, not_equal, range,
  add, subtract, dot_add, dot_subtract, multiply, divide, dot_multiply, dot_divide, power, dot_power,
  // variable numbers of parts
  call,           // name(args), name'(args), name(i in 1..n, args): a: index into calls
  index,          // a: base; b: index into lists (subscripts)
  list,           // [x, y, z]: a: index into lists
  comprehension,  // [body for i in 1..n, ...]: a: body; b: index into iterations
};
// clang-format on

struct Node {
  Tag tag = Tag::number;
  std::uint32_t a = none;
  std::uint32_t b = none;
  std::uint32_t begin = 0;  // bytes in the source
  std::uint32_t end = 0;
  std::uint32_t at = 0;  // where the operator stands (binary, unary), or the name of a call
};

struct Number {
  double value = 0;      // correctly rounded
  bool integer = false;  // written without a point or an exponent, and exact as a double
};

// `i in lo..hi`
struct Iterator {
  NameId name = none;
  std::uint32_t begin = 0, end = 0;  // the name's position
  Id low = none, high = none;
};

struct Call {
  NameId name = none;
  std::uint32_t name_end = 0;       // the name stands at [node.at, name_end)
  std::uint32_t primes = 0;         // f''(x) has 2
  std::uint32_t iterations = none;  // index into iterations, for sum(i in 1..n, body)
  std::vector<Id> arguments;
};

// A name where a statement declares it, with its declared shape (`W[3,2]`: two closed integer expressions; a column
// `b[3]` has rows only).
struct Declared {
  NameId name = none;
  std::uint32_t begin = 0, end = 0;
  Id rows = none, cols = none;
};

enum class Does : std::uint8_t {
  input,       // declared: the names with their shapes
  define,      // declared[0] = values[0]
  constant,    // const declared[0] = values[0]
  function,    // declared[0](parameters) = values[0]
  abstract,    // function u, v: declared
  store,       // declared := values, as many on both sides
  repeat,      // values[0] times: body
  expression,  // values[0]
};

struct Statement {
  Does does = Does::expression;
  bool silent = false;  // ended by `;`
  std::uint32_t begin = 0, end = 0;
  std::vector<Declared> declared;
  std::vector<Declared> parameters;
  std::vector<Id> values;
  std::vector<Statement> body;  // of a repeat
};

struct Tree {
  std::uint32_t source = 0;  // id in Sources, for spans
  std::vector<Node> nodes;
  std::vector<Number> numbers;
  std::vector<std::string> names;
  std::vector<std::vector<Id>> lists;
  std::vector<Call> calls;
  std::vector<std::vector<Iterator>> iterations;
  std::vector<Statement> statements;

  Span span(Id id) const { return {source, nodes[id].begin, nodes[id].end}; }
};

}  // namespace wengert::ast
