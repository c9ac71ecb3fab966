#include "wengert/explain/blame.hpp"

#include <cmath>
#include <map>

#include "blame_repairs.hpp"
#include "blame_trace.hpp"
#include "loop_births.hpp"
#include "wengert/print/text.hpp"
#include "wengert/rules/build.hpp"
#include "wengert/sweep/differentiate.hpp"

namespace wengert {

namespace {

using explain::Birth;
using explain::finite;

double real_of(double x) { return x; }
double real_of(const std::complex<double>& z) { return z.real(); }

class Detective {
 public:
  Detective(const Problem& p, const Point& point, const std::vector<Mode>& modes) : problem_(p), point_(point), modes_(modes) {}

  Blame run() {
    look_at_value();
    if (!problem_.wrt.empty())
      for (const Mode mode : modes_) look_at(mode);
    return std::move(blame_);
  }

 private:
  struct Asked {  // one number that is not finite
    std::string result;
    double came_out;
    std::optional<Mode> mode;
  };

  template <class N, class Make>
  NumericFrame<N> evaluated(const Tape& tape, const Point& point, Make&& make) const {
    NumericFrame<N> f(tape);
    explain::give_inputs(f, point, make);
    evaluate(f);
    return f;
  }
  static double same(double x) { return x; }

  // --- the value

  void look_at_value() {
    const Tape tape = Tape::record(*problem_.graph, std::span(&problem_.output, 1));
    const auto f = evaluated<double>(tape, point_, same);
    const SlotId out = tape.outputs()[0];
    for (std::size_t e = 0; e < tape.shape(out).size(); ++e) {
      const double y = f.values.get(tape.offset(out) + e);
      if (finite(y)) continue;
      const std::string which = tape.shape(out).scalar() ? "the value" : "the value, element " + std::to_string(e + 1);
      trace_value(f, tape.offset(out) + e, {which, y, {}}, {});
      return;  // one element tells where; others mostly come from there too
    }
  }

  template <class N>
  bool trace_value(const NumericFrame<N>& f, std::size_t at, const Asked& asked, const std::string& before) {
    std::vector<bool> guilty(f.tape.elements(), false);
    guilty[at] = true;
    const auto birth = explain::birth_of_value(f, std::move(guilty));
    if (birth) report(f, *birth, asked, before);
    return birth.has_value();
  }

  // --- derivatives

  void look_at(Mode mode) {
    const Derivative d = prepare(mode, problem_).jacobian(point_);
    if (!d.unavailable.empty()) {
      blame_.skipped.push_back(std::string(to_string(mode)) + ": " + d.unavailable);
      return;
    }
    const std::size_t m = d.value.size();
    for (std::size_t k = 0; k < d.blocks.size(); ++k) {
      const std::size_t width = d.blocks[k].size() / m;
      for (std::size_t i = 0; i < d.blocks[k].size(); ++i)
        if (!finite(d.blocks[k][i])) {
          const std::string which = "the derivative by " + problem_.graph->input_of(problem_.wrt[k]).name +
                                    (d.blocks[k].size() == 1 ? "" : ", element " + std::to_string(i + 1));
          trace(mode, k, i / width, i % width, {which, d.blocks[k][i], mode});
          break;
        }
    }
  }

  void trace(Mode mode, std::size_t k, std::size_t row, std::size_t element, const Asked& asked) {
    switch (mode) {
      case Mode::reverse:
      case Mode::cross: return trace_reverse(k, row, element, asked);  // the same partials, multiplied in another order
      case Mode::forward: return trace_forward(k, row, element, asked);
      case Mode::symbolic: return trace_symbolic(k, row, element, asked);
      case Mode::finite: return trace_finite(k, row, element, asked);
      case Mode::complex_step: return trace_complex(k, row, element, asked);
    }
  }

  void trace_reverse(std::size_t k, std::size_t row, std::size_t element, const Asked& asked) {
    const Tape tape = Tape::record(*problem_.graph, std::span(&problem_.output, 1), problem_.wrt);
    auto f = evaluated<double>(tape, point_, same);
    f.clear_adjoints();
    f.adjoints.set(tape.offset(tape.outputs()[0]) + row, 1.0);
    pull_back(f);
    const SlotId s = tape.wrt()[k];
    if (s == Tape::no_slot) return;
    if (const auto birth = explain::birth_of_adjoint(f, tape.offset(s) + element)) report(f, *birth, asked, {});
    else too_large(asked, problem_.wrt[k]);
  }

  void trace_forward(std::size_t k, std::size_t row, std::size_t element, const Asked& asked) {
    const Tape tape = Tape::record(*problem_.graph, std::span(&problem_.output, 1), problem_.wrt);
    auto f = evaluated<double>(tape, point_, same);
    const SlotId s = tape.wrt()[k];
    if (s == Tape::no_slot) return;
    f.clear_tangents(1);
    f.tangents[0].set(tape.offset(s) + element, 1.0);
    push_forward(f);
    if (const auto birth = explain::birth_of_tangent(f, tape.offset(tape.outputs()[0]) + row)) report(f, *birth, asked, {});
    else too_large(asked, problem_.output);
  }

  // The derivative's formula is a value like any other; its nodes are where their primal nodes were written.
  void trace_symbolic(std::size_t k, std::size_t row, std::size_t element, const Asked& asked) {
    Graph& g = *problem_.graph;
    const Expr y(g, problem_.output), x(g, problem_.wrt[k]);
    const Expr d = x.shape().scalar() ? derivative(y, x) : y.shape().scalar() ? gradient(y, x) : jacobian(y, x);
    const std::size_t at = x.shape().scalar() ? row : y.shape().scalar() ? element : row * x.shape().size() + element;
    const NodeId out[] = {d.id, problem_.output};
    const Tape tape = Tape::record(g, out);
    const auto f = evaluated<double>(tape, point_, same);
    const std::size_t place = tape.offset(tape.outputs()[0]) + at;
    if (finite(f.values.get(place))) return too_large(asked, problem_.output);
    trace_value(f, place, asked, {});
  }

  // No difference was finite: the values beside the point are not.
  void trace_finite(std::size_t k, std::size_t row, std::size_t element, const Asked& asked) {
    const Tape tape = Tape::record(*problem_.graph, std::span(&problem_.output, 1));
    const auto out = tape.outputs()[0];
    const auto it = point_.find(problem_.wrt[k]);
    if (it == point_.end()) return;
    const double x = it->second[element];
    const std::string& name = problem_.graph->input_of(problem_.wrt[k]).name;
    for (double h = 1e-8; h > 1e-13; h /= 10)
      for (const double side : {0.0, -1.0, 1.0}) {
        Point beside = point_;
        const double moved = x + side * h * (x == 0 ? 1 : std::fabs(x));
        beside[problem_.wrt[k]][element] = moved;
        const auto f = evaluated<double>(tape, beside, same);
        const std::size_t at = tape.offset(out) + row;
        if (finite(f.values.get(at))) continue;
        trace_value(f, at, asked, side == 0 ? "" : "beside the point, at " + name + " = " + shortest(moved) + ": ");
        return;
      }
    too_large(asked, problem_.output);
  }

  void trace_complex(std::size_t k, std::size_t row, std::size_t element, const Asked& asked) {
    using Z = std::complex<double>;
    const Tape tape = Tape::record(*problem_.graph, std::span(&problem_.output, 1), problem_.wrt);
    const SlotId s = tape.wrt()[k];
    if (s == Tape::no_slot) return;
    // Where the value itself is at fault, in real numbers or by leaving its domain, the real evaluation tells it.
    const auto real = evaluated<double>(tape, point_, same);
    const std::size_t at = tape.offset(tape.outputs()[0]) + row;
    if (!finite(real.values.get(at))) {
      trace_value(real, at, asked, {});
      return;
    }
    NumericFrame<Z> f(tape);
    explain::give_inputs(f, point_, [](double x) { return Z(x, 0.0); });
    f.values.set(tape.offset(s) + element, Z(real.values.get(tape.offset(s) + element), 1e-100));
    evaluate(f);
    if (finite(f.values.get(at))) return too_large(asked, problem_.output);
    trace_value(f, at, asked, "in the complex plane: ");
  }

  // --- reports

  // What was born in a round of a loop is an operation of its body.
  bool report_in_loop(const NumericFrame<double>& f, const Birth& birth, const Asked& asked, const std::string& before) {
    if (birth.by == nullptr || (birth.by->op != op_of<Iterate> && birth.by->op != op_of<IterateAdjoint>)) return false;
    std::optional<explain::LoopBirth> born = explain::value_in_loop(f, *birth.by);
    if (!born && !(birth.in_value && birth.by->op == op_of<Iterate>)) born = explain::slope_in_loop(f, *birth.by);
    if (!born) return false;
    Origin o = begin(asked, born->tape->node(born->by.out));
    o.in_value = born->in_value;
    o.made = born->made;
    o.operation = row_of(born->by.op).info->name;
    o.operands = born->operands;
    o.message = before + born->message;
    double x[3] = {0, 0, 0};
    std::copy(born->operands.begin(), born->operands.end(), x);
    o.help = explain::repair({*problem_.graph, *born->tape, o.node, x, o.made, o.in_value});
    add(std::move(o));
    return true;
  }

  template <class N>
  void report(const NumericFrame<N>& f, const Birth& birth, const Asked& asked, const std::string& before) {
    if constexpr (std::is_same_v<N, double>)
      if (report_in_loop(f, birth, asked, before)) return;
    Graph& g = *problem_.graph;
    Origin o = begin(asked, f.tape.node(birth.slot));
    o.in_value = birth.in_value;
    o.element = birth.element;
    o.made = real_of(f.values.get(f.tape.offset(birth.slot) + birth.element));
    if constexpr (!std::is_same_v<N, double>)
      if (finite(o.made)) o.made = f.values.get(f.tape.offset(birth.slot) + birth.element).imag();
    double x[3] = {0, 0, 0};
    if (birth.by == nullptr) {
      const bool given = g[o.node].op == Op::input;
      o.operation = given ? "input" : "constant";
      o.message = given ? g.input_of(o.node).name + " is " + shortest(o.made) : "the constant " + shortest(o.made);
    } else {
      const Row& row = row_of(birth.by->op);
      o.operation = row.info->name;
      if (row.elementwise) {
        const auto a = f.tape.arguments(*birth.by);
        for (std::size_t j = 0; j < a.size(); ++j) {
          x[j] = real_of(f.values.get(explain::place(f.tape, a[j], birth.element)));
          o.operands.push_back(x[j]);
        }
        if (birth.in_value) o.message = explain::what_happened(birth.by->op, row, x, a.size(), o.made);
        else describe_partial(o, birth, row, x);
      } else {
        o.message = birth.in_value ? explain::title(row) + " of finite elements gives " + shortest(o.made)
                                   : "the derivative of " + explain::title(row) + " is not finite here";
      }
    }
    o.message = before + o.message;
    o.help = explain::repair({g, f.tape, o.node, x, o.made, o.in_value});
    add(std::move(o));
  }

  static void describe_partial(Origin& o, const Birth& birth, const Row& row, const double* x) {
    double p[3] = {0, 0, 0};
    if (const auto partials = element_partials(birth.by->op)) partials(o.made, x, p);
    const double slope = p[birth.argument];
    const std::string at = explain::listed(x, o.operands.size());
    if (!finite(slope)) {
      o.made = slope;
      o.message = "the derivative of " + explain::title(row) + " at " + at + " is " + shortest(slope);
    } else {
      o.made = std::numeric_limits<double>::infinity();
      o.message = "in the derivative of " + explain::title(row) + " at " + at + " the product with its slope " + shortest(slope) +
                  " is larger than any double";
    }
  }

  // Finite numbers whose sum or product at the end is not.
  void too_large(const Asked& asked, NodeId node) {
    Origin o = begin(asked, node);
    o.in_value = false;
    o.operation = "sum";
    o.made = asked.came_out;
    o.message = "the contributions are finite, and their sum is " + shortest(asked.came_out);
    o.help = "rescale the inputs";
    add(std::move(o));
  }

  Origin begin(const Asked& asked, NodeId node) const {
    Origin o;
    o.result = asked.result;
    o.came_out = asked.came_out;
    if (asked.mode) o.modes = {*asked.mode};
    o.node = node;
    o.span = problem_.graph->span(node);
    o.text = explain::brief(*problem_.graph, node, 60);
    return o;
  }

  // What was born at one place, in the value or in sweeps, is one origin of several modes.
  void add(Origin o) {
    for (Origin& known : blame_.origins)
      if (known.node == o.node && known.in_value == o.in_value && known.operation == o.operation) {
        for (const Mode m : o.modes)
          if (std::find(known.modes.begin(), known.modes.end(), m) == known.modes.end()) known.modes.push_back(m);
        return;
      }
    blame_.origins.push_back(std::move(o));
  }

  const Problem& problem_;
  const Point& point_;
  const std::vector<Mode>& modes_;
  Blame blame_;
};

}  // namespace

Blame blame(const Problem& problem, const Point& point, const std::vector<Mode>& modes) { return Detective(problem, point, modes).run(); }

std::string blame_text(const Blame& found, const Sources& sources) {
  if (found.origins.empty()) return "The value and its derivatives are finite here.\n";
  std::string out;
  for (const Origin& o : found.origins) {
    std::string modes;
    for (const Mode m : o.modes) modes += (modes.empty() ? "" : ", ") + std::string(to_string(m));
    out += explain::wrapped(o.result + " is " + shortest(o.came_out) + (modes.empty() ? "" : " (" + modes + ")") + "; it was born here:", 98, 2) + "\n";
    const std::string where = explain::located(sources, o.span);
    out += "  " + (o.text.empty() ? o.operation : o.text) + (where.empty() ? "" : "   (" + where + ")") + "\n";
    out += explain::marked_line(sources, o.span);
    out += explain::wrapped("  " + o.message, 98, 4) + "\n";
    if (!o.help.empty()) out += explain::wrapped("  help: " + o.help, 98, 8) + "\n";
  }
  for (const std::string& s : found.skipped) out += explain::wrapped("no answer by " + s, 98, 2) + "\n";
  return out;
}

}  // namespace wengert
