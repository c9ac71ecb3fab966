// A program in the making: its definitions, its values, and questions about it.
//
//   Session s;
//   s.give("x", {{1, 1}, {2.0}});                       // values from outside, before or after the text
//   auto queries = s.read("", "y = exp(x*z)\ny");       // statements run; expression statements become queries
//
// Files, the command line, the prompt and the library share it. It does no input or output. Any error
// leaves every definition as it was before the statement that failed.
#pragma once
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "wengert/core/diagnostic.hpp"
#include "wengert/core/expr.hpp"
#include "wengert/core/limits.hpp"
#include "wengert/core/source.hpp"
#include "wengert/modes/mode.hpp"
#include "wengert/sweep/matrix_form.hpp"

namespace wengert {

struct Value {
  Shape shape;
  std::vector<double> numbers;  // by rows
};

using SessionLimits = Limits;

struct QuerySource;  // where a query was read, for asking it again in another form

// One expression to answer.
struct Query {
  std::string text;                  // as written
  Span span;
  Expr expression;                   // lowered; partials of nested derivatives in the accurate form
  std::vector<NodeId> inputs;        // that it depends on, in the order of their declaration or first use, const ones left out
  std::vector<NodeId> all_inputs;    // const ones too
  std::vector<std::string> missing;  // names of inputs without a value; then only a formula can be given
  bool silent = false;               // the statement ended in `;`
  bool all_gradients = false;        // `grad(e)` alone as a statement: by every input
  std::vector<std::string> abstract; // functions in it that only have a name: it has no value either
  std::string missing_help;          // "did you mean `length`?" where a missing name is near a known one
  std::shared_ptr<const QuerySource> source;

  // Only a formula can be given.
  bool formula_only() const { return !missing.empty() || !abstract.empty(); }
  // Nothing that it depends on has a value but constants: a question about it is one for formulas.
  bool without_values() const { return formula_only() && missing.size() == inputs.size(); }
};

struct NameInfo {
  enum class Role : std::uint8_t { input, value, constant, definition, function, abstract };
  Role role = Role::input;
  std::string name;
  std::string text;            // its definition as written, where it has one
  Shape shape;
  std::optional<Value> value;  // where it has one
};

class Session {
 public:
  explicit Session(SessionLimits limits = {});
  ~Session();
  Session(Session&&) noexcept;
  Session& operator=(Session&&) noexcept;

  Sources& sources();
  Graph& graph();

  // A value from outside (--at, NAME=VALUE): overrides `name = ...`, gives an input its value, gives a
  // free name its value and shape, replaces a definition by an input (with a note).
  void give(const std::string& name, Value value);
  bool given_was_used(const std::string& name) const;
  // NAME=TEXT: the text is a closed expression of the language, such as -2, 1/3 or [[1,2],[3,4]].
  Result<Value> closed_value(const std::string& source_name, const std::string& text);

  using Answer = std::function<bool(Result<Query>)>;  // false stops the program
  // Runs the statements of a text in order. Each expression statement is handed to `answer` when it is
  // reached (its values are those of that moment). Stops at the first error, which is returned.
  std::optional<Diagnostic> run(const std::string& source_name, const std::string& text, const Answer& answer);
  // Reads one expression (-e, EXPR); it may be a short program whose last statement is the expression.
  Result<Query> query(const std::string& source_name, const std::string& text);

  // The same question by these names: inputs, const names, or defined names (their own name is replaced by
  // a fresh input with its present value before anything else, so the derivative is its adjoint).
  // The expression is lowered anew for each defined name: problems[k] and wrt[k] belong together.
  struct ByName {
    std::string name;
    Expr expression;    // of the query, with the name an input
    NodeId input;
    Shape shape;
  };
  Result<std::vector<ByName>> by_names(const Query& query, const std::vector<std::string>& names);

  // For printing: the query's expression with nested derivatives in the blackboard's form. `jacobian` says what
  // is differentiated where the whole query is jacobian(y, x) or hessian(y, x).
  Result<Expr> shown(const Query& query, std::optional<JacobianOf>* jacobian = nullptr);

  // Values of all inputs that have one, by node; those of defined names made inputs too.
  const Point& point() const;
  std::optional<Value> value_of(NodeId input) const;

  std::vector<NameInfo> names() const;  // in order of declaration, for :list and :info
  // The program that rebuilds this session: :save.
  std::string save() const;
  void forget_all();                    // :reset
  bool undo();                          // takes back the last statement that changed a definition; :undo

  // Other limits for what comes.
  void limit(const Limits& limits);
  // Asked now and then by whatever may last; true stops it with an error of kind `interrupted`. Questions about
  // a query stop by throwing Stopped. Definitions are then as they were before the statement.
  void interrupt_when(std::function<bool()> stop);

  // Notes and warnings since the last call ("e now names a variable, no longer the constant").
  std::vector<Diagnostic> take_notes();

  struct State;  // opaque

 private:
  std::unique_ptr<State> state_;
};

}  // namespace wengert
