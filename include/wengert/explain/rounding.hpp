// What rounding may do to an answer: a bound for each of its elements, by a running error analysis of the sweeps.
//
//   RoundingBounds bounds(problem, wanted, point);
//   bounds.of(0, 2).bound  of block 0, element 2: how far from the truth a computation in doubles may be
//   bounds.where()         where rounding left nothing at all, if it did
//
// The program runs forward and in reverse in numbers that carry their bound (sweep/rounded.hpp); an element has the
// larger one of both, as modes go either way, and says what both made of it. A Hessian is the Jacobian of the
// gradient's program, and that of the directional derivative's. Sweeps run when they are first needed: a few for each
// element asked for.
#pragma once
#include <map>
#include <memory>

#include "wengert/explain/agree.hpp"
#include "wengert/sweep/extract.hpp"
#include "wengert/sweep/rounded.hpp"

namespace wengert {

class RoundingBounds {
 public:
  RoundingBounds(const Problem& p, const Wanted& wanted, const Point& point);
  RoundingBounds(const RoundingBounds&) = delete;  // the frame refers to the tape
  RoundingBounds& operator=(const RoundingBounds&) = delete;

  struct Bound {
    double bound = 0;
    double forward = 0, reverse = 0;  // the element by each sweep
  };
  Bound of(std::size_t block, std::size_t element);

  // The first operation whose bound is infinite, of the values or else of the last sweeps.
  struct Place {
    Span span;
    std::string operation;  // "`/`", "exp"
    bool overflow = false;  // its value is infinite, its operands are not
    bool in_derivative = false;
  };
  std::optional<Place> where() const;

  // How much a difference between two computations may exceed the bound: they add and multiply in other orders than the
  // sweeps that the bound is computed by, and may err to both sides.
  static constexpr double orders = 4;

 private:
  using Numbers = std::vector<Rounded>;
  const Numbers& row(std::size_t output);    // the derivative of an output by all inputs, in reverse
  const Numbers& column(std::size_t input);  // of all outputs by an input, forward
  const Numbers& product();
  Bound second(std::size_t i, std::size_t j);  // the element of a Hessian, by the forward sweep's derivative first
  Numbers pushed(const std::vector<std::vector<double>>& directions);
  Numbers pulled(const std::vector<double>& cotangent);
  std::optional<Place> first_lost(const Plane<Rounded>& plane, bool in_derivative) const;

  Wanted wanted_;
  Extract gradient_;                                                    // of a Hessian: the program of the gradient
  Point at_;                                                            // of that
  std::map<std::size_t, std::unique_ptr<RoundingBounds>> directional_;  // the first derivative by an input
  const Graph* graph_;
  std::vector<std::size_t> sizes_;  // of each of wrt
  std::size_t inputs_ = 0, outputs_ = 0;
  std::unique_ptr<Tape> tape_;
  std::unique_ptr<NumericFrame<Rounded>> frame_;
  std::map<std::size_t, Numbers> rows_, columns_;
  Numbers product_;
};

// The bounds of the elements of a value.
std::vector<double> value_rounding(const Graph& graph, NodeId output, const Point& point);

// The bound of the rounding of w'Jv, for a direction v parallel to wrt and a cotangent w, by either sweep.
double product_rounding(const Problem& p, const Point& point, const std::vector<std::vector<double>>& v,
                        const std::vector<double>& w);

}  // namespace wengert
