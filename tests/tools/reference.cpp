#include "reference.hpp"

namespace wengert::test {

std::vector<Decimal> in_digits(const Point& at) {
  std::vector<Decimal> out;
  for (double x : at) out.emplace_back(x, reference_bits);
  return out;
}

namespace {

double size(const Decimal& a) { return abs(a).to_double(); }

// |x * slope / f|, where 0/0 is 0.
double sensitivity(double x, const Decimal& slope, const Decimal& f) {
  const Decimal top = abs(Decimal(x, reference_bits) * slope);
  return top == 0.0 ? 0 : size(top / f);
}

}  // namespace

Reference reference(const Program& program, const Point& at) {
  const Literals how{.bits = reference_bits};
  const std::vector<Decimal> x = in_digits(at);
  Sweep<Decimal> sweep(program, x, how);
  Reference r;
  r.value = sweep.value()[0];
  r.partials = sweep.pull({Decimal(1.0, reference_bits)});
  const Decimal zero(0.0, reference_bits), one(1.0, reference_bits);
  for (std::size_t k = 0; k < at.size(); ++k) r.value_condition += sensitivity(at[k], r.partials[k], r.value);
  r.slopes.assign(at.size(), std::vector<Decimal>(at.size()));
  r.partial_conditions.assign(at.size(), 0.0);
  for (std::size_t k = 0; k < at.size(); ++k) {  // a row of the Hessian each
    std::vector<Dual<Decimal>> dual;
    for (std::size_t j = 0; j < at.size(); ++j) dual.push_back({x[j], {j == k ? one : zero}});
    const auto slopes = Sweep<Dual<Decimal>>(program, dual, how).pull({{one, {zero}}});
    for (std::size_t j = 0; j < at.size(); ++j) {
      r.slopes[j][k] = slopes[j].t[0];
      r.partial_conditions[j] += sensitivity(at[k], slopes[j].t[0], r.partials[j]);
    }
  }
  return r;
}

double error_in_ulps(double got, const Decimal& exact) {
  const double nearest = exact.to_double();
  if (std::isnan(nearest) || std::isnan(got)) return std::isnan(nearest) && std::isnan(got) ? 0 : std::numeric_limits<double>::infinity();
  if (got == nearest && std::isinf(got)) return 0;
  const double largest = std::numeric_limits<double>::max();
  const double near = std::isinf(nearest) ? largest : std::fabs(nearest);
  const double place = near < 0x1p-1022 ? 0x1p-1074 : std::ldexp(1.0, std::ilogb(near) - 52);
  if (std::isinf(got)) return near == largest && std::isinf(nearest) ? 0 : (largest - near) / place + 1;
  return size(Decimal(got, reference_bits) - exact) / place;
}

std::vector<Error> errors(const Program& program, const Point& at) {
  const Reference exact = reference(program, at);
  Sweep<double> sweep(program, at);
  std::vector<Error> out;
  const double value = sweep.value()[0];
  out.push_back({-1, error_in_ulps(value, exact.value), exact.value_condition, value, exact.value.to_double()});
  const Point partials = sweep.pull({1.0});
  for (std::size_t k = 0; k < at.size(); ++k)
    out.push_back({static_cast<int>(k), error_in_ulps(partials[k], exact.partials[k]), exact.partial_conditions[k], partials[k], exact.partials[k].to_double()});
  return out;
}

}  // namespace wengert::test
