// A recurrent network with two layers of memory cells over a sequence, as ADBench defines it, and its gradient.
#include <cmath>
#include <cstring>
#include <vector>

#include "hand.hpp"

namespace wengert::bench::hand {

namespace {

constexpr std::size_t b = 14, layers = 2;

struct Kept {  // of a layer at a step
  double input[b], hidden[b], cell[b], forget[b], in[b], out[b], change[b], bounded[b];
};

double sigmoid(double x) { return 1 / (1 + std::exp(-x)); }

// w, v: 4 x b of a layer; the hidden state and the cell are replaced.
void step(const double* w, const double* v, const double* input, double* hidden, double* cell, Kept& k) {
  for (std::size_t i = 0; i < b; ++i) {
    k.input[i] = input[i];
    k.hidden[i] = hidden[i];
    k.cell[i] = cell[i];
    k.forget[i] = sigmoid(input[i] * w[i] + v[i]);
    k.in[i] = sigmoid(hidden[i] * w[b + i] + v[b + i]);
    k.out[i] = sigmoid(input[i] * w[2 * b + i] + v[2 * b + i]);
    k.change[i] = std::tanh(hidden[i] * w[3 * b + i] + v[3 * b + i]);
    cell[i] = cell[i] * k.forget[i] + k.in[i] * k.change[i];
    k.bounded[i] = std::tanh(cell[i]);
    hidden[i] = k.out[i] * k.bounded[i];
  }
}

// Adjoints of the hidden state and the cell come in and go out; that of the input is returned in x.
void back(const double* w, const Kept& k, double* gw, double* gv, double* hidden, double* cell, double* x) {
  for (std::size_t i = 0; i < b; ++i) {
    const double h = hidden[i], out = h * k.bounded[i] * k.out[i] * (1 - k.out[i]);
    const double c = cell[i] + h * k.out[i] * (1 - k.bounded[i] * k.bounded[i]);
    const double forget = c * k.cell[i] * k.forget[i] * (1 - k.forget[i]);
    const double in = c * k.change[i] * k.in[i] * (1 - k.in[i]);
    const double change = c * k.in[i] * (1 - k.change[i] * k.change[i]);
    cell[i] = c * k.forget[i];
    gv[i] += forget;
    gv[b + i] += in;
    gv[2 * b + i] += out;
    gv[3 * b + i] += change;
    gw[i] += forget * k.input[i];
    gw[b + i] += in * k.hidden[i];
    gw[2 * b + i] += out * k.input[i];
    gw[3 * b + i] += change * k.hidden[i];
    x[i] = forget * w[i] + out * w[2 * b + i];
    hidden[i] = in * w[b + i] + change * w[3 * b + i];
  }
}

}  // namespace

// W1, V1, W2, V2 (4 x 14 each), E (3 x 14), S (n x 14)
void lstm(In in, Out out, std::size_t n) {
  const double *extra = in[4], *sequence = in[5];
  const std::size_t steps = n - 1;
  static thread_local std::vector<Kept> kept;
  static thread_local std::vector<double> weight, top;
  kept.resize(steps * layers);
  weight.resize(steps * b);
  top.resize(steps * b);
  for (std::size_t k = 0; k < 5; ++k) std::memset(out[1 + k], 0, (k < 4 ? 4 * b : 3 * b) * sizeof(double));
  double hidden[layers][b] = {}, cell[layers][b] = {}, total = 0;
  for (std::size_t t = 0; t < steps; ++t) {
    double x[b], sum = 2;
    for (std::size_t i = 0; i < b; ++i) x[i] = sequence[t * b + i] * extra[i];
    for (std::size_t l = 0; l < layers; ++l) {
      step(in[2 * l], in[2 * l + 1], l == 0 ? x : hidden[l - 1], hidden[l], cell[l], kept[t * layers + l]);
    }
    double y[b];
    for (std::size_t i = 0; i < b; ++i) {
      top[t * b + i] = hidden[layers - 1][i];
      y[i] = hidden[layers - 1][i] * extra[b + i] + extra[2 * b + i];
      sum += weight[t * b + i] = std::exp(y[i]);
    }
    const double log_sum = std::log(sum);
    for (std::size_t i = 0; i < b; ++i) {
      weight[t * b + i] /= sum;
      total += sequence[(t + 1) * b + i] * (y[i] - log_sum);
    }
  }
  const double scale = -1 / static_cast<double>(steps * b);
  out[0][0] = total * scale;
  double gh[layers][b] = {}, gc[layers][b] = {};
  for (std::size_t t = steps; t-- > 0;) {
    double gold = 0;
    for (std::size_t i = 0; i < b; ++i) gold += sequence[(t + 1) * b + i];
    for (std::size_t i = 0; i < b; ++i) {
      const double g = scale * (sequence[(t + 1) * b + i] - gold * weight[t * b + i]);
      out[5][b + i] += g * top[t * b + i];
      out[5][2 * b + i] += g;
      gh[layers - 1][i] += g * extra[b + i];
    }
    double x[b];
    for (std::size_t l = layers; l-- > 0;) {
      back(in[2 * l], kept[t * layers + l], out[1 + 2 * l], out[2 + 2 * l], gh[l], gc[l], x);
      for (std::size_t i = 0; i < b; ++i)
        if (l > 0)
          gh[l - 1][i] += x[i];
        else
          out[5][i] += x[i] * sequence[t * b + i];
    }
  }
}

}  // namespace wengert::bench::hand
