#include "app/layout.hpp"

#include <doctest/doctest.h>

using namespace wengert;
using namespace wengert::app;

namespace {

std::size_t widest_line(std::string_view text) {
  std::size_t widest = 0;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    widest = std::max(widest, width(text.substr(0, end)));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return widest;
}

}  // namespace

TEST_CASE("arrays print as the language writes them") {
  CHECK(array_text({1, 1}, std::vector<std::string>{"2.5"}) == "2.5");
  CHECK(array_text({3, 1}, std::vector<std::string>{"1", "2", "3"}) == "[1, 2, 3]");
  CHECK(array_text({1, 2}, std::vector<std::string>{"1", "2"}) == "[[1, 2]]");
  CHECK(array_text({2, 2}, std::vector<std::string>{"1", "2", "-3", "40"}) == "[[ 1,  2],\n [-3, 40]]");
  CHECK(array_text({2, 2}, std::vector<std::string>{"1", "2", "3", "4"}, 4) == "[[1, 2],\n     [3, 4]]");
}

TEST_CASE("long arrays continue on lines that fit the page") {
  const std::vector<std::string> cells(200, "0.12345678901234567");
  CHECK(widest_line(array_text({200, 1}, cells)) <= page_width);
  CHECK(widest_line(array_text({2, 100}, cells)) <= page_width);
  CHECK(widest_line(array_text({200, 1}, cells, 10)) <= page_width);
}

TEST_CASE("columns align left, right or by the decimal point") {
  const std::vector<Column> columns{{"", Column::Align::left, {"reverse", "finite"}},
                                    {"d/dx", Column::Align::point, {"1208.5", "8.25"}},
                                    {"time", Column::Align::right, {"85 ns", "1.2 us"}}};
  CHECK(table(columns) ==
        "          d/dx        time\n"
        "reverse   1208.5     85 ns\n"
        "finite       8.25   1.2 us\n");
}

TEST_CASE("a labelled matrix that is too wide goes on below") {
  const std::vector<std::string> names(12, "w[1,2]"), cells(144, "0.12345678901234567");
  const std::string text = labelled(names, names, cells);
  CHECK(widest_line(text) <= page_width);
  CHECK(text.find("\n\n") != std::string::npos);
}

TEST_CASE("words are wrapped at the page") {
  CHECK(wrapped("a bc def", 4) == "a bc\ndef");
  CHECK(wrapped("abcdef g", 4) == "abcdef\ng");
}

TEST_CASE("times, sizes and errors are short") {
  CHECK(duration(8.5e-8) == "85 ns");
  CHECK(duration(1.234e-6) == "1.2 us");
  CHECK(duration(0.0034) == "3.4 ms");
  CHECK(duration(2) == "2 s");
  CHECK(memory(2.5e8) == "250 MB");
  CHECK(rounded(0.6, 1) == "0.6");
  CHECK(rounded(4.2e-13, 1) == "4e-13");
  CHECK(rounded(5.1e14, 2) == "5.1e14");
  CHECK(rounded(1234, 2) == "1200");
}
