// Writing JSON: one line, numbers in the shortest form that reads back, NaN and infinities as strings.
//
//   Json line;
//   line.open('{').key("value").number(0.1).key("shape").open('[').number(1).number(1).close(']').close('}');
//   line.text()      // {"value":0.1,"shape":[1,1]}
#pragma once
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "wengert/core/shape.hpp"

namespace wengert::app {

class Json {
 public:
  Json& open(char bracket);   // '{' or '['
  Json& close(char bracket);  // '}' or ']'
  Json& key(std::string_view name);
  Json& number(double x);
  Json& number(std::uint64_t n);
  Json& string(std::string_view text);  // bytes that are not UTF-8 become U+FFFD
  Json& boolean(bool b);
  Json& null();

  // In the shape of a value: a number, a plain list for a column, otherwise a list of rows.
  Json& array(Shape shape, std::span<const double> numbers);
  // The same for numbers written with many digits.
  Json& array(Shape shape, std::span<const std::string> numbers);
  // Always a list of rows.
  Json& matrix(Shape shape, std::span<const double> numbers);
  Json& matrix(Shape shape, std::span<const std::string> numbers);

  const std::string& text() const { return out_; }

 private:
  void separate();
  Json& written(const std::string& number);
  std::string out_;
  bool fresh_ = true;  // nothing stands before the next item
};

// The text with every byte that is not UTF-8 replaced by U+FFFD.
std::string repaired(std::string_view text);

// Numbers as JSON has them: "412.19", "\"nan\"".
std::string json_number(double x);

}  // namespace wengert::app
