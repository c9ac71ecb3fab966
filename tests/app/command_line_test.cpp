#include "app/command_line.hpp"

#include <doctest/doctest.h>

using namespace wengert;
using namespace wengert::app;

namespace {

Words read(const std::vector<std::string_view>& words) {
  Result<Words> result = split(words);
  REQUIRE_MESSAGE(bool(result), (result ? std::string() : result.error().message));
  return *result;
}

Diagnostic refused(const std::vector<std::string_view>& words) {
  Result<Words> result = split(words);
  REQUIRE_FALSE(bool(result));
  return result.error();
}

}  // namespace

TEST_CASE("a name directly followed by one = gives a value") {
  for (const auto& [word, name, text] :
       std::vector<std::array<std::string, 3>>{{"x=2", "x", "2"},
                                               {"x=-2", "x", "-2"},
                                               {"W=[[1,2],[3,4]]", "W", "[[1,2],[3,4]]"},
                                               {"n=1e3", "n", "1e3"},
                                               {"x_1=1/3", "x_1", "1/3"},
                                               {"σ=2", "σ", "2"},
                                               {"x= 2", "x", " 2"},
                                               {"e=2", "e", "2"},
                                               {"x=y==z", "x", "y==z"}}) {
    const NamedText got = named_value(word);
    CHECK(got.name == name);
    CHECK(got.text == text);
  }
}

TEST_CASE("every other word with an = in it is an expression") {
  for (const char* word :
       {"x==2", "f(u)=u^2", "x =2", "2=x", "x'=2", "x:=2", "W[1]=2", "x<=2", "", "=2", "x", "x=2; x^2", "x=2\nx^2"})
    CHECK_MESSAGE(named_value(word).name.empty(), word);
}

TEST_CASE("names of values are composed: two spellings of one letter are one name") {
  CHECK(named_value("e\xcc\x81=1").name == "\xc3\xa9");
}

TEST_CASE("the main job takes an expression and values in any order") {
  const Words words = read({"x=2", "exp(x*z)", "z=3"});
  CHECK(words.command == &main_job());
  REQUIRE(words.questions.size() == 1);
  CHECK(words.questions[0].text == "exp(x*z)");
  REQUIRE(words.values.size() == 2);
  CHECK(words.values[1].name == "z");
}

TEST_CASE("the first operand may name a command, also after options and values") {
  CHECK(read({"grad", "x^2"}).command->name == "grad");
  CHECK(read({"--json", "grad", "x^2"}).command->name == "grad");
  CHECK(read({"x=1", "grad", "x^2"}).command->name == "grad");
  CHECK(read({"--mode", "reverse", "hessian", "x^2"}).command->name == "hessian");
  CHECK(read({"x^2", "grad"}).questions.size() == 2);
  CHECK(read({"grad", "grad"}).questions[0].text == "grad");
  CHECK(read({"-e", "grad"}).command == &main_job());
}

TEST_CASE("commands of later work are commands, never expressions") {
  for (const char* name : {"map", "fit", "lsp"}) {
    const Words words = read({name, "x^2"});
    CHECK(words.command->name == name);
    CHECK(words.command->task == Task::later);
  }
}

TEST_CASE("a word that begins with - is an expression unless it is a known option") {
  const Words words = read({"-exp(x)", "-x^2", "--x", "-jsn", "--jsn", "-h", "-ex", "-fx", "-1"});
  CHECK(words.questions.size() == 9);
  CHECK(words.options.empty());
  CHECK(read({"--json", "-x"}).options == std::vector<std::string>{"--json"});
  CHECK(read({"--unknown=3"}).questions.size() == 1);
}

TEST_CASE("an option takes the next word or what follows its =") {
  CHECK(read({"grad", "--mode", "reverse", "x"}).options == std::vector<std::string>{"--mode=reverse"});
  CHECK(read({"grad", "--mode=reverse", "x"}).options == std::vector<std::string>{"--mode=reverse"});
  CHECK(read({"vjp", "x", "--cotangent", "-1"}).options == std::vector<std::string>{"--cotangent=-1"});
  CHECK(read({"jvp", "x", "--tangent", "x=1"}).options == std::vector<std::string>{"--tangent=x=1"});
  CHECK(read({"jvp", "x", "--tangent", "x=1"}).values.empty());
}

TEST_CASE("-e and -f take one word each, whatever it looks like") {
  const Words words = read({"-f", "lesson.txt", "-e", "-x^2", "-e", "x=1"});
  CHECK(words.files == std::vector<std::string>{"lesson.txt"});
  REQUIRE(words.questions.size() == 2);
  CHECK(words.questions[0].text == "-x^2");
  CHECK(words.questions[0].source == "-e 1");
  CHECK(words.questions[1].source == "-e 2");
  CHECK(words.values.empty());
}

TEST_CASE("words and -e are answered in the order in which they stand") {
  const Words words = read({"a", "-e", "b", "c"});
  REQUIRE(words.questions.size() == 3);
  CHECK(words.questions[1].text == "b");
  CHECK(words.questions[2].text == "c");
}

TEST_CASE("files are told by their names") {
  for (const char* word : {"lesson.wen", "/tmp/x", "./x", "../x", "-", "a/b.wen"})
    CHECK_MESSAGE(names_a_file(word), word);
  for (const char* word : {"x/y", ".5*x", "..", "x.wen + 1", "lesson.txt", "-x"})
    CHECK_FALSE_MESSAGE(names_a_file(word), word);
  CHECK(read({"grad", "lesson.wen", "x=2"}).files.size() == 1);
  CHECK(read({"run", "lesson"}).files == std::vector<std::string>{"lesson"});
}

TEST_CASE("after -- nothing is an option or a command") {
  const Words words = read({"--", "--json", "grad"});
  CHECK(words.questions.size() == 2);
  CHECK(words.command == &main_job());
}

TEST_CASE("an option without its value is wrong usage") {
  CHECK(refused({"grad", "x", "--mode"}).message == "`--mode` needs a value");
  CHECK(refused({"-e"}).kind == Kind::usage);
  CHECK(refused({"--json=yes", "x"}).message == "`--json` takes no value");
}

TEST_CASE("a value that cannot be one is wrong usage") {
  CHECK(refused({"x=", "x^2"}).kind == Kind::usage);
  CHECK(refused({"x= ", "x^2"}).message == "`x=` lacks its value");
  CHECK(refused({"in=2", "x"}).kind == Kind::usage);
}

TEST_CASE("an expression near an option is known by it") {
  CHECK(option_meant("--jsn") == "--json");
  CHECK(option_meant("--mod=reverse") == "--mode");
  CHECK(option_meant("-json") == "--json");
  CHECK(option_meant("-h") == "--help");
  CHECK_FALSE(option_meant("-x"));
  CHECK_FALSE(option_meant("-exp(x)"));
  CHECK_FALSE(option_meant("json"));
}

TEST_CASE("help is asked for by a word, an option or a command") {
  CHECK(read({"--help"}).asks_for_help);
  CHECK(read({"grad", "--help"}).asks_for_help);
  CHECK(read({"-h"}).asks_for_help);
  CHECK_FALSE(read({"-h", "h=2"}).asks_for_help);
  CHECK(read({"help", "sin", "grad"}).topics.size() == 2);
}

TEST_CASE("bytes that are not UTF-8 make an expression, so that the grammar can say where") {
  CHECK(read({"x\xff=2"}).questions.size() == 1);
}

TEST_CASE("a line at the prompt is an expression with options among its words") {
  const Result<Entry> entry = split_entry("y + 1 --by x --order=2");
  REQUIRE(bool(entry));
  CHECK(entry->expression == "y + 1");
  CHECK(entry->options == std::vector<std::string>{"--by=x", "--order=2"});
  CHECK(split_entry("--json y")->expression == "y");
  CHECK(split_entry("-x - --x")->expression == "-x - --x");
  CHECK_FALSE(bool(split_entry("y --by")));
}
