#include <cctype>
#include <cstdio>
#include <utility>

#include "maker.hpp"
#include "programs.hpp"

namespace wengert::fuzz {

namespace {

// Whether a name of one letter stands there as a word.
bool mentions(const std::string& text, const std::string& name) {
  const auto in_word = [](char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_'; };
  for (std::size_t at = text.find(name); at != std::string::npos; at = text.find(name, at + 1))
    if ((at == 0 || !in_word(text[at - 1])) && (at + 1 == text.size() || !in_word(text[at + 1]))) return true;
  return false;
}

}  // namespace

Maker::Maker(std::uint64_t seed, std::size_t size) : random_(seed), left_(static_cast<int>(size)) {
  arrays_ = {{{3, 1}, {"v", "w"}}, {{3, 3}, {"A", "B"}}, {{2, 3}, {"M"}}, {{2, 1}, {"u"}}, {{1, 3}, {"r"}}};
  for (const Row& row : rows())
    if (row.elementwise && row.info->language && row.info->notation == Notation::call && row.info->name != "polygamma")
      rows_.push_back(&row);
}

std::string Maker::make() {
  std::vector<std::pair<std::string, std::string>> values;
  for (const char* name : {"x", "z", "t"}) values.emplace_back(name, number());
  const bool tie = random_.chance(10);
  for (const auto& [shape, names] : arrays_)
    for (const std::string& name : names) values.emplace_back(name, value({shape.first, shape.second}));
  const std::size_t before = random_.below(5);
  std::string text;
  for (std::size_t k = 0; k < before; ++k) text += statement(k) + "\n";
  text += random_.chance(65) ? scalar(5) : array(any_shape(), 4);
  std::string given;
  for (const auto& [name, numbers] : values) {
    const bool tied = tie && name == "z";
    if (mentions(text, name) || (tie && name == "x" && mentions(text, "z")))
      given += name + " = " + (tied ? "x" : numbers) + "\n";
  }
  return given + text;
}

// Ordinary numbers, and sometimes those at which something happens.
std::string Maker::number() {
  static constexpr const char* special[] = {"0",    "0",     "1",   "-1", "0.5",    "2",
                                            "1e-8", "-1e-8", "1e8", "3",  "1e-160", "1e200"};
  if (random_.chance(20)) return special[random_.below(random_.chance(90) ? 10 : 12)];
  char text[40];
  std::snprintf(text, sizeof text, "%.17g", random_.between(-2.5, 2.5));
  return text;
}

std::string Maker::value(Shape s) {
  std::string text = "[";
  for (std::uint32_t r = 0; r < s.rows; ++r) {
    if (s.cols > 1) text += "[";
    for (std::uint32_t c = 0; c < s.cols; ++c) text += number() + (c + 1 < s.cols ? ", " : "");
    text += std::string(s.cols > 1 ? "]" : "") + (r + 1 < s.rows ? ", " : "");
  }
  return text + "]";
}

std::string Maker::statement(std::size_t k) {
  const std::string index = std::to_string(k + 1);
  switch (random_.below(7)) {
    case 0:
    case 1: {
      const std::string text = "a" + index + " = " + scalar(3);
      scalars_.push_back("a" + index);
      return text;
    }
    case 2:
    case 3: {
      const Shape s = any_shape();
      const std::string text = "b" + index + " = " + array(s, 3);
      arrays_[key(s)].push_back("b" + index);
      return text;
    }
    case 4:
      return function("f" + index);
    case 5:
      return array_function("g" + index);
    default:
      return step(index);
  }
}

std::string Maker::function(const std::string& name) {
  const bool two = random_.chance(30);
  const auto outer =
      std::exchange(scalars_, two ? std::vector<std::string>{"p", "q", "x"} : std::vector<std::string>{"p", "p", "z"});
  const std::string text = name + (two ? "(p, q) = " : "(p) = ") + scalar(3);
  scalars_ = outer;
  functions_.push_back({name, two ? std::size_t{2} : std::size_t{1}});
  return text;
}

std::string Maker::array_function(const std::string& name) {
  const Shape s = random_.chance(70) ? Shape{3, 1} : any_shape();
  auto outer = arrays_;
  arrays_[key(s)] = {"p"};
  const std::string text = name + "(p) = " + array(s, 3);
  arrays_ = std::move(outer);
  array_functions_[key(s)].push_back(name);
  return text;
}

// Values that are computed at once, also again and again: a few steps of descent.
std::string Maker::step(const std::string& index) {
  const std::string name = "c" + index, first = random_.pick({"0.5", "x", "1", "t"});
  const auto outer = scalars_;
  scalars_.push_back(name);
  std::string next = random_.chance(50) ? "0.5*" + name + " + tanh(" + scalar(2) + ")"
                                        : name + " - 0.1*diff(" + scalar(2) + ", " + name + ")";
  scalars_ = outer;
  std::string text = name + " := " + first + "\n";
  text += random_.chance(60) ? "repeat " + std::to_string(1 + random_.below(4)) + " { " + name + " := " + next + " }"
                             : name + " := " + next;
  scalars_.push_back(name);
  return text;
}

std::string Maker::scalar_input() { return random_.pick({"x", "z", "t"}); }

std::pair<std::string, Shape> Maker::array_input() {
  static constexpr std::pair<const char*, Shape> all[] = {{"v", {3, 1}}, {"w", {3, 1}}, {"A", {3, 3}},
                                                          {"M", {2, 3}}, {"u", {2, 1}}, {"r", {1, 3}}};
  const auto& [name, shape] = all[random_.below(std::size(all))];
  return {name, shape};
}

std::string make_program(std::uint64_t seed, std::size_t size) { return Maker(seed, size).make(); }

}  // namespace wengert::fuzz
