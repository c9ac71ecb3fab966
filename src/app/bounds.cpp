// The limits that options set, by name.
#include <charconv>
#include <cmath>

#include "app/options.hpp"
#include "app/usage.hpp"

namespace wengert::app {

namespace {

struct Bound {
  std::string_view name;
  double most;
  void (*set)(Bounds&, double);
};

constexpr Bound bounds_by_name[] = {
    {"text", 4e9, [](Bounds& b, double n) { b.text.text = static_cast<std::uint64_t>(n); }},
    {"brackets", 1000, [](Bounds& b, double n) { b.text.brackets = static_cast<std::uint32_t>(n); }},
    {"nodes", 4e9, [](Bounds& b, double n) { b.text.nodes = static_cast<std::uint64_t>(n); }},
    {"elements", 1e9, [](Bounds& b, double n) { b.text.elements = static_cast<std::uint64_t>(n); }},
    {"repetitions", 1e18, [](Bounds& b, double n) { b.text.repetitions = static_cast<std::uint64_t>(n); }},
    {"calls", 500, [](Bounds& b, double n) { b.text.calls = static_cast<std::uint32_t>(n); }},
    {"digits", 1e6, [](Bounds& b, double n) { b.digits = static_cast<int>(n); }},
    {"time", 1e9, [](Bounds& b, double s) { b.seconds = s; }},
    {"memory", 1e15, [](Bounds& b, double n) { b.memory = static_cast<std::uint64_t>(n); }},
};

std::string names() {
  std::string list;
  for (const Bound& b : bounds_by_name) list += (list.empty() ? "" : ", ") + std::string(b.name);
  return list;
}

// "1e6", "5s", "500MB": the number alone, or in seconds or bytes where the limit is one of these.
std::optional<double> amount(std::string_view name, std::string_view text) {
  double number = 0;
  const auto [end, fault] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (fault == std::errc() && end == text.data() + text.size()) return number;
  std::optional<double> seconds, bytes;
  if (!parse_budget(text, seconds, bytes)) return std::nullopt;
  if (name == "time") return seconds;
  if (name == "memory" || name == "text") return bytes;
  return std::nullopt;
}

std::optional<Diagnostic> read_bound(const std::string& item, Bounds& bounds) {
  const std::size_t equals = item.find('=');
  if (equals == std::string::npos) return usage("`--limit` takes NAME=NUMBER, not `" + item + "`", "names: " + names());
  const std::string name = item.substr(0, equals), text = item.substr(equals + 1);
  for (const Bound& b : bounds_by_name) {
    if (b.name != name) continue;
    const std::optional<double> n = amount(name, text);
    if (!n || !(*n >= (name == "time" ? 1e-3 : 1)))
      return usage("the limit `" + name + "` takes a positive number, not `" + text + "`");
    if (*n > b.most)
      return usage("the limit `" + name + "` cannot be more than " +
                   std::to_string(static_cast<std::uint64_t>(b.most)));
    b.set(bounds, *n);
    return std::nullopt;
  }
  return usage("there is no limit `" + name + "`", "names: " + names());
}

}  // namespace

std::optional<Diagnostic> read_bounds(std::string_view text, Bounds& bounds) {
  for (const std::string& item : comma_list(text))
    if (std::optional<Diagnostic> wrong = read_bound(item, bounds)) return wrong;
  return std::nullopt;
}

Bounds sandbox_bounds() {
  Bounds b;
  b.text = {.text = 1'000'000,
            .brackets = 200,
            .nodes = 1'000'000,
            .elements = 1'000'000,
            .repetitions = 1'000'000,
            .calls = 100};
  b.digits = 1000;
  b.seconds = 10;
  b.memory = 1'000'000'000;
  return b;
}

}  // namespace wengert::app
