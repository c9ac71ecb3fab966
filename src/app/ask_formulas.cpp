// Answers that are formulas: of the expression, of its derivatives, simplified for a reader.
#include <algorithm>

#include "app/ask.hpp"
#include "app/usage.hpp"
#include "wengert/print/entries.hpp"
#include "wengert/print/latex.hpp"
#include "wengert/print/text.hpp"
#include "wengert/rewrite/simplify.hpp"
#include "wengert/rules/build.hpp"
#include "wengert/sweep/differentiate.hpp"
#include "wengert/sweep/matrix_form.hpp"

namespace wengert::app {

namespace {

constexpr std::uint64_t listed_elements = 64;  // of a value, each with a formula of its own
constexpr std::uint64_t short_list = 64;       // entries that read better one by one than as unit vectors

// Writes derivatives with what the session knows of its constants.
class Writer {
 public:
  Writer(const Session& session, const Graph& graph) : known_(known_sums(graph, session.point())) {}

  Expr simple(const Expr& e) const { return simplify(e, {}, known_); }
  Formula written(const Expr& e, std::string name = {}) const {
    const Expr s = simple(e);
    Formula formula{.name = std::move(name), .text = to_text(s).all(), .shape = s.shape()};
    formula.expression = s;
    return formula;
  }

  // Elements of y by elements of x: a matrix, or where there is no formula of matrices its entries.
  Result<Formula> jacobian(const Expr& y, const Expr& x, Layout layout, const std::string& name) const {
    const auto laid_out = [&](const Expr& matrix) {
      return written(layout == Layout::denominator ? transpose(matrix) : matrix, name);
    };
    const std::uint64_t m = y.shape().size(), n = x.shape().size();
    if (m == 1 || n == 1) return laid_out(wengert::jacobian(y, x, Form::shown));
    const std::optional<MatrixForm> form = matrix_form(y, x, Form::shown);
    if (form && form->matrix && !(form->picks && m * n <= short_list)) return laid_out(*form->matrix);
    if (y.shape().vector() && x.shape().vector()) return laid_out(wengert::jacobian(y, x, Form::shown));
    if (form) return entry(form->entries, y, x, name);
    if (m <= listed_elements) return gradients(y, x, name);
    return Diagnostic{.kind = Kind::limit,
                      .message = "the derivative of " + std::to_string(m) + " elements by a " + to_string(x.shape()) +
                                 " is no matrix formula",
                      .help = "ask for one element, such as grad(y[1, 1], x)"};
  }

  // As `diff` writes it: by a scalar shaped like y, of a scalar shaped like x, otherwise the Jacobian.
  Result<Formula> derivative(const Expr& y, const Expr& x, Layout layout, const std::string& name) const {
    if (x.shape().scalar()) {
      const Expr d = wengert::derivative(y, x, Form::shown);
      return written(layout == Layout::denominator && y.shape().vector() ? transpose(d) : d, name);
    }
    if (!y.shape().scalar()) return jacobian(y, x, layout, name);
    const Expr d = gradient(y, x, Form::shown);
    return written(layout == Layout::numerator ? transpose(d) : d, name);
  }

 private:
  static Shape jacobian_shape(const Expr& y, const Expr& x) {
    return {static_cast<std::uint32_t>(y.shape().size()), static_cast<std::uint32_t>(x.shape().size())};
  }

  // One entry with indices.
  Formula entry(IndexedForm form, const Expr& y, const Expr& x, const std::string& name) const {
    for (IndexedTerm& term : form.terms)
      for (IndexedFactor& factor : term.factors)
        if (!factor.same()) factor.array = simple(factor.array);
    Entries entries = to_entries(form);
    return {.name = name,
            .text = std::move(entries.expression),
            .shape = jacobian_shape(y, x),
            .value_indices = std::move(entries.value),
            .variable_indices = std::move(entries.variable)};
  }

  // The gradient of every element of y, for what has neither a matrix nor an index notation.
  Formula gradients(const Expr& y, const Expr& x, const std::string& name) const {
    const Shape shape = y.shape();
    std::string text;
    for (std::uint32_t i = 0; i < shape.rows; ++i)
      for (std::uint32_t j = 0; j < shape.cols; ++j) {
        const Slice at{i, j, {}};
        const std::string place =
            shape.cols == 1 ? std::to_string(i + 1) : std::to_string(i + 1) + ", " + std::to_string(j + 1);
        const std::string lines = written(gradient(part(y, at), x, Form::shown)).text;
        text += (text.empty() ? "element [" : "\nelement [") + place + "]" +
                (lines.find('\n') == std::string::npos ? "   " : "\n") + lines;
      }
    return {.name = name, .text = std::move(text), .shape = jacobian_shape(y, x)};
  }

  KnownSums known_;
};

// Lines that several formulas share are written once, before them.
void share_lines(std::vector<Formula>& all) {
  std::vector<Expr> expressions;
  for (const Formula& formula : all) {
    if (formula.expression.graph == nullptr) return;
    expressions.push_back(formula.expression);
  }
  if (all.size() < 2) return;
  SharedTexts texts = to_texts(expressions);
  for (const auto& [name, line] : texts.definitions) all[0].shared += name + " = " + line + "\n";
  for (std::size_t k = 0; k < all.size(); ++k) all[k].brief = std::move(texts.expressions[k]);
}

}  // namespace

Result<std::vector<Formula>> Asker::formula(const Query& query) const {
  std::optional<JacobianOf> of;
  const Result<Expr> shown = session_.shown(query, &of);
  if (!shown) return shown.error();
  const Writer writer(session_, session_.graph());
  std::vector<Formula> all;
  if (query.all_gradients) {
    for (const NodeId input : query.inputs) {
      const Result<Formula> one =
          writer.derivative(*shown, Expr(*shown->graph, input), Layout::usual, session_.graph().input_of(input).name);
      if (!one) return one.error();
      all.push_back(*one);
    }
    share_lines(all);
    return all;
  }
  // More than two indices: not to be shown as if it were a matrix.
  if (of && (!of->y.shape().vector() || !of->x.shape().vector())) {
    const Result<Formula> one = writer.jacobian(of->y, of->x, Layout::usual, {});
    if (!one) return one.error();
    all.push_back(*one);
  } else {
    all.push_back(writer.written(*shown));
  }
  return all;
}

Result<Asker::Targets> Asker::formula_targets(const Query& query) const {
  const Result<ByNames> by = names(query);
  if (!by) return by.error();
  const Result<Expr> shown = session_.shown(query);
  if (!shown) return shown.error();
  Targets all;
  for (const Session::ByName& target : *by) {
    const Expr y = target.expression == query.expression ? *shown : target.expression;
    all.push_back({target.name, target.expression, y, Expr(*y.graph, target.input)});
  }
  return all;
}

Result<std::vector<Formula>> Asker::derivative_formulas(const Query& query, Task task) const {
  const Result<Targets> targets = formula_targets(query);
  if (!targets) return targets.error();
  const Writer writer(session_, session_.graph());
  std::vector<Formula> all;
  for (const Target& t : *targets) {
    const Result<Formula> one = task == Task::jacobian ? writer.jacobian(t.y, t.x, options_.layout, t.name)
                                                       : writer.derivative(t.y, t.x, options_.layout, t.name);
    if (!one) return one.error();
    all.push_back(*one);
  }
  share_lines(all);
  return all;
}

Result<std::vector<Formula>> Asker::hessian_formulas(const Query& query) const {
  const Result<Targets> targets = formula_targets(query);
  if (!targets) return targets.error();
  const Writer writer(session_, session_.graph());
  std::vector<Formula> all;
  for (std::size_t a = 0; a < targets->size(); ++a)
    for (std::size_t b = a; b < targets->size(); ++b) {
      const Target &first = (*targets)[a], &second = (*targets)[b];
      if (first.expression != second.expression)
        return usage("second derivatives by several names are only there where none of them is a definition",
                     "ask for one name: --wrt " + first.name);
      const Result<Formula> one =
          writer.jacobian(writer.simple(gradient(first.y, first.x, Form::shown)), Expr(*first.y.graph, second.x.id),
                          Layout::usual, first.name + (a == b ? "^2" : " d" + second.name));
      if (!one) return one.error();
      all.push_back(*one);
    }
  share_lines(all);
  return all;
}

Result<Formula> Asker::latex(const Query& query) const {
  const Result<Expr> shown = session_.shown(query);
  if (!shown) return shown.error();
  return Formula{.name = {}, .text = wengert::latex(*shown), .shape = shown->shape()};
}

Result<std::string> Asker::only_input(const Query& query) const {
  const Graph& graph = session_.graph();
  if (query.inputs.size() == 1) return graph.input_of(query.inputs.front()).name;
  if (query.inputs.empty()) return usage("there is no input to differentiate by", "name one: --by x");
  std::vector<std::string> names;
  for (const NodeId input : query.inputs) names.push_back(graph.input_of(input).name);
  return usage("this depends on " + enumerated(names) + ": by which one?", "write --by " + names.front());
}

Result<Session::ByName> Asker::target(const Query& query) const {
  std::string name = options_.by;
  if (name.empty()) {
    Result<std::string> only = only_input(query);
    if (!only) return only.error();
    name = std::move(*only);
  }
  const Result<ByNames> by = session_.by_names(query, {name});
  if (!by) return by.error();
  Session::ByName target = by->front();
  if (target.expression == query.expression) {  // an input: nested derivatives may be shown in the blackboard's form
    const Result<Expr> shown = session_.shown(query);
    if (!shown) return shown.error();
    target.expression = *shown;
  }
  return target;
}

Result<Formula> Asker::diff(const Query& query) const {
  const Result<Session::ByName> by = target(query);
  if (!by) return by.error();
  const std::string& name = by->name;
  const Expr y = by->expression, x(*y.graph, by->input);
  const Writer writer(session_, session_.graph());
  const int order = options_.order.value_or(1);
  if (order == 0) return writer.written(y, name);
  if (order > 1 && !x.shape().scalar()) {
    if (order > 2 || !y.shape().scalar())
      return usage("`--order` above 1 needs a scalar to differentiate by, `" + name + "` is " + to_string(x.shape()));
    return writer.jacobian(writer.simple(gradient(y, x, Form::shown)), x, options_.layout, name);
  }
  if (order == 1) return writer.derivative(y, x, options_.layout, name);
  Expr d = wengert::derivative(y, x, Form::shown);
  for (int k = 1; k < order; ++k) d = wengert::derivative(simplify(d), x, Form::shown);
  return writer.written(d, name);
}

}  // namespace wengert::app
