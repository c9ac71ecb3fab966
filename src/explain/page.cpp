#include "wengert/explain/page.hpp"

#include "page_parts.hpp"
#include "trace_table.hpp"
#include "wengert/print/mathml.hpp"
#include "wengert/print/text.hpp"

namespace wengert {

namespace {

std::string controls(std::size_t last) {
  return "<div class=\"controls\" role=\"group\" aria-label=\"Steps of the sweeps\">\n"
         "<button id=\"first\" type=\"button\">First</button>\n<button id=\"back\" type=\"button\">Back</button>\n"
         "<button id=\"next\" type=\"button\">Next</button>\n<button id=\"last\" type=\"button\">Last</button>\n"
         "<input id=\"slider\" type=\"range\" min=\"0\" max=\"" +
         std::to_string(last) +
         "\" value=\"0\" aria-label=\"Step\">\n"
         "<output id=\"status\" aria-live=\"polite\" for=\"slider\"></output>\n</div>\n";
}

std::string given(const Trace& t) {
  std::string out;
  for (const TraceRow& row : t.rows)
    if (row.op == Op::input)
      out += (out.empty() ? "" : ", ") + row.name + " = " + explain::cell(row.value, row.shape, 60);
  return out.empty() ? "The value is " : "At " + out + " the value is ";
}

std::string sweeps(const Trace& t, const paging::Stepped& steps) {
  std::string out =
      "<div class=\"sweeps\">\n<div class=\"scroll\"><table id=\"forward\"><caption>Forward "
      "sweep</caption><thead><tr><th>operation</th><th>value</th>";
  for (std::size_t k = 0; k < t.seeds.size() && k < 6; ++k) out += "<th>d/d" + escaped_xml(t.seeds[k].name) + "</th>";
  out += "</tr></thead><tbody>\n" + steps.forward_table + "</tbody></table>\n<p class=\"note\">Multiplications for " +
         std::to_string(t.seeds.size()) + (t.seeds.size() == 1 ? " tangent" : " tangents") +
         ": <span id=\"forward-count\">" + std::to_string(steps.forward_multiplications) + "</span> of " +
         std::to_string(steps.forward_multiplications) + "</p></div>\n";
  out +=
      "<div class=\"scroll\"><table id=\"reverse\"><caption>Reverse "
      "sweep</caption><thead><tr><th>name</th><th>adjoint</th><th>added up from</th></tr></thead><tbody>\n" +
      steps.reverse_table +
      "</tbody></table>\n<p class=\"note\">Multiplications for all adjoints: <span id=\"reverse-count\">" +
      std::to_string(steps.reverse_multiplications) + "</span> of " + std::to_string(steps.reverse_multiplications) +
      "</p></div>\n</div>\n";
  return out;
}

// A long formula by the names of the program's definitions.
std::string formula(const Expr& e) {
  constexpr std::size_t readable = 160;
  if (to_text(e, {.share = false, .limit = readable}).expression.size() <= readable) return mathml(e);
  return "<math>" + to_mathml(e, {.definitions = true, .limit = 20'000}).expression + "</math>";
}

std::string titled(const std::string& title, const std::string& body) {
  return body.empty() ? "" : "<section>\n<h2>" + title + "</h2>\n" + body + "</section>\n";
}

}  // namespace

Result<std::string> page(const Problem& problem, const Point& point, const PageOptions& options) {
  const Trace t = trace(problem, point);
  if (t.rows.size() > 5000)
    return Diagnostic{
        .kind = Kind::limit,
        .message = "a page of " + std::to_string(t.rows.size()) + " operations is too long to step through"};
  const Drawing d = draw(t, {.most = 300, .unfolded = 60});
  const paging::Stepped steps = paging::stepped(t, d);
  const TraceRow& output = t.rows[t.output];
  const std::string title = escaped_xml(options.title);
  std::string out =
      "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" "
      "content=\"width=device-width, initial-scale=1\">\n<title>" +
      title + "</title>\n<link rel=\"icon\" href=\"data:,\">\n<style>" + std::string(paging::style) +
      "</style>\n</head>\n<body>\n<main>\n<h1>The derivative of " + formula(Expr(*problem.graph, problem.output)) +
      "</h1>\n<p>" + escaped_xml(given(t) + explain::cell(output.value, output.shape, 60)) + ".</p>\n";
  out += controls(steps.count - 1) +
         "<div class=\"graph\" tabindex=\"0\" role=\"region\" aria-label=\"The graph of the program\">\n" + to_svg(d) +
         "</div>\n" + sweeps(t, steps);
  out += titled("Derivation", paging::derivations(problem, options.derivations));
  if (const Result<Linearization> graph = linearize(t)) {
    out += titled("The sum over paths", paging::path_section(t, *graph) + paging::order_section(*graph));
    out += titled("What goes wrong", paging::why_section(problem, point, t, *graph));
  }
  out += "</main>\n<script type=\"application/json\" id=\"steps\">" + steps.json + "</script>\n<script>" +
         std::string(paging::script) + "</script>\n</body>\n</html>\n";
  return out;
}

}  // namespace wengert
