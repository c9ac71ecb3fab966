#include "wengert/explain/why.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <deque>
#include <functional>

#include "check_rules.hpp"
#include "wengert/explain/kinks.hpp"
#include "wengert/explain/paths.hpp"
#include "wengert/print/text.hpp"
#include "wengert/rewrite/simplify.hpp"
#include "wengert/rules/build.hpp"
#include "wengert/rules/table.hpp"
#include "wengert/sweep/differentiate.hpp"

namespace wengert {

namespace {

constexpr std::size_t most_rows = 12;
constexpr std::size_t most_formula_rows = 200;  // a formula of more is not read

bool differ(double a, double b) {
  if (std::isnan(a) || std::isnan(b)) return std::isnan(a) != std::isnan(b);
  return std::fabs(a - b) > 1e-9 * std::max({std::fabs(a), std::fabs(b), 1e-300});
}

class Why {
 public:
  Why(const Problem& p, const Point& at, const Trace& t, const Linearization& g)
      : p_(p), at_(at), t_(t), g_(g), leaving_(g.leaving()) {}

  std::vector<Misconception> all() {
    truth_ = reverse([](double& adjoint, double amount) { adjoint += amount; }, true);
    return {assignment(), order(), inner(), step(), branch(), depth(), swell()};
  }

 private:
  std::string output_name() const { return t_.rows[t_.output].name; }
  std::string slope(std::size_t seed) const { return "d" + output_name() + "/d" + t_.seeds[seed].name; }

  using Add = std::function<void(double&, double)>;

  // The reverse sweep over scalars; `in_order`: a vertex is pulled when all of its users have been.
  std::vector<double> reverse(const Add& add, bool in_order) const {
    std::vector<double> adjoint(g_.vertices.size());
    std::vector<std::vector<std::size_t>> arriving(g_.vertices.size());
    for (std::size_t e = 0; e < g_.edges.size(); ++e) arriving[g_.edges[e].to].push_back(e);
    std::deque<std::size_t> open;
    for (std::size_t k = 0; k < g_.outputs.size(); ++k)
      if (g_.outputs[k] != Linearization::no_vertex && t_.cotangent[k] != 0) {
        adjoint[g_.outputs[k]] = t_.cotangent[k];
        open.push_back(g_.outputs[k]);
      }
    const auto pull = [&](std::size_t v) {
      for (const std::size_t e : arriving[v]) add(adjoint[g_.edges[e].from], adjoint[v] * g_.edges[e].partial);
    };
    if (in_order) {
      for (std::size_t v = g_.vertices.size(); v-- > 0;) pull(v);
      return adjoint;
    }
    // As soon as something has arrived there, once each.
    std::vector<bool> met(g_.vertices.size());
    for (const std::size_t v : open) met[v] = true;
    while (!open.empty()) {
      const std::size_t v = open.front();
      open.pop_front();
      pull(v);
      for (const std::size_t e : arriving[v])
        if (!met[g_.edges[e].from]) {
          met[g_.edges[e].from] = true;
          open.push_back(g_.edges[e].from);
        }
    }
    return adjoint;
  }

  void compare_inputs(Misconception& m, const std::vector<double>& mistaken) const {
    for (std::size_t k = 0; k < g_.inputs.size(); ++k) {
      const std::size_t v = g_.inputs[k];
      if (v == Linearization::no_vertex) continue;
      if (m.rows.size() < most_rows) m.rows.push_back({slope(k), mistaken[v], truth_[v]});
      m.shows = m.shows || differ(mistaken[v], truth_[v]);
    }
  }

  // Names of vertices whose adjoint has several contributions.
  std::string shared_vertices() const {
    std::vector<std::string> names;
    for (std::size_t v = 0; v < g_.vertices.size(); ++v)
      if (leaving_[v].size() > 1)
        names.push_back(g_.vertices[v].name + " (" + std::to_string(leaving_[v].size()) + " times)");
    if (names.size() > 6) names.resize(6), names.emplace_back("...");
    std::string out;
    for (const std::string& n : names) out += (out.empty() ? "" : ", ") + n;
    return out;
  }

  Misconception assignment() const {
    Misconception m{.name = "assignment",
                    .title = "= instead of +=",
                    .claim = "each user of a value overwrites its adjoint instead of adding to it"};
    compare_inputs(m, reverse([](double& adjoint, double amount) { adjoint = amount; }, true));
    const std::string shared = shared_vertices();
    m.note = shared.empty()
                 ? "no value is used twice here, so nothing is overwritten"
                 : "used more than once: " + shared +
                       (m.shows ? "; only the last contribution survives" : "; what is lost is 0 at this point");
    return m;
  }

  Misconception order() const {
    Misconception m{.name = "order",
                    .title = "an operation pulled before all of its users",
                    .claim = "the sweep passes an adjoint on as soon as something has arrived, not when all has"};
    compare_inputs(m, reverse([](double& adjoint, double amount) { adjoint += amount; }, false));
    m.note = m.shows ? "what arrives later is not passed on: users must be finished before what they use"
                     : "the hasty order happens to be a right one in this program";
    return m;
  }

  // The forward sweep in which f(u) has the derivative f'(u), over the partials that the right one has used.
  Misconception inner() const {
    Misconception m{.name = "inner",
                    .title = "the forgotten inner derivative",
                    .claim = "the derivative of f(u) is taken to be f'(u), without u'"};
    std::vector<bool> outer, all(t_.rows.size());
    std::size_t row = t_.rows.size();
    for (std::size_t k = 0; k < g_.inputs.size() && m.rows.size() < most_rows; ++k) {
      const std::size_t v = g_.inputs[k];
      if (v == Linearization::no_vertex) continue;
      if (t_.seeds[k].row != row) outer = outer_functions(row = t_.seeds[k].row);
      for (std::size_t r = 0; r < outer.size(); ++r) all[r] = all[r] || outer[r];
      const double mistaken = without_inner_at(v, outer);
      m.rows.push_back({slope(k), mistaken, truth_[v]});
      m.shows = m.shows || differ(mistaken, truth_[v]);
    }
    m.note = m.shows ? inner_formula() : "no function here has an inner function that matters";
    if (m.shows && m.note.empty()) m.note = "functions with an inner function: " + listed_outer(all);
    return m;
  }

  // Rows whose one argument that varies with the input is an inner function: neither linear nor applied to an input.
  std::vector<bool> outer_functions(std::size_t input) const {
    std::vector<bool> outer(t_.rows.size()), varies(t_.rows.size());
    varies[input] = true;
    for (std::size_t r = 0; r < t_.rows.size(); ++r) {
      const TraceRow& row = t_.rows[r];
      for (const std::size_t a : row.arguments) varies[r] = varies[r] || varies[a];
      if (!varies[r] || row.op < Op::first_row || !row_of(row.op).elementwise || row_of(row.op).linear) continue;
      if (row.op == op_of<Mul> || row.op == op_of<StrongMul> || steps::is_sum(row.op) || row.op == op_of<Select>)
        continue;
      std::size_t varying = 0, argument = 0;
      for (std::size_t j = 0; j < row.arguments.size(); ++j)
        if (varies[row.arguments[j]]) ++varying, argument = row.arguments[j];
      const bool constant_divisor = row.op == op_of<Div> && p_.graph->arguments(row.node)[0] == t_.rows[argument].node;
      outer[r] = varying == 1 && !constant_divisor && t_.rows[argument].op != Op::input;
    }
    return outer;
  }

  // d(output)/d(input) with 1 in place of every inner derivative that is not 0.
  double without_inner_at(std::size_t input, const std::vector<bool>& outer) const {
    std::vector<double> tangent(g_.vertices.size());
    std::vector<bool> depends(g_.vertices.size());
    tangent[input] = 1;
    depends[input] = true;
    for (const Linearization::Edge& e : g_.edges) {
      if (!depends[e.from]) continue;
      depends[e.to] = true;
      tangent[e.to] += e.partial * (outer[g_.vertices[e.to].row] ? 1 : tangent[e.from]);
    }
    double sum = 0;
    for (std::size_t k = 0; k < g_.outputs.size(); ++k)
      if (g_.outputs[k] != Linearization::no_vertex) sum += t_.cotangent[k] * tangent[g_.outputs[k]];
    return sum;
  }

  std::string listed_outer(const std::vector<bool>& outer) const {
    std::string out;
    std::size_t told = 0;
    for (std::size_t r = 0; r < outer.size() && told < 6; ++r)
      if (outer[r]) out += (told++ > 0 ? ", " : "") + equation(t_.rows[r]);
    return out;
  }

  // What the mistake gives as a formula, by the first scalar that it matters for.
  std::string inner_formula() const {
    const Expr y(*p_.graph, p_.output);
    if (!y.shape().scalar() || t_.rows.size() > most_formula_rows) return {};
    for (std::size_t k = 0; k < t_.seeds.size(); ++k) {
      const Expr x(*p_.graph, t_.rows[t_.seeds[k].row].node);
      if (!x.shape().scalar()) continue;
      const Expr wrong = without_inner(y, x);
      if (!present(wrong)) continue;
      const std::string mistaken = to_text(simplify(wrong), {.limit = 60}).all();
      const std::string right = to_text(simplify(derivative(y, x, Form::shown)), {.limit = 60}).all();
      if (mistaken != right) return "as a formula: " + mistaken + "\ninstead of:   " + right;
    }
    return {};
  }

  static Expr without_inner(const Expr& y, const Expr& x) {
    checking::PendingSweep sweep(y, x);
    if (!present(sweep.root)) return {};
    std::unordered_map<NodeId, Expr> known;
    for (std::size_t s = 0; s < sweep.sites.size(); ++s) {
      Expr tangent = sweep.sites[s].tangent;
      for (const checking::WrongRule& w : checking::mistaken_rules(sweep, s))
        if (w.name == checking::WrongName::inner_missing) tangent = w.tangent;
      known.emplace(sweep.sites[s].pending, substitute(tangent, known));
    }
    return substitute(sweep.root, known);
  }

  // Central differences with a step that is too large, one that is about right and one that is too small, by the
  // input that matters most.
  Misconception step() const {
    Misconception m{.name = "step",
                    .title = "a step that is too large, and one that is too small",
                    .claim = "a smaller step always makes a better difference quotient"};
    m.left = "difference quotient";
    std::size_t by = t_.seeds.size();
    for (std::size_t k = 0; k < t_.seeds.size(); ++k)
      if (g_.inputs[k] != Linearization::no_vertex &&
          (by == t_.seeds.size() || std::fabs(right_by(k)) > std::fabs(right_by(by))))
        by = k;
    if (by == t_.seeds.size()) return m.note = "nothing varies here", m;
    const TraceSeed& seed = t_.seeds[by];
    const NodeId input = t_.rows[seed.row].node;
    const double right = right_by(by);
    const double scale = std::max(std::fabs(at_.at(input)[seed.element]), 1.0);
    double best = INFINITY, best_h = 0, last = 0;
    for (const double h : {1e-1, 1e-3, 1e-5, 1e-6, 1e-8, 1e-10, 1e-12, 1e-14}) {
      Point up(at_), down(at_);
      up[input][seed.element] += h * scale;
      down[input][seed.element] -= h * scale;
      const double width = up[input][seed.element] - down[input][seed.element];
      const double q = (weighted_value(up) - weighted_value(down)) / width;
      m.rows.push_back({slope(by) + ", h = " + shortest(h), q, right});
      last = std::fabs(q - right);
      if (last < best) best = last, best_h = h;
    }
    if (!std::isfinite(right) || !std::isfinite(best))
      return m.note = "there is no finite derivative here, and no step finds one", m;
    m.shows = last > best;
    m.note = "a large h bends away from the tangent, a small h leaves only rounding: here h = " + shortest(best_h) +
             " is best, with an error of " + fmt::format("{:.2g}", best);
    return m;
  }
  double right_by(std::size_t seed) const { return truth_[g_.inputs[seed]]; }
  // The output, or the element of it that is looked at.
  double weighted_value(const Point& at) const {
    const std::vector<double> y = value_at(*p_.graph, p_.output, at);
    double sum = 0;
    for (std::size_t k = 0; k < y.size(); ++k)
      if (t_.cotangent[k] != 0) sum += t_.cotangent[k] * y[k];
    return sum;
  }

  Misconception branch() const {
    Misconception m{.name = "branch",
                    .title = "the derivative of a branch at its edge",
                    .claim = "a function with a corner has one slope there, and every tool gives the same"};
    const std::vector<KinkReport> found = kinks(p_, at_);
    m.left = "other side";
    m.right = "the convention";
    for (const KinkReport& k : found) {
      if (m.rows.size() >= most_rows) break;
      m.rows.push_back({k.text + " from the left", k.left, k.used});
      m.rows.push_back({k.text + " from the right", k.right, k.used});
      m.shows = m.shows || differ(k.left, k.right) || k.jump;
      if (!k.convention.empty()) m.note = "the convention: " + k.convention;
    }
    if (found.empty()) m.note = "no operation is at an edge at this point";
    return m;
  }

  // The longest chain of operations, with the adjoint at each; of long chains some of both ends and the middle.
  Misconception depth() const {
    Misconception m{.name = "depth",
                    .title = "gradients through depth",
                    .claim = "a gradient reaches the first layers as large as it left the last one"};
    m.left = "local partial";
    m.right = "adjoint";
    std::vector<std::size_t> length(g_.vertices.size()), by(g_.vertices.size(), ~std::size_t{0});
    for (std::size_t e = 0; e < g_.edges.size(); ++e)
      if (length[g_.edges[e].from] + 1 > length[g_.edges[e].to]) {
        length[g_.edges[e].to] = length[g_.edges[e].from] + 1;
        by[g_.edges[e].to] = e;
      }
    std::size_t v = Linearization::no_vertex;
    for (const std::size_t o : g_.outputs)
      if (o != Linearization::no_vertex && (v == Linearization::no_vertex || length[o] > length[v])) v = o;
    if (v == Linearization::no_vertex) return m.note = "nothing varies here", m;
    std::vector<MisconceptionRow> chain;
    while (by[v] != ~std::size_t{0}) {
      const Linearization::Edge& e = g_.edges[by[v]];
      v = e.from;
      chain.push_back({g_.vertices[v].name, e.partial, truth_[v]});
    }
    if (chain.empty()) return m.note = "there is no operation here", m;
    // The input may be used elsewhere too: the first operation tells what arrived.
    const double arrived = std::fabs(chain.size() > 1 ? chain[chain.size() - 2].right : chain.back().right);
    for (std::size_t k = 0; k < std::min(chain.size(), most_rows); ++k)
      m.rows.push_back(chain[chain.size() <= most_rows ? k : k * (chain.size() - 1) / (most_rows - 1)]);
    m.shows = chain.size() >= 5 && (arrived < 1e-3 || arrived > 1e3);
    m.note = "along the longest chain, " + std::to_string(chain.size()) + " operations, the adjoint becomes " +
             brief_number(arrived) + " at the first" +
             (!m.shows         ? ""
              : arrived == 0   ? ": a factor 0 stops it"
              : arrived < 1e-3 ? ": it vanishes, factors below 1 shrink it"
                               : ": it explodes, factors above 1 stretch it");
    return m;
  }
  static std::string brief_number(double x) { return fmt::format("{:.4g}", x); }

  // The derivative's nodes when shared parts are one, and when they are written out.
  Misconception swell() const {
    Misconception m{.name = "swell",
                    .title = "expressions without sharing",
                    .claim = "a symbolic derivative is as long as what its formula looks like"};
    m.left = "written out";
    m.right = "shared";
    Expr e(*p_.graph, p_.output);
    if (t_.seeds.empty()) return m.note = "nothing varies here", m;
    const Expr x(*p_.graph, t_.rows[t_.seeds[0].row].node);
    m.rows.push_back({"operations of " + output_name(), tree_size(e), dag_size(e)});
    const Expr d = x.shape().scalar() ? derivative(e, x) : e.shape().scalar() ? gradient(e, x) : jacobian(e, x);
    m.rows.push_back({"operations of its derivative by " + p_.graph->input_of(x.id).name, tree_size(d), dag_size(d)});
    m.shows = m.rows[1].mistaken >= 2 * m.rows[1].right;
    m.note = m.shows ? "the same part is written again and again; a graph has it once" : "little is repeated here";
    return m;
  }
  double dag_size(const Expr& e) const { return static_cast<double>(sizes(e).first); }
  double tree_size(const Expr& e) const { return sizes(e).second; }
  static std::pair<std::size_t, double> sizes(const Expr& e) {
    const Graph& g = *e.graph;
    std::unordered_map<NodeId, double> tree;
    std::size_t operations = 0;
    for (const NodeId id : g.reachable(std::span(&e.id, 1))) {
      double all = g[id].op < Op::first_row ? 0 : 1;
      operations += g[id].op < Op::first_row ? 0 : 1;
      for (const NodeId a : g.arguments(id)) all += tree[a];
      tree[id] = all;
    }
    return {operations, tree[e.id]};
  }

  const Problem& p_;
  const Point& at_;
  const Trace& t_;
  const Linearization& g_;
  std::vector<std::vector<std::size_t>> leaving_;
  std::vector<double> truth_;
};

}  // namespace

std::vector<Misconception> misconceptions(const Problem& problem, const Point& point, const Trace& trace,
                                          const Linearization& graph) {
  return Why(problem, point, trace, graph).all();
}

Result<std::vector<Misconception>> misconceptions(const Problem& problem, const Point& point) {
  const Trace t = trace(problem, point);
  const Result<Linearization> g = linearize(t);
  if (!g) return g.error();
  return misconceptions(problem, point, t, *g);
}

}  // namespace wengert
