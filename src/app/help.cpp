#include "app/help.hpp"

#include "app/commands.hpp"
#include "app/help_language.hpp"
#include "app/layout.hpp"
#include "wengert/core/diagnostic.hpp"
#include "wengert/print/text.hpp"
#include "wengert/rewrite/simplify.hpp"
#include "wengert/rules/table.hpp"
#include "wengert/sweep/differentiate.hpp"

namespace wengert::app {

namespace {

std::string lines(const std::vector<std::pair<std::string, std::string>>& entries) {
  Column left{"", Column::Align::left, {}}, right{"", Column::Align::left, {}};
  for (const auto& [what, why] : entries) {
    left.cells.push_back("  " + what);
    right.cells.push_back(why);
  }
  const std::vector<Column> both{left, right};
  return table(both);
}

std::pair<std::string, std::string> entry(const OptionInfo& o) {
  return {std::string(o.name) + (o.value.empty() ? "" : " ") + std::string(o.value), std::string(o.help)};
}

std::string options_of(const CommandInfo& command, bool shared) {
  std::vector<std::pair<std::string, std::string>> entries;
  for (const OptionInfo& o : options())
    if (o.shared == shared && takes(command, o)) entries.push_back(entry(o));
  return lines(entries);
}

std::string of_command(const CommandInfo& c) {
  std::string out = "wengert " + std::string(c.name) + " " + std::string(c.usage) + "\n\n" + std::string(c.help) + "\n";
  if (c.task == Task::later) return out + "\nThis command is not available yet.\n";
  if (const std::string own = options_of(c, false); !own.empty()) out += "\nOptions:\n" + own;
  out += "\nShared options:\n" + options_of(c, true);
  return out + "\nExample:\n  " + std::string(c.example) + "\n";
}

// The partials of a primitive as the blackboard writes them.
std::string partials_of(const Row& row) {
  if (!row.elementwise || row.arity < 1 || row.arity > 3) return {};
  static constexpr const char* names[] = {"x", "y", "z"};
  Graph graph;
  std::vector<NodeId> inputs;
  std::string call = std::string(row.info->name) + "(";
  for (int k = 0; k < row.arity; ++k) {
    inputs.push_back(graph.input(names[k], {}));
    call += (k > 0 ? ", " : "") + std::string(names[k]);
  }
  const Expr e(graph, graph.node(row.op, inputs, {}));
  std::string out;
  for (std::size_t k = 0; k < inputs.size(); ++k)
    if (varies(row, k)) {
      const Expr d = simplify(derivative(e, Expr(graph, inputs[k]), Form::shown));
      out += "  diff(" + call + "), " + names[k] + ") = " + to_text(d).all() + "\n";
    }
  return out;
}

std::string of_row(const Row& row) {
  const Info& info = *row.info;
  std::string out = std::string(info.name) + ": " + std::string(info.help) + "\n";
  const auto add = [&](const char* what, std::string_view text) {
    if (!text.empty()) out += wrapped(std::string(what) + ": " + std::string(text)) + "\n";
  };
  add("arguments", row.arity < 0 ? "any number" : std::to_string(row.arity));
  if (row.elementwise) add("arrays", "applied to every element");
  if (row.differentiable == 0) add("derivative", "0 everywhere");
  if (const std::string partials = partials_of(row); !partials.empty()) out += "derivative:\n" + partials;
  add("rule", info.rule);
  add("convention", info.convention);
  add("source", info.source);
  if (!info.analytic) add("complex step", "not available");
  return out;
}

std::vector<std::string> all_topics() {
  std::vector<std::string> names;
  for (const CommandInfo& c : commands()) names.emplace_back(c.name);
  for (const Row& row : rows())
    if (row.info->language) names.emplace_back(row.info->name);
  for (const LanguageWord& word : language_words()) names.emplace_back(word.name);
  return names;
}

}  // namespace

std::string version_line() { return std::string("wengert ") + WENGERT_VERSION + "\n"; }

std::string help() {
  std::string out =
      "wengert: values and derivatives of a formula, by every mode, and whether they agree\n\n"
      "  wengert EXPR [NAME=VALUE ...]       the value, every derivative, agreement, cost\n"
      "  wengert COMMAND EXPR [...]          one question\n"
      "  wengert FILE.wen [NAME=VALUE ...]   a script; `-` reads standard input\n"
      "  wengert                             the prompt; standard input where that is no terminal\n\n"
      "Example:\n  wengert 'exp(x*z) + x*z/log(x)' x=2 z=3\n\nCommands:\n";
  std::vector<std::pair<std::string, std::string>> entries;
  for (const CommandInfo& c : commands())
    if (c.task != Task::later) entries.emplace_back(c.name, c.help);
  out += lines(entries) + "\nOptions:\n";
  entries.clear();
  for (const OptionInfo& o : options()) entries.push_back(entry(o));
  out += lines(entries);
  out +=
      "\nA word that begins with a name and one `=` gives a value; a word that begins with `-` and is no\n"
      "option is an expression. `wengert help COMMAND` and `wengert help FUNCTION` say more.\n\n"
      "Exit status: 0 done, 1 no number (with --strict: a warning), 2 wrong usage, 3 wrong text,\n"
      "4 the modes disagree, 130 interrupted.\n";
  return out;
}

std::optional<std::string> help_on(const std::string& topic) {
  std::string out;
  if (const CommandInfo* command = find_command(topic)) out += of_command(*command);
  if (const OptionInfo* option = find_option(topic)) out += lines({entry(*option)});
  for (const Row& row : rows())
    if (row.info->language && row.info->name == topic) out += (out.empty() ? "" : "\n") + of_row(row);
  if (out.empty())
    if (const Row* row = find_row(topic)) out += of_row(*row);
  for (const LanguageWord& word : language_words())
    if (word.name == topic)
      out +=
          (out.empty() ? "" : "\nIn the language:\n") + std::string(word.form) + "\n  " + std::string(word.help) + "\n";
  if (out.empty()) return std::nullopt;
  return out;
}

std::optional<std::string> topic_meant(const std::string& topic) { return nearest(topic, all_topics()); }

}  // namespace wengert::app
