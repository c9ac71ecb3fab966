#include "app/ask.hpp"
#include "app/usage.hpp"
#include "wengert/print/latex.hpp"
#include "wengert/print/text.hpp"
#include "wengert/rewrite/simplify.hpp"
#include "wengert/sweep/differentiate.hpp"

namespace wengert::app {

namespace {

Formula written(const Expr& e, std::string name = {}) {
  const Expr simple = simplify(e);
  return {std::move(name), to_text(simple).all(), simple.shape()};
}

Expr formula_of_derivative(const Expr& y, const Expr& x) {
  if (x.shape().scalar()) return derivative(y, x, Form::shown);
  if (y.shape().scalar()) return gradient(y, x, Form::shown);
  return jacobian(y, x, Form::shown);
}

}  // namespace

Result<std::vector<Formula>> Asker::formula(const Query& query) const {
  const Result<Expr> shown = session_.shown(query);
  if (!shown) return shown.error();
  std::vector<Formula> all;
  if (!query.all_gradients) {
    all.push_back(written(*shown));
    return all;
  }
  for (const NodeId input : query.inputs)
    all.push_back(
        written(formula_of_derivative(*shown, Expr(*shown->graph, input)), session_.graph().input_of(input).name));
  return all;
}

Result<Formula> Asker::latex(const Query& query) const {
  const Result<Expr> shown = session_.shown(query);
  if (!shown) return shown.error();
  return Formula{{}, wengert::latex(*shown), shown->shape()};
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
  if (options_.order > 1 && !x.shape().scalar()) {
    if (options_.order > 2 || !y.shape().scalar())
      return usage("`--order` above 1 needs a scalar to differentiate by, `" + name + "` is " + to_string(x.shape()));
    return written(wengert::hessian(y, x, Form::shown), name);
  }
  Expr d = formula_of_derivative(y, x);
  for (int k = 1; k < options_.order; ++k) d = wengert::derivative(simplify(d), x, Form::shown);
  return written(d, name);
}

}  // namespace wengert::app
