#include "app/graph.hpp"

#include <algorithm>

#include "app/usage.hpp"
#include "wengert/explain/drawing.hpp"

namespace wengert::app {

namespace {

Result<Theme> theme_of(const Options& options) {
  if (options.theme.empty() || options.theme == "auto") return Theme::automatic;
  if (options.theme == "light") return Theme::light;
  if (options.theme == "dark") return Theme::dark;
  return usage("`--theme` takes light, dark or auto, not `" + options.theme + "`");
}

// Without values the shape of the graph is the same: any will do.
Point with_all_values(const Query& query, const Session& session) {
  Point point = session.point();
  for (const NodeId input : query.all_inputs)
    if (!point.contains(input))
      point.emplace(input, std::vector<double>((*query.expression.graph)[input].shape.size(), 1.0));
  return point;
}

Json json_of(const Query& query, const Drawing& d) {
  Json json;
  json.open('{').key("schema").number(std::uint64_t{1}).key("input").string(query.text).key("nodes").open('[');
  for (const DrawnBox& b : d.boxes) {
    json.open('{').key("name").string(b.name).key("title").string(b.title).key("lines").open('[');
    for (const std::string& line : b.lines) json.string(line);
    json.close(']').key("operations").number(std::uint64_t{b.rows.size()}).key("layer").number(std::uint64_t{b.layer});
    json.key("x").number(b.x).key("y").number(b.y).key("width").number(b.width).key("height").number(b.height).close(
        '}');
  }
  json.close(']').key("edges").open('[');
  for (const DrawnArrow& a : d.arrows)
    json.open('{')
        .key("from")
        .string(d.boxes[a.from].name)
        .key("to")
        .string(d.boxes[a.to].name)
        .key("partial")
        .string(a.label)
        .close('}');
  return json.close(']').key("warnings").open('[').close(']').close('}');
}

}  // namespace

Result<Lesson> graph_picture(Session& session, const Query& query, const Options& options) {
  const Result<Theme> theme = theme_of(options);
  if (!theme) return theme.error();
  const std::string form = options.as.empty() ? "dot" : options.as;
  if (form != "dot" && form != "svg" && form != "tikz")
    return usage("`graph` is drawn as dot, svg or tikz, not as `" + form + "`");
  const Trace t = trace({query.expression.graph, query.expression.id, query.inputs}, with_all_values(query, session));
  if (!options.focus.empty() &&
      std::none_of(t.rows.begin(), t.rows.end(), [&](const TraceRow& r) { return r.name == options.focus; }))
    return Diagnostic{.kind = Kind::name,
                      .message = "`" + options.focus + "` is no value of this program",
                      .span = query.span,
                      .help = "`wengert trace` lists them"};
  const Drawing d = draw(t, {.numbers = !query.formula_only(), .focus = options.focus});
  return Lesson{form == "svg" ? to_svg(d, *theme) : form == "tikz" ? to_tikz(d) : to_dot(d), json_of(query, d)};
}

}  // namespace wengert::app
