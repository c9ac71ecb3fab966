// ADOL-C: a tape recorded once, and its drivers. Debian builds it without ColPack, so there is no sparse one: three
// products with the Hessian, of every third column each.
#include <adolc/adolc.h>

#include "programs.hpp"

namespace {

using namespace peers;

constexpr short tag = 1;

// The tape of the problem at its point, of so many outputs.
bool record(const Problem& p, const Numbers& at, std::size_t m) {
  trace_on(tag);
  std::vector<adouble> x(at.size()), y(m);
  for (std::size_t k = 0; k < at.size(); ++k) x[k] <<= at[k];
  bool stated = false;
  try {
    stated = m == 1 ? scalar(p, x.data(), y[0]) : vector(p, x.data(), y.data());
  } catch (...) {
    trace_off();
    throw;
  }
  double value;
  for (auto& e : y) e >>= value;
  trace_off();
  return stated;
}

Call gradient_of(const Problem& p) {
  Numbers at = p.at();
  if (!record(p, at, 1)) return nullptr;
  return [n = static_cast<int>(at.size()), at, g = Numbers(at.size())](Results& r) mutable {
    function(tag, 1, n, at.data(), r[0].data());
    gradient(tag, n, at.data(), g.data());
    cut(g.data(), r);
  };
}

Call jacobian_of(const Problem& p) {
  Numbers at = p.at();
  const std::size_t m = p.expected[0].size(), n = at.size();
  if (!record(p, at, m)) return nullptr;
  return [=](Results& r) mutable {
    std::vector<double*> rows(m);
    for (std::size_t i = 0; i < m; ++i) rows[i] = r[1].data() + i * n;
    function(tag, static_cast<int>(m), static_cast<int>(n), at.data(), r[0].data());
    jacobian(tag, static_cast<int>(m), static_cast<int>(n), at.data(), rows.data());
  };
}

Call hessian_of(const Problem& p) {
  Numbers at = p.at();
  const std::size_t n = at.size();
  if (!record(p, at, 1)) return nullptr;
  return [=](Results& r) mutable {
    std::vector<double*> rows(n);
    for (std::size_t i = 0; i < n; ++i) rows[i] = r[1].data() + i * n;
    function(tag, 1, static_cast<int>(n), at.data(), r[0].data());
    hessian(tag, static_cast<int>(n), at.data(), rows.data());  // the lower triangle
    for (std::size_t i = 0; i < n; ++i)
      for (std::size_t j = i + 1; j < n; ++j) rows[i][j] = rows[j][i];
  };
}

Call tridiagonal_of(const Problem& p) {
  Numbers at = p.at();
  const std::size_t n = at.size();
  if (!record(p, at, 1)) return nullptr;
  Numbers seeds(3 * n), products(3 * n);
  for (std::size_t k = 0; k < n; ++k) seeds[3 * k + k % 3] = 1;
  return [=](Results& r) mutable {
    std::vector<double*> by_row(n), out(n);
    for (std::size_t k = 0; k < n; ++k) by_row[k] = &seeds[3 * k], out[k] = &products[3 * k];
    hess_mat(tag, static_cast<int>(n), 3, at.data(), by_row.data(), out.data());
    std::size_t next = 0;
    for (std::size_t i = 0; i < n; ++i)
      for (std::size_t j = i > 0 ? i - 1 : 0; j < std::min(n, i + 2); ++j) r[1][next++] = products[3 * i + j % 3];
  };
}

// The tape of one point serves all.
Call batch_of(const Problem& p) {
  if (!record(p, {p.given.at("x")[0], p.given.at("z")[0]}, 1)) return nullptr;
  return [&x = p.given.at("x"), &z = p.given.at("z")](Results& r) {
    for (std::size_t k = 0; k < x.size(); ++k) {
      double at[] = {x[k], z[k]}, g[2];
      function(tag, 1, 2, at, &r[0][k]);
      gradient(tag, 2, at, g);
      r[1][k] = g[0], r[2][k] = g[1];
    }
  };
}

Call taylor_of(const Problem& p) {
  const double x = p.given.at("x")[0], z = p.given.at("z")[0];
  trace_on(tag);
  adouble ax, y;
  double value;
  ax <<= x;
  y = lecture(ax, adouble(z));
  y >>= value;
  trace_off();
  Numbers along(p.size + 1);
  along[0] = x, along[1] = 1;
  return [along, order = static_cast<int>(p.size)](Results& r) mutable {
    double* input[] = {along.data()};
    double* output[] = {r[0].data()};
    forward(tag, 1, 1, order, 0, input, output);
  };
}

Call prepare(const Problem& p) {
  if (p.task == "sparse hessian") return tridiagonal_of(p);
  if (p.task == "gradients of a batch") return batch_of(p);
  if (p.task == "gradient") return gradient_of(p);
  if (p.task == "jacobian") return jacobian_of(p);
  if (p.task == "hessian") return hessian_of(p);
  if (p.task == "coefficients") return taylor_of(p);
  return nullptr;
}

}  // namespace

int main(int count, char** words) { return peers::run(count, words, "2.7.2", prepare); }
