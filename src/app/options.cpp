#include "app/options.hpp"

#include <algorithm>
#include <charconv>
#include <map>

// The only file that sees CLI11, which is slow to compile.
#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>

#include "app/usage.hpp"
#include "wengert/solve/minimize.hpp"
#include "characters.hpp"

namespace wengert::app {

namespace {

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
  return text;
}

}  // namespace

std::vector<std::string> comma_list(std::string_view text) {
  std::vector<std::string> items;
  while (true) {
    const std::size_t comma = std::min(text.find(','), text.size());
    const std::string_view item = trimmed(text.substr(0, comma));
    if (!item.empty()) items.push_back(grammar::find_fault(item) ? std::string(item) : grammar::composed(item));
    if (comma == text.size()) return items;
    text.remove_prefix(comma + 1);
  }
}

Result<ModeChoice> mode_choice(std::string_view text) {
  static const std::vector<std::string> known{"forward", "reverse", "symbolic", "finite",
                                              "complex", "cross",   "auto",     "all"};
  ModeChoice choice;
  for (const std::string& name : comma_list(text)) {
    if (name == "all")
      choice.every = true;
    else if (name == "auto")
      choice.automatic = true;
    else if (const std::optional<Mode> mode = mode_named(name))
      choice.named.push_back(*mode);
    else {
      const std::optional<std::string> meant = nearest(name, known);
      return usage("there is no mode `" + name + "`",
                   meant ? "did you mean `" + *meant + "`?"
                         : "the modes are forward, reverse, symbolic, finite, complex, cross, auto and all");
    }
  }
  if (!choice.every && !choice.automatic && choice.named.empty())
    return usage("`--mode` needs a mode", "forward, reverse, symbolic, finite, complex, cross, auto or all");
  return choice;
}

bool parse_budget(std::string_view text, std::optional<double>& seconds, std::optional<double>& bytes) {
  struct Unit {
    std::string_view name;
    double factor;
    bool time;
  };
  static constexpr Unit units[] = {{"", 1, true},      {"s", 1, true},     {"ms", 1e-3, true}, {"us", 1e-6, true},
                                   {"min", 60, true},  {"B", 1, false},    {"kB", 1e3, false}, {"KB", 1e3, false},
                                   {"MB", 1e6, false}, {"GB", 1e9, false}, {"M", 1e6, false},  {"G", 1e9, false}};
  text = trimmed(text);
  double number = 0;
  const auto [end, fault] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (fault != std::errc() || !(number > 0) || number > 1e300) return false;
  const std::string_view rest = trimmed(text.substr(static_cast<std::size_t>(end - text.data())));
  for (const Unit& unit : units)
    if (unit.name == rest) {
      (unit.time ? seconds : bytes) = number * unit.factor;
      return true;
    }
  return false;
}

namespace {

// Texts of options that need a look of our own after the parser has told them apart.
struct Raw {
  std::vector<std::string> at, wrt, tangents, gradients, budgets, limits;
  std::string mode, by, cotangent, color, layout, theme, engine;
  int digits = 0;
};

void declare(CLI::App& parser, Options& o, Raw& raw) {
  parser.set_help_flag();
  parser.add_option("--at", raw.at);
  parser.add_option("--wrt", raw.wrt);
  parser.add_option("--tangent", raw.tangents);
  parser.add_option("--gradient", raw.gradients);
  parser.add_option("--svg", o.svg)->take_last();
  parser.add_option("--tolerance", o.tolerance)->take_last();
  parser.add_flag("--fix", o.fix);
  parser.add_flag("--spy", o.spy);
  parser.add_option("--limit", raw.limits);
  parser.add_flag("--sandbox", o.sandbox);
  parser.add_option("--budget", raw.budgets);
  parser.add_option("--mode", raw.mode)->take_last();
  parser.add_option("--by", raw.by)->take_last();
  parser.add_option("--cotangent", raw.cotangent)->take_last();
  parser.add_option("--color", raw.color)->take_last();
  parser.add_option("--layout", raw.layout)->take_last();
  parser.add_option("--order", o.order)->take_last();
  parser.add_option("--hint", o.hint)->take_last();
  parser.add_option("--as", o.as)->take_last();
  parser.add_flag("--formulas", o.formulas);
  parser.add_option("--focus", o.focus)->take_last();
  parser.add_option("--reach", o.reach)->take_last();
  parser.add_option("--most", o.most)->take_last();
  parser.add_option("--theme", raw.theme)->take_last();
  parser.add_option("--level", o.level)->take_last();
  parser.add_option("--over", o.over);
  parser.add_option("--each", o.each)->take_last();
  parser.add_option("--steps", o.steps)->take_last();
  parser.add_option("--points", o.points)->take_last();
  parser.add_option("--contour", o.levels);
  parser.add_flag("--log", o.log);
  parser.add_option("--method", o.method)->take_last();
  parser.add_option("--engine", raw.engine)->take_last();
  parser.add_option("--rate", o.rate)->take_last();
  parser.add_option("--momentum", o.momentum)->take_last();
  parser.add_option("--seed", o.seed)->take_last();
  parser.add_option("--lang", o.lang)->take_last();
  parser.add_option("--name", o.name)->take_last();
  parser.add_option("--digits", raw.digits)->take_last();
  parser.add_option("--threads", o.threads)->take_last();
  parser.add_flag("--json", o.json);
  parser.add_flag("--quiet", o.quiet);
  parser.add_flag("--strict", o.strict);
  parser.add_flag("--keep-going", o.keep_going);
  parser.add_flag("--check", o.check);
  parser.add_flag("--no-config", o.no_config);
  parser.add_flag("--version", o.version);
}

// The value of the last word that gives this option.
std::string value_of(const std::vector<std::string>& words, std::string_view name) {
  std::string value;
  for (const std::string& word : words)
    if (word.starts_with(name) && word.size() > name.size() && word[name.size()] == '=')
      value = word.substr(name.size() + 1);
  return value;
}

// Computed with, or, in a lesson, shown.
std::optional<Diagnostic> interpret_digits(const Raw& raw, Options& o, const std::vector<std::string>& words, Task task) {
  const bool given = std::any_of(words.begin(), words.end(), [](const std::string& w) { return w.starts_with("--digits="); });
  if (!given) return std::nullopt;
  const int least = shows_doubles(task) ? 1 : 50, most = shows_doubles(task) ? 17 : o.bounds.digits;
  if (raw.digits < least || raw.digits > most)
    return usage("`--digits` takes a number from " + std::to_string(least) + " to " + std::to_string(most) + ", not `" +
                     value_of(words, "--digits") + "`",
                 shows_doubles(task) ? "a lesson watches sweeps of doubles" : "");
  (shows_doubles(task) ? o.shown_digits : o.digits) = raw.digits;
  return std::nullopt;
}

std::optional<Diagnostic> interpret_theme(const std::string& theme, Options& o) {
  if (theme == "light") o.theme = Theme::light;
  else if (theme == "dark") o.theme = Theme::dark;
  else if (theme == "auto") o.theme = Theme::automatic;
  else if (!theme.empty()) return usage("`--theme` takes light, dark or auto, not `" + theme + "`");
  return std::nullopt;
}

std::optional<Diagnostic> interpret(Raw& raw, Options& o, const std::vector<std::string>& words, Task task) {
  for (std::string& file : raw.at) o.at.push_back(std::move(file));
  if (!raw.wrt.empty()) o.wrt.clear();
  for (const std::string& list : raw.wrt)
    for (std::string& name : comma_list(list)) o.wrt.push_back(std::move(name));
  if (!raw.wrt.empty() && o.wrt.empty()) return usage("`--wrt` needs names", "write --wrt x,W");
  for (std::string& tangent : raw.tangents) o.tangents.push_back(std::move(tangent));
  for (std::string& gradient : raw.gradients) o.gradients.push_back(std::move(gradient));
  if (o.tolerance && !(*o.tolerance >= 0 && *o.tolerance < 1e300)) return usage("`--tolerance` takes a number that is not negative");
  if (!o.method.empty() && !method_named(o.method)) {
    return usage("`--method` takes descent, momentum, newton or lbfgs, not `" + o.method + "`");
  }
  if (!raw.engine.empty()) {
    const std::optional<Engine> engine = engine_named(raw.engine);
    if (!engine) return usage("`--engine` takes auto, interpreter or native, not `" + raw.engine + "`");
    o.engine = *engine;
  }
  if (!(o.rate > 0 && o.rate < 1e300)) return usage("`--rate` takes a number above 0");
  if (!(o.momentum >= 0 && o.momentum < 1)) return usage("`--momentum` takes a number from 0 to below 1");
  if (!raw.by.empty()) {
    const std::vector<std::string> names = comma_list(raw.by);
    if (names.size() != 1) return usage("`--by` takes one name", "`--wrt` takes several");
    o.by = names.front();
  }
  if (!raw.cotangent.empty()) o.cotangent = raw.cotangent;
  if (!raw.mode.empty()) {
    Result<ModeChoice> choice = mode_choice(raw.mode);
    if (!choice) return choice.error();
    o.mode = *choice;
  }
  for (const std::string& budget : raw.budgets)
    if (!parse_budget(budget, o.budget_seconds, o.budget_bytes))
      return usage("`--budget` takes a time or a size, not `" + budget + "`", "such as 2s, 500ms or 500MB");
  const auto switched_on = [](const std::string& w) { return w == "--sandbox"; };
  if (std::any_of(words.begin(), words.end(), switched_on)) o.bounds = sandbox_bounds();
  for (const std::string& limit : raw.limits)
    if (std::optional<Diagnostic> wrong = read_bounds(limit, o.bounds)) return wrong;
  if (raw.layout == "numerator")
    o.layout = Layout::numerator;
  else if (raw.layout == "denominator")
    o.layout = Layout::denominator;
  else if (!raw.layout.empty())
    return usage("`--layout` takes numerator or denominator, not `" + raw.layout + "`");
  if (raw.color == "always")
    o.color = When::always;
  else if (raw.color == "never")
    o.color = When::never;
  else if (raw.color == "auto")
    o.color = When::automatic;
  else if (!raw.color.empty())
    return usage("`--color` takes auto, always or never, not `" + raw.color + "`");
  if (std::optional<Diagnostic> wrong = interpret_digits(raw, o, words, task)) return wrong;
  if (std::optional<Diagnostic> wrong = interpret_theme(raw.theme, o)) return wrong;
  if (o.most < 4 || o.most > 10'000) return usage("`--most` takes a number from 4 to 10000");
  if (o.steps && (*o.steps < 1 || *o.steps > 1000000)) return usage("`--steps` takes a number from 1 to 1000000");
  if (o.hint && *o.hint < 0) return usage("`--hint` takes the number of steps to reveal");
  if (o.order && (*o.order < 0 || *o.order > 1000)) return usage("`--order` takes a number from 0 to 1000");
  return std::nullopt;
}

}  // namespace

Result<Options> parse_options(const std::vector<std::string>& words, const CommandInfo& command, Options base) {
  if (words.empty()) return base;
  for (const std::string& word : words) {
    const OptionInfo* info = find_option(std::string_view(word).substr(0, word.find('=')));
    if (info != nullptr && !takes(command, *info)) {
      std::string takers;
      for (const CommandInfo& c : commands())
        if (c.task != Task::later && takes(c, *info)) takers += (takers.empty() ? "" : ", ") + std::string(c.name);
      const std::string who = command.name.empty() ? "this job" : "`" + std::string(command.name) + "`";
      return usage(who + " does not take `" + std::string(info->name) + "`",
                   takers.empty() ? "" : "it belongs to " + takers);
    }
  }
  const bool caged = base.sandbox;
  CLI::App parser;
  Raw raw;
  declare(parser, base, raw);
  try {
    parser.parse(std::vector<std::string>(words.rbegin(), words.rend()));  // CLI11 takes them from the back
  } catch (const CLI::ConversionError&) {
    for (const std::string_view name : {"--order", "--digits", "--threads", "--hint", "--level", "--seed", "--steps", "--reach", "--most"})
      if (const std::string text = value_of(words, name);
          !text.empty() && text.find_first_not_of("0123456789") != std::string::npos)
        return usage("`" + std::string(name) + "` takes a whole number, not `" + text + "`");
    if (const std::string text = value_of(words, "--tolerance"); !text.empty())
      return usage("`--tolerance` takes a number, not `" + text + "`");
    return usage("a number among the options cannot be read");
  } catch (const CLI::ParseError& error) {
    return usage(error.what());
  }
  if (caged && !raw.limits.empty()) return usage("limits cannot be changed in a sandbox");
  if (const std::optional<Diagnostic> problem = interpret(raw, base, words, command.task)) return *problem;
  return base;
}

}  // namespace wengert::app
