// Every function of the language on expressions, by its name, for C++.
//
//   Expr y = call("tanh", x);          // any row of the table, also one that was added yesterday
//   Expr n = tanh(x) * relu(z);        // the common ones by a function
#pragma once
#include "wengert/rules/build.hpp"

namespace wengert {

// An elementwise row by its name in the language. Throws std::invalid_argument for an unknown name or
// a wrong number of arguments.
inline Expr call(std::string_view name, std::initializer_list<Expr> x) {
  const Row* row = find_row(name);
  if (row == nullptr || !row->elementwise || row->arity != static_cast<int>(x.size()) || x.size() == 0)
    throw std::invalid_argument("no function " + std::string(name) + " of " + std::to_string(x.size()) + " arguments");
  std::vector<NodeId> ids;
  for (const Expr& e : x) {
    if (e.graph != x.begin()->graph) throw std::invalid_argument("the expressions belong to two graphs");
    ids.push_back(e.id);
  }
  return build(*x.begin()->graph, row->op, ids);
}

inline Expr log1p(const Expr& x) { return Lift<Expr>::call<Log1p>(x); }
inline Expr log2(const Expr& x) { return Lift<Expr>::call<Log2>(x); }
inline Expr log10(const Expr& x) { return Lift<Expr>::call<Log10>(x); }
inline Expr cbrt(const Expr& x) { return Lift<Expr>::call<Cbrt>(x); }
inline Expr tanh(const Expr& x) { return Lift<Expr>::call<Tanh>(x); }
inline Expr asin(const Expr& x) { return Lift<Expr>::call<Asin>(x); }
inline Expr acos(const Expr& x) { return Lift<Expr>::call<Acos>(x); }
inline Expr atan(const Expr& x) { return Lift<Expr>::call<Atan>(x); }
inline Expr atan2(const Expr& y, const Expr& x) { return Lift<Expr>::call<Atan2>(y, x); }
inline Expr abs(const Expr& x) { return Lift<Expr>::call<Abs>(x); }
inline Expr pow(const Expr& x, const Expr& y) { return Lift<Expr>::call<Pow>(x, y); }
inline Expr pow(const Expr& x, double y) { return Lift<Expr>::call<Pow>(x, like(x, y)); }
inline Expr erf(const Expr& x) { return Lift<Expr>::call<Erf>(x); }
inline Expr relu(const Expr& x) { return Lift<Expr>::call<Relu>(x); }
inline Expr softplus(const Expr& x) { return Lift<Expr>::call<Softplus>(x); }
inline Expr max(const Expr& a, const Expr& b) { return Lift<Expr>::call<Max>(a, b); }
inline Expr min(const Expr& a, const Expr& b) { return Lift<Expr>::call<Min>(a, b); }
inline Expr sum(const Expr& x) { return total(x, along::all); }

}  // namespace wengert
