#include "app/conversation.hpp"

#include <algorithm>
#include <exception>
#include <new>
#include <set>

#include "app/check.hpp"
#include "app/command_line.hpp"
#include "app/files.hpp"
#include "app/help_language.hpp"
#include "app/interrupt.hpp"
#include "app/usage.hpp"
#include "wengert/rules/table.hpp"

namespace wengert::app {

Conversation::Conversation(const Options& options, Report& report)
    : options_(options), report_(report), session_(options.bounds.text), answerer_(session_, report) {
  configure();
  session_.interrupt_when(asked_to_stop);
}

void Conversation::configure() {
  report_.configure(options_);
  answerer_.configure(options_, {.everything = false, .color = report_.colored()});
}

void Conversation::say(const std::string& line) { report_.answer(line + "\n"); }
void Conversation::fail(const Diagnostic& error) { report_.error(error, session_.sources()); }

// The last value is called `ans`.
void Conversation::keep_answer() {
  if (answerer_.last()) session_.give("ans", *answerer_.last());
}

void Conversation::enter(const std::string& entry) {
  const std::size_t begin = entry.find_first_not_of(" \t\r\n");
  if (begin == std::string::npos) return;
  report_.warn_anew();
  const Work work(report_.progress(), std::string_view(entry).substr(begin));
  // Nothing that goes wrong in one entry ends the session.
  try {
    if (entry[begin] == ':') return command(entry.substr(begin + 1));
    statements("", entry);
  } catch (const Stopped& stopped) {
    fail(stopped.diagnostic);
  } catch (const std::bad_alloc&) {
    fail({.kind = Kind::memory, .message = "there is not enough memory"});
  } catch (const std::exception& error) {
    fail({.kind = Kind::internal, .message = error.what()});
  }
}

void Conversation::statements(const std::string& source, const std::string& text) {
  bool reported = false;
  const std::optional<Diagnostic> error = session_.run(source, text, [&](Result<Query> query) {
    if (take_interrupt()) {
      report_.remark("interrupted");
      reported = true;
      return false;
    }
    if (!query) {
      fail(query.error());
      reported = true;
      return false;
    }
    const bool good = query->silent ? answerer_.work(*query) : answerer_.answer(*query, Task::run);
    reported = reported || !good;
    return good;
  });
  if (error && !reported) fail(*error);
  report_.notes(session_.take_notes(), session_.sources());
  keep_answer();
}

bool Conversation::load(const std::string& path) {
  const Result<std::string> text = read_file(path, options_.files());
  if (!text) return fail(text.error()), false;
  statements(path, *text);
  return true;
}

void Conversation::command(const std::string& text) {
  const std::size_t end = std::min(text.find_first_of(" \t\n"), text.size());
  const std::string name = text.substr(0, end);
  const std::size_t rest_begin = std::min(text.find_first_not_of(" \t\n", end), text.size());
  std::string rest = text.substr(rest_begin);
  while (!rest.empty() && (rest.back() == ' ' || rest.back() == '\n' || rest.back() == '\t')) rest.pop_back();

  std::vector<std::string> found;
  const auto matches = [&](std::string_view known) {
    if (known == name)
      found.assign(1, name);
    else if (known.starts_with(name) && (found.size() != 1 || found.front() != name))
      found.emplace_back(known);
  };
  std::vector<std::string> known;
  for (const Command& c : own_commands()) known.emplace_back(c.name);
  for (const CommandInfo& c : commands())
    if (c.task != Task::help) known.emplace_back(c.name);
  for (const std::string& candidate : known) matches(candidate);
  if (found.size() > 1) {
    std::string list;
    for (const std::string& candidate : found) list += (list.empty() ? ":" : ", :") + candidate;
    return fail(usage("`:" + name + "` may be " + list));
  }
  if (found.empty()) {
    const std::optional<std::string> meant = nearest(name, known);
    return fail(usage("there is no command `:" + name + "`",
                      meant ? "did you mean `:" + *meant + "`?" : "`:help` lists the commands"));
  }
  for (const Command& c : own_commands())
    if (c.name == found.front()) return (this->*c.act)(rest);
  question(*find_command(found.front()), rest);
}

void Conversation::question(const CommandInfo& info, const std::string& rest) {
  const std::string name(info.name);
  if (info.task == Task::later) return fail(usage("the command `" + name + "` is not available yet"));
  if (info.task == Task::run) return do_load(rest);
  Result<Entry> entry = split_entry(rest);
  if (!entry) return fail(entry.error());
  const Result<Options> options = parse_options(entry->options, info, options_);
  if (!options) return fail(options.error());
  if (info.task == Task::format) return say(session_.save());
  if (info.task == Task::exercise || (info.task == Task::check && exercise_ && quoted_answer(entry->expression).second.empty()))
    return exercise(info.task, entry->expression, *options);
  const std::string text = entry->expression.empty() && answerer_.last() ? "ans" : entry->expression;
  if (text.empty()) return fail(usage("there is no expression", "write :" + name + " x^2"));
  const auto [expression, student] = info.task == Task::check ? quoted_answer(text) : std::pair(text, std::string());
  if (info.task == Task::check && student.empty())
    return fail(usage("`:check` needs an answer in quotes", "write :check sin(3*x) \"cos(3*x)\""));
  const Result<Query> query = session_.query("", expression);
  if (!query) return fail(query.error());
  std::optional<Query> answer;
  if (!student.empty()) {
    Result<Query> read = session_.query("answer", student);
    if (!read) return fail(read.error());
    answer = std::move(*read);
  }
  Report& report = report_;
  report.configure(*options);
  answerer_.configure(*options, {.everything = false, .color = report.colored()});
  if (answer) answerer_.check(*query, *answer);
  else answerer_.answer(*query, info.task);
  configure();
  keep_answer();
}

// `:exercise` poses the next problem; `:check ANSWER` without quotes answers it.
void Conversation::exercise(Task task, const std::string& answer, const Options& options) {
  report_.configure(options);
  if (task == Task::exercise && answer.empty()) {
    Options chosen = options;
    if (chosen.seed == options_.seed && exercise_) chosen.seed = ++options_.seed;
    const Result<Exercise> next = chosen_exercise(chosen);
    if (next) answerer_.tell(posed(*next, chosen), {});
    else fail(next.error());
    if (next) exercise_ = *next;
  } else if (exercise_) {
    answerer_.tell(marked(*exercise_, answer), answer);
  } else {
    fail(usage("there is no exercise to answer", "`:exercise --level 2` poses one"));
  }
  configure();
}

std::vector<std::string> Conversation::completions(const std::string& before, const std::string& word) const {
  std::set<std::string> found;
  const auto add = [&](std::string_view name) {
    if (name.starts_with(word)) found.emplace(name);
  };
  if (before == ":") {
    for (const Command& c : own_commands()) add(c.name);
    for (const CommandInfo& c : commands())
      if (c.task != Task::later) add(c.name);
    return {found.begin(), found.end()};
  }
  if (before.ends_with("--")) {
    for (const OptionInfo& o : options())
      if (o.name.starts_with("--")) add(o.name.substr(2));
    return {found.begin(), found.end()};
  }
  for (const NameInfo& info : session_.names()) add(info.name);
  if (!word.empty() || before.empty()) {
    for (const Row& row : rows())
      if (row.info->language) add(row.info->name);
    for (const LanguageWord& language_word : language_words()) add(language_word.name);
    add("ans");
  }
  return {found.begin(), found.end()};
}

}  // namespace wengert::app
