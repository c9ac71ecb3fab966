// A program as lowering sees it: what every name stands for at this moment, and the values of inputs.
//
//   Program p;
//   SymbolId x = p.symbol("x");
//   p.declare(x, {.role = Role::input, .input = p.graph.input("x", {})});
//
// A name is a symbol: a variable and a function may share it. Definitions are lowered on demand and
// remembered until something that they use changes: changes walk the users of a name, so a change
// costs what it invalidates. Every change is journalled; rollback takes back what came after a mark.
#pragma once
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <utility>
#include <variant>
#include <vector>

#include "ast.hpp"
#include "wengert/core/diagnostic.hpp"
#include "wengert/core/expr.hpp"
#include "wengert/core/limits.hpp"
#include "wengert/core/source.hpp"
#include "wengert/sweep/differentiate.hpp"

namespace wengert {

using SymbolId = std::uint32_t;
inline constexpr SymbolId no_symbol = 0xffffffffu;

using LowerLimits = Limits;

// A parsed text, its names as symbols of the program.
struct ParsedText {
  ast::Tree tree;
  std::vector<SymbolId> symbols;  // by ast::NameId
};

// An expression of a text. `time` says when it was read: `e` is the constant in what is older than `e = ...`.
struct Piece {
  std::shared_ptr<const ParsedText> text;
  ast::Id root = ast::none;
  std::uint64_t time = 0;
};

enum class Role : std::uint8_t { free, input, value, constant, definition };

struct Variable {
  Role role = Role::free;
  Piece body;               // of a definition, or the text of a value
  NodeId input = no_node;   // of what is not a definition
  Span declared;            // where it got its meaning
  Span statement;           // of a definition: the whole statement
  std::uint64_t since = 0;  // the time of that
  std::uint64_t order = 0;  // of its first appearance; 0: none yet
  bool sized = false;       // declared by `input` with its shape
};

struct Function {
  enum class State : std::uint8_t { undefined, defined, abstract };
  State state = State::undefined;
  Piece body;
  std::vector<SymbolId> parameters;
  Span declared;   // the whole statement
  std::uint64_t order = 0;
};

// Values by node, by rows: Point of the modes.
using Values = std::unordered_map<NodeId, std::vector<double>>;

class Program {
 public:
  explicit Program(LowerLimits most = {}) : limits(most) { graph.limit_nodes(most.nodes); }

  SymbolId symbol(std::string_view name);
  void reserve_symbols(std::size_t n);  // as many more
  const std::string& name(SymbolId id) const { return names_[id]; }
  std::size_t symbols() const { return names_.size(); }
  const Variable& variable(SymbolId id) const { return variables_[id]; }
  const Function& function(SymbolId id) const { return functions_[id]; }

  // Changes, journalled; what was lowered from the old meaning is forgotten.
  void declare(SymbolId id, Variable meaning);
  void declare_function(SymbolId id, Function meaning);
  void set_value(NodeId input, std::vector<double> numbers);
  void clear_value(NodeId input);
  // The input that a free name is; made if it is not there.
  NodeId free_input(SymbolId id);
  std::uint64_t next_time() { return ++time_; }
  std::uint64_t now() const { return time_; }

  // The journal.
  std::size_t mark() const { return journal_.size(); }
  void begin_statement() { ++statement_; }
  void rollback(std::size_t mark);

  // What a definition's or function's text mentions becomes an edge from it to its user.
  void connect(SymbolId id, bool is_function, const Piece& body);
  // The functions through which this one calls itself, itself first and last; empty if it does not.
  std::vector<SymbolId> recursion_of(SymbolId function) const;
  // Definitions that mention one of these names, however far.
  std::unordered_set<SymbolId> reached_from(const std::vector<SymbolId>& names) const;
  // `input` was read as a size or an index while lowering this definition.
  void used_as_size(NodeId input, SymbolId definition) { size_users_[input].insert(definition); }
  bool is_size_of_something(NodeId input) const { return size_users_.contains(input); }

  // Definitions as nodes, once lowered; no_node otherwise.
  struct Overrides {  // some defined names are inputs
    std::vector<SymbolId> names;                       // sorted
    std::unordered_map<SymbolId, NodeId> inputs;
    std::unordered_set<SymbolId> affected;             // definitions that reach one of them
    std::unordered_map<SymbolId, NodeId> lowered;
  };
  NodeId& lowered(Form form, SymbolId id);
  Overrides& overrides(Form form, const std::vector<SymbolId>& names);
  // The input that stands for a defined name that one differentiates by.
  NodeId stand_in(SymbolId id, Shape shape);
  // ... and for a function's parameter.
  NodeId parameter_input(SymbolId function, std::size_t index, Shape shape);
  SymbolId symbol_of(NodeId input) const;

  struct CallKey {
    std::vector<std::uint64_t> words;
    friend bool operator==(const CallKey&, const CallKey&) = default;
  };
  struct CallHash { std::size_t operator()(const CallKey& k) const; };
  struct CallResult { NodeId node; std::uint8_t lanes; };
  std::unordered_map<CallKey, CallResult, CallHash> calls;
  std::unordered_map<CallKey, std::uint32_t, CallHash> loops;  // bodies of iterates, as payloads

  Graph graph;
  Sources sources;
  Values point;
  LowerLimits limits;
  std::unordered_map<SymbolId, std::pair<Shape, std::vector<double>>> given;  // from outside
  std::unordered_set<SymbolId> given_used;
  std::vector<Diagnostic> notes;
  std::vector<std::uint8_t> span_counts;  // how many spans lowering gave each node

 private:
  // What was there before; nothing: a name that had no meaning yet, or an input (`valued`) that had no value.
  struct Change {
    std::uint32_t id = no_symbol;
    bool valued = false;
    std::variant<std::monostate, Variable, Function, std::vector<double>> before;
  };
  using Unit = std::uint32_t;  // 2*symbol, +1 for the function
  void invalidate(Unit changed);
  void forget(SymbolId definition);
  void journal_value(NodeId input);
  void disconnect(Unit user);
  std::span<const Unit> users_of(Unit u) const { return u < users_.size() ? std::span<const Unit>(users_[u]) : std::span<const Unit>(); }
  void forget_derived();

  std::vector<std::string> names_;
  std::unordered_map<std::string, SymbolId> ids_;
  std::vector<Variable> variables_;
  std::vector<Function> functions_;
  std::vector<std::vector<Unit>> users_;  // by Unit
  std::vector<std::vector<Unit>> uses_;   // by Unit
  std::vector<Unit> mentioned_;           // by the text at hand
  std::vector<NodeId> lowered_[2];        // by Form, by symbol
  std::map<std::pair<Form, std::vector<SymbolId>>, std::unique_ptr<Overrides>> overrides_;
  std::unordered_map<SymbolId, NodeId> stand_ins_;
  std::map<std::tuple<SymbolId, std::size_t, std::uint64_t>, NodeId> parameter_inputs_;
  std::unordered_map<NodeId, SymbolId> input_symbols_;
  std::unordered_map<NodeId, std::unordered_set<SymbolId>> size_users_;
  std::vector<Change> journal_;
  static constexpr std::uint64_t never = ~std::uint64_t{0};
  std::vector<std::uint64_t> declared_in_;                  // by symbol: the statement that changed it last
  std::unordered_map<NodeId, std::uint64_t> valued_in_;     // by input
  std::uint64_t statement_ = 0;
  std::uint64_t time_ = 0;
  std::uint64_t order_ = 0;
};

// Calls f(child) for every expression that the node is made of.
template <class F>
void each_child(const ast::Tree& tree, ast::Id id, F&& f) {
  using ast::Tag;
  const ast::Node& n = tree.nodes[id];
  const auto iterators = [&](std::uint32_t index) {
    for (const ast::Iterator& i : tree.iterations[index]) { f(i.low); f(i.high); }
  };
  switch (n.tag) {
    case Tag::number: case Tag::name: case Tag::colon: case Tag::end: return;
    case Tag::negate: case Tag::plus: case Tag::not_: case Tag::transpose: f(n.a); return;
    case Tag::call: {
      const ast::Call& call = tree.calls[n.a];
      if (call.iterations != ast::none) iterators(call.iterations);
      for (ast::Id a : call.arguments) f(a);
      return;
    }
    case Tag::index: f(n.a); for (ast::Id s : tree.lists[n.b]) f(s); return;
    case Tag::list: for (ast::Id s : tree.lists[n.a]) f(s); return;
    case Tag::comprehension: iterators(n.b); f(n.a); return;
    default: f(n.a); f(n.b); return;
  }
}

// Visits every node of the expression; f(id).
template <class F>
void each_node(const ast::Tree& tree, ast::Id root, F&& f) {
  std::vector<ast::Id> open;
  open.reserve(16);
  open.push_back(root);
  while (!open.empty()) {
    const ast::Id id = open.back();
    open.pop_back();
    f(id);
    each_child(tree, id, [&](ast::Id child) { open.push_back(child); });
  }
}

}  // namespace wengert
