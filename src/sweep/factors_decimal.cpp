// LU factors in many digits.
#include "../rules/factors.hpp"
#include "wengert/sweep/decimal.hpp"

namespace Eigen {

template <>
struct NumTraits<wengert::Decimal> : GenericNumTraits<wengert::Decimal> {
  using Real = wengert::Decimal;
  using NonInteger = wengert::Decimal;
  using Nested = wengert::Decimal;
  enum { IsInteger = 0, IsSigned = 1, IsComplex = 0, RequireInitialization = 1, ReadCost = 6, AddCost = 150, MulCost = 250 };
  static Real epsilon() { return Real(1e-40); }
  static Real dummy_precision() { return Real(1e-40); }
  static int digits10() { return 50; }
};

}  // namespace Eigen

namespace wengert {

std::unique_ptr<Factors<Decimal>> factorise(const Array<Decimal>& a, const StopAsked* stop) {
  return std::make_unique<EigenFactors<Decimal>>(a, stop);
}

}  // namespace wengert
