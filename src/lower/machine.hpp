// The machine that lowers: explicit stacks instead of recursion.
//
// `work` holds what is still to be done, `values` the operands that are ready. `a + b*c` is
//   visit +  ->  visit a, visit b*c, combine +  ->  push a; visit b, visit c, combine *, combine +  -> ...
// so no depth of operators, brackets, definitions or calls costs stack space. A frame is a text that
// is being read: the expression itself, a definition that it needs, a function that it calls.
#pragma once
#include <algorithm>
#include <unordered_map>
#include <unordered_set>

#include "site.hpp"

namespace wengert::lowering {

enum class Do : std::uint8_t {
  visit, unary, binary, list,
  call, call_abstract, enter_function, leave_function, enter_prime, leave_prime, prime_elements, gather, give, enter_iterate, leave_iterate,
  leave_definition,
  subscripts, subscript, index,
  enter_derivative, derivative,
  loop_bounds, loop_bound, loop_unroll, loop_body, loop_all,
};

struct Task {
  Do what;
  ast::Id id;
  std::uint32_t extra = 0;
};

// A parameter, or the index of a loop.
struct Local {
  SymbolId symbol;
  Value value;
  bool index = false;  // of a loop: not to be differentiated by
  bool fresh = false;  // the input that stands for a parameter in a derivative
  std::size_t place = 0;  // of the parameter
};

struct Frame {
  const ParsedText* text = nullptr;
  std::uint64_t time = 0;
  std::size_t locals = 0;             // where its own begin
  SymbolId definition = no_symbol;    // that is being lowered
  SymbolId function = no_symbol;      // that is being called
  Span called;                        // from where
  bool sized = false;                 // a present value was used as a size
  std::size_t indexed = 0;            // height of the stack of indices
  Shape extent{0, 0};                 // of the loops that are lowered all at once; 0: free
  Program::Overrides* overrides = nullptr;
};

// One `i in low..high` of a loop that is being unrolled.
struct Level {
  std::int64_t low = 1, high = 0, at = 1;
};

struct Loop {
  ast::Id id;
  const std::vector<ast::Iterator>* iterators;
  ast::Id body;
  std::size_t values;                // where its results begin
  std::vector<Level> levels;         // of the iterators that have bounds now
  std::vector<std::uint64_t> shape;  // of a comprehension
  std::uint64_t terms = 0;           // so far
  bool whole = false;                // the result is there, as an array
  // Lowered all at once, from level `first` on:
  std::size_t first = 0;
  std::uint8_t used = 0;             // the lanes it takes
  std::uint64_t key = 0;             // of this attempt
};

struct Indexed {
  Shape base;
  std::uint32_t count = 1, at = 0;
};

// A name that a derivative is taken by.
struct By {
  SymbolId symbol = no_symbol;
  ast::Id at = ast::none;
  ast::Id element = ast::none;  // W[1, 2]
  std::uint64_t order = 1;
  Value present;                // what is put back
  Value input;
  bool replaced = false;
};

struct Derivation {
  ast::Id id = ast::none;
  std::vector<By> by = {};
  std::vector<ast::Id> tangents = {};
  std::vector<By> parameters = {};  // the other ones of the function: fresh variables too
  std::size_t values = 0;           // where its operands begin
  std::size_t locals = 0;
  Program::Overrides* before = nullptr;
};

// What is put back when a loop cannot be lowered all at once.
struct Attempt {
  std::size_t work, values, frames, locals, loops, levels, derivations, indices, iterations;
  std::uint8_t used;  // lanes of the innermost loop
  Frame frame;
  Task otherwise;
};

// Symbols that are open: a few nearly always, and then no memory is asked for each.
class OpenSymbols {
 public:
  bool contains(SymbolId s) const {
    return many_.empty() ? std::find(few_.begin(), few_.end(), s) != few_.end() : many_.contains(s);
  }
  std::size_t size() const { return many_.empty() ? few_.size() : many_.size(); }
  // Whether it was not open before.
  bool insert(SymbolId s) {
    if (contains(s)) return false;
    if (many_.empty() && few_.size() < most_few) {
      few_.push_back(s);
      return true;
    }
    if (many_.empty()) many_.insert(few_.begin(), few_.end());
    return many_.insert(s).second;
  }
  void erase(SymbolId s) {
    if (many_.empty()) {
      std::erase(few_, s);
      return;
    }
    many_.erase(s);
    if (many_.empty()) few_.clear();
  }

 private:
  static constexpr std::size_t most_few = 16;
  std::vector<SymbolId> few_;
  std::unordered_set<SymbolId> many_;  // where it has some, all are here
};

class Machine {
 public:
  Machine(Program& program, Form form) : program_(program), graph_(program.graph), form_(form) {
    // Enough for a line: a program may have as many machines as lines.
    work_.reserve(32);
    values_.reserve(16);
    frames_.reserve(4);
  }

  Expr expression(const Piece& piece, const std::vector<SymbolId>& as_inputs);
  Expr definition(SymbolId name, const std::vector<SymbolId>& as_inputs);
  bool met_free() const { return met_free_; }
  Form form() const { return form_; }
  const std::optional<JacobianOf>& root_jacobian() const { return root_jacobian_; }

  // For sites.
  double closed(const Value& v, const Span& where, std::string_view what);
  [[noreturn]] void refuse(Diagnostic d) const;

 private:
  friend class Site;
  Frame& frame() { return frames_.back(); }
  const ast::Tree& tree() { return frame().text->tree; }
  const ast::Node& node(ast::Id id) { return tree().nodes[id]; }
  Site site(ast::Id id) { return {*this, program_, *frame().text, id}; }
  void push(Do what, ast::Id id, std::uint32_t extra = 0) { work_.push_back({what, id, extra}); }
  void visit_later(ast::Id id) { push(Do::visit, id); }
  Value pop();
  Args top(std::size_t n) const { return {values_.data() + values_.size() - n, n}; }
  void replace(std::size_t n, const Value& result, ast::Id id);  // the top n values become the result
  void mark(const Value& v, ast::Id id);                         // its span

  void run();
  void step(const Task& t);
  bool recover();
  void attempt(const Task& otherwise);

  // names.cpp
  void visit_name(ast::Id id);
  const Local* find_local(SymbolId symbol) const;
  Value constant_named(SymbolId symbol) const;
  bool is_constant(SymbolId symbol) const;
  void enter_definition(SymbolId name, const Span& from);
  void leave_definition();
  [[noreturn]] void refuse_cycle(SymbolId name, const Span& from) const;
  Program::Overrides* overrides_with(const std::vector<SymbolId>& names);

  // calls.cpp
  void visit_call(ast::Id id);
  void finish_call(ast::Id id);
  void finish_abstract(ast::Id id);
  SymbolId callee(ast::Id id);
  // What a name means in front of a bracket, unless the program defines it.
  struct Meaning {
    bool iterate = false, derivative = false;
    Callable builtin;
  };
  const Meaning& meaning_of(SymbolId symbol);
  void enter_function(ast::Id id, std::uint32_t arguments);
  void enter_frame(SymbolId function, ast::Id id, std::uint32_t arguments, bool fresh, Program::CallKey key);
  void leave_function(ast::Id id);
  [[noreturn]] void refuse_function(ast::Id id, SymbolId symbol, const Span& where);
  void check_arguments(const Site& s, std::string_view name, std::size_t given, int least, int most);

  // iterate.cpp
  void visit_iterate(ast::Id id);
  void enter_iterate(ast::Id id);
  void leave_iterate(ast::Id id);

  // primes.cpp: f'(x)
  void enter_prime(ast::Id id, bool of_element);
  void leave_prime(ast::Id id);
  void finish_prime(ast::Id id);
  void prime_elements(ast::Id id);
  void gather(ast::Id id, std::uint32_t count);

  // indexing.cpp
  void visit_index(ast::Id id);
  void begin_subscripts(ast::Id id);
  void finish_index(ast::Id id);
  void visit_end(ast::Id id);
  void note_size(NodeId node);

  // iteration.cpp
  void begin_loop(ast::Id id, std::uint32_t iterations, ast::Id body);
  void loop_bounds(ast::Id id);
  void loop_bound(ast::Id id);
  void loop_unroll(ast::Id id);
  void loop_body(ast::Id id);
  void loop_all(ast::Id id);
  void loop_term(ast::Id id);
  void loop_next(ast::Id id);
  void finish_loop(ast::Id id);
  void bind_lane(Loop& loop);
  bool try_all_at_once(Loop& loop);
  std::string_view loop_kind(const Loop& loop);

  // derivatives.cpp
  void visit_derivative(ast::Id id);
  By differentiated_name(ast::Id id);
  void enter_derivative(ast::Id id);
  void finish_derivative(ast::Id id);
  void by_only_input(Derivation& d, const Value& e);
  Expr put_back(const Expr& e, const Derivation& d);
  void note_jacobian(const Expr& y, const Derivation& d);
  void check_sweeps(const Expr& e, std::uint64_t sweeps, ast::Id id);

  Program& program_;
  Graph& graph_;
  Form form_;
  bool met_free_ = false;
  std::optional<JacobianOf> root_jacobian_;
  std::vector<Task> work_;
  std::vector<Value> values_;
  std::vector<Frame> frames_;
  std::vector<Local> locals_;
  std::vector<Loop> loops_;
  std::vector<Derivation> derivations_;
  std::vector<Indexed> indices_;
  std::vector<Attempt> attempts_;
  std::vector<std::uint64_t> iterations_;              // of the iterates whose bodies are open
  std::unordered_set<std::uint64_t> not_elementwise_;  // loops that were tried
  std::unordered_map<NodeId, double> closed_;
  std::vector<Program::CallKey> call_keys_;
  std::unordered_map<SymbolId, Meaning> meanings_;  // of those that were met
  OpenSymbols lowering_, calling_;
};

// Names of operators on loops and of derivatives.
bool is_loop_function(std::string_view name);
bool is_derivative(std::string_view name);

}  // namespace wengert::lowering
