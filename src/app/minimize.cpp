#include "app/minimize.hpp"

#include <algorithm>
#include <cmath>

#include "app/ask.hpp"
#include "app/human.hpp"
#include "app/interrupt.hpp"
#include "app/layout.hpp"
#include "app/usage.hpp"
#include "wengert/explain/plot.hpp"
#include "wengert/print/text.hpp"
#include "wengert/solve/minimize.hpp"

namespace wengert::app {

namespace {

constexpr std::size_t steps_shown = 20;

class Answer {
 public:
  Answer(Session& session, const Query& query, const Options& options, const Problem& problem, const Minimum& m)
      : session_(session), query_(query), options_(options), problem_(problem), minimum_(m) {
    for (const NodeId w : problem.wrt) variables_.push_back({session.graph().input_of(w).name, session.graph()[w].shape});
  }

  std::string text() const {
    std::string out = steps_table() + "\n";
    for (std::size_t k = 0; k < variables_.size(); ++k) {
      const std::string label = variables_[k].name + " = ";
      out += label + human_array(variables_[k].shape, minimum_.at[k], {}, width(label), options_.json, 24) + "\n";
    }
    out += wrapped("Stopped after " + counted(minimum_.steps.size() - 1, "step") + " and " + counted(minimum_.evaluations, "evaluation") +
                   ": " + minimum_.why + ".") + "\n";
    if (!minimum_.advice.empty()) {
      std::string advice = minimum_.advice;
      advice[0] = static_cast<char>(std::toupper(static_cast<unsigned char>(advice[0])));
      out += wrapped(advice + ".") + "\n";
    }
    return out;
  }

  // A line a step; elements of arrays have a column each.
  std::string csv() const {
    std::string out = "step,value,gradient,evaluations";
    for (const std::string& name : element_names(variables_)) out += name.find(',') == std::string::npos ? "," + name : ",\"" + name + "\"";
    for (const MinimizeStep& s : minimum_.steps) {
      out += "\n" + std::to_string(s.number) + "," + shortest(s.value) + "," + shortest(s.gradient_norm) + "," + std::to_string(s.evaluations);
      for (const double x : s.at) out += "," + shortest(x);
    }
    return out + "\n";
  }

  // Over two variables the path on the function's contours; otherwise the value over the steps.
  std::string picture() const {
    const bool plane = problem_.wrt.size() == 2 && problem_.inputs() == 2;
    Figure figure = plane ? path_on_contours() : value_over_steps();
    figure.title = query_.text.substr(0, 80);
    return to_svg(figure, options_.theme);
  }

  Json json() const {
    Json json;
    json.open('{').key("schema").number(std::uint64_t{1}).key("input").string(query_.text);
    json.key("value").number(minimum_.value).key("at").open('{');
    for (std::size_t k = 0; k < variables_.size(); ++k) json.key(variables_[k].name).array(variables_[k].shape, minimum_.at[k]);
    json.close('}').key("method").string(to_string(method())).key("stop").string(to_string(minimum_.stop));
    json.key("why").string(minimum_.why).key("advice").string(minimum_.advice).key("evaluations").number(minimum_.evaluations);
    json.key("engine").string(minimum_.engine).key("steps").open('[');
    for (const MinimizeStep& s : minimum_.steps)
      json.open('{').key("value").number(s.value).key("gradient").number(s.gradient_norm).key("evaluations").number(s.evaluations).close('}');
    return json.close(']');
  }

 private:
  static std::string counted(std::uint64_t n, const char* thing) { return std::to_string(n) + " " + thing + (n == 1 ? "" : "s"); }
  Method method() const { return method_named(options_.method).value_or(Method::lbfgs); }

  // The first steps and the last; those between are many and alike.
  std::string steps_table() const {
    std::vector<Column> columns{{"step", Column::Align::right, {}},
                                {"value", Column::Align::left, {}},
                                {"gradient", Column::Align::left, {}},
                                {"evaluations", Column::Align::right, {}}};
    const std::vector<MinimizeStep>& all = minimum_.steps;
    for (std::size_t i = 0; i < all.size(); ++i) {
      if (all.size() > steps_shown && i >= steps_shown / 2 && i + steps_shown / 2 < all.size()) {
        if (i == steps_shown / 2)
          for (Column& c : columns) c.cells.emplace_back("...");
        continue;
      }
      columns[0].cells.push_back(std::to_string(all[i].number));
      columns[1].cells.push_back(shortest(all[i].value));
      columns[2].cells.push_back(rounded(all[i].gradient_norm, 3));
      columns[3].cells.push_back(std::to_string(all[i].evaluations));
    }
    return table(columns);
  }

  Interval range_of(std::size_t element) const {
    double low = minimum_.steps[0].at[element], high = low;
    for (const MinimizeStep& s : minimum_.steps)
      if (!s.at.empty() && std::isfinite(s.at[element])) low = std::min(low, s.at[element]), high = std::max(high, s.at[element]);
    const double margin = high > low ? 0.25 * (high - low) : 1;
    return {low - margin, high + margin};
  }

  Figure path_on_contours() const {
    Figure figure = surface({problem_.graph, problem_.output, {}}, problem_.wrt[0], range_of(0), problem_.wrt[1], range_of(1), session_.point(), {}, 61, options_.engine);
    FigureCurve path{"path", {}};
    for (const MinimizeStep& s : minimum_.steps)
      if (!s.at.empty() && std::isfinite(s.at[0]) && std::isfinite(s.at[1])) path.points.emplace_back(s.at[0], s.at[1]);
    figure.dots.push_back({"steps", path.points});
    figure.curves.push_back(std::move(path));
    return figure;
  }

  Figure value_over_steps() const {
    Figure figure;
    figure.across = "step";
    figure.curves.push_back({"value", {}});
    bool positive = true;
    for (const MinimizeStep& s : minimum_.steps) {
      figure.curves[0].points.emplace_back(static_cast<double>(s.number), s.value);
      positive = positive && s.value > 0;
    }
    figure.logarithmic = positive;
    return figure;
  }

  Session& session_;
  const Query& query_;
  const Options& options_;
  const Problem& problem_;
  const Minimum& minimum_;
  std::vector<Variable> variables_;
};

}  // namespace

Result<Lesson> minimized(Session& session, const Query& query, const Options& options) {
  if (!query.expression.shape().scalar())
    return Diagnostic{.kind = Kind::shape,
                      .message = "only a scalar can be minimised, this value is " + to_string(query.expression.shape()),
                      .span = query.span,
                      .help = "take its norm, or the sum of its squares"};
  if (!options.as.empty() && options.as != "csv" && options.as != "svg")
    return usage("`minimize` writes csv or svg, not `" + options.as + "`");
  const Result<Problem> problem = Asker(session, options).problem(query);
  if (!problem) return problem.error();
  if (problem->wrt.empty()) return usage("there is nothing to minimise by", "the expression depends on no input");
  MinimizeOptions how;
  how.method = method_named(options.method).value_or(Method::lbfgs);
  how.rate = options.rate;
  how.momentum = options.momentum;
  how.steps = static_cast<std::uint64_t>(options.steps.value_or(1000));
  how.tolerance = options.tolerance.value_or(1e-8);
  how.engine = options.engine;
  how.interrupted = interrupted;
  const Minimum found = minimize(*problem, session.point(), how);
  const Answer answer(session, query, options, *problem, found);
  if (options.as == "csv") return Lesson{answer.csv(), answer.json()};
  if (options.as == "svg") return Lesson{answer.picture(), answer.json()};
  return Lesson{answer.text(), answer.json()};
}

}  // namespace wengert::app
