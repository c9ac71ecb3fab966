#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>
#include <string>

#include "parse.hpp"

namespace wengert {

TEST_CASE("every example of the reference is read, and every refused one is refused") {
  const auto page = std::filesystem::path(WENGERT_SOURCE) / "grammar" / "README.md";
  std::ifstream file(page);
  REQUIRE_MESSAGE(file, "not found: ", page.string());
  enum { prose, read, refused } mode = prose;
  std::string line, example;
  int examples = 0;
  const auto accepted = [](const std::string& text) {
    Sources sources;
    return static_cast<bool>(parse(sources, sources.add("", text)));
  };
  while (std::getline(file, line)) {
    if (line == "```wengert") {
      mode = read;
      example.clear();
    } else if (line == "```wengert refused") {
      mode = refused;
    } else if (line == "```") {
      if (mode == read) {
        CHECK_MESSAGE(accepted(example), example);
        ++examples;
      }
      mode = prose;
    } else if (mode == read) {
      example += line + "\n";
    } else if (mode == refused) {
      CHECK_MESSAGE(!accepted(line), line);
      ++examples;
    }
  }
  CHECK(examples > 40);
}

}  // namespace wengert
