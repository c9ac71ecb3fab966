#include "wengert/exec/c_source.hpp"

#include <algorithm>

#include "c_jacobian.hpp"
#include "c_sparse.hpp"
#include "wengert/rules/build.hpp"
#include "wengert/sweep/differentiate.hpp"

namespace wengert::exec {

namespace {

using std::to_string;

class Writer {
 public:
  explicit Writer(const CSource& source) : s_(source), g_(*source.output.graph), shared_(source.name) {
    for (const char* own : {"value", "work"}) taken_.insert(own);
    for (const CInput& in : s_.inputs) {
      inputs_.push_back({in.input.id, c_name(in.name, taken_)});
      if (in.by) {
        wrt_.push_back(in.input);
        by_.push_back(inputs_.back().name);
      }
    }
  }

  std::string write() {
    const Expr& y = s_.output;
    std::vector<CParameter> outputs{{y.id, "value"}};
    function("value", "The value.", inputs_, outputs);
    if (!wrt_.empty()) derivatives(y, outputs);
    if (wrt_.size() == 1 && !wrt_[0].shape().scalar()) sparse(y);
    if (s_.check && !wrt_.empty()) check();
    const std::string all = shared_.bodies + text_;  // a version that was not taken may have asked for more
    std::erase_if(shared_.helpers, [&](const std::string& name) { return all.find(name) == std::string::npos; });
    return head() + c_helpers(shared_.helpers) + shared_.bodies + text_;
  }

 private:
  const CSource& s_;
  Graph& g_;
  std::vector<CParameter> inputs_;
  std::vector<Expr> wrt_;
  std::vector<std::string> by_, along_, blocks_;  // names of the variables, of directions, of blocks of the Jacobian
  CShared shared_;
  std::set<std::string> taken_;
  std::map<std::string, std::uint64_t> works_;
  std::string text_;

  void function(const std::string& suffix, std::string comment, std::vector<CParameter> in,
                std::vector<CParameter> out) {
    text_ += write_function(g_, {s_.name + "_" + suffix, std::move(comment), std::move(in), std::move(out)}, shared_,
                            works_[suffix]);
  }

  void derivatives(const Expr& y, std::vector<CParameter> outputs) {
    const bool scalar = y.shape().scalar();
    // The directions, one for each variable.
    std::vector<CParameter> with_directions = inputs_;
    std::vector<Expr> directions;
    for (std::size_t k = 0; k < wrt_.size(); ++k) {
      directions.push_back(variable(g_, "direction", wrt_[k].shape()));
      with_directions.push_back({directions.back().id, c_name("t_" + by_[k], taken_)});
      along_.push_back(with_directions.back().name);
      blocks_.push_back(c_name("j_" + by_[k], taken_));
    }
    const std::vector<Expr> adjoints = scalar ? vjp(y, wrt_, number(g_, 1)) : std::vector<Expr>{};
    for (std::size_t k = 0; k < adjoints.size(); ++k)
      outputs.push_back({adjoints[k].id, c_name("d_" + by_[k], taken_)});
    if (scalar) function("gradient", "The value and its derivative by each variable.", inputs_, outputs);
    function("jvp", "The derivative along the direction t_...", with_directions,
             {{jvp(y, wrt_, directions).id, "value"}});
    if (!scalar) return jacobian(y);
    std::vector<CParameter> second;
    for (std::size_t k = 0; k < adjoints.size(); ++k)
      second.push_back({jvp(adjoints[k], wrt_, directions).id, c_name("h_" + by_[k], taken_)});
    function("hvp", "The derivative of the gradient along the direction t_...: the Hessian times it.", with_directions,
             second);
  }

  // Of a scalar its Hessian, if that is sparse.
  void sparse(const Expr& y) {
    const bool scalar = y.shape().scalar();
    const char* what = scalar ? "hessian" : "jacobian";
    text_ += write_sparse(scalar ? vjp(y, wrt_, number(g_, 1))[0] : y, wrt_[0],
                          {s_.name + "_sparse_" + what, scalar ? "Hessian" : "Jacobian", inputs_}, shared_);
  }

  // By elimination; otherwise column by column (forwards) or row by row (backwards), whichever are fewer.
  void jacobian(const Expr& y) {
    const CJacobian by_elimination{s_.name + "_jacobian", inputs_, blocks_};
    const std::string text = write_eliminated(y, wrt_, by_elimination, shared_, works_["jacobian"]);
    if (!text.empty()) {
      text_ += text;
      return;
    }
    const std::uint64_t m = y.shape().size();
    std::uint64_t n = 0;
    for (const Expr& x : wrt_) n += x.shape().size();
    const bool rows = m < n;
    std::vector<CParameter> in = inputs_, out;
    if (rows) {
      const Expr w = variable(g_, "cotangent", y.shape());
      in.push_back({w.id, c_name("w", taken_)});
      const auto adjoints = vjp(y, wrt_, w);
      for (std::size_t k = 0; k < adjoints.size(); ++k) out.push_back({adjoints[k].id, c_name("d_" + by_[k], taken_)});
      function("vjp", "The adjoints of the variables for the cotangent " + in.back().name + " of the value.", in, out);
    }
    std::string head = "void " + s_.name + "_jacobian(";
    for (const CParameter& p : inputs_) head += c_parameter(p, g_[p.node].shape, false) + ", ";
    head += "double *restrict value";
    for (const std::string& name : blocks_) head += ", double *restrict " + name;
    const std::uint64_t work = std::max({works_["value"], works_["jvp"], works_["vjp"]});
    if (work > 0) head += ", double *restrict work";
    std::string all;
    for (const CParameter& p : inputs_) all += p.name + ", ";
    const auto tail = [&](const char* f) { return works_[f] > 0 ? ", work" : ""; };
    text_ += "/* The value, and its elements by those of each variable: j_... has " + to_string(m) + " rows. */\n";
    if (work > 0) text_ += "enum { " + s_.name + "_jacobian_work = " + to_string(work) + " };\n";
    text_ += head + ") {\n  " + s_.name + "_value(" + all + "value" + tail("value") + ");\n";
    if (rows)
      by_rows(all, m, tail("vjp"));
    else
      by_columns(all, m, tail("jvp"));
    text_ += "}\n\n";
  }

  void by_rows(const std::string& all, std::uint64_t m, const std::string& tail) {
    std::string results;
    for (std::size_t k = 0; k < by_.size(); ++k)
      results += ", " + blocks_[k] + " + i * " + to_string(wrt_[k].shape().size());
    const std::string size = to_string(m);
    text_ += "  double seed[" + size + "] = {0.0};\n  for (size_t i = 0; i < " + size +
             "; ++i) {\n    seed[i] = 1.0;\n    " + s_.name + "_vjp(" + all + "seed" + results + tail +
             ");\n    seed[i] = 0.0;\n  }\n";
  }

  void by_columns(const std::string& all, std::uint64_t m, const std::string& tail) {
    text_ += "  double column[" + to_string(m) + "];\n";
    for (std::size_t k = 0; k < by_.size(); ++k)
      text_ += "  double " + along_[k] + "[" + to_string(wrt_[k].shape().size()) + "] = {0.0};\n";
    std::string seeds;
    for (std::size_t k = 0; k < by_.size(); ++k)
      seeds += (k > 0 ? ", " : "") + along_[k] + (wrt_[k].shape().scalar() ? "[0]" : "");
    for (std::size_t k = 0; k < by_.size(); ++k) {
      const std::string n = to_string(wrt_[k].shape().size()), t = along_[k] + "[i]";
      text_ += "  for (size_t i = 0; i < " + n + "; ++i) {\n    " + t + " = 1.0;\n    " + s_.name + "_jvp(" + all +
               seeds + ", column" + tail + ");\n    for (size_t k = 0; k < " + to_string(m) + "; ++k) " + blocks_[k] +
               "[k * " + n + " + i] = column[k];\n    " + t + " = 0.0;\n  }\n";
    }
  }

  std::string head() const {
    std::string text = s_.text;
    for (std::size_t at = 0; (at = text.find("*/", at)) != std::string::npos;) text.replace(at, 2, "* /");
    std::string out = "/* " + text + "\n   Arrays are given by rows:";
    for (const CInput& in : s_.inputs) out += " " + in.name + " (" + to_string(in.input.shape()) + ")";
    out += ". */\n#include <math.h>\n#include <stddef.h>\n";
    if (s_.check && !wrt_.empty()) out += "#include <stdio.h>\n#include <stdlib.h>\n";
    return out + "\n";
  }

  // A main that compares the directional derivative with differences of values, extrapolated.
  void check() {
    const std::string m = to_string(s_.output.shape().size());
    std::string decls, call, moved, seeds;
    for (std::size_t k = 0, d = 0; k < s_.inputs.size(); ++k) {
      const CInput& in = s_.inputs[k];
      const std::string name = inputs_[k].name, n = to_string(in.input.shape().size());
      const bool scalar = in.input.shape().scalar();
      decls += "static double p_" + name + "[" + n + "]" +
               (in.check.size() == in.input.shape().size() ? " = {" + list(in.check) + "}" : "") + ", q_" + name + "[" +
               n + "]" + (in.by ? ", s_" + name + "[" + n + "]" : "") + ";\n";
      if (in.check.size() != in.input.shape().size())
        fill_ += "  for (size_t i = 0; i < " + n + "; ++i) p_" + name + "[i] = 0.5 + 0.4 * sin((double)(i + " +
                 to_string(3 * k + 1) + "));\n";
      if (in.by)
        fill_ += "  for (size_t i = 0; i < " + n + "; ++i) s_" + name + "[i] = cos((double)(7 * i + " + to_string(++d) +
                 "));\n";
      call += std::string(scalar ? "*" : "") + "q_" + name + ", ";
      moved += "  for (size_t i = 0; i < " + n + "; ++i) q_" + name + "[i] = p_" + name + "[i]" +
               (in.by ? " + h * s_" + name + "[i]" : "") + ";\n";
      if (in.by) seeds += std::string(scalar ? "*" : "") + "s_" + name + ", ";
    }
    const auto work = [&](const char* f) { return works_[f] > 0 ? ", work" : ""; };
    const std::uint64_t most = std::max({works_["value"], works_["jvp"], works_["gradient"]});
    text_ +=
        decls + "static double low[" + m + "], high[" + m + "], near[" + m + "], far[" + m + "], exact[" + m + "];\n\n";
    const std::string w = most > 0 ? ", double *work" : "";
    text_ += "static void value_at(double h, double *out" + w + ") {\n" + moved +
             (most > 0 && works_["value"] == 0 ? "  (void)work;\n  " : "  ") + s_.name + "_value(" + call + "out" +
             work("value") + ");\n}\n\n";
    text_ += "static void quotient(double h, double *out" + w + ") {\n  value_at(h, high" + (most > 0 ? ", work" : "") +
             ");\n  value_at(-h, low" + (most > 0 ? ", work" : "") + ");\n  for (size_t i = 0; i < " + m +
             "; ++i) out[i] = (high[i] - low[i]) / (2.0 * h);\n}\n\n";
    text_ += "int main(void) {\n  const double h = 2e-3;\n  double worst = 0.0;\n";
    if (most > 0)
      text_ += "  double *work = malloc(" + to_string(most) + " * sizeof *work);\n  if (work == NULL) return 2;\n";
    text_ += fill_;
    text_ += std::string("  quotient(h, far") + (most > 0 ? ", work" : "") + ");\n  quotient(h / 2.0, near" +
             (most > 0 ? ", work" : "") + ");\n  value_at(0.0, low" + (most > 0 ? ", work" : "") + ");\n";
    text_ += "  " + s_.name + "_jvp(" + call + seeds + "exact" + work("jvp") + ");\n";
    text_ += "  for (size_t i = 0; i < " + m +
             "; ++i) {\n    const double estimate = (4.0 * near[i] - far[i]) / 3.0, gap = fabs(exact[i] - estimate);\n "
             "   /* What the method leaves, and the rounding of the values over the step. */\n    const double allowed "
             "= 1e-6 * fabs(estimate) + 1e-11 * fabs(low[i]) + 1e-300;\n    worst = gap == gap ? fmax(worst, gap / "
             "allowed) : INFINITY;\n  }\n";
    if (s_.output.shape().scalar()) check_gradient(call, seeds, work("gradient"));
    if (most > 0) text_ += "  free(work);\n";
    text_ +=
        "  printf(\"largest difference from finite differences: %g of what they allow\\n\", worst);\n  return worst <= "
        "1.0 ? 0 : 1;\n}\n";
  }
  std::string fill_;

  // The gradient along the direction is the same number.
  void check_gradient(const std::string& call, const std::string&, const char* work) {
    std::string results, dot;
    for (std::size_t k = 0; k < by_.size(); ++k) {
      const std::string n = to_string(wrt_[k].shape().size());
      text_ += "  static double g_" + by_[k] + "[" + n + "];\n";
      results += ", g_" + by_[k];
      dot += "  for (size_t i = 0; i < " + n + "; ++i) along += g_" + by_[k] + "[i] * s_" + by_[k] + "[i];\n";
    }
    text_ += "  double along = 0.0;\n  " + s_.name + "_gradient(" + call + "low" + results + work + ");\n" + dot +
             "  worst = fmax(worst, fabs(along - exact[0]) / (1e-9 * fabs(exact[0]) + 1e-12));\n";
  }

  static std::string list(const std::vector<double>& x) {
    std::string out;
    for (double e : x) out += (out.empty() ? "" : ", ") + c_number(e);
    return out;
  }
};

}  // namespace

Result<std::string> write_c(const CSource& source) {
  try {
    return Writer(source).write();
  } catch (const NoCVersion& operation) {
    return Diagnostic{.kind = Kind::usage,
                      .message = std::string("`") + operation.what() + "` has no C version",
                      .help = "the C library has no such function"};
  } catch (const std::invalid_argument& why) {
    return Diagnostic{.kind = Kind::usage, .message = why.what()};
  }
}

}  // namespace wengert::exec
