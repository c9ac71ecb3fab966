#include "app/lesson.hpp"

#include <algorithm>

#include "app/usage.hpp"
#include "wengert/explain/eliminate.hpp"
#include "wengert/explain/page.hpp"
#include "wengert/explain/paths.hpp"
#include "wengert/explain/sheets.hpp"
#include "wengert/explain/trace.hpp"
#include "wengert/explain/why.hpp"

namespace wengert::app {

namespace {

// By the inputs asked for, in the order asked for; by all of them otherwise.
Result<Problem> problem_of(Session& session, const Query& query, const Options& options) {
  Problem problem{query.expression.graph, query.expression.id, query.inputs};
  if (options.wrt.empty()) return problem;
  problem.wrt.clear();
  for (const std::string& name : options.wrt) {
    const auto named = [&](NodeId id) { return session.graph().input_of(id).name == name; };
    const auto found = std::find_if(query.all_inputs.begin(), query.all_inputs.end(), named);
    if (found == query.all_inputs.end())
      return Diagnostic{.kind = Kind::name,
                        .message = "`" + name + "` is not an input of this expression",
                        .span = query.span,
                        .help = "a defined name has its adjoint in the trace anyway"};
    problem.wrt.push_back(*found);
  }
  return problem;
}

Json begun(const Query& query, const Trace& t) {
  Json json;
  const TraceRow& output = t.rows[t.output];
  json.open('{').key("schema").number(std::uint64_t{1}).key("input").string(query.text);
  return json.key("value").array(output.shape, output.value).key("kind").string("value");
}

void put_row(Json& json, const Trace& t, const TraceRow& row, const Sources& sources) {
  json.open('{').key("name").string(row.name).key("operation").string(row.operation).key("arguments").open('[');
  for (std::size_t a : row.arguments) json.string(t.rows[a].name);
  json.close(']').key("shape").open('[').number(std::uint64_t{row.shape.rows}).number(std::uint64_t{row.shape.cols}).close(']');
  json.key("value").array(row.shape, row.value).key("tangents").open('{');
  for (std::size_t k = 0; k < row.tangents.size(); ++k) json.key(t.seeds[k].name).array(row.shape, row.tangents[k]);
  json.close('}');
  if (row.active) json.key("adjoint").array(row.shape, row.adjoint);
  json.key("partials").open('[');
  for (const TracePartial& p : row.partials) {
    const bool scalar = p.shape.scalar() && p.entries.size() == 1;
    const auto n = static_cast<std::uint32_t>(p.entries.size());
    if (!p.varies) json.number(std::uint64_t{0});
    else if (p.entries.empty()) json.string("too many entries");
    else if (scalar) json.number(p.entries[0]);
    else json.array(p.diagonal ? Shape{n, 1} : p.shape, p.entries);
  }
  json.close(']');
  if (std::any_of(row.partials.begin(), row.partials.end(), [](const TracePartial& p) { return !p.formula.empty(); })) {
    json.key("formulas").open('[');
    for (const TracePartial& p : row.partials) json.string(p.formula);
    json.close(']');
  }
  json.key("contributions").open('[');
  for (const TraceContribution& c : row.contributions)
    json.open('{').key("from").string(t.rows[c.from].name).key("amount").array(row.shape, c.amount).close('}');
  json.close(']');
  if (row.span.known()) {
    const Position p = sources.position(row.span);
    json.key("line").number(std::uint64_t{p.line}).key("column").number(std::uint64_t{p.column}).key("length").number(std::uint64_t{p.length});
  }
  json.close('}');
}

bool is_latex(const Options& options) { return options.as == "latex" || options.as == "tikz"; }

// The sheet in the form that was asked for.
template <class Make>
std::string written(const Options& options, const std::string& title, const Make& sheet) {
  if (options.as == "svg") return to_svg(sheet(SheetOptions{.digits = options.shown_digits, .pictures = true}), title, options.theme);
  if (is_latex(options)) return to_latex(sheet(SheetOptions{.digits = options.shown_digits, .pictures = true}));
  return to_text(sheet(SheetOptions{.digits = options.shown_digits}));
}

// The pictures among its blocks.
std::string tikz_of(const Sheet& sheet) {
  std::string out;
  for (const SheetBlock& block : sheet)
    if (const Drawing* d = std::get_if<Drawing>(&block)) out += "\n" + to_tikz(*d);
  return out;
}

Lesson traced(const Query& query, const Trace& t, const Sources& sources, const Options& options) {
  Json json = begun(query, t);
  if (options.json) {  // of a long program more work than the text
    json.key("trace").open('[');
    for (const TraceRow& row : t.rows) put_row(json, t, row, sources);
    json.close(']');
    return {{}, std::move(json)};
  }
  const auto sheet = [&](const SheetOptions& o) { return trace_sheet(t, o); };
  if (is_latex(options))
    return {trace_latex(t, {.digits = options.shown_digits}) + "\n" + to_tikz(draw(t)), std::move(json)};
  return {written(options, "The evaluation trace of " + query.text, sheet), std::move(json)};
}

Lesson walked(const Query& query, const Trace& t, const Linearization& graph, const Options& options) {
  const Paths found = paths(t, graph);
  Json json = begun(query, t);
  json.key("paths").open('[');
  for (const Path& path : found.listed) {
    json.open('{').key("nodes").open('[');
    for (std::size_t v : path.vertices) json.string(graph.vertices[v].name);
    json.close(']').key("partials").open('[');
    for (double p : path.partials) json.number(p);
    json.close(']').key("product").number(path.product).close('}');
  }
  json.close(']');
  // Exact however large: a number where it fits, otherwise its digits.
  if (found.count.size() < 16) json.key("count").number(static_cast<std::uint64_t>(std::stoull(found.count)));
  else json.key("count").string(found.count);
  json.key("complete").boolean(found.complete).key("sums").open('{');
  for (const PathSum& sum : found.sums)
    if (sum.derivative && sum.input < t.seeds.size()) json.key(t.seeds[sum.input].name).number(*sum.derivative);
  json.close('}');
  const auto sheet = [&](const SheetOptions& o) { return paths_sheet(t, graph, found, o); };
  if (is_latex(options))
    return {paths_latex(t, graph, found, options.shown_digits) + tikz_of(sheet({.pictures = true})), std::move(json)};
  return {written(options, "The sum over paths of " + query.text, sheet), std::move(json)};
}

Result<Lesson> eliminated(const Query& query, const Trace& t, const Linearization& graph, const Options& options) {
  const Result<Eliminations> all = compare_orders(graph, {.search_limit = 20'000});  // about a second
  if (!all) return all.error();
  Json json = begun(query, t);
  json.key("orders").open('[');
  for (const Elimination& way : all->ways) {
    json.open('{').key("order").string(to_string(way.order)).key("multiplications").number(way.multiplications);
    json.key("additions").number(way.additions).key("proven").boolean(way.proven).key("vertices").open('[');
    for (const EliminationStep& step : way.steps) json.string(graph.vertices[step.vertex].name);
    json.close(']').close('}');
  }
  json.close(']');
  const auto sheet = [&](const SheetOptions& o) { return eliminate_sheet(graph, *all, o); };
  return Lesson{written(options, "Orders of elimination of " + query.text, sheet), std::move(json)};
}

Lesson explained_why(const Session& session, const Query& query, const Problem& problem, const Trace& t,
                     const Linearization& graph, const Options& options) {
  const std::vector<Misconception> all = misconceptions(problem, session.point(), t, graph);
  Json json = begun(query, t);
  json.key("why").open('[');
  for (const Misconception& m : all) {
    json.open('{').key("name").string(m.name).key("title").string(m.title).key("claim").string(m.claim).key("shows").boolean(m.shows);
    json.key("rows").open('[');
    for (const MisconceptionRow& r : m.rows)
      json.open('{').key("label").string(r.label).key("mistaken").number(r.mistaken).key("right").number(r.right).close('}');
    json.close(']').key("note").string(m.note).close('}');
  }
  json.close(']');
  const auto sheet = [&](const SheetOptions& o) { return misconceptions_sheet(all, o); };
  return Lesson{written(options, "What goes wrong with " + query.text, sheet), std::move(json)};
}

Result<Lesson> whole_page(const Session& session, const Query& query, const Problem& problem) {
  Result<std::string> html = page(problem, session.point(), {.title = query.text});
  if (!html) return html.error();
  Json json;
  json.open('{').key("schema").number(std::uint64_t{1}).key("input").string(query.text).key("html").string(*html);
  return Lesson{std::move(*html), std::move(json)};
}

}  // namespace

Result<Lesson> lesson(Session& session, const Query& query, const Options& options, Task task) {
  if (!options.as.empty() && options.as != "text" && options.as != "svg" && !is_latex(options))
    return usage("this is written as text, latex or svg, not as `" + options.as + "`");
  const Result<Problem> problem = problem_of(session, query, options);
  if (!problem) return problem.error();
  if (task == Task::page) return whole_page(session, query, *problem);
  const Trace t = trace(*problem, session.point(), {.formulas = options.formulas});
  if (task == Task::trace) return traced(query, t, session.sources(), options);
  const Result<Linearization> graph = linearize(t);
  if (!graph) return graph.error();
  if (task == Task::why) return explained_why(session, query, *problem, t, *graph, options);
  return task == Task::paths ? Result<Lesson>(walked(query, t, *graph, options)) : eliminated(query, t, *graph, options);
}

}  // namespace wengert::app
