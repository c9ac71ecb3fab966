#include "factors.hpp"

namespace wengert {

std::unique_ptr<Factors<double>> factorise(const Array<double>& a) { return std::make_unique<EigenFactors<double>>(a); }

std::unique_ptr<Factors<std::complex<double>>> factorise(const Array<std::complex<double>>& a) {
  return std::make_unique<EigenFactors<std::complex<double>>>(a);
}

}  // namespace wengert
