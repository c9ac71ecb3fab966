#include "stability_measure.hpp"

#include <cmath>

#include "inspection.hpp"

namespace wengert::stable {

namespace {

constexpr double worst = 1e16;
constexpr int extreme_bits = 4400;  // 1 + 1e-300, to the fourth power, still tells
constexpr int ordinary_bits = 400;

class Random {
 public:
  explicit Random(std::uint64_t seed) : state_(seed * 0x9e3779b97f4a7c15ull + 1) {}
  double unit() {
    state_ += 0x9e3779b97f4a7c15ull;
    std::uint64_t z = state_;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ull;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebull;
    return static_cast<double>((z ^ (z >> 31)) >> 11) * 0x1p-53;
  }
  double between(double low, double high) { return low + (high - low) * unit(); }

 private:
  std::uint64_t state_;
};

}  // namespace

double error_of(double x, const Decimal& exact) {
  if (isnan(exact)) return 0;
  const double nearest = exact.to_double();
  if (x == nearest || (x == 0 && nearest == 0)) return 0;
  if (!std::isfinite(x) || !std::isfinite(nearest)) return worst;
  const double relative = std::fabs(((Decimal(x) - exact) / exact).to_double());
  // Below the normal numbers a double has an absolute error.
  if (std::fabs(nearest) < 0x1p-1022) return std::min(worst, std::fabs(x - nearest) / 0x1p-1074);
  return std::isfinite(relative) ? std::min(worst, relative * 0x1p53) : worst;
}

double digits(double error) { return error <= 1 ? 0 : std::min(16.0, std::log10(error)); }

std::vector<Sample> samples(const Graph& graph, NodeId node, int count, std::uint64_t seed, const Point* given) {
  std::vector<NodeId> inputs;
  for (const NodeId id : graph.reachable({&node, 1}))
    if (graph[id].op == Op::input) inputs.push_back(id);
  Random random(seed);
  std::vector<Sample> out;
  if (given != nullptr) {
    for (int k = 0; k < 5; ++k) {
      Sample s{*given, ordinary_bits};
      if (k > 0)
        for (auto& [id, x] : s.point)
          for (double& v : x) v *= 1 + random.between(-0.01, 0.01) * k;
      for (const auto& [id, x] : s.point)
        for (const double v : x)
          if (v != 0 && std::isfinite(v) && std::fabs(std::log10(std::fabs(v))) > 25) s.bits = extreme_bits;
      out.push_back(std::move(s));
    }
  }
  // Magnitudes of ten, by turns; where two numbers nearly cancel, inputs that are nearly equal or nearly 1.
  struct Kind {
    double low, high;
    enum { alone, alike, near_one } together;
  };
  constexpr Kind kinds[] = {{-9, 1, Kind::alone},     {-20, 20, Kind::alone},  {-3, 3, Kind::alone},
                            {-0.3, 1.5, Kind::alone}, {-3, 3, Kind::alike},    {-14, -1, Kind::near_one},
                            {-9, 3, Kind::alone},     {-300, 300, Kind::alone}};
  for (int k = 0; k < count; ++k) {
    const Kind& kind = kinds[k % 8];
    const bool positive = (k / 8) % 2 == 0;
    Sample s{{}, kind.low < -100 ? extreme_bits : ordinary_bits};
    const double base = std::pow(10, random.between(kind.low, kind.high));
    for (const NodeId id : inputs) {
      std::vector<double> x(graph[id].shape.size());
      for (double& v : x) {
        const double sign = positive || random.unit() < 0.5 ? 1 : -1;
        if (kind.together == Kind::alone)
          v = sign * std::pow(10, random.between(kind.low, kind.high));
        else if (kind.together == Kind::alike)
          v = base * (1 + sign * std::pow(10, random.between(-13, -1)));
        else
          v = 1 + sign * std::pow(10, random.between(kind.low, kind.high));
      }
      s.point.emplace(id, std::move(x));
    }
    out.push_back(std::move(s));
  }
  return out;
}

double error_around(const Graph& graph, NodeId node, const Sample& sample) {
  double most = 0;
  Random random(7);
  for (int k = 0; k < 6; ++k) {
    Sample near = sample;
    for (auto& [id, x] : near.point)
      for (double& v : x) v *= 1 + random.between(-1, 1) * 0x1p-44;
    const Measured m = measure(graph, node, near);
    if (m.defined) most = std::max(most, m.error);
  }
  return most;
}

Measured measure(const Graph& graph, NodeId node, const Sample& sample) {
  const Tape tape = Tape::record(graph, {&node, 1});
  NumericFrame<double> f(tape);
  explain::give_inputs(f, sample.point, [](double x) { return x; });
  evaluate(f);
  NumericFrame<Decimal> g(tape, {.bits = sample.bits});
  explain::give_inputs(g, sample.point, [&](double x) { return Decimal(x, sample.bits); });
  evaluate(g);
  Measured m;
  const SlotId out = tape.outputs()[0];
  for (std::size_t e = 0; e < tape.shape(out).size(); ++e) {
    const std::size_t at = tape.offset(out) + e;
    m.exact.push_back(g.values.get(at));
    m.defined = m.defined && !isnan(m.exact.back()) && !isinf(m.exact.back());
    m.error = std::max(m.error, error_of(f.values.get(at), m.exact.back()));
  }
  return m;
}

bool equal(const Measured& a, const Measured& b) {
  for (std::size_t e = 0; e < a.exact.size(); ++e) {
    const Decimal &x = a.exact[e], &y = b.exact[e];
    if (isnan(x) || isinf(x)) continue;
    if (isnan(y)) return false;
    if (x == y) continue;
    const double relative = std::fabs(((x - y) / x).to_double());
    if (!(relative < 1e-25)) return false;
  }
  return true;
}

double operations(const Graph& graph, NodeId node) {
  double n = 0;
  for (const NodeId id : graph.reachable({&node, 1})) n += static_cast<double>(graph[id].shape.size());
  return n;
}

}  // namespace wengert::stable
