#include "app/json.hpp"

#include <cmath>

#include <fmt/format.h>

#include "characters.hpp"

namespace wengert::app {

std::string json_number(double x) {
  if (std::isnan(x)) return "\"nan\"";
  if (std::isinf(x)) return x > 0 ? "\"inf\"" : "\"-inf\"";
  return fmt::format("{}", x);
}

void Json::separate() {
  if (!fresh_) out_ += ',';
  fresh_ = false;
}

Json& Json::open(char bracket) {
  separate();
  out_ += bracket;
  fresh_ = true;
  return *this;
}

Json& Json::close(char bracket) {
  out_ += bracket;
  fresh_ = false;
  return *this;
}

Json& Json::key(std::string_view name) {
  string(name);
  out_ += ':';
  fresh_ = true;
  return *this;
}

Json& Json::number(double x) {
  separate();
  if (std::isfinite(x))
    fmt::format_to(std::back_inserter(out_), "{}", x);
  else
    out_ += json_number(x);
  return *this;
}

Json& Json::number(std::uint64_t n) {
  separate();
  fmt::format_to(std::back_inserter(out_), "{}", n);
  return *this;
}

Json& Json::null() {
  separate();
  out_ += "null";
  return *this;
}

Json& Json::boolean(bool b) {
  separate();
  out_ += b ? "true" : "false";
  return *this;
}

std::string repaired(std::string_view text) {
  std::string out;
  while (const auto fault = grammar::find_fault(text)) {
    out += text.substr(0, fault->at);
    if (fault->what == grammar::Fault::What::nul)
      out += '\0';
    else
      out += "\xef\xbf\xbd";
    text.remove_prefix(fault->at + 1);
  }
  out += text;
  return out;
}

Json& Json::string(std::string_view text) {
  separate();
  out_ += '"';
  for (const char c : repaired(text)) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\')
      (out_ += '\\') += c;
    else if (c == '\n')
      out_ += "\\n";
    else if (c == '\t')
      out_ += "\\t";
    else if (byte < 0x20 || byte == 0x7f)
      fmt::format_to(std::back_inserter(out_), "\\u{:04x}", byte);
    else
      out_ += c;
  }
  out_ += '"';
  return *this;
}

namespace {

template <class Item, class Write>
void rows(Json& json, Shape shape, std::span<const Item> items, const Write& write) {
  json.open('[');
  for (std::uint32_t i = 0; i < shape.rows; ++i) {
    json.open('[');
    for (std::uint32_t j = 0; j < shape.cols; ++j) write(items[std::size_t{i} * shape.cols + j]);
    json.close(']');
  }
  json.close(']');
}

template <class Item, class Write>
void shaped(Json& json, Shape shape, std::span<const Item> items, const Write& write) {
  if (shape.scalar()) return write(items[0]);
  if (!shape.column()) return rows(json, shape, items, write);
  json.open('[');
  for (const Item& item : items) write(item);
  json.close(']');
}

}  // namespace

Json& Json::array(Shape shape, std::span<const double> numbers) {
  shaped(*this, shape, numbers, [this](double x) { number(x); });
  return *this;
}

// A number written out already.
Json& Json::written(const std::string& text) {
  const bool word = text.find("nan") != std::string::npos || text.find("inf") != std::string::npos;
  if (word) return string(text);
  separate();
  out_ += text;
  return *this;
}

Json& Json::array(Shape shape, std::span<const std::string> numbers) {
  shaped(*this, shape, numbers, [this](const std::string& text) { written(text); });
  return *this;
}

Json& Json::matrix(Shape shape, std::span<const double> numbers) {
  rows(*this, shape, numbers, [this](double x) { number(x); });
  return *this;
}
Json& Json::matrix(Shape shape, std::span<const std::string> numbers) {
  rows(*this, shape, numbers, [this](const std::string& text) { written(text); });
  return *this;
}

}  // namespace wengert::app
