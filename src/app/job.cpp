#include "app/job.hpp"

#include "app/answer.hpp"
#include "app/at_file.hpp"
#include "app/exercises.hpp"
#include "app/files.hpp"
#include "app/interrupt.hpp"
#include "app/usage.hpp"
#include "format.hpp"
#include "parse.hpp"

namespace wengert::app {

std::optional<Diagnostic> give_values(Session& session, const Words& words, const Options& options) {
  for (const std::string& path : options.at) {
    const Result<std::string> text = read_file(path, options.files());
    if (!text) return text.error();
    Result<NamedValues> values = values_from_json(path, *text);
    if (!values) return values.error();
    for (auto& [name, value] : *values) session.give(name, std::move(value));
  }
  for (const NamedText& given : words.values) {
    Result<Value> value = session.closed_value(given.name + "=", given.text);
    if (!value) return value.error();
    session.give(given.name, std::move(*value));
  }
  return std::nullopt;
}

namespace {

// No expression where one is needed: how the words were read, and how they could have been meant.
Diagnostic no_expression(const Words& words) {
  const std::string name(words.command->name);
  const std::string call = "wengert " + name + (name.empty() ? "" : " ");
  if (words.values.empty()) return usage("there is no expression", "write " + std::string(words.command->example));
  const NamedText& first = words.values.front();
  const std::string word = first.name + "=" + first.text;
  return usage("there is no expression: `" + word + "` gives `" + first.name + "` its value",
               "for an expression at this value write " + call + "EXPR " + word + "; for the comparison write " + call +
                   "'" + first.name + "==" + first.text + "'");
}

class Job {
 public:
  Job(const Words& words, const Options& options, Report& report)
      : words_(words), options_(options), report_(report), session_(options.bounds.text), answerer_(session_, report) {
    if (options.bounds.seconds > 0) session_.interrupt_when(asked_to_stop);
    answerer_.configure(options, {.everything = !on_terminal(stdout), .color = report.colored()});
  }

  void run() {
    if (const std::optional<Diagnostic> wrong = give_values(session_, words_, options_)) return failed(*wrong, {});
    if (task() == Task::check) return check();
    if (task() == Task::exercise) return exercise();
    for (const std::string& path : words_.files)
      if (restart_clock(), !program(path) && !options_.keep_going) return;
    for (const Question& question : words_.questions)
      if (restart_clock(), !ask(question) && !options_.keep_going) return;
  }

 private:
  void restart_clock() const { limit_time(options_.bounds.seconds, Overrun::ends_the_process, options_.json); }
  void failed(const Diagnostic& error, std::string_view input) { report_.error(error, session_.sources(), input); }

  Task task() const {
    const Task task = words_.command->task;
    return task == Task::everything && words_.questions.empty() ? Task::run : task;
  }

  // The expression (a word, -e, or the last one of the program) and the answer.
  void check() {
    std::optional<Query> asked;
    for (const std::string& path : words_.files) {
      const Result<std::string> text = read_file(path, options_.files());
      if (!text) return failed(text.error(), path);
      std::optional<Diagnostic> wrong;
      const auto keep = [&](Result<Query> query) {
        if (query) asked = std::move(*query);
        else wrong = query.error();
        return !wrong;
      };
      if (const auto error = session_.run(path == "-" ? "" : path, *text, keep)) wrong = wrong ? wrong : error;
      if (wrong) return failed(*wrong, {});
    }
    const std::vector<Question>& words = words_.questions;
    const std::size_t wanted = asked ? 1 : 2;
    if (words.size() != wanted && words.size() != 2)
      return failed(usage("`check` takes an expression and an answer", "write " + std::string(words_.command->example)), {});
    if (words.size() == 2) {
      Result<Query> query = session_.query(words[0].source, words[0].text);
      if (!query) return failed(query.error(), words[0].text);
      asked = std::move(*query);
    }
    const Result<Query> answer = session_.query(words.back().source.empty() ? "answer" : words.back().source, words.back().text);
    if (!answer) return failed(answer.error(), words.back().text);
    answerer_.check(*asked, *answer);
  }

  // A problem, or what an answer to it is worth.
  void exercise() {
    const Result<Exercise> chosen = chosen_exercise(options_);
    if (!chosen) return failed(chosen.error(), {});
    if (words_.questions.empty()) answerer_.tell(posed(*chosen, options_), {});
    for (const Question& answer : words_.questions) answerer_.tell(marked(*chosen, answer.text), answer.text);
  }

  // A file: its statements run, its expressions are answered unless others are asked.
  bool program(const std::string& path) {
    const Result<std::string> text = read_file(path, options_.files());
    if (!text) return failed(text.error(), path), false;
    answers_ = 0;
    bool good = true;
    if (options_.keep_going) {
      for (const std::string& part : statements_apart(path, *text)) good = part_of_program(path, part) && good;
    } else {
      good = part_of_program(path, *text);
    }
    const bool asked = !words_.questions.empty();
    if (good && !asked && answers_ == 0 && task() != Task::run && words_.files.size() == 1)
      return failed(
                 {.kind = Kind::syntax, .message = path + " has no expression to answer", .help = "ask with -e TEXT"},
                 {}),
             false;
    report_.notes(session_.take_notes(), session_.sources());
    return good;
  }

  bool part_of_program(const std::string& path, const std::string& text) {
    bool good = true;
    const Work work(report_.progress(), path == "-" ? "standard input" : path);
    Session::Answer answer;
    if (words_.questions.empty())
      answer = [&](Result<Query> query) {
        ++answers_;
        good = query ? answerer_.answer(*query, task()) : (failed(query.error(), {}), false);
        return good;
      };
    const std::optional<Diagnostic> error = session_.run(path == "-" ? "" : path, text, answer);
    if (error && good) failed(*error, {});
    return good && !error;
  }

  // Every statement as a text of its own, at its line and column.
  static std::vector<std::string> statements_apart(const std::string& path, const std::string& text) {
    Sources sources;
    const Result<ast::Tree> tree = parse(sources, sources.add(path, text));
    if (!tree) return {text};
    std::vector<std::string> parts;
    for (const ast::Statement& s : tree->statements) {
      const Position at = sources.position({tree->source, s.begin, s.end});
      parts.push_back(std::string(at.line - 1, '\n') + std::string(at.column - 1, ' ') +
                      text.substr(s.begin, s.end - s.begin));
    }
    return parts;
  }

  bool ask(const Question& question) {
    if (!report_.json() && words_.questions.size() > 1 && many_lines()) heading(question.text);
    Result<Query> query = session_.query(question.source, question.text);
    if (query && !query->formula_only()) return answerer_.answer(*query, task());
    if (query && needs_no_values(*query)) return answerer_.answer(*query, task());
    Diagnostic error = query ? Asker(session_, options_).missing_values(*query) : query.error();
    if (error.kind == Kind::usage) error.kind = Kind::syntax;  // a text without an expression is a wrong text
    if (const std::optional<std::string> meant = option_meant(question.text))
      error.help = "did you mean the option `" + *meant + "`?";
    failed(error, question.text);
    return false;
  }

  bool needs_no_values(const Query& query) const {
    if (task() == Task::grad || task() == Task::jacobian || task() == Task::hessian) return query.without_values();
    return !needs_values(task());
  }

  bool many_lines() const {
    switch (task()) {
      case Task::everything:
      case Task::grad:
      case Task::jacobian:
      case Task::hessian:
      case Task::vjp:
        return true;
      case Task::trace:
      case Task::paths:
      case Task::eliminate:
      case Task::steps:
      case Task::why:
        return options_.as.empty() || options_.as == "text";
      default:
        return false;
    }
  }

  void heading(const std::string& text) {
    report_.answer((asked_++ > 0 ? "\n# " : "# ") + text.substr(0, text.find('\n')) + "\n");
  }

  const Words& words_;
  const Options& options_;
  Report& report_;
  Session session_;
  Answerer answerer_;
  std::size_t asked_ = 0, answers_ = 0;
};

}  // namespace

void run_job(const Words& words, const Options& options, Report& report) {
  const Sources none;
  if (words.questions.empty() && words.files.empty() && words.command->task != Task::exercise) return report.error(no_expression(words), none);
  Job(words, options, report).run();
}

void run_format(const Words& words, const Options& options, Report& report) {
  Sources sources;
  std::vector<Question> texts;
  for (const std::string& path : words.files) {
    Result<std::string> text = read_file(path, options.files());
    if (!text) return report.error(text.error(), sources, path);
    texts.push_back({path, std::move(*text)});
  }
  texts.insert(texts.end(), words.questions.begin(), words.questions.end());
  if (texts.empty())
    return report.error(
        usage("`fmt` needs a program", "write wengert fmt FILE.wen, or wengert fmt - to read standard input"), sources);
  for (const Question& text : texts) {
    const std::uint32_t source = sources.add(text.source, text.text);
    const Result<ast::Tree> tree = parse(sources, source);
    if (!tree) {
      report.error(tree.error(), sources, text.source.empty() ? text.text : text.source);
      if (!options.keep_going) return;
      continue;
    }
    const std::string formatted = format(*tree, sources);
    const bool changed = formatted != text.text && formatted != text.text + "\n";
    if (options.check && changed) report.raise(status::no_number);
    if (report.json()) {
      Json json;
      json.open('{')
          .key("schema")
          .number(std::uint64_t{1})
          .key("input")
          .string(text.source.empty() ? text.text : text.source);
      json.key("program").string(formatted).key("changed").boolean(changed).close('}');
      report.answer(json);
    } else if (!options.check) {
      report.answer(formatted);
    } else if (changed) {
      report.remark((text.source.empty() ? text.text : text.source) + ": the layout would change");
    }
  }
}

}  // namespace wengert::app
