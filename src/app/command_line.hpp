// The words of a command line, told apart before any option is parsed.
//
//   split({"grad", "-x^2", "x=-2", "--mode", "reverse"})
//   // command grad, question "-x^2", value x = "-2", option "--mode=reverse"
//
// A word is, in this order: the value of the option before it; an option or --option=value of a known
// one; NAME=VALUE (a name directly followed by one `=`); the command, once; a file (`-`, what ends in
// .wen or begins with `/`, `./` or `../`); otherwise an expression, also where it begins with `-`.
// After `--` nothing is an option.
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "app/commands.hpp"
#include "wengert/core/diagnostic.hpp"

namespace wengert::app {

// An expression to answer, under the name that messages show.
struct Question {
  std::string source;  // "-e 2"; empty for a word
  std::string text;
};

struct NamedText {
  std::string name;
  std::string text;
};

struct Words {
  const CommandInfo* command = &main_job();
  std::vector<Question> questions;   // words and -e, as they stood
  std::vector<NamedText> values;     // NAME=VALUE
  std::vector<std::string> files;    // programs; "-" is standard input
  std::vector<std::string> topics;   // of `help`
  std::vector<std::string> options;  // "--name" or "--name=value", `-e` and `-f` left out
  bool asks_for_help = false;
};

// The name and the text of a NAME=VALUE word; no name if it is none.
NamedText named_value(std::string_view word);
bool names_a_file(std::string_view word);

Result<Words> split(const std::vector<std::string_view>& words);

// A line at the prompt: an expression with options among its words.
struct Entry {
  std::string expression;
  std::vector<std::string> options;  // as in Words
};
// "y + 1 --by x" is "y + 1" with "--by=x".
Result<Entry> split_entry(std::string_view line);

// The option that a question was probably meant to be: "--json" for "--jsn".
std::optional<std::string> option_meant(std::string_view question);

}  // namespace wengert::app
