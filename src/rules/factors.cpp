#include "factors.hpp"

namespace wengert {

std::unique_ptr<Factors<double>> factorise(const Array<double>& a, const StopAsked* stop) {
  return std::make_unique<EigenFactors<double>>(a, stop);
}

std::unique_ptr<Factors<std::complex<double>>> factorise(const Array<std::complex<double>>& a, const StopAsked* stop) {
  return std::make_unique<EigenFactors<std::complex<double>>>(a, stop);
}

}  // namespace wengert
