#include "app/plot.hpp"

#include <algorithm>
#include <cmath>
#include <map>

#include "app/ask.hpp"
#include "app/usage.hpp"
#include "wengert/explain/plot.hpp"
#include "wengert/print/text.hpp"

namespace wengert::app {

namespace {

struct Over {
  std::string name;
  Interval range;
};

class Plotter {
 public:
  Plotter(Session& session, const Query& query, const Options& options)
      : session_(session), query_(query), options_(options) {}

  Result<Lesson> run() {
    if (!options_.as.empty() && options_.as != "svg" && options_.as != "csv" && !tikz())
      return usage("`plot` writes svg, tikz or csv, not `" + options_.as + "`");
    if (!query_.expression.shape().scalar())
      return Diagnostic{.kind = Kind::shape,
                        .message = "a plot needs a scalar, this value is " + to_string(query_.expression.shape()),
                        .span = query_.span};
    Result<Figure> figure = options_.each.empty() ? over_inputs() : over_steps();
    if (!figure) return figure.error();
    if (const auto wrong = add_dots(*figure)) return *wrong;
    figure->title = query_.text.substr(0, 80);
    figure->logarithmic = options_.log;
    return Lesson{options_.as == "csv" ? to_csv(*figure)
                  : tikz()             ? to_tikz(*figure)
                                       : to_svg(*figure, options_.theme),
                  json(*figure)};
  }

 private:
  bool tikz() const { return options_.as == "tikz" || options_.as == "latex"; }
  NodeId input_named(const std::string& name) const {
    for (const NodeId id : query_.all_inputs)
      if (session_.graph().input_of(id).name == name) return id;
    return no_node;
  }

  // "x=-4..4"
  Result<Over> range_of(const std::string& text) {
    const std::size_t equals = text.find('='), dots = text.find("..");
    if (equals == std::string::npos || dots == std::string::npos || dots < equals)
      return usage("`--over` takes a name and its range, not `" + text + "`", "write --over x=-4..4");
    Over over{text.substr(0, equals), {}};
    const Result<Value> low = session_.closed_value("--over", text.substr(equals + 1, dots - equals - 1)),
                        high = session_.closed_value("--over", text.substr(dots + 2));
    if (!low) return low.error();
    if (!high) return high.error();
    over.range = {low->numbers[0], high->numbers[0]};
    if (!(over.range.low < over.range.high) || !std::isfinite(over.range.high - over.range.low))
      return usage("the range `" + text + "` is empty");
    if (input_named(over.name) == no_node)
      return Diagnostic{
          .kind = Kind::name, .message = "`" + over.name + "` is not an input of this expression", .span = query_.span};
    return over;
  }

  Result<Figure> over_inputs() {
    std::vector<Over> all;
    for (const std::string& text : options_.over) {
      Result<Over> over = range_of(text);
      if (!over) return over.error();
      all.push_back(std::move(*over));
    }
    if (all.empty()) {  // the inputs without a value, or the only one
      std::vector<std::string> names = query_.missing;
      if (names.empty() && query_.inputs.size() == 1) names.push_back(session_.graph().input_of(query_.inputs[0]).name);
      if (names.empty() || names.size() > 2)
        return usage("a plot is over one or two inputs: which?", "write --over x=-5..5");
      for (const std::string& name : names) all.push_back({name, {-5, 5}});
    }
    if (all.size() > 2) return usage("a plot is over one or two inputs, not " + std::to_string(all.size()));
    for (const std::string& name : query_.missing)
      if (std::none_of(all.begin(), all.end(), [&](const Over& o) { return o.name == name; }))
        return Asker(session_, options_).missing_values(query_);
    const Problem problem{query_.expression.graph, query_.expression.id, {}, threads_of(options_)};
    for (const Over& o : all)
      if (!session_.graph()[input_named(o.name)].shape.scalar())
        return usage("`" + o.name + "` is no scalar: plot over an element's own name");
    if (all.size() == 1) return curve(problem, input_named(all[0].name), all[0].range, session_.point(), 401, options_.engine);
    return surface(problem, input_named(all[0].name), all[0].range, input_named(all[1].name), all[1].range,
                   session_.point(), options_.levels, 61, options_.engine);
  }

  // The value before the first step and after each.
  Result<Figure> over_steps() {
    if (!query_.missing.empty()) return Asker(session_, options_).missing_values(query_);
    Figure figure{.title = "", .across = "step", .up = "", .curves = {{query_.text.substr(0, 40), {}}}};
    for (int k = 0; k <= options_.steps.value_or(100); ++k) {
      if (k > 0)
        if (const auto error = session_.run("--each", options_.each, [](Result<Query>) { return true; })) return *error;
      const std::vector<double> value = value_at(*query_.expression.graph, query_.expression.id, session_.point());
      figure.curves[0].points.emplace_back(k, value[0]);
    }
    return figure;
  }

  // A matrix of two columns, or of three: the third tells the classes apart.
  std::optional<Diagnostic> add_dots(Figure& figure) {
    if (options_.points.empty()) return std::nullopt;
    Result<Query> query = session_.query("--points", options_.points);
    if (!query) return query.error();
    const Shape s = query->expression.shape();
    if (query->formula_only() || s.cols < 2 || s.cols > 3)
      return usage("`--points` takes a matrix of two columns, or of three, where the third is the class");
    const std::vector<double> x = value_at(*query->expression.graph, query->expression.id, session_.point());
    std::map<double, FigureDots> classes;
    for (std::size_t r = 0; r < s.rows; ++r) {
      const double label = s.cols == 3 ? x[r * 3 + 2] : 0;
      FigureDots& d = classes[label];
      d.name = s.cols == 3 ? "class " + shortest(label) : "data";
      d.points.emplace_back(x[r * s.cols], x[r * s.cols + 1]);
    }
    for (auto& [label, d] : classes) figure.dots.push_back(std::move(d));
    return std::nullopt;
  }

  Json json(const Figure& f) const {
    Json json;
    json.open('{')
        .key("schema")
        .number(std::uint64_t{1})
        .key("input")
        .string(query_.text)
        .key("across")
        .string(f.across)
        .key("curves")
        .open('[');
    for (const FigureCurve& c : f.curves) {
      json.open('{').key("name").string(c.name).key("points").open('[');
      for (const auto& [x, y] : c.points) json.open('[').number(x).number(y).close(']');
      json.close(']').close('}');
    }
    json.close(']').key("contours").open('[');
    for (const FigureContour& c : f.contours)
      json.open('{').key("level").number(c.level).key("segments").number(std::uint64_t{c.segments.size()}).close('}');
    return json.close(']');
  }

  Session& session_;
  const Query& query_;
  const Options& options_;
};

}  // namespace

Result<Lesson> plotted(Session& session, const Query& query, const Options& options) {
  return Plotter(session, query, options).run();
}

}  // namespace wengert::app
