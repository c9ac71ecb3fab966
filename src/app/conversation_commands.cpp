#include <chrono>

#include "app/conversation.hpp"
#include "app/files.hpp"
#include "app/help.hpp"
#include "app/layout.hpp"
#include "app/usage.hpp"

namespace wengert::app {

const std::vector<Conversation::Command>& Conversation::own_commands() {
  static const std::vector<Command> all{
      {"help", "[name]", "this list, or help on a command or a function", &Conversation::do_help},
      {"list", "", "the names of this session", &Conversation::do_list},
      {"info", "NAME", "what a name is", &Conversation::do_info},
      {"mode", "[MODE]", "the mode that derivatives are taken by", &Conversation::do_mode},
      {"load", "FILE", "run a script", &Conversation::do_load},
      {"save", "FILE", "write this session as a script", &Conversation::do_save},
      {"set", "[OPTION VALUE]", "set an option, such as `:set digits 60`", &Conversation::do_set},
      {"reset", "", "forget everything", &Conversation::do_reset},
      {"undo", "", "take back the last definition", &Conversation::do_undo},
      {"time", "EXPR", "answer, and say how long it took", &Conversation::do_time},
      {"quit", "", "end (also Ctrl-D)", &Conversation::do_quit},
  };
  return all;
}

void Conversation::do_help(const std::string& rest) {
  if (!rest.empty()) {
    const std::string topic = rest.starts_with(':') ? rest.substr(1) : rest;
    for (const Command& c : own_commands())
      if (c.name == topic)
        return say(":" + std::string(c.name) + " " + std::string(c.usage) + "   " + std::string(c.help));
    if (const std::optional<std::string> text = help_on(topic)) return report_.answer(*text);
    for (const NameInfo& info : session_.names())
      if (info.name == topic) return do_info(topic);
    const std::optional<std::string> meant = topic_meant(topic);
    return fail(usage("there is nothing called `" + topic + "`", meant ? "did you mean `" + *meant + "`?" : ""));
  }
  Column names, helps;
  const auto add = [&](std::string_view name, std::string_view usage_text, std::string_view help_text) {
    names.cells.push_back(":" + std::string(name) + " " + std::string(usage_text));
    helps.cells.emplace_back(help_text);
  };
  for (const Command& c : own_commands()) add(c.name, c.usage, c.help);
  for (const CommandInfo& c : commands())
    if (c.task != Task::later && c.task != Task::run && c.task != Task::help)
      add(c.name, c.usage.substr(0, c.usage.find(" [NAME")), c.help);
  const std::vector<Column> both{names, helps};
  report_.answer("Type a formula, a definition (y = x^2), a value (x = 2), or a command, which may be shortened:\n" +
                 table(both));
}

namespace {

std::string described(const NameInfo& info) {
  if (info.role == NameInfo::Role::function || info.role == NameInfo::Role::abstract)
    return info.text.empty() ? "function " + info.name : info.text;
  std::string out = info.name + (info.shape.scalar() ? "" : ", " + to_string(info.shape));
  if (info.role == NameInfo::Role::definition) return info.text.empty() ? out : info.text;
  if (!info.value) return "input " + out;
  const std::vector<std::string> cells = cells_of(info.value->numbers);
  const std::string head = std::string(info.role == NameInfo::Role::constant ? "const " : "") + info.name + " = ";
  return head + (cells.size() > 24 ? summary(info.shape, info.value->numbers, cells)
                                   : array_text(info.shape, cells, width(head)));
}

}  // namespace

void Conversation::do_list(const std::string&) {
  for (const NameInfo& info : session_.names()) say(described(info));
}

void Conversation::do_info(const std::string& rest) {
  static constexpr std::string_view roles[] = {"an input",   "an input with a value", "a constant", "a definition",
                                               "a function", "an abstract function"};
  for (const NameInfo& info : session_.names()) {
    if (info.name != rest) continue;
    say(info.name + ": " + std::string(roles[static_cast<std::size_t>(info.role)]) +
        (info.role < NameInfo::Role::function ? ", " + to_string(info.shape) : ""));
    return say(described(info));
  }
  if (const std::optional<std::string> text = help_on(rest)) return report_.answer(*text);
  fail(usage(rest.empty() ? "`:info` needs a name" : "there is nothing called `" + rest + "`"));
}

void Conversation::do_mode(const std::string& rest) {
  if (rest.empty()) {
    std::string now = "auto";
    if (options_.mode && options_.mode->every) now = "all";
    if (options_.mode && !options_.mode->named.empty()) now = to_string(options_.mode->named.front());
    return say(now);
  }
  const Result<ModeChoice> choice = mode_choice(rest);
  if (!choice) return fail(choice.error());
  options_.mode = *choice;
  configure();
}

void Conversation::do_load(const std::string& rest) {
  if (rest.empty()) return fail(usage("`:load` needs a file"));
  load(rest);
}

void Conversation::do_save(const std::string& rest) {
  if (rest.empty()) return fail(usage("`:save` needs a file"));
  if (const std::optional<Diagnostic> error = write_file(rest, session_.save(), options_.files())) fail(*error);
}

void Conversation::do_set(const std::string& rest) {
  const std::size_t blank = std::min(rest.find(' '), rest.size());
  std::string name = rest.substr(0, blank);
  const std::size_t begin = std::min(rest.find_first_not_of(' ', blank), rest.size());
  const std::string value = rest.substr(begin);
  if (name.starts_with("--")) name = name.substr(2);
  const OptionInfo* option = find_option("--" + name);
  if (option == nullptr || !takes(main_job(), *option)) {
    std::string known;
    for (const OptionInfo& o : options())
      if (o.name.starts_with("--") && takes(main_job(), o) && o.name != "--help" && o.name != "--version")
        known += (known.empty() ? "" : ", ") + std::string(o.name.substr(2));
    return fail(
        usage(name.empty() ? "`:set` needs an option" : "there is no option `" + name + "`", "options: " + known));
  }
  if (option->value.empty() && value == "off") {
    if (name == "json") options_.json = false;
    if (name == "quiet") options_.quiet = false;
    if (name == "strict") options_.strict = false;
    if (name == "keep-going") options_.keep_going = false;
    return configure();
  }
  if (!option->value.empty() && value.empty())
    return fail(usage("`:set " + name + "` needs a value", "write :set " + name + " " + std::string(option->value)));
  if (name == "wrt" && value == "all") return options_.wrt.clear(), configure();
  if (name == "digits" && value == "0") return options_.digits = 0, configure();
  const Result<Options> changed =
      parse_options({"--" + name + (option->value.empty() ? "" : "=" + value)}, main_job(), options_);
  if (!changed) return fail(changed.error());
  options_ = *changed;
  session_.limit(options_.bounds.text);
  configure();
}

void Conversation::do_reset(const std::string&) { session_.forget_all(); }

void Conversation::do_undo(const std::string&) {
  if (!session_.undo()) say("there is nothing to take back");
}

void Conversation::do_time(const std::string& rest) {
  const auto begin = std::chrono::steady_clock::now();
  statements("", rest);
  say("(" + duration(std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count()) + ")");
}

void Conversation::do_quit(const std::string&) { over_ = true; }

}  // namespace wengert::app
