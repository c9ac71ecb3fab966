#include "app/options.hpp"

#include <doctest/doctest.h>

using namespace wengert;
using namespace wengert::app;

namespace {

const CommandInfo& grad() { return *find_command("grad"); }
Options parsed(const std::vector<std::string>& words, const CommandInfo& command = grad()) {
  const Result<Options> options = parse_options(words, command);
  REQUIRE_MESSAGE(bool(options), (options ? std::string() : options.error().message));
  return *options;
}
std::string refused(const std::vector<std::string>& words, const CommandInfo& command = grad()) {
  const Result<Options> options = parse_options(words, command);
  REQUIRE_FALSE(bool(options));
  CHECK(options.error().kind == Kind::usage);
  return options.error().message;
}

}  // namespace

TEST_CASE("options are read with their values") {
  const Options o =
      parsed({"--wrt=x, W", "--mode=reverse", "--json", "--strict", "--budget=2s", "--budget=500MB", "--threads=2"});
  CHECK(o.wrt == std::vector<std::string>{"x", "W"});
  REQUIRE(bool(o.mode));
  CHECK(o.mode->named == std::vector<Mode>{Mode::reverse});
  CHECK(o.json);
  CHECK(o.strict);
  CHECK(o.budget_seconds == 2.0);
  CHECK(o.budget_bytes == 500e6);
  CHECK(o.threads == 2);
}

TEST_CASE("values with brackets, commas, blanks and signs arrive whole") {
  CHECK(parsed({"--cotangent=[[1, 2], [-3, 4]]"}, *find_command("vjp")).cotangent == "[[1, 2], [-3, 4]]");
  CHECK(parsed({"--cotangent=-1"}, *find_command("vjp")).cotangent == "-1");
  const Options o = parsed({"--tangent=x=1", "--tangent=W=[[1,2],[3,4]]"}, *find_command("jvp"));
  CHECK(o.tangents == std::vector<std::string>{"x=1", "W=[[1,2],[3,4]]"});
  CHECK(parsed({"--at=a b.json", "--at=[c].json"}).at == std::vector<std::string>{"a b.json", "[c].json"});
}

TEST_CASE("the last of an option counts") { CHECK(parsed({"--mode=forward", "--mode=all"}).mode->every); }

TEST_CASE("an option of another command is refused with the commands that take it") {
  CHECK(refused({"--tangent=x=1"}) == "`grad` does not take `--tangent`");
}

TEST_CASE("wrong values are refused by name") {
  CHECK(refused({"--mode=revers"}) == "there is no mode `revers`");
  CHECK(parsed({"--mode=cross"}).mode->named == std::vector<Mode>{Mode::cross});
  CHECK(parsed({"--engine=native"}, *find_command("minimize")).engine == Engine::native);
  CHECK(refused({"--engine=fast"}, *find_command("minimize")) == "`--engine` takes auto, interpreter or native, not `fast`");
  CHECK(refused({"--digits=many"}) == "`--digits` takes a whole number, not `many`");
  CHECK(refused({"--digits=10"}) == "`--digits` takes a number from 50 to 100000, not `10`");
  CHECK(refused({"--budget=soon"}) == "`--budget` takes a time or a size, not `soon`");
  CHECK(refused({"--color=red"}) == "`--color` takes auto, always or never, not `red`");
  CHECK(refused({"--by=x,z"}, *find_command("diff")) == "`--by` takes one name");
}

TEST_CASE("a budget is a time or a size") {
  std::optional<double> seconds, bytes;
  CHECK(parse_budget("2", seconds, bytes));
  CHECK(seconds == 2.0);
  CHECK(parse_budget("500 ms", seconds, bytes));
  CHECK(seconds == 0.5);
  CHECK(parse_budget("1.5GB", seconds, bytes));
  CHECK(bytes == 1.5e9);
  for (const char* text : {"", "s", "-1", "0", "2 parsecs", "nan"}) CHECK_FALSE(parse_budget(text, seconds, bytes));
}
