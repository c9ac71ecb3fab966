// Jacobians in matrix form against the forward mode's: the terms in index notation, summed here index by index, and the
// matrix that is read back from them.
#include "wengert/sweep/matrix_form.hpp"

#include <doctest/doctest.h>

#include <cmath>

#include "wengert/session/session.hpp"
#include "wengert/sweep/differentiate.hpp"

namespace wengert::test {
namespace {

// By v (three elements), s (a scalar) or X (three by three); A, B and w are constants.
struct Case {
  const char* text;
  const char* by;
  bool matrix = true;  // a formula of matrices is found
};

class Terms {
 public:
  Terms(const Graph& graph, const IndexedForm& form, const Point& point) : graph_(graph), form_(form), point_(point) {}

  std::vector<double> summed() {
    std::vector<double> all;
    const Shape y = form_.value, x = form_.variable;
    for (std::size_t i = 0; i < y.size(); ++i)
      for (std::size_t j = 0; j < x.size(); ++j) {
        double entry = 0;
        for (const IndexedTerm& term : form_.terms) {
          std::vector<std::size_t> at{i / y.cols, i % y.cols, j / x.cols, j % x.cols};
          at.resize(at.size() + term.sums.size());
          entry += sum(term, at, 0);
        }
        all.push_back(entry);
      }
    return all;
  }

 private:
  double sum(const IndexedTerm& term, std::vector<std::size_t>& at, std::size_t k) {
    if (k == term.sums.size()) return product(term, at);
    double total = 0;
    for (at[first_summed + k] = 0; at[first_summed + k] < std::max(1u, term.sums[k]); ++at[first_summed + k])
      total += sum(term, at, k + 1);
    return total;
  }
  double product(const IndexedTerm& term, const std::vector<std::size_t>& at) {
    double p = 1;
    for (const IndexedFactor& f : term.factors) {
      const auto place = [&](Index i) { return i == no_index ? 0 : at[static_cast<std::size_t>(i)]; };
      if (f.same())
        p *= place(f.row) == place(f.col) ? 1 : 0;
      else
        p *= value_at(graph_, f.array.id, point_)[place(f.row) * f.array.shape().cols + place(f.col)];
    }
    return p;
  }

  const Graph& graph_;
  const IndexedForm& form_;
  const Point& point_;
};

void check_same(const std::vector<double>& got, const std::vector<double>& expected) {
  REQUIRE(got.size() == expected.size());
  for (std::size_t k = 0; k < got.size(); ++k) {
    CAPTURE(k);
    CHECK(got[k] == doctest::Approx(expected[k]).epsilon(1e-12));
  }
}

const std::string constants =
    "A = [[2, -1, 0.5], [1, 3, -2], [0.25, 1, 4]]\nB = [[1, 2, 0], [-1, 1, 3], [2, 0.5, 1]]\nw = [1, -2, 3]\n";

Query asked(Session& s, const Case& c) {
  s.give("v", {{3, 1}, {0.5, 1.5, 0.75}});
  s.give("s", {{1, 1}, {0.7}});
  s.give("X", {{3, 3}, {3, 1, 0.5, -1, 2, 1, 0.25, 0.5, 4}});
  const Result<Query> q = s.query("", constants + c.text);
  if (!q) FAIL(q.error().message);
  return *q;
}

const Case cases[] = {
    // elementwise
    {"exp(v)", "v"},
    {"erf(v) + log2(v) + log10(v)", "v"},
    {"gelu(v) .* w", "v"},
    {"v/(1 + sum(v))", "v"},
    {"-v/2 - w .* v", "v"},
    {"if(v > 1, v.^2, sin(v))", "v"},
    {"atan(v) + digamma(v)", "v"},
    {"X.^2", "X"},
    // products, transposes and systems
    {"A*v", "v"},
    {"v'*A*v", "v"},
    {"A*X*B", "X"},
    {"X'", "X", false},
    {"A*X'", "X", false},
    {"w'*X*w", "X"},
    {"solve(A, v)", "v"},
    {"solve(A', B*v)", "v"},
    {"inv(A)*X", "X"},
    {"(v*w')*w", "v"},
    {"A .* (B .* (v*w'))", "v"},
    {"(A .* (v*w'))*w", "v"},
    // sums
    {"sum(v)", "v"},
    {"sum(v + s)", "s"},
    {"w*sum(v + s)", "s"},
    {"sin(s)", "s"},
    {"sum(X .* A)", "X"},
    {"sum(A*X*B)", "X"},
    {"sum((v*w') .* A)", "v"},
    {"sum(v*v')", "v"},
    {"norm(v)", "v"},
    {"s*A", "s"},
    {"trace(X)", "X", false},
    {"trace(A*X)", "X"},
    {"mean(X*w)", "X"},
    // elements, diagonals, running sums, other shapes
    {"v[2]", "v"},
    {"[v[3], v[1]*v[2]]", "v"},
    {"X[2, 3]", "X"},
    {"X*[1, 0, 0]", "X"},
    {"diag(v)", "v", false},
    {"diag(v)*w", "v"},
    {"A*diag(v)*w", "v"},
    {"A*diag(v)*B", "v", false},
    {"diag(X)", "X", false},
    {"diag(A*diag(v)*B)", "v"},
    {"cumsum(v)", "v"},
    {"cumsum(X)", "X"},
    {"cumsum(v')*A", "v"},
    {"cumsum(A*v) .* w", "v"},
    {"reshape(v, 1, 3)*A", "v"},
    {"reshape(A*v, 1, 3)", "v"},
    {"[v, w]", "v"},
    {"0*v", "v"},
    {"w", "v"},
};

}  // namespace

TEST_CASE("Jacobians in index notation and in matrix form are the forward mode's") {
  for (const Case& c : cases)
    for (const Form shown : {Form::shown, Form::stable}) {
      CAPTURE(std::string(c.text));
      Session s;
      const Query q = asked(s, c);
      Graph& g = s.graph();
      NodeId x = no_node;
      for (const NodeId id : g.reachable({&q.expression.id, 1}))
        if (g[id].op == Op::input && g.input_of(id).name == c.by) x = id;
      if (x == no_node) continue;
      const std::optional<MatrixForm> form = matrix_form(q.expression, Expr(g, x), shown);
      if (!form) {
        FAIL_CHECK("no index notation");
        continue;
      }
      const std::vector<double> expected =
          prepare(Mode::forward, {&g, q.expression.id, {x}}).jacobian(s.point()).blocks[0];
      check_same(Terms(g, form->entries, s.point()).summed(), expected);
      CHECK(form->matrix.has_value() == c.matrix);
      if (form->matrix) check_same(value_at(g, form->matrix->id, s.point()), expected);
    }
}

TEST_CASE("what has no index notation has no matrix form") {
  for (const Case& c : {Case{"reshape(X, 1, 9)*ones(9, 1)", "X"}, Case{"det(X)*kron(X, A)", "X"},
                        Case{"f(u) = u*s; iterate(f, v, 3)", "v"}}) {
    CAPTURE(std::string(c.text));
    Session s;
    const Query q = asked(s, c);
    for (const NodeId id : q.inputs)
      if (s.graph().input_of(id).name == c.by) CHECK(!matrix_form(q.expression, Expr(s.graph(), id), Form::shown));
  }
}

}  // namespace wengert::test
