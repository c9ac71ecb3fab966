#include "app/graph.hpp"

#include <algorithm>

#include "app/spy.hpp"
#include "app/usage.hpp"
#include "wengert/explain/drawing.hpp"

namespace wengert::app {

namespace {

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
    if (b.times > 1) json.key("times").number(std::uint64_t{b.times});
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
  return json.close(']');
}

}  // namespace

Result<Lesson> graph_picture(Session& session, const Query& query, const Options& options) {
  if (options.spy) return sparsity_picture(session, query, options);
  const std::string form = options.as.empty() ? "dot" : options.as;
  if (form != "dot" && form != "svg" && form != "tikz" && form != "latex" && form != "text")
    return usage("`graph` is drawn as dot, svg, tikz or text, not as `" + form + "`");
  const Trace t = trace({query.expression.graph, query.expression.id, query.inputs}, with_all_values(query, session));
  if (!options.focus.empty() &&
      std::none_of(t.rows.begin(), t.rows.end(), [&](const TraceRow& r) { return r.name == options.focus; }))
    return Diagnostic{.kind = Kind::name,
                      .message = "`" + options.focus + "` is no value of this program",
                      .span = query.span,
                      .help = "`wengert trace` lists them"};
  const Drawing d = draw(t, {.numbers = !query.formula_only(),
                             .focus = options.focus,
                             .reach = options.reach,
                             .most = options.most,
                             .digits = options.shown_digits > 0 ? options.shown_digits : 6});
  const std::string text = form == "svg"    ? to_svg(d, options.theme)
                           : form == "dot"  ? to_dot(d)
                           : form == "text" ? to_text(d)
                                            : to_tikz(d);
  return Lesson{text, json_of(query, d)};
}

}  // namespace wengert::app
