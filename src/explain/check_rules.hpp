// The rules that people mistake for an operation's own.
#pragma once
#include <string>
#include <vector>

#include "steps_rules.hpp"
#include "wengert/explain/check.hpp"

namespace wengert::checking {

// An operation that varies with x.
struct Site {
  NodeId node = no_node;
  NodeId pending = no_node;  // an input that stands for its tangent
  std::vector<Expr> x, dx;   // arguments and their tangents, absent where they do not vary
  Expr tangent;              // by the row's rule
};

struct Use {
  std::size_t site = 0, argument = 0;
};
struct Shared {
  NodeId node = no_node;
  std::vector<Use> uses;
};

// The forward sweep with every operation's tangent an input of its own.
class PendingSweep {
 public:
  PendingSweep(const Expr& y, const Expr& x);

  std::vector<Site> sites;  // in evaluation order
  Expr seed, root;          // tangents of x and of y; root is absent where y does not vary
  bool differentials = false;

  // The tangent of operation s by its row, with some of the arguments' tangents taken as absent, or as others.
  Expr without(std::size_t s, const std::vector<std::size_t>& arguments);
  Expr with(std::size_t s, const std::vector<Expr>& tangents);
  // Values that vary and that several operations use, x among them.
  std::vector<Shared> shared_values() const;

 private:
  Expr with_letters(const Site& site, const std::vector<Expr>& tangents);
  Graph& g_;
  Tape tape_;
  steps::SweepFrame frame_;
  std::vector<std::size_t> instruction_;  // of each site
};

enum class WrongName : std::uint8_t {
  inner_missing,
  inner_inside,
  sign,
  product_of_derivatives,
  first_term,
  second_term,
  constant_lost,
  constant_differentiated,
  quotient_of_derivatives,
  quotient_swapped,
  quotient_square,
  quotient_plus,
  exponent_kept,
  exponent_factor,
  exponent_up,
  as_power,
  log_missing,
  constant_exponent,
  constant_base,
  transposed,
  term_lost,
  term_sign,
  count
};
inline constexpr std::size_t wrong_rule_names = static_cast<std::size_t>(WrongName::count);

struct WrongRule {
  WrongName name = WrongName::sign;
  MistakeKind kind = MistakeKind::unknown;
  std::string message;
  Expr tangent;
  bool unlikely = false;
};

std::vector<WrongRule> mistaken_rules(PendingSweep& sweep, std::size_t site);

// An expression in a message.
std::string written(const Expr& e);

}  // namespace wengert::checking
