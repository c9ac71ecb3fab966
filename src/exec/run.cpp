#include <algorithm>
#include <stdexcept>

#include "array_rows.hpp"
#include "stream.hpp"

namespace wengert::exec {

namespace {

double* at(double* const* bases, const Address& a) { return bases[a.base] + a.at; }

void blocks(const Layout& l, const Step& s, double* const* bases) {
  const KernelTable& kernels = *l.kernels;
  const BlockStep* end = l.blocks.data() + s.first + s.n;
  for (const BlockStep* b = end - s.n; b != end; ++b)
    kernels.elementwise[b->code](bases[b->base[3]] + b->at[3], bases[b->base[0]] + b->at[0],
                                 bases[b->base[1]] + b->at[1], bases[b->base[2]] + b->at[2], b->form, b->n);
}

void nested(const Step& s, double* const* bases) {
  double* out = at(bases, s.out);
  const double *a = at(bases, s.in[0]), *b = at(bases, s.in[1]), *c = at(bases, s.in[2]);
  for (std::uint32_t e = 0; e < s.count; ++e) {
    s.kernel(out, a, b, c, s.form, s.n);
    a += s.step[0];
    b += s.step[1];
    c += s.step[2];
    out += s.step[3];
  }
}

// A piece of every cell, then the next piece: what stays within the region never leaves the cache.
void region(const Layout& l, const Step& r, double* const* bases) {
  const std::span<const Step> inner(l.inner.data() + r.first, r.n);
  double sums[most_sums][8] = {};
  for (std::uint32_t from = 0; from < r.count; from += region_piece) {
    const std::size_t n = std::min(region_piece, r.count - from);
    std::size_t sum = 0;
    for (const Step& s : inner) {
      if (s.kind == Step::Kind::sum) {
        const double* in = at(bases, s.in[0]) + ((s.form >> 4 & 1u) == 0 ? from : 0);
        double* acc = sums[sum++];
        for (std::size_t i = 0; i < n; ++i) acc[i & 7] += in[i];
        at(bases, s.out)[0] = ((acc[0] + acc[1]) + (acc[2] + acc[3])) + ((acc[4] + acc[5]) + (acc[6] + acc[7]));
        continue;
      }
      const double* x[3];
      for (unsigned j = 0; j < 3; ++j)
        x[j] = at(bases, s.in[j]) + ((s.form >> j & 1u) != 0 && (s.form >> (4 + j) & 1u) == 0 ? from : 0);
      s.kernel(at(bases, s.out) + ((s.form & 128u) != 0 ? 0 : from), x[0], x[1], x[2], s.form, n);
    }
  }
}

void lines(const Layout& l, const Step& s, double* const* bases) {
  const Detail& d = l.details[s.first];
  double* out = at(bases, s.out);
  const double* in = at(bases, d.in[0]);
  const std::size_t w = s.width;
  const double sign = s.code == code_of<MaxOf> ? 1 : -1;
  const auto reduce = [&](double* to, const double* from, std::size_t n, std::size_t stride, std::size_t width) {
    if (s.kind == Step::Kind::sum)
      l.kernels->sum(to, from, n, stride, width);
    else
      l.kernels->extreme(to, from, n, stride, width, sign);
  };
  // Down the rows, the columns are lanes.
  if (d.number == along::rows) return reduce(out, in, d.shapes[0].rows, d.shapes[0].cols * w, d.shapes[0].cols * w);
  each_line(d.shapes[0], d.number, [&](std::size_t begin, std::size_t n, std::size_t stride, std::size_t to) {
    reduce(out + to * w, in + begin * w, n, stride * w, w);
  });
}

void strided(const Step& s, double* const* bases) {
  double* out = at(bases, s.out);
  const double* in = at(bases, s.in[0]);
  const std::size_t w = s.width;
  for (std::uint32_t r = 0; r < s.n; ++r) {
    const double* line = in + std::size_t{r} * s.step[0] * w;
    if (w == 1 && s.step[1] == 1)
      out = std::copy(line, line + s.count, out);
    else if (w == 1 && s.step[1] == 0)
      out = std::fill_n(out, s.count, *line);
    else
      for (std::uint32_t c = 0; c < s.count; ++c) out = std::copy_n(line + std::size_t{c} * s.step[1] * w, w, out);
  }
}

}  // namespace

void run_native(const Layout& l, const Step& s, double* const* bases) {
  const Layout::Native& native = l.native[s.first];
  if (!native.code->vector) return native.code->numbers(bases[0], bases + 1, bases + 1 + l.inputs);
  constexpr std::size_t few = 64;
  double* own[few];
  std::vector<double*> more(native.pointers > few ? native.pointers : 0);
  double** pointers = more.empty() ? own : more.data();
  const Address* a = l.native_pointers.data() + native.first;
  for (std::uint32_t k = 0; k < native.pointers; ++k) pointers[k] = at(bases, a[k]);
  native.code->loop(pointers, s.count);
}

void run_steps(const Layout& l, std::span<const Step> steps, double* const* bases) {
  for (const Step& s : steps) {
    switch (s.kind) {
      case Step::Kind::scalars:
        run_scalars(bases[0], l.scalars.data() + s.first, l.scalars.data() + s.first + s.n);
        break;
      case Step::Kind::grouped:
        run_grouped(bases[0], l.scalars.data() + s.first, l.scalars.data() + s.first + s.n);
        break;
      case Step::Kind::stream:
        run_stream(bases[0], l.stream.data() + s.first);
        break;
      case Step::Kind::block:
        s.kernel(at(bases, s.out), at(bases, s.in[0]), at(bases, s.in[1]), at(bases, s.in[2]), s.form, s.n);
        break;
      case Step::Kind::blocks:
        blocks(l, s, bases);
        break;
      case Step::Kind::nested:
        nested(s, bases);
        break;
      case Step::Kind::region:
        region(l, s, bases);
        break;
      case Step::Kind::sum:
      case Step::Kind::extreme:
        lines(l, s, bases);
        break;
      case Step::Kind::strided:
        strided(s, bases);
        break;
      case Step::Kind::product:
        run_product(l, s, bases);
        break;
      case Step::Kind::array:
        run_array(l, s, bases);
        break;
      case Step::Kind::loop: {
        const Detail& d = l.details[s.first];
        std::vector<const double*> in;
        for (const Address& a : d.in) in.push_back(at(bases, a));
        run_loop(*d.loop, s.width, in, d.varying, at(bases, s.out));
        break;
      }
      case Step::Kind::native:
        run_native(l, s, bases);
        break;
      case Step::Kind::fill:
        std::fill_n(at(bases, s.out), s.n, 0.0);
        break;
      case Step::Kind::iota:
        for (std::uint32_t e = 0; e < s.n; ++e) at(bases, s.out)[e] = static_cast<double>(std::uint64_t{s.first} + e);
        break;
    }
  }
}

}  // namespace wengert::exec
