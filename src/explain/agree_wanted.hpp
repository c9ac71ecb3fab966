// One wanted put to every mode: a Jacobian, a Hessian or a product, as blocks of numbers.
#pragma once
#include "wengert/explain/agree.hpp"
#include "wengert/explain/reference.hpp"
#include "wengert/sweep/tape.hpp"

namespace wengert::agreeing {

Reference reference_of(const Problem& p, const Wanted& wanted, const Point& point, const Literals& literals);
// " by x, element 3": which element of the answer.
std::string place_of(const Problem& p, const Wanted& wanted, std::size_t block, std::size_t element);

// What a mode is predicted to take.
struct Prediction {
  double seconds = 0, bytes = 0;
  bool within(const AgreementOptions& o) const { return seconds <= o.budget_seconds && bytes <= o.budget_bytes; }
};
// One evaluation of the value, in operations that take as long as an elementwise one: inside a product of matrices an
// operation takes a tenth of it.
double value_work(const Tape& tape, const OperationCount& value);
Prediction predict(Mode mode, const Problem& p, Quantity what, const Tape& tape, double value_work);
Prediction predict_reference(const Problem& p, Quantity what, const Tape& tape, double value_work);

// Compares what was computed with each other and with the reference; the verdict and why go into the agreement.
void judge(Agreement& a, const Problem& p, const Wanted& wanted, const Point& point, const Literals& literals,
           const Reference* reference);
// For modes left out: w'Jv for a few random v and w, against another mode's.
void compare_products(Agreement& a, const Problem& p, const Point& point, const AgreementOptions& options,
                      const Tape& tape, double value_work);
// The verdict after a disagreement that rounding does not explain: what is known of the point may.
void disagree(Agreement& a, Mode mode, std::string what);

inline constexpr double close_relative = 1e-11;    // what rounding may do without any further wanted
inline constexpr double close_to_largest = 1e-14;  // relative to the largest number of the block

}  // namespace wengert::agreeing
