#include "check_samples.hpp"

#include <array>
#include <cmath>

#include "wengert/explain/reference.hpp"

namespace wengert::checking {

namespace {

// Numbers that are the same on every machine.
class Dice {
 public:
  double between(double low, double high) {
    state_ += 0x9e3779b97f4a7c15ull;
    std::uint64_t z = state_;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ull;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebull;
    return low + (high - low) * static_cast<double>((z ^ (z >> 31)) >> 11) * 0x1p-53;
  }

 private:
  std::uint64_t state_ = 20261121;
};

struct Box {
  double low, high;
};
constexpr std::array boxes{Box{0.3, 2},      Box{-2, 2}, Box{1.1, 3},  Box{0.05, 0.95},
                           Box{-0.95, 0.95}, Box{2, 9},  Box{-9, -0.1}};

std::vector<NodeId> inputs_of_all(std::span<const Expr> all) {
  std::vector<NodeId> outputs, inputs;
  for (const Expr& e : all) outputs.push_back(e.id);
  const Graph& g = *all[0].graph;
  for (const NodeId id : g.reachable(outputs))
    if (g[id].op == Op::input) inputs.push_back(id);
  return inputs;
}

// Three decimals: a person may want to try the point.
double readable(double x) { return std::round(x * 1000) / 1000; }

constexpr double tolerance = 1e-40;

}  // namespace

std::optional<std::vector<Decimal>> value_of(const Expr& e, const Point& at, int digits) {
  Reference r = reference_at({e.graph, e.id, {}}, at, {.bits = Decimal::bits_for(digits), .as_written = true});
  for (const Decimal& d : r.value)
    if (mpfr_number_p(d.get()) == 0) return std::nullopt;
  return std::move(r.value);
}

bool near(const std::vector<Decimal>& a, const std::vector<Decimal>& b) {
  if (a.size() != b.size()) return false;
  Decimal scale(1e-60, 200);
  for (const std::vector<Decimal>* all : {&a, &b})
    for (const Decimal& d : *all)
      if (mpfr_cmpabs(d.get(), scale.get()) > 0) mpfr_abs(scale.get(), d.get(), MPFR_RNDN);
  for (std::size_t i = 0; i < a.size(); ++i) {
    const Decimal apart = (a[i] - b[i]) / scale;
    if (!(std::fabs(apart.to_double()) <= tolerance)) return false;
  }
  return true;
}

Compared compare(const Expr& a, const Expr& b, const Point& at) {
  for (const int digits : {60, 240}) {
    const auto va = value_of(a, at, digits), vb = value_of(b, at, digits);
    if (!va || !vb) return Compared::undefined;
    if (near(*va, *vb)) return Compared::equal;
  }
  return Compared::different;
}

std::vector<Point> common_points(std::span<const Expr> all, const Point& first, std::size_t count) {
  const Graph& g = *all[0].graph;
  const std::vector<NodeId> inputs = inputs_of_all(all);
  std::vector<Point> found;
  const auto keep = [&](Point at) {
    for (const Expr& e : all)
      if (!value_of(e, at, 20)) return;
    found.push_back(std::move(at));
  };
  const bool given = std::all_of(inputs.begin(), inputs.end(), [&](NodeId i) { return first.contains(i); });
  if (given) keep(first);
  Dice dice;
  for (std::size_t k = 0; k < 40 * boxes.size() && found.size() < count; ++k) {
    Point at;
    for (const NodeId i : inputs) {
      // Every box for all inputs together, then each input in a box of its own.
      const std::size_t mixed = static_cast<std::size_t>(dice.between(0, static_cast<double>(boxes.size())));
      const Box& box = boxes[k < 8 * boxes.size() ? k % boxes.size() : mixed];
      std::vector<double>& x = at[i];
      for (std::uint64_t e = 0; e < g[i].shape.size(); ++e) x.push_back(readable(dice.between(box.low, box.high)));
    }
    keep(std::move(at));
  }
  return found;
}

}  // namespace wengert::checking
