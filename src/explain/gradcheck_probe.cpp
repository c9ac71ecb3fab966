#include "gradcheck_probe.hpp"

namespace wengert::explain {

Probe::Probe(const Problem& p, const Point& point, int bits)
    : bits_(bits), tape_(Tape::record(*p.graph, std::span(&p.output, 1), p.wrt)), rough_(tape_), fine_(tape_, {.bits = bits}) {
  give_inputs(rough_, point, [](double x) { return x; });
  give_inputs(fine_, point, [&](double x) { return Decimal(x, bits); });
  evaluate(rough_);
  evaluate(fine_);
  here_ = result(rough_);
  exact_ = result(fine_);
}

template <class N>
std::vector<N> Probe::result(const NumericFrame<N>& f) const {
  std::vector<N> out;
  const std::size_t at = tape_.offset(tape_.outputs()[0]);
  for (std::size_t i = 0; i < outputs(); ++i) out.push_back(f.values.get(at + i));
  return out;
}

double Probe::coordinate(const Coordinate& c) const { return reached(c) ? rough_.values.get(place(c)) : 0; }

std::vector<double> Probe::values(const Coordinate& c, double h) {
  if (!reached(c)) return here_;
  const double x = rough_.values.get(place(c));
  rough_.values.set(place(c), x + h);
  evaluate(rough_);
  rough_.values.set(place(c), x);
  return result(rough_);
}

std::vector<Decimal> Probe::values(const Coordinate& c, const Decimal& h) { return values({c}, {1.0}, h); }

std::vector<Decimal> Probe::values(const std::vector<Coordinate>& along, const std::vector<double>& direction, const Decimal& h) {
  std::vector<Decimal> before;
  for (std::size_t k = 0; k < along.size(); ++k) {
    before.push_back(reached(along[k]) ? fine_.values.get(place(along[k])) : in_digits(0));
    if (reached(along[k])) fine_.values.set(place(along[k]), before[k] + h * in_digits(direction[k]));
  }
  evaluate(fine_);
  for (std::size_t k = 0; k < along.size(); ++k)
    if (reached(along[k])) fine_.values.set(place(along[k]), before[k]);
  return result(fine_);
}

}  // namespace wengert::explain
