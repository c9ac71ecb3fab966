#include "app/command_line.hpp"

#include "app/usage.hpp"
#include "characters.hpp"
#include "words.hpp"

namespace wengert::app {

NamedText named_value(std::string_view word) {
  if (grammar::find_fault(word)) return {};
  const std::size_t end = grammar::name_end(word, 0);
  if (end == 0 || end >= word.size() || word[end] != '=') return {};
  if (end + 1 < word.size() && word[end + 1] == '=') return {};
  if (word.find_first_of(";\n", end) != std::string_view::npos) return {};  // statements: a program
  return {grammar::composed(word.substr(0, end)), std::string(word.substr(end + 1))};
}

bool names_a_file(std::string_view word) {
  return word == "-" || word.ends_with(".wen") || word.starts_with('/') || word.starts_with("./") ||
         word.starts_with("../");
}

namespace {

class Splitter {
 public:
  explicit Splitter(const std::vector<std::string_view>& words) : words_(words) {}

  Result<Words> all() {
    for (; next_ < words_.size(); ++next_) {
      const std::string_view word = words_[next_];
      if (!only_operands_ && word == "--") {
        only_operands_ = true;
      } else if (!only_operands_ && option(word)) {
        if (problem_) return *problem_;
      } else {
        operand(word);
        if (problem_) return *problem_;
      }
    }
    return std::move(result_);
  }

 private:
  // Takes an option with its value; false if the word is none.
  bool option(std::string_view word) {
    if (word == "-h" && words_.size() == 1) word = "--help";
    const std::size_t equals = word.starts_with("--") ? word.find('=') : std::string_view::npos;
    const std::string_view name = word.substr(0, equals);
    const OptionInfo* known = find_option(name);
    if (known == nullptr) return false;
    const bool attached = equals != std::string_view::npos;
    if (known->value.empty()) {
      if (attached)
        problem_ = usage("`" + std::string(name) + "` takes no value");
      else if (name == "--help")
        result_.asks_for_help = true;
      else
        result_.options.emplace_back(name);
      return true;
    }
    if (!attached && next_ + 1 >= words_.size()) {
      problem_ = usage("`" + std::string(name) + "` needs a value",
                       "write " + std::string(name) + " " + std::string(known->value));
      return true;
    }
    const std::string value(attached ? word.substr(equals + 1) : words_[++next_]);
    if (name == "-e")
      result_.questions.push_back({"-e " + std::to_string(++texts_), value});
    else if (name == "-f")
      result_.files.push_back(value);
    else
      result_.options.push_back(std::string(name) + "=" + value);
    return true;
  }

  void operand(std::string_view word) {
    const Task task = result_.command->task;
    if (task == Task::help) return result_.topics.emplace_back(word), void();
    if (task != Task::format) {
      NamedText value = named_value(word);
      if (!value.name.empty()) return give(std::move(value));
    }
    if (!commanded_ && !only_operands_) {
      commanded_ = true;
      if (const CommandInfo* command = find_command(word)) {
        result_.command = command;
        return;
      }
    }
    commanded_ = true;
    if (names_a_file(word) || task == Task::run)
      result_.files.emplace_back(word);
    else
      result_.questions.push_back({"", std::string(word)});
  }

  void give(NamedText value) {
    if (grammar::is_reserved(value.name))
      problem_ = usage(grammar::reserved_message(value.name) + ", it cannot be given a value");
    else if (value.text.find_first_not_of(" \t\r\n") == std::string::npos)
      problem_ = usage("`" + value.name + "=` lacks its value", "write " + value.name + "=2, without blanks");
    else
      result_.values.push_back(std::move(value));
  }

  const std::vector<std::string_view>& words_;
  std::size_t next_ = 0;
  std::size_t texts_ = 0;  // -e seen
  bool commanded_ = false;
  bool only_operands_ = false;
  Words result_;
  std::optional<Diagnostic> problem_;
};

}  // namespace

Result<Words> split(const std::vector<std::string_view>& words) { return Splitter(words).all(); }

Result<Entry> split_entry(std::string_view line) {
  Entry entry;
  const OptionInfo* waiting = nullptr;  // for its value
  while (!line.empty()) {
    const std::size_t word_end = std::min(line.find_first_of(" \t"), line.size());
    const std::size_t next = std::min(line.find_first_not_of(" \t", word_end), line.size());
    const std::string_view word = line.substr(0, word_end), with_blanks = line.substr(0, next);
    line.remove_prefix(next);
    if (waiting != nullptr) {
      entry.options.push_back(std::string(waiting->name) + "=" + std::string(word));
      waiting = nullptr;
      continue;
    }
    const std::size_t equals = word.find('=');
    const OptionInfo* option = word.starts_with("--") ? find_option(word.substr(0, equals)) : nullptr;
    if (option == nullptr)
      entry.expression += with_blanks;
    else if (equals != std::string_view::npos || option->value.empty())
      entry.options.emplace_back(word);
    else
      waiting = option;
  }
  if (waiting != nullptr) return usage("`" + std::string(waiting->name) + "` needs a value");
  while (!entry.expression.empty() && entry.expression.back() == ' ') entry.expression.pop_back();
  return entry;
}

std::optional<std::string> option_meant(std::string_view question) {
  if (!question.starts_with('-')) return std::nullopt;
  const std::size_t begin = std::min(question.find_first_not_of('-'), question.size());
  const std::size_t end = std::min(question.find_first_not_of("abcdefghijklmnopqrstuvwxyz-_", begin), question.size());
  if (end == begin || (end < question.size() && question[end] != '=')) return std::nullopt;
  const std::string word(question.substr(begin, end - begin));
  if (word == "h") return "--help";
  if (find_option("--" + word) != nullptr) return "--" + word;
  return nearest("--" + word, option_names());
}

}  // namespace wengert::app
