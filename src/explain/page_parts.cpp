#include "page_parts.hpp"

#include <algorithm>
#include <map>

#include "trace_table.hpp"
#include "wengert/explain/sheets.hpp"
#include "wengert/print/mathml.hpp"
#include "wengert/print/text.hpp"

namespace wengert::paging {

namespace {

// As a string of JSON that may stand in a script element.
std::string quoted(const std::string& text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\')
      out += '\\', out += c;
    else if (c == '\n')
      out += "\\n";
    else if (c == '<')
      out += "\\u003c";
    else if (static_cast<unsigned char>(c) < 0x20)
      out += ' ';
    else
      out += c;
  }
  return out + "\"";
}

std::string cell(std::string_view tag, const std::string& text) {
  return "<" + std::string(tag) + ">" + escaped_xml(text) + "</" + std::string(tag) + ">";
}

// In a sentence, and in a table.
std::string number(const std::vector<double>& x, Shape shape) { return explain::cell(x, shape, 40); }
std::string lines(const std::vector<double>& x, Shape shape) { return explain::cell_lines(x, shape, 44); }

class Stepper {
 public:
  Stepper(const Trace& t, const Drawing& d) : t_(t), d_(d), box_(t.rows.size(), 0) {
    for (std::size_t b = 0; b < d.boxes.size(); ++b)
      for (const std::size_t r : d.boxes[b].rows) box_[r] = b;
  }

  Stepped run() {
    add("press the right arrow key, or Next, to begin the forward sweep", d_.boxes.size(), {});
    for (std::size_t r = 0; r < t_.rows.size(); ++r) forward(r);
    for (std::size_t r = t_.rows.size(); r-- > 0;)
      if (t_.rows[r].active) reverse(r);
    out_.json = "[" + json_ + "]";
    return std::move(out_);
  }

 private:
  static std::size_t entries(const TracePartial& p) {
    return p.varies ? std::max<std::size_t>(p.entries.size(), 1) : 0;
  }

  void add(const std::string& text, std::size_t box, const std::vector<std::size_t>& arrows) {
    json_ += (json_.empty() ? "" : ",\n") + std::string("{\"text\":") + quoted(text) +
             ",\"box\":" + std::to_string(box) + ",\"arrows\":[";
    for (std::size_t k = 0; k < arrows.size(); ++k) json_ += (k > 0 ? "," : "") + std::to_string(arrows[k]);
    json_ += "],\"forward\":" + std::to_string(out_.forward_multiplications) +
             ",\"reverse\":" + std::to_string(out_.reverse_multiplications) + "}";
    ++out_.count;
  }

  void forward(std::size_t r) {
    const TraceRow& row = t_.rows[r];
    for (const TracePartial& p : row.partials) out_.forward_multiplications += entries(p) * t_.seeds.size();
    std::vector<std::size_t> arrows;
    for (std::size_t k = 0; k < d_.arrows.size(); ++k)
      if (d_.arrows[k].to == box_[r]) arrows.push_back(k);
    std::string text = "forward, " + equation(row) + " has the value " + number(row.value, row.shape);
    out_.forward_table += "<tr data-step=\"" + std::to_string(out_.count) + "\">" + cell("td", equation(row)) +
                          cell("td", lines(row.value, row.shape));
    for (std::size_t k = 0; k < row.tangents.size() && k < shown_seeds; ++k) {
      out_.forward_table += cell("td", lines(row.tangents[k], row.shape));
      if (k < told_seeds)
        text +=
            (k == 0 ? " and the derivative " : ", ") + number(row.tangents[k], row.shape) + " by " + t_.seeds[k].name;
    }
    if (row.tangents.size() > told_seeds) text += ", ...";
    out_.forward_table += "</tr>\n";
    add(text, box_[r], arrows);
  }

  void reverse(std::size_t r) {
    const TraceRow& row = t_.rows[r];
    std::string sum, told;
    std::vector<std::size_t> arrows;
    for (const TraceContribution& c : row.contributions) {
      sum += (sum.empty() ? "" : ",\n") + lines(c.amount, row.shape) + " from " + t_.rows[c.from].name;
      told += (told.empty() ? "" : ", ") + number(c.amount, row.shape) + " from " + t_.rows[c.from].name;
      for (std::size_t k = 0; k < d_.arrows.size(); ++k)
        if (d_.arrows[k].from == box_[r] && d_.arrows[k].to == box_[c.from]) arrows.push_back(k);
      out_.reverse_multiplications += entries(t_.rows[c.from].partials[partial_of(c)]);
    }
    if (row.contributions.empty()) sum = told = "the seed";
    out_.reverse_table += "<tr data-step=\"" + std::to_string(out_.count) + "\">" + cell("td", row.name) +
                          cell("td", lines(row.adjoint, row.shape)) + cell("td", sum) + "</tr>\n";
    add("reverse, " + row.name + " has the adjoint " + number(row.adjoint, row.shape) + ": " + told, box_[r], arrows);
  }

  std::size_t partial_of(const TraceContribution& c) const {
    return std::min(c.argument, t_.rows[c.from].partials.size() - 1);
  }

  static constexpr std::size_t shown_seeds = 6, told_seeds = 3;
  const Trace& t_;
  const Drawing& d_;
  std::vector<std::size_t> box_;
  Stepped out_;
  std::string json_;
};

std::string section(const std::string& title, const std::string& body, bool open = false) {
  return "<details" + std::string(open ? " open" : "") + "><summary>" + escaped_xml(title) + "</summary>\n" + body +
         "</details>\n";
}

}  // namespace

Stepped stepped(const Trace& t, const Drawing& d) { return Stepper(t, d).run(); }

std::string derivations(const Problem& problem, std::size_t most) {
  std::string out;
  std::size_t written = 0;
  for (const NodeId id : problem.wrt) {
    if (written == most) break;
    const Expr y(*problem.graph, problem.output), x(*problem.graph, id);
    const auto d = derive(y, x, {.operations = 120, .lines = 25});
    if (!d) continue;
    std::string list = "<ol class=\"derivation\">\n";
    std::map<std::string, std::string> known;  // definitions stand where they are new or change
    for (std::size_t k = 0; k < d->lines.size(); ++k) {
      const MathmlLine line = mathml_line(*d, k);
      list += "<li>";
      if (k > 0)
        list += "<span class=\"reason\">" + escaped_xml(std::to_string(k) + ". " + reason(d->lines[k])) + "</span>";
      for (const auto& [name, definition] : line.definitions) {
        std::string& before = known[name];
        if (before != definition)
          list += "<span class=\"reason\">where <math>" + name + "<mo>=</mo>" + definition + "</math></span>";
        before = definition;
      }
      list += (k > 0 ? "= <math>" : "<math>") + line.expression + "</math></li>\n";
    }
    out += section("by " + d->by, list + "</ol>\n", written == 0);
    ++written;
  }
  return out;
}

std::string path_section(const Trace& t, const Linearization& graph) {
  const Paths found = paths(t, graph);
  return section(found.count + (found.count == "1" ? " path" : " paths"), to_html(paths_sheet(t, graph, found)));
}

std::string order_section(const Linearization& graph) {
  // A page is there at once.
  const Result<Eliminations> all = compare_orders(graph, {.search_limit = 1000, .vertex_limit = 300});
  return all ? section("Orders of elimination", to_html(eliminate_sheet(graph, *all))) : "";
}

std::string why_section(const Problem& problem, const Point& point, const Trace& t, const Linearization& graph) {
  std::string out;
  for (const Misconception& m : misconceptions(problem, point, t, graph)) {
    Sheet sheet = misconceptions_sheet({m});
    sheet.erase(sheet.begin());  // the heading is the section's
    out += section(m.title + (m.shows ? "" : " (harmless here)"), to_html(sheet));
  }
  return out;
}

}  // namespace wengert::paging
