// Matrix calculus against itself: what is printed, read back and evaluated on random arrays of random shapes, is
// what reverse mode computes, and what the formula from mathematics gives.
#include <doctest/doctest.h>
#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <cmath>
#include <random>

#include "app/ask.hpp"
#include "tables.hpp"
#include "wengert/modes/mode.hpp"
#include "wengert/session/session.hpp"

namespace wengert::test {

namespace {

struct Sizes {
  std::uint32_t n, m, k;
};

// The sizes' letters replaced by numbers, other words left alone; the index `k` is written `k0`.
std::string with_sizes(std::string_view text, const Sizes& sizes) {
  std::string out, word;
  const auto flush = [&] {
    if (word == "n")
      out += std::to_string(sizes.n);
    else if (word == "m")
      out += std::to_string(sizes.m);
    else if (word == "k")
      out += std::to_string(sizes.k);
    else
      out += word == "k0" ? "k" : word;
    word.clear();
  };
  for (const char c : text) {
    if (std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_') {
      word += c;
      continue;
    }
    flush();
    out += c;
  }
  flush();
  return out;
}

struct Declared {
  std::string name;
  Value value;
};

using Random = std::mt19937_64;
double between(Random& random, double low, double high) {
  return low + (high - low) * static_cast<double>(random() >> 11) * 0x1p-53;
}

// "A[3,2] x[2]+" with random values.
std::vector<Declared> declared(const std::string& text, Random& random) {
  std::vector<Declared> all;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = std::min(text.find(' ', at), text.size());
    std::string word = text.substr(at, end - at);
    at = end + 1;
    const char mark = word.back();
    if (mark == '+' || mark == '!') word.pop_back();
    Shape shape;
    const std::size_t open = word.find('[');
    if (open != std::string::npos) {
      std::size_t read = 0;
      shape.rows = static_cast<std::uint32_t>(std::stoul(word.substr(open + 1), &read));
      const std::size_t comma = word.find(',', open);
      if (comma != std::string::npos) shape.cols = static_cast<std::uint32_t>(std::stoul(word.substr(comma + 1)));
    }
    std::vector<double> numbers(shape.size());
    for (double& x : numbers) x = mark == '+' ? between(random, 0.5, 2) : between(random, -1, 1);
    if (mark == '!')
      for (std::uint32_t i = 0; i < shape.rows; ++i) numbers[i * shape.cols + i] += 2 * shape.rows;
    all.push_back({word.substr(0, open), {shape, std::move(numbers)}});
  }
  return all;
}

std::string inputs_text(const std::vector<Declared>& all) {
  std::string out;
  for (const Declared& d : all)
    out += (out.empty() ? "input " : ", ") + d.name +
           (d.value.shape.scalar() ? "" : fmt::format("[{}, {}]", d.value.shape.rows, d.value.shape.cols));
  return out + "\n";
}

Query asked(Session& session, const std::string& program) {
  Result<Query> query = session.query("", program);
  INFO(program << "\n" << (query ? std::string() : query.error().message));
  REQUIRE(query);
  return *query;
}

struct Numbers {
  Shape shape;
  std::vector<double> all;
};

Numbers evaluated(const std::vector<Declared>& inputs, const std::string& text) {
  Session session;
  for (const Declared& d : inputs) session.give(d.name, d.value);
  const Query query = asked(session, inputs_text(inputs) + text);
  REQUIRE(query.missing.empty());
  return {query.expression.shape(), value_at(session.graph(), query.expression.id, session.point())};
}

// By rows of the value's elements; of a Hessian, of the gradient's.
std::vector<double> by_reverse_mode(const std::vector<Declared>& inputs, const Identity& identity,
                                    const std::string& expression) {
  Session session;
  for (const Declared& d : inputs) session.give(d.name, d.value);
  const Query query = asked(session, inputs_text(inputs) + expression);
  const auto named = [&](NodeId id) { return session.graph().input_of(id).name == identity.by; };
  const auto input = std::find_if(query.inputs.begin(), query.inputs.end(), named);
  REQUIRE(input != query.inputs.end());
  const Prepared reverse = prepare(Mode::reverse, {query.expression.graph, query.expression.id, {*input}});
  if (identity.asks == Asks::hessian || identity.asks == Asks::hessian_entries)
    return reverse.hessian(session.point()).matrix;
  return reverse.jacobian(session.point()).blocks[0];
}

double distance(const std::vector<double>& a, const std::vector<double>& b) {
  if (a.size() != b.size()) return std::numeric_limits<double>::infinity();
  double gap = 0, size = 0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    gap = std::max(gap, std::fabs(a[i] - b[i]));
    if (!(a[i] - b[i] == 0) && std::isnan(a[i] - b[i])) return std::numeric_limits<double>::infinity();
    size = std::max(size, std::fabs(b[i]));
  }
  return size == 0 ? gap : gap / size;
}

// An entry's formula at every place: the indices are given their numbers one after the other.
std::vector<double> all_entries(const std::vector<Declared>& inputs, const std::string& formula,
                                const std::vector<std::string>& names, const std::vector<std::uint32_t>& sizes) {
  std::string list;
  std::vector<std::uint32_t> at(names.size(), 1);
  for (;;) {
    std::string over;
    for (std::size_t k = 0; k < names.size(); ++k) over += fmt::format("{} in {}..{}, ", names[k], at[k], at[k]);
    list += (list.empty() ? "[sum(" : ", sum(") + over + formula + ")";
    std::size_t k = names.size();
    while (k > 0 && at[k - 1] == sizes[k - 1]) at[--k] = 1;
    if (k == 0) break;
    ++at[k - 1];
  }
  return evaluated(inputs, list + "]").all;
}

// What the program prints for the question, without any values.
app::Formula printed(const std::vector<Declared>& inputs, const Identity& identity, const std::string& expression) {
  Session session;
  constexpr const char* operators[] = {"grad", "jacobian", "hessian", "diff", "jacobian", "hessian"};
  const std::string question =
      fmt::format("{}({}, {})", operators[static_cast<int>(identity.asks)], expression, identity.by);
  const Query query = asked(session, inputs_text(inputs) + question);
  const app::Options options;
  const auto formulas = app::Asker(session, options).formula(query);
  REQUIRE(formulas);
  REQUIRE(formulas->size() == 1);
  return (*formulas)[0];
}

void check(const Identity& identity, const Sizes& sizes, Random& random) {
  const std::string expression = with_sizes(identity.expression, sizes), expected = with_sizes(identity.formula, sizes);
  const std::vector<Declared> inputs = declared(with_sizes(identity.inputs, sizes), random);
  const std::vector<double> reverse = by_reverse_mode(inputs, identity, expression);
  const app::Formula formula = printed(inputs, identity, expression);
  CAPTURE(inputs_text(inputs));
  CAPTURE(expression);
  CAPTURE(formula.text);
  if (identity.asks == Asks::entries || identity.asks == Asks::hessian_entries) {
    const Shape value = identity.asks == Asks::entries ? evaluated(inputs, expression).shape : Shape{};
    const auto by =
        std::find_if(inputs.begin(), inputs.end(), [&](const Declared& d) { return d.name == identity.by; });
    const Shape x = by->value.shape, y = identity.asks == Asks::entries ? value : x;
    const std::vector<std::uint32_t> ends{y.rows, y.cols, x.rows, x.cols};
    std::vector<std::string> names = formula.value_indices;
    names.insert(names.end(), formula.variable_indices.begin(), formula.variable_indices.end());
    REQUIRE(names.size() == 4);
    CHECK(distance(all_entries(inputs, formula.text, names, ends), reverse) <= 1e-12);
    CHECK(distance(all_entries(inputs, expected, {"i", "j", "k", "l"}, ends), reverse) <= 1e-12);
    return;
  }
  CHECK(formula.value_indices.empty());
  CHECK(formula.text.find("element [") == std::string::npos);
  const Numbers numbers = evaluated(inputs, formula.text), closed = evaluated(inputs, expected);
  CHECK(numbers.shape == closed.shape);
  CHECK(distance(numbers.all, reverse) <= 1e-12);
  CHECK(distance(closed.all, reverse) <= 1e-12);
}

void check_all(std::span<const Identity> table) {
  Random random(20260714);
  for (const Identity& identity : table)
    for (const Sizes& sizes : {Sizes{4, 3, 2}, Sizes{2, 5, 3}, Sizes{5, 6, 4}}) check(identity, sizes, random);
}

}  // namespace

TEST_CASE("there are at least 120 identities") {
  CHECK(gradient_identities().size() + jacobian_identities().size() >= 120);
}

TEST_CASE("gradients of scalars are the matrix formulas of mathematics") { check_all(gradient_identities()); }

TEST_CASE("Jacobians and Hessians are matrix formulas where there is one, entries where there is none") {
  check_all(jacobian_identities());
}

}  // namespace wengert::test
