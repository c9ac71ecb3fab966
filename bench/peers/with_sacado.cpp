// Sacado: reverse mode by Rad for gradients, forward mode by Fad for Jacobians and points of a batch.
// Debian's is made for use with other parts of Trilinos, which nothing here needs.
#include <Sacado_ConfigDefs.h>
#undef HAVE_SACADO_TEUCHOSCORE
#undef HAVE_SACADO_TEUCHOSCOMM
#undef HAVE_SACADO_TEUCHOSNUMERICS
#undef HAVE_SACADO_TEUCHOSKOKKOSCOMM
#undef HAVE_SACADO_KOKKOSCORE
#include <Sacado_Fad_DFad.hpp>
#include <Sacado_Fad_SFad.hpp>
#include <Sacado_trad.hpp>

#include "programs.hpp"

namespace {

using namespace peers;
using Rad = Sacado::Rad::ADvar<double>;
using Two = Sacado::Fad::SFad<double, 2>;
using Fad = Sacado::Fad::DFad<double>;

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

Call prepare(const Problem& p) {
  if (p.task == "gradient" && !(p.name == "mlp" && p.size > 1)) return gradient_of(p);
  if (p.task == "jacobian") return jacobian_of(p);
  if (p.task == "gradients of a batch") return batch_of(p);
  return nullptr;
}

}  // namespace

int main(int count, char** words) { return peers::run(count, words, "Trilinos 13.2", prepare); }
