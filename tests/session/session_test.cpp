// Programs: what statements do, values from outside, questions by name, undo and save.
#include "../lower/asked.hpp"
#include "wengert/sweep/differentiate.hpp"


using namespace wengert;
using namespace wengert::test;

namespace {

// Runs a program; the values of its expression statements, in order.
std::vector<std::vector<double>> run(Session& s, const std::string& text, std::optional<Diagnostic>* error = nullptr) {
  std::vector<std::vector<double>> out;
  const auto failure = s.run("case.wen", text, [&](Result<Query> q) {
    if (q && q->missing.empty()) out.push_back(value_at(s.graph(), q->expression.id, s.point()));
    else if (q) out.emplace_back();
    return true;
  });
  if (error != nullptr) *error = failure;
  else if (failure) FAIL_CHECK(failure->message);
  return out;
}

std::optional<Diagnostic> failure_of(Session& s, const std::string& text) {
  std::optional<Diagnostic> error;
  run(s, text, &error);
  return error;
}

using Rows_ = std::vector<std::vector<double>>;

}  // namespace

TEST_CASE("definitions hold always, as in a spreadsheet") {
  Session s;
  CHECK(run(s, "x = 2\ny = x^2\nz = y + 1\nz\nx = 3\nz\ny = x\nz\nx = [1, 2]\nz") == Rows_{{5}, {10}, {4}, {2, 3}});
  CHECK(run(s, "y := 10\nz") == Rows_{{11}});
  CHECK(run(s, "x = 7\nz") == Rows_{{11}});
  CHECK(run(s, "f(u) = 2*u\nw = f(x)\nw\nf(u) = 3*u\nw") == Rows_{{14}, {21}});
}

TEST_CASE("names read as sizes are read at their present value, and lowered again when it changes") {
  Session s;
  CHECK(run(s, "k = 1\nv = [10, 20, 30]\ny = v[k]\nz = y + 1\nz\nk = 2\nz\nk := 3\nz") == Rows_{{11}, {21}, {31}});
  CHECK(run(s, "f(u) = u[k]\nf(v)\nk = 1\nf(v)") == Rows_{{30}, {10}});
  CHECK(run(s, "n = 100\nt = sum(i in 1..n, i)\nt\nn = 200\nt") == Rows_{{5050}, {20100}});
  CHECK(run(s, "o = 0\nq = linspace(1, 50, 50)\nr = sum(i in 1..40, q[i + o])\nr\no = 5\nr") == Rows_{{820}, {1020}});
  s.take_notes();
  run(s, "diff(k*v[k], k)");
  const auto notes = s.take_notes();
  REQUIRE(notes.size() == 1);
  CHECK(notes[0].kind == Kind::constant);
}

TEST_CASE("stores evaluate now; several at once are simultaneous") {
  Session s;
  CHECK(run(s, "a = 1\nb = 2\na, b := b, a\n[a, b]\nc := a + b\na := 10\nc") == Rows_{{2, 1}, {3}});
  CHECK(run(s, "w := [1, 2]\nw := [w, 3]\nw") == Rows_{{1, 2, 3}});
}

TEST_CASE("repeat prepares its body once, and does what its statements do one after another") {
  Session s;
  CHECK(run(s, "w = 0\nL = (w - 3)^2\nrepeat 100 { w := w - 0.1*grad(L, w) }\nw")[0][0] == doctest::Approx(3 - 3 * std::pow(0.8, 100)).epsilon(1e-14));
  const std::size_t nodes = s.graph().size();
  run(s, "repeat 100000 { w := w - 0.1*grad(L, w) }");
  CHECK(s.graph().size() < nodes + 10);
  CHECK(run(s, "k = 0\nrepeat 3 { repeat 4 { k := k + 1 } }\nk") == Rows_{{12}});
  CHECK(run(s, "k = 0\nm = 0\nrepeat 4 { k := k + 1\n repeat k { m := m + 1 } }\nm") == Rows_{{10}});
  CHECK(run(s, "k = 0\nrepeat 3 { k := k + 1; k }\nk") == Rows_{{1}, {2}, {3}, {3}});
  CHECK(run(s, "v = [1]\nrepeat 3 { v := [v, 1] }\nlen(v)") == Rows_{{4}});
  CHECK(run(s, "q = [1, 2, 3, 4]\ni = 0\nt = 0\nrepeat 4 { i := i + 1\n t := t + q[i] }\nt") == Rows_{{10}});
  CHECK(run(s, "a = 1\nb = 1\nrepeat 10 { a, b := b, a + b }\n[a, b]") == Rows_{{89, 144}});
  CHECK(run(s, "repeat 0 { k := 100 }\nk") == Rows_{{3}});
  CHECK(run(s, "x = 1\nrepeat 3 { y = 2*x\n x := y }\nx") == Rows_{{8}});
  CHECK(run(s, "repeat 5 { u = 1\n u := u + 1 }\nu") == Rows_{{2}});
}

TEST_CASE("values from outside go before the program's") {
  Session s;
  s.give("x", {{}, {5}});
  s.give("v", {{3, 1}, {1, 2, 3}});
  s.give("y", {{}, {100}});
  s.give("unused", {{}, {0}});
  CHECK(run(s, "x = 2\ninput v[3]\ny = x^2\n[x, sum(v), y]") == Rows_{{5, 6, 100}});
  CHECK(s.given_was_used("x"));
  CHECK_FALSE(s.given_was_used("unused"));
  const auto notes = s.take_notes();
  REQUIRE(notes.size() == 1);
  CHECK(notes[0].message.find("definition is not used") != std::string::npos);
  s.give("z", {{2, 1}, {1, 1}});
  CHECK(run(s, "z'*z") == Rows_{{2}});
  s.give("z", {{3, 1}, {1, 1, 1}});
  CHECK(run(s, "z'*z") == Rows_{{3}});
  s.give("w", {{2, 1}, {1, 1}});
  const auto error = failure_of(s, "input w[3]");
  REQUIRE(error);
  CHECK(error->kind == Kind::shape);
  CHECK(error->message.find("3x1") != std::string::npos);
  CHECK(error->message.find("2x1") != std::string::npos);
  CHECK(s.closed_value("x=", "[[1, 2], [3, 1/2]]")->numbers == std::vector<double>{1, 2, 3, 0.5});
  CHECK(s.closed_value("x=", "-inf")->numbers[0] == -INFINITY);
  CHECK(s.closed_value("x=", "2*q").error().kind == Kind::name);
  CHECK_FALSE(s.closed_value("x=", "y = 2"));
  CHECK_FALSE(s.closed_value("x=", ""));
}

TEST_CASE("a query knows its inputs in order, and what has no value") {
  Session s;
  run(s, "input z, x\nconst k = 2\nlength = 3\ny = k*x*z*q");
  const auto q = s.query("", "y + lenght");
  REQUIRE(q);
  CHECK(q->text == "y + lenght");
  std::vector<std::string> names;
  for (NodeId i : q->inputs) names.push_back(s.graph().input_of(i).name);
  CHECK(names == std::vector<std::string>{"z", "x", "q", "lenght"});
  CHECK(q->all_inputs.size() == 5);
  CHECK(q->missing == std::vector<std::string>{"z", "x", "q", "lenght"});
  CHECK(q->missing_help.find("`length`") != std::string::npos);
  CHECK(s.query("", "a = 2\nb = a + 1\na*b")->missing.empty());
  CHECK_FALSE(s.query("", "x = 2"));
  CHECK_FALSE(s.query("", ""));
  CHECK_FALSE(s.query("", "x +"));
  CHECK(s.query("", "grad(x*z)")->all_gradients);
  CHECK_FALSE(s.query("", "grad(x^2)")->all_gradients);
}

TEST_CASE("the same question by names, defined ones as their adjoints") {
  Session s;
  run(s, "x = 2\nz = 3\na = x*z\ny = a^2 + x\nn = y");
  const auto q = s.query("", "y");
  REQUIRE(q);
  const auto by = s.by_names(*q, {"x", "a", "z"});
  REQUIRE(by);
  const auto derivative_by = [&](const Session::ByName& b) {
    return value_at(s.graph(), gradient(b.expression, Expr(s.graph(), b.input)).id, s.point());
  };
  CHECK(derivative_by((*by)[0]) == std::vector<double>{37});
  CHECK(derivative_by((*by)[1]) == std::vector<double>{12});
  CHECK(derivative_by((*by)[2]) == std::vector<double>{24});
  CHECK(s.point().at((*by)[1].input) == std::vector<double>{6});
  CHECK_FALSE(s.by_names(*q, {"nothing"}));
  CHECK_FALSE(s.by_names(*q, {"pi"}));
  CHECK(s.by_names(*q, {"nn"}).error().help.find("`n`") != std::string::npos);
  run(s, "unused = 5");
  CHECK(derivative_by((*s.by_names(*q, {"unused"}))[0]) == std::vector<double>{0});
  CHECK(s.shown(*s.query("", "diff(tanh(x), x)"))->id != s.query("", "diff(tanh(x), x)")->expression.id);
}

TEST_CASE("an error leaves every definition as it was") {
  Session s;
  run(s, "x = 2\ny = x^2");
  CHECK(failure_of(s, "x = y + 1\n"));
  CHECK(run(s, "[x, y]") == Rows_{{2, 4}});
  CHECK(failure_of(s, "y = [1, 2] + [1, 2, 3]\n"));
  CHECK(run(s, "y") == Rows_{{4}});
  CHECK(failure_of(s, "repeat 5 { x := x + 1\n w := [1, 2, 3]*[1, 2] }"));
  CHECK(run(s, "x") == Rows_{{2}});
  CHECK(failure_of(s, "f(u) = f(u)"));
  CHECK(run(s, "f(u) = u\nf(3)") == Rows_{{3}});
  CHECK(failure_of(s, "a := 1\nb := a + missing"));
  CHECK(run(s, "a") == Rows_{{1}});
}

TEST_CASE("undo takes back the last statement that changed something") {
  Session s;
  run(s, "x = 2\ny = x^2\nx = 5\nk = 1");
  CHECK(s.undo());
  CHECK(s.undo());
  CHECK(run(s, "y") == Rows_{{4}});
  run(s, "repeat 10 { x := x + 1 }");
  CHECK(run(s, "y") == Rows_{{144}});
  CHECK(s.undo());
  CHECK(run(s, "y") == Rows_{{4}});
  CHECK(s.undo());
  CHECK(s.undo());
  CHECK_FALSE(s.undo());
  CHECK(s.query("", "x")->missing == std::vector<std::string>{"x"});
}

TEST_CASE("a saved session is a program that rebuilds it") {
  Session s;
  run(s, "input q, W[2, 3], b[2]\nx = 1/3\nconst k = 8\nf(u, v) = u^2 +\n  v\ny = (f(x, k)\n  + 1); z := [[1, 2], [3, 4]]\nr = [1, -inf]\nx := 0.1");
  const std::string program = s.save();
  Session t;
  CHECK_FALSE(t.run("", program, {}));
  CHECK(t.save() == program);
  CHECK(run(t, "[x, y, k, z[2, 1], r[2]]") == run(s, "[x, y, k, z[2, 1], r[2]]"));
  CHECK(t.query("", "W*[1, 2, 3] + b")->missing.size() == 2);
  const auto names = s.names();
  std::vector<std::string> all;
  for (const NameInfo& n : names) all.push_back(n.name);
  CHECK(all == std::vector<std::string>{"q", "W", "b", "x", "k", "f", "y", "z", "r"});
  CHECK(names[6].role == NameInfo::Role::definition);
  CHECK(names[6].value->numbers[0] == doctest::Approx(9.01));
  s.forget_all();
  CHECK(s.names().empty());
}

TEST_CASE("the constants pi and e may be redefined with a note, once") {
  Session s;
  run(s, "e = 3\ne = 4");
  CHECK(s.take_notes().size() == 1);
  CHECK(run(s, "e") == Rows_{{4}});
}

TEST_CASE("a free name is a scalar input until it gets its meaning") {
  Session s;
  run(s, "y = 2*x + W[1]");
  CHECK(s.query("", "y")->missing == std::vector<std::string>{"x", "W"});
  CHECK(run(s, "W = [5, 6]\nx = 1\ny") == Rows_{{7}});
  CHECK(run(s, "g = V*u\nV = [[1, 2], [3, 4]]\nu = [1, 1]\ng") == Rows_{{3, 7}});
}

TEST_CASE("programs may use words of other kinds as names") {
  Session s;
  CHECK(run(s, "beta = 2\ngamma = 3\nsum = 4\nbeta*gamma*sum + sum([1, 1])") == Rows_{{26}});
  CHECK(run(s, "σ1 = 2\nσ1 + σ(0)") == Rows_{{2.5}});
}

TEST_CASE("a loop can be interrupted, and leaves what was before") {
  Session s;
  int asked = 0;
  s.interrupt_when([&] { return ++asked > 3; });
  run(s, "k = 0");
  CHECK(failure_of(s, "repeat 10000000 { k := k + 1 }"));
  CHECK(run(s, "k") == Rows_{{0}});
}
