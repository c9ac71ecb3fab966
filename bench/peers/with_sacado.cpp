// Sacado: reverse mode by Rad for gradients, forward mode by Fad for Jacobians and points of a batch, Fad over Fad for
// Hessians, of a sparse one with a direction for every third column, Tay for Taylor coefficients.
// Debian's is made for use with other parts of Trilinos, which nothing here needs.
#include <Sacado_ConfigDefs.h>
#undef HAVE_SACADO_TEUCHOSCORE
#undef HAVE_SACADO_TEUCHOSCOMM
#undef HAVE_SACADO_TEUCHOSNUMERICS
#undef HAVE_SACADO_TEUCHOSKOKKOSCOMM
#undef HAVE_SACADO_KOKKOSCORE
#include <Sacado_Fad_DFad.hpp>
#include <Sacado_Fad_SFad.hpp>
#include <Sacado_Tay_Taylor.hpp>
#include <Sacado_trad.hpp>

#include "programs.hpp"

namespace {

using namespace peers;
using Rad = Sacado::Rad::ADvar<double>;
using Two = Sacado::Fad::SFad<double, 2>;
using Fad = Sacado::Fad::DFad<double>;
using Tay = Sacado::Tay::Taylor<double>;

Call gradient_of(const Problem& p) {
  const Numbers at = p.at();
  return [&p, at, g = Numbers(at.size())](Results& r) mutable {
    {
      std::vector<Rad> x(at.begin(), at.end());
      Rad y;
      if (!scalar(p, x.data(), y)) return;
      Rad::Gradcomp();
      r[0][0] = y.val();
      for (std::size_t k = 0; k < at.size(); ++k) g[k] = x[k].adj();
    }
    Rad::aval_reset();
    cut(g.data(), r);
  };
}

Call jacobian_of(const Problem& p) {
  const Numbers at = p.at();
  const std::size_t n = at.size(), m = p.expected[0].size();
  return [&p, at, n, m](Results& r) {
    std::vector<Fad> x(n), y(m);
    for (std::size_t k = 0; k < n; ++k) x[k] = Fad(static_cast<int>(n), static_cast<int>(k), at[k]);
    if (!vector(p, x.data(), y.data())) return;
    for (std::size_t i = 0; i < m; ++i) {
      r[0][i] = y[i].val();
      for (std::size_t k = 0; k < n; ++k) r[1][i * n + k] = y[i].dx(static_cast<int>(k));
    }
  };
}

Call batch_of(const Problem& p) {
  return [&x = p.given.at("x"), &z = p.given.at("z")](Results& r) {
    for (std::size_t k = 0; k < x.size(); ++k) {
      const Two y = lecture(Two(2, 0, x[k]), Two(2, 1, z[k]));
      r[0][k] = y.val(), r[1][k] = y.dx(0), r[2][k] = y.dx(1);
    }
  };
}

// Forward over forward: a number with the tangents of all inputs, each with tangents of its own.
template <class Inner>
std::vector<Sacado::Fad::DFad<Inner>> seeded(const Numbers& at, const std::function<Inner(std::size_t)>& number) {
  std::vector<Sacado::Fad::DFad<Inner>> x;
  for (std::size_t k = 0; k < at.size(); ++k)
    x.emplace_back(static_cast<int>(at.size()), static_cast<int>(k), number(k));
  return x;
}

Call hessian_of(const Problem& p) {
  return [&p, at = p.at()](Results& r) {
    const std::size_t n = at.size();
    const auto x = seeded<Fad>(at, [&](std::size_t k) { return Fad(static_cast<int>(n), static_cast<int>(k), at[k]); });
    Sacado::Fad::DFad<Fad> y;
    if (!scalar(p, x.data(), y)) return;
    r[0][0] = y.val().val();
    for (std::size_t i = 0; i < n; ++i)
      for (std::size_t j = 0; j < n; ++j) r[1][i * n + j] = y.dx(static_cast<int>(i)).dx(static_cast<int>(j));
  };
}

Call tridiagonal_of(const Problem& p) {
  using Three = Sacado::Fad::SFad<double, 3>;
  return [&p, at = p.at()](Results& r) {
    const std::size_t n = at.size();
    const auto x = seeded<Three>(at, [&](std::size_t k) { return Three(3, static_cast<int>(k % 3), at[k]); });
    Sacado::Fad::DFad<Three> y;
    if (!scalar(p, x.data(), y)) return;
    std::size_t next = 0;
    for (std::size_t i = 0; i < n; ++i)
      for (std::size_t j = i > 0 ? i - 1 : 0; j < std::min(n, i + 2); ++j)
        r[1][next++] = y.dx(static_cast<int>(i)).dx(static_cast<int>(j % 3));
  };
}

Call taylor_of(const Problem& p) {
  const double x = p.given.at("x")[0], z = p.given.at("z")[0];
  return [x, z, order = static_cast<int>(p.size)](Results& r) {
    Tay along(order, x);
    along.fastAccessCoeff(1) = 1;
    const Tay y = lecture(along, Tay(order, z));
    for (int k = 0; k <= order; ++k) r[0][static_cast<std::size_t>(k)] = y.coeff(k);
  };
}

Call prepare(const Problem& p) {
  if (p.task == "hessian") return hessian_of(p);
  if (p.task == "sparse hessian") return tridiagonal_of(p);
  if (p.task == "coefficients") return taylor_of(p);
  if (p.task == "gradient") return gradient_of(p);
  if (p.task == "jacobian") return jacobian_of(p);
  if (p.task == "gradients of a batch") return batch_of(p);
  return nullptr;
}

}  // namespace

int main(int count, char** words) { return peers::run(count, words, "Trilinos 13.2", prepare); }
