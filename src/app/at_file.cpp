#include "app/at_file.hpp"

#include <algorithm>
#include <limits>

#include <nlohmann/json.hpp>

#include "characters.hpp"

namespace wengert::app {

namespace {

using Parsed = nlohmann::ordered_json;

Diagnostic wrong_file(const std::string& file, const std::string& message, std::string help = {}) {
  return {.kind = Kind::usage, .message = file + ": " + message, .help = std::move(help)};
}

std::string shortened(const Parsed& item) {
  std::string text = item.dump(-1, ' ', false, Parsed::error_handler_t::replace);
  if (text.size() > 40) text = text.substr(0, 37) + "...";
  return text;
}

// A number, or one of the three words for what JSON has no number for; otherwise what is wrong.
std::optional<std::string> read_number(const Parsed& item, double& number) {
  if (item.is_number()) {
    number = item.get<double>();
    return std::nullopt;
  }
  if (item.is_string()) {
    const std::string& word = item.get_ref<const std::string&>();
    constexpr double infinity = std::numeric_limits<double>::infinity();
    if (word == "nan")
      number = std::numeric_limits<double>::quiet_NaN();
    else if (word == "inf")
      number = infinity;
    else if (word == "-inf")
      number = -infinity;
    else
      return "the text " + shortened(item) + " is no number; only \"nan\", \"inf\" and \"-inf\" are";
    return std::nullopt;
  }
  return shortened(item) + " is no number";
}

std::optional<std::string> read_row(const Parsed& row, std::vector<double>& numbers) {
  for (const Parsed& item : row) {
    double number = 0;
    if (std::optional<std::string> wrong = read_number(item, number)) return wrong;
    numbers.push_back(number);
  }
  return std::nullopt;
}

std::optional<std::string> read_value(const Parsed& item, Value& value) {
  if (!item.is_array()) {
    value.shape = {1, 1};
    return read_row(Parsed::array({item}), value.numbers);
  }
  if (item.empty()) return "the list is empty";
  const auto is_list = [](const Parsed& part) { return part.is_array(); };
  value.shape.rows = static_cast<std::uint32_t>(item.size());
  if (std::none_of(item.begin(), item.end(), is_list)) return read_row(item, value.numbers);
  if (!std::all_of(item.begin(), item.end(), is_list)) return "the list mixes numbers and lists";
  const std::size_t cols = item.front().size();
  if (cols == 0) return "a row is empty";
  value.shape.cols = static_cast<std::uint32_t>(cols);
  for (std::size_t i = 0; i < item.size(); ++i) {
    if (item[i].size() != cols)
      return "the rows differ in length: row 1 has " + std::to_string(cols) + ", row " + std::to_string(i + 1) +
             " has " + std::to_string(item[i].size());
    if (std::optional<std::string> wrong = read_row(item[i], value.numbers)) return wrong;
  }
  return std::nullopt;
}

// What the parser says, without its own prefix and its number.
std::string plain(std::string message) {
  const std::size_t bracket = message.find("] ");
  if (bracket != std::string::npos) message = message.substr(bracket + 2);
  if (message.starts_with("parse error ")) message = message.substr(12);
  return message;
}

}  // namespace

Result<NamedValues> values_from_json(const std::string& file, std::string_view text) {
  Parsed all;
  try {
    all = Parsed::parse(text);
  } catch (const nlohmann::json::exception& error) {
    return wrong_file(file, "this is not JSON: " + plain(error.what()));
  }
  if (!all.is_object())
    return wrong_file(file, "names with their values are expected, not " + shortened(all),
                 "such as {\"x\": 2, \"W\": [[1, 2], [3, 4]]}");
  NamedValues values;
  for (const auto& [name, item] : all.items()) {
    Value value;
    if (const std::optional<std::string> wrong = read_value(item, value))
      return wrong_file(file, "`" + name + "`: " + *wrong);
    values.emplace_back(grammar::composed(name), std::move(value));
  }
  return values;
}

}  // namespace wengert::app
