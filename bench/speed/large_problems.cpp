// Problems whose programs are longer than a line.
#include <fmt/format.h>

#include "hand/hand.hpp"
#include "problem.hpp"

namespace wengert::bench {

// d = 10, K = 25; below the diagonals of L, and with exp(Q) on them, are the roots of the components' precisions.
Problem mixture(std::size_t n) {
  constexpr std::size_t d = 10, components = 25;
  Numbers r(9);
  std::string rows, prior, text;
  for (std::size_t k = 1; k <= components; ++k) {
    text += fmt::format("L{0} = L[{1}..{2}, :] .* mask\nZ{0} = (diag(exp(Q[{0}, :]')) + L{0}) * (X .- M[{0}, :]')\n", k,
                        (k - 1) * d + 1, k * d);
    rows += fmt::format("{}a[{}] + sum(Q[{}, :]) - 0.5*sum(Z{}.^2, 1)", k > 1 ? ", " : "", k, k, k);
    prior += fmt::format("{}sum(L{}.^2)", k > 1 ? " + " : "", k);
  }
  text += fmt::format("sum(logsumexp(vcat({}), 1)) - {}*logsumexp(a) + 0.5*(sum(exp(Q).^2) + ({}))", rows, n, prior);
  std::vector<double> mask(d * d);
  for (std::size_t i = 0; i < d; ++i)
    for (std::size_t j = 0; j < i; ++j) mask[i * d + j] = 1;
  return {"mixture",
          n,
          Work::gradient,
          text,
          {{"a", column(components), r.list(components, -1, 1)},
           {"M", matrix(components, d), r.list(components * d, -1, 1)},
           {"Q", matrix(components, d), r.list(components * d, -0.5, 0.5)},
           {"L", matrix(components * d, d), r.list(components * d * d, -0.5, 0.5)},
           {"X", matrix(d, n), r.list(d * n, -2, 2), false},
           {"mask", matrix(d, d), mask, false}},
          hand::mixture,
          0.8,
          0.5};
}

// Two layers of 14 memory cells over a sequence of n.
Problem lstm(std::size_t n) {
  constexpr std::size_t b = 14;
  Numbers r(10);
  const auto gate = [](const char* f, int layer, int which, const std::string& x) {
    return fmt::format("{0}({1} .* W{2}[{3}, :]' + V{2}[{3}, :]')", f, x, layer, which);
  };
  std::string text, sum;
  for (std::size_t t = 1; t < n; ++t) {
    std::string x = fmt::format("x{}", t);
    text += fmt::format("{} = S[{}, :]' .* E[1, :]'\n", x, t);
    for (const int l : {1, 2}) {
      const std::string h = fmt::format("h{}_{}", l, t), before = fmt::format("h{}_{}", l, t - 1);
      const std::string product = t == 1 ? "" : fmt::format("c{}_{} .* {} + ", l, t - 1, gate("sigmoid", l, 1, x));
      const std::string state = t == 1 ? "zeros(14, 1)" : before;
      text += fmt::format("c{}_{} = {}{} .* {}\n{} = {} .* tanh(c{}_{})\n", l, t, product, gate("sigmoid", l, 2, state),
                          gate("tanh", l, 4, state), h, gate("sigmoid", l, 3, x), l, t);
      x = h;
    }
    text += fmt::format("y{0} = {1} .* E[2, :]' + E[3, :]'\n", t, x);
    sum += fmt::format("{}S[{}, :]*(y{} .- log(sum(exp(y{})) + 2))", t > 1 ? " + " : "", t + 1, t, t);
  }
  text += fmt::format("-({})/{}", sum, (n - 1) * b);
  std::vector<Given> inputs;
  for (const char* name : {"W1", "V1", "W2", "V2"}) inputs.push_back({name, matrix(4, b), r.list(4 * b, -1, 1)});
  inputs.push_back({"E", matrix(3, b), r.list(3 * b, -1, 1)});
  inputs.push_back({"S", matrix(n, b), r.list(n * b, 0, 1), false});
  return {"lstm", n, Work::gradient, text, inputs, hand::lstm, 1.2, 1.0};
}

// Rotation, centre, focal length, principal point, distortion, point, weight.
Problem bundle() {
  const char* text =
      "x1 = p[12] - p[4]; x2 = p[13] - p[5]; x3 = p[14] - p[6]\n"
      "t = sqrt(p[1]^2 + p[2]^2 + p[3]^2); c = cos(t); s = sin(t)\n"
      "w1 = p[1]/t; w2 = p[2]/t; w3 = p[3]/t\n"
      "d = (w1*x1 + w2*x2 + w3*x3)*(1 - c)\n"
      "y1 = x1*c + (w2*x3 - w3*x2)*s + w1*d\n"
      "y2 = x2*c + (w3*x1 - w1*x3)*s + w2*d\n"
      "y3 = x3*c + (w1*x2 - w2*x1)*s + w3*d\n"
      "u = y1/y3; v = y2/y3; r = u*u + v*v; l = 1 + r*(p[10] + r*p[11])\n"
      "[p[15]*(u*l*p[7] + p[8] - m[1]), p[15]*(v*l*p[7] + p[9] - m[2])]";
  return {"bundle",
          2,
          Work::jacobian,
          text,
          {{"p", column(15), {0.3, -0.2, 0.5, 0.1, 0.4, -2.0, 500, 320, 240, 0.02, -0.01, 0.7, -0.3, 3.0, 0.9}},
           {"m", column(2), {390, 250}, false}},
          hand::bundle,
          4,
          1.2};
}

// 1-D, the ends held at u = 1 and v = 3.
Problem brusselator() {
  constexpr std::size_t n = 10000, m = n / 2;
  const char* text =
      "u = x[1..5000]; v = x[5001..10000]; k = u.*u.*v\n"
      "lu = [1, u[1..4999]] - 2*u + [u[2..5000], 1]; lv = [3, v[1..4999]] - 2*v + [v[2..5000], 3]\n"
      "[k - 4*u + 50*lu + ones(5000, 1), 3*u - k + 50*lv]";
  Problem p{"brusselator",
            n,
            Work::sparse_jacobian,
            text,
            {{"x", column(n), Numbers(11).list(n, 0.5, 3)}},
            hand::brusselator_sparse,
            8,
            3};
  p.nonzeros = 2 * (3 * m - 2) + 2 * m;
  return p;
}

// n dependent operations on one number.
Problem long_chain(std::size_t n) {
  std::string text = "y0 = x\n";
  for (std::size_t k = 1; k <= n / 4; ++k)
    text += fmt::format("s{0} = sin(y{1}*1.1 + 0.1)\ny{0} = s{0}*s{0}\n", k, k - 1);
  text += fmt::format("y{}", n / 4);
  return {"chain", n, Work::gradient, text, {{"x", {}, {0.7}}}, hand::long_chain, 1.5, 0};
}

}  // namespace wengert::bench
