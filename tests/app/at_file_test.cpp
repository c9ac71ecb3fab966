#include "app/at_file.hpp"

#include <cmath>

#include <doctest/doctest.h>

using namespace wengert;
using namespace wengert::app;

namespace {

NamedValues read(std::string_view text) {
  Result<NamedValues> values = values_from_json("at.json", text);
  REQUIRE_MESSAGE(bool(values), (values ? std::string() : values.error().message));
  return *values;
}
std::string refused(std::string_view text) {
  const Result<NamedValues> values = values_from_json("at.json", text);
  REQUIRE_FALSE(bool(values));
  CHECK(values.error().kind == Kind::usage);
  return values.error().message;
}

}  // namespace

TEST_CASE("numbers are scalars, lists columns, lists of lists matrices by rows") {
  const NamedValues values = read(R"({"x": 2, "b": [1, 2.5, -3e2], "W": [[1, 2, 3], [4, 5, 6]], "r": [[1, 2]]})");
  REQUIRE(values.size() == 4);
  CHECK(values[0].second.shape == Shape{1, 1});
  CHECK(values[1].second.shape == Shape{3, 1});
  CHECK(values[1].second.numbers == std::vector<double>{1, 2.5, -300});
  CHECK(values[2].second.shape == Shape{2, 3});
  CHECK(values[2].second.numbers[3] == 4);
  CHECK(values[3].second.shape == Shape{1, 2});
}

TEST_CASE("three words stand for what JSON has no number for") {
  const NamedValues values = read(R"({"x": "nan", "b": ["inf", "-inf"]})");
  CHECK(std::isnan(values[0].second.numbers[0]));
  CHECK(values[1].second.numbers[0] == std::numeric_limits<double>::infinity());
  CHECK(values[1].second.numbers[1] == -std::numeric_limits<double>::infinity());
}

TEST_CASE("what is no value is refused with its name") {
  CHECK(refused(R"({"x": "two"})").find("`x`: the text \"two\" is no number") != std::string::npos);
  CHECK(refused(R"({"W": [[1, 2], [3]]})") == "at.json: `W`: the rows differ in length: row 1 has 2, row 2 has 1");
  CHECK(refused(R"({"W": [[1, 2], 3]})") == "at.json: `W`: the list mixes numbers and lists");
  CHECK(refused(R"({"W": []})") == "at.json: `W`: the list is empty");
  CHECK(refused(R"({"W": [[]]})") == "at.json: `W`: a row is empty");
  CHECK(refused(R"({"x": null})") == "at.json: `x`: null is no number");
  CHECK(refused(R"({"x": true})") == "at.json: `x`: true is no number");
  CHECK(refused(R"({"x": [[[1]]]})") == "at.json: `x`: [1] is no number");
}

TEST_CASE("what is no JSON is refused with its place") {
  CHECK(refused("{\"x\": 2,\n \"y\": }").find("line 2, column 7") != std::string::npos);
  CHECK(refused("[1, 2]").find("names with their values are expected") != std::string::npos);
  CHECK(refused("").find("not JSON") != std::string::npos);
}
