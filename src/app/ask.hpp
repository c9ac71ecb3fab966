// One question put to the engine, and the answer as data: what to print is decided elsewhere.
//
// Everything here gathers what session, modes and explain say; nothing is computed.
#pragma once
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "app/options.hpp"
#include "wengert/explain/agree.hpp"
#include "wengert/session/session.hpp"

namespace wengert::app {

struct Variable {
  std::string name;
  Shape shape;
};

struct ValueAnswer {
  Shape shape;
  std::vector<double> value;
  std::vector<std::string> digits;  // with --digits
  std::vector<Diagnostic> warnings;
};

// A Jacobian, a Hessian or a product with a Jacobian.
struct DerivativeAnswer {
  Quantity what = Quantity::jacobian;
  Shape shape;
  std::vector<double> value;
  std::vector<Variable> by;
  // Of a Jacobian and a vjp, parallel to `by`; of a Hessian the matrix over all elements of `by`, by rows; of a
  // jvp the one result, shaped like the value.
  std::vector<Block> blocks;
  Mode mode = Mode::reverse;           // that gave the blocks
  std::optional<Agreement> agreement;  // where several modes were asked, or many digits
  std::vector<Diagnostic> warnings;
  Layout layout = Layout::usual;  // of the blocks: see laid_out.hpp

  std::uint64_t inputs() const;
  Shape jacobian_shape(std::size_t k) const;  // of block k as a Jacobian
  bool compared() const { return agreement && agreement->modes.size() > 1; }
};

struct Formula {
  std::string name;  // of what it is a derivative by, where several are given
  std::string text;  // named lines, then the expression
  Shape shape;
  Expr expression;         // that the text writes, where it writes one
  std::string shared, brief;  // of several formulas: lines for all of them (of the first), and the text with their names
  std::vector<std::string> value_indices, variable_indices;  // where the text is one entry, these index it
};

// As many as were asked for, and no more than there are processors.
std::size_t threads_of(const Options& options);

class Asker {
 public:
  Asker(Session& session, const Options& options) : session_(session), options_(options) {}

  Result<ValueAnswer> value(const Query& query) const;
  // By one mode (the cheapest unless --mode says another) or, with `every`, by all of them.
  Result<DerivativeAnswer> derivative(const Query& query, bool every) const;
  Result<DerivativeAnswer> hessian(const Query& query) const;
  Result<DerivativeAnswer> jvp(const Query& query) const;
  Result<DerivativeAnswer> vjp(const Query& query) const;

  Result<std::vector<Formula>> formula(const Query& query) const;  // simplified; gradients for `grad(e)` alone
  // What `grad` and `jacobian` answer where nothing has a value: by each of the names.
  Result<std::vector<Formula>> derivative_formulas(const Query& query, Task task) const;
  Result<std::vector<Formula>> hessian_formulas(const Query& query) const;  // by each pair of them
  Result<Formula> latex(const Query& query) const;                 // as written, typeset
  Result<Formula> diff(const Query& query) const;
  // What `--by` names, or the only input, with the expression as the blackboard writes it.
  Result<Session::ByName> target(const Query& query) const;

  // The expression by the names that are asked for, all of its inputs otherwise.
  Result<Problem> problem(const Query& query) const;

  // The error for inputs without a value.
  Diagnostic missing_values(const Query& query) const;

 private:
  using ByNames = std::vector<Session::ByName>;
  // Names that share an expression are one problem.
  struct Group {
    Problem problem;
    std::vector<std::size_t> places;  // in the list of names
  };
  // What a formula of a derivative is asked by, in the blackboard's form where that is another.
  struct Target {
    std::string name;
    Expr expression, y, x;
  };
  using Targets = std::vector<Target>;
  Result<Targets> formula_targets(const Query& query) const;
  Result<ByNames> names(const Query& query) const;
  std::vector<Group> groups(const Query& query, const ByNames& names) const;
  std::optional<Diagnostic> too_long(Mode mode, const Problem& problem, Quantity what) const;
  std::optional<Diagnostic> too_large(const char* what, std::uint64_t rows, std::uint64_t columns, const Span& span) const;
  Mode one_mode(const Problem& problem, Mode otherwise) const;
  AgreementOptions agreement_options(bool every, const Problem& problem, Mode otherwise) const;
  // The answer to one question on one problem after another, by one mode or compared.
  std::optional<Diagnostic> answered(DerivativeAnswer& answer, std::vector<Group> groups, bool every, Mode otherwise,
                                     const std::function<Wanted(const Group&)>& wanted) const;
  Result<Problem> one_problem(const Query& query, const ByNames& names) const;
  Result<std::string> only_input(const Query& query) const;

  Session& session_;
  const Options& options_;
};

}  // namespace wengert::app
