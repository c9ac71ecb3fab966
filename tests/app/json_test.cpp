#include "app/json.hpp"

#include <limits>
#include <vector>

#include <doctest/doctest.h>

using namespace wengert;
using wengert::app::Json;
using wengert::app::json_number;

TEST_CASE("numbers are written in the shortest form that reads back") {
  CHECK(json_number(412.19145728412115) == "412.19145728412116");
  CHECK(json_number(0.1) == "0.1");
  CHECK(json_number(2) == "2");
  CHECK(json_number(-0.0) == "-0");
  CHECK(json_number(1e300) == "1e+300");
  CHECK(json_number(5e-324) == "5e-324");
}

TEST_CASE("NaN and infinities are strings") {
  CHECK(json_number(std::numeric_limits<double>::quiet_NaN()) == "\"nan\"");
  CHECK(json_number(-std::numeric_limits<double>::quiet_NaN()) == "\"nan\"");
  CHECK(json_number(std::numeric_limits<double>::infinity()) == "\"inf\"");
  CHECK(json_number(-std::numeric_limits<double>::infinity()) == "\"-inf\"");
}

TEST_CASE("a scalar is a number, a column a list, anything else a list of rows") {
  const std::vector<double> six{1, 2, 3, 4, 5, 6};
  CHECK(Json().array({1, 1}, std::span(six).first(1)).text() == "1");
  CHECK(Json().array({6, 1}, six).text() == "[1,2,3,4,5,6]");
  CHECK(Json().array({1, 6}, six).text() == "[[1,2,3,4,5,6]]");
  CHECK(Json().array({2, 3}, six).text() == "[[1,2,3],[4,5,6]]");
  CHECK(Json().matrix({1, 1}, std::span(six).first(1)).text() == "[[1]]");
  CHECK(Json().matrix({2, 1}, std::span(six).first(2)).text() == "[[1],[2]]");
}

TEST_CASE("commas stand between items and nowhere else") {
  Json json;
  json.open('{').key("a").open('[').close(']').key("b").open('{').close('}').key("c").boolean(true).key("d").open('[');
  json.number(1.0).string("x").open('[').number(2.0).close(']').close(']').close('}');
  CHECK(json.text() == R"({"a":[],"b":{},"c":true,"d":[1,"x",[2]]})");
}

TEST_CASE("strings are escaped, and bytes that are not UTF-8 replaced") {
  CHECK(Json().string("a\"b\\c\nd\te\x01").text() == "\"a\\\"b\\\\c\\nd\\te\\u0001\"");
  CHECK(Json().string("σ\xff.").text() == "\"σ\xef\xbf\xbd.\"");
  CHECK(Json().string(std::string_view("a\0b", 3)).text() == "\"a\\u0000b\"");
}
