// The ways to differentiate, behind one interface: prepare once, evaluate many times.
//
//   Problem p{&graph, y.id, {x.id, z.id}};
//   Prepared f = prepare(Mode::reverse, p);
//   Derivative d = f.jacobian(point);          // value, and the Jacobian by each of wrt
//
// A prepared function is immutable; its workspace is per call, so many threads may use it at once.
// The symbolic mode writes a formula (of the Jacobian, of the Hessian, of a product) when it is first asked for.
#pragma once
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "wengert/core/diagnostic.hpp"
#include "wengert/core/graph.hpp"
#include "wengert/rules/arrays.hpp"

namespace wengert {

struct Workload;  // price.hpp
class Tape;       // sweep/tape.hpp
namespace exec {
class AccumulatedJacobian;  // exec/accumulated.hpp
}

enum class Mode : std::uint8_t { reverse, forward, symbolic, cross, finite, complex_step };
// cross: cross-country accumulation, the linearised program's vertices eliminated in the cheapest order that is found.
inline constexpr Mode all_modes[] = {Mode::reverse, Mode::forward, Mode::symbolic,
                                     Mode::cross,   Mode::finite,  Mode::complex_step};
std::string_view to_string(Mode mode);  // "reverse", "forward", "symbolic", "cross", "finite", "complex"
std::optional<Mode> mode_named(std::string_view name);

// Values of inputs by node, by rows.
using Point = std::unordered_map<NodeId, std::vector<double>>;

// What to differentiate: one output by inputs.
struct Problem {
  Graph* graph = nullptr;
  NodeId output = no_node;
  std::vector<NodeId> wrt;
  std::size_t threads = 1;  // that wide Jacobians may take; no result depends on it

  Shape shape() const { return (*graph)[output].shape; }
  std::uint64_t outputs() const { return shape().size(); }
  std::uint64_t inputs() const;  // elements of all of wrt
};

// The Jacobian by one input: elements of the output by elements of the input, both by rows.
using Block = std::vector<double>;

struct Derivative {
  std::vector<double> value;
  std::vector<Block> blocks;       // parallel to Problem::wrt
  std::vector<Block> estimates;    // of finite differences' own error, absolute; else empty
  std::string unavailable;         // why this mode has no answer here ("erf has no complex version"); else empty
  Span where;                      // of what made it unavailable
};

struct Hessian {
  std::vector<double> value;
  std::vector<double> matrix;     // n x n by rows over all elements of wrt in order; the output is a scalar
  std::vector<double> estimates;  // of finite differences' own error, absolute, parallel to `matrix`; else empty
  std::string unavailable;        // as of a derivative
  Span where;
};

class Prepared {
 public:
  Derivative jacobian(const Point& point) const;
  Hessian hessian(const Point& point) const;                                                    // output is a scalar
  // sum over k of (dy/dx_k) v_k, for v parallel to wrt, each by rows; finite differences say their own error
  std::vector<double> jvp(const Point& point, const std::vector<std::vector<double>>& v,
                          std::vector<double>* estimates = nullptr) const;
  // the adjoints of all wrt for a cotangent w shaped like the output; likewise
  std::vector<std::vector<double>> vjp(const Point& point, const std::vector<double>& w,
                                       std::vector<Block>* estimates = nullptr) const;
  // The product of the Hessian with v, for v parallel to wrt; the output is a scalar. One forward-over-reverse sweep
  // by the reverse mode, the whole Hessian by others.
  std::vector<std::vector<double>> hessian_times(const Point& point, const std::vector<std::vector<double>>& v) const;
  // Why this mode has no answer at any point (an operation without a complex version); else empty.
  std::string unavailable() const;
  // How it goes about it, where that is a choice ("vertices eliminated in Markowitz order"); else empty.
  std::string note() const;
  // What `cross` runs, for those who run it in other numbers: a program whose outputs are the value and the elimination's
  // nodes, where the numbers of these stand, and the point as one of that program. Of the Jacobian, or (second) of the
  // Hessian. None for other modes; throws std::invalid_argument where there is no elimination.
  struct Elimination {
    const Tape& program;
    const exec::AccumulatedJacobian& places;
    Point at;
  };
  std::optional<Elimination> elimination(bool second, const Point& point) const;
  // What one Jacobian by this mode costs, the value with it. Exact; finite differences take other steps at other points,
  // and without a point the most that one needs is said.
  OperationCount operations(const Point* point = nullptr) const;
  // The same with all else that its time depends on.
  Workload workload(const Point* point = nullptr) const;
  Mode mode() const;

  struct Implementation;
  explicit Prepared(std::shared_ptr<const Implementation> implementation) : impl_(std::move(implementation)) {}

 private:
  std::shared_ptr<const Implementation> impl_;
};

Prepared prepare(Mode mode, const Problem& problem);

// The value alone.
std::vector<double> value_at(const Graph& graph, NodeId output, const Point& point);
// Operations of the value alone.
OperationCount value_operations(const Graph& graph, NodeId output);
// The cheapest mode, finite differences and the complex step left out: the fewest operations, and of modes that take
// nearly as few the one with the shortest forecast (price.hpp). A mode that is predicted to be prepared in more than `longest`
// seconds (a formula to write, vertices to eliminate) is not among them.
inline constexpr double longest_preparation = 0.05;
Mode cheapest(const Problem& problem, double longest = longest_preparation);
inline constexpr Mode chosen_from[] = {Mode::reverse, Mode::forward, Mode::symbolic, Mode::cross};

}  // namespace wengert
