// An instruction is a handler, then where the result goes and where the operands are, three bytes each; a row without
// handlers of its own has its code behind them.
//
// A chain of operations waits for each result, and memory gives it back later than most operations take. So there are
// handlers that take an operand from a register, where the operation before left it. What nothing else reads is not
// written, and what is not written or read needs no bytes.
#include "stream.hpp"

#include <array>
#include <bit>
#include <cstring>

namespace wengert::exec {

namespace {

// Operations that have handlers: a label, the code, the result of a, b and c.
#define WENGERT_OF_ONE(X)              \
  X(neg, code_of<Neg>, -a)             \
  X(exp, code_of<Exp>, std::exp(a))    \
  X(log, code_of<Log>, std::log(a))    \
  X(sin, code_of<Sin>, std::sin(a))    \
  X(cos, code_of<Cos>, std::cos(a))    \
  X(sqrt, code_of<Sqrt>, std::sqrt(a)) \
  X(copy, copy_code, a)                \
  X(square, square_code, a* a)         \
  X(cube, cube_code, a* a* a)
#define WENGERT_OF_TWO(X)                             \
  X(add, code_of<Add>, a + b)                         \
  X(sub, code_of<Sub>, a - b)                         \
  X(mul, code_of<Mul>, a* b)                          \
  X(strong_mul, code_of<StrongMul>, annihilate(a, b)) \
  X(div, code_of<Div>, a / b)                         \
  X(less, code_of<Less>, a < b ? 1.0 : 0.0)           \
  X(pow, code_of<Pow>, power(a, b))
#define WENGERT_OF_THREE(X)                                  \
  X(muladd, muladd_code, a* b + c)                           \
  X(mulsub, mulsub_code, a* b - c)                           \
  X(submul, submul_code, c - a * b)                          \
  X(strong_muladd, strong_muladd_code, annihilate(a, b) + c) \
  X(strong_mulsub, strong_mulsub_code, annihilate(a, b) - c) \
  X(strong_submul, strong_submul_code, c - annihilate(a, b)) \
  X(choice, code_of<Select>, select(a, b, c))

// Bit j of a form: operand j is the last result. Of three operands, one, or both factors.
constexpr unsigned forms_of(unsigned operands) { return operands == 1 ? 2 : operands == 2 ? 4 : 5; }

// Numbers of handlers: `other`; those of each operation, first of results that are written; those of sincos, with a bit
// for its operand and one where the last result is the cosine; `end`.
struct Handlers {
  static constexpr unsigned other = 0;
  std::array<std::uint8_t, code_count> first{};  // by code; 0: none
  unsigned sincos = 1, end = 0;
  constexpr Handlers() {
    const auto add = [&](Code code, unsigned operands) {
      first[code] = static_cast<std::uint8_t>(sincos);
      sincos += 2 * forms_of(operands);
    };
#define WENGERT_ADD(label, code, ...) add(code, operands_in_stream);
    unsigned operands_in_stream = 1;
    WENGERT_OF_ONE(WENGERT_ADD)
    operands_in_stream = 2;
    WENGERT_OF_TWO(WENGERT_ADD)
    operands_in_stream = 3;
    WENGERT_OF_THREE(WENGERT_ADD)
#undef WENGERT_ADD
    end = sincos + 4;
  }
};
constexpr Handlers handlers;
static_assert(handlers.end < 256);

bool handled(Code code) { return code == sincos_code || handlers.first[code] != 0; }

constexpr std::uint32_t nowhere = ~std::uint32_t{0};

// Handlers are chosen from the last step to the first: what is read later decides what is written.
class StreamWriter {
 public:
  // read_later: by place, if all that reads numbers is known; otherwise empty, and every result is written.
  StreamWriter(std::span<const ScalarStep> steps, std::vector<std::uint8_t> read_later)
      : steps_(steps), read_later_(std::move(read_later)), number_(steps.size()) {
    for (std::size_t k = steps.size(); k-- > 0;) number_[k] = static_cast<std::uint8_t>(choose(k));
  }
  void write(std::vector<std::uint8_t>& stream) const {
    for (std::size_t k = 0; k < steps_.size(); ++k) append(stream, steps_[k], number_[k]);
    stream.push_back(static_cast<std::uint8_t>(handlers.end));
  }

 private:
  std::span<const ScalarStep> steps_;
  std::vector<std::uint8_t> read_later_;
  std::vector<std::uint8_t> number_;

  static unsigned operands(const ScalarStep& s) {
    return s.code == sincos_code ? 1 : handled(s.code) ? static_cast<unsigned>(operands_of(s.code)) : 3;
  }
  static std::uint32_t operand(const ScalarStep& s, unsigned j) { return j == 0 ? s.a : j == 1 ? s.b : s.c; }
  static bool reads(const ScalarStep& s, std::uint32_t place) {
    for (unsigned j = 0; j < operands(s); ++j)
      if (operand(s, j) == place) return true;
    return false;
  }
  void read(std::uint32_t place) {
    if (!read_later_.empty()) read_later_[place] = 1;
  }
  bool write_needed(std::uint32_t place) {
    if (read_later_.empty()) return true;
    const bool needed = read_later_[place] != 0;
    read_later_[place] = 0;
    return needed;
  }
  // Which place the last result of step k is that of, for step k + 1.
  std::uint32_t last_of(std::size_t k) const {
    const ScalarStep& s = steps_[k];
    if (s.code != sincos_code || k + 1 == steps_.size() || reads(steps_[k + 1], s.out)) return s.out;
    return reads(steps_[k + 1], s.b) ? s.b : s.out;
  }

  unsigned choose(std::size_t k) {
    const ScalarStep& s = steps_[k];
    const bool needed = write_needed(s.out);
    if (s.code == sincos_code) write_needed(s.b);
    const std::uint32_t last = k == 0 || !handled(s.code) ? nowhere : last_of(k - 1);
    const unsigned n = operands(s), form = form_of(s, last);
    for (unsigned j = 0; j < n; ++j)
      if ((form >> j & 1u) == 0) read(operand(s, j));
    if (s.code == sincos_code) return handlers.sincos + form + (last_of(k) == s.b ? 2 : 0);
    if (!handled(s.code)) return Handlers::other;
    return handlers.first[s.code] + (needed ? 0 : forms_of(n)) + form;
  }
  static unsigned form_of(const ScalarStep& s, std::uint32_t last) {
    const unsigned n = operands(s);
    unsigned form = 0;
    for (unsigned j = 0; j < n; ++j) form |= operand(s, j) == last ? 1u << j : 0;
    return n < 3 || form < 5 ? form : form == 7 ? 3 : 4;
  }

  static void append(std::vector<std::uint8_t>& stream, const ScalarStep& s, unsigned number) {
    const auto put = [&](std::uint32_t x, int bytes) {
      for (int k = 0; k < bytes; ++k) stream.push_back(static_cast<std::uint8_t>(x >> 8 * k));
    };
    put(number, 1);
    const unsigned n = operands(s);
    const bool sincos = s.code == sincos_code, own = sincos || handled(s.code);
    const unsigned way = sincos ? (number - handlers.sincos) & 1u : own ? number - handlers.first[s.code] : 0;
    if (sincos || !own || way < forms_of(n)) put(s.out, 3);
    if (sincos) put(s.b, 3);
    const unsigned form = sincos ? way : own ? way % forms_of(n) : 0;
    for (unsigned j = 0; j < n; ++j)
      if ((form >> j & 1u) == 0) put(operand(s, j), 3);
    if (!own) put(s.code, 2);
  }
};

inline std::uint32_t three_bytes(const std::uint8_t* p) {
  if constexpr (std::endian::native == std::endian::little) {
    std::uint32_t x;
    std::memcpy(&x, p, sizeof x);
    return x & 0xffffffu;
  }
  return static_cast<std::uint32_t>(p[0] | p[1] << 8 | p[2] << 16);
}
// Number k of an instruction's.
inline std::uint32_t place_in_stream(const std::uint8_t* p, unsigned k) { return three_bytes(p + 1 + 3 * k); }

inline double run_other(double* w, const std::uint8_t* p) {
  const auto code = static_cast<Code>(p[13] | p[14] << 8);
  return w[place_in_stream(p, 0)] =
             element_function(code)(w[place_in_stream(p, 1)], w[place_in_stream(p, 2)], w[place_in_stream(p, 3)]);
}

}  // namespace

void make_streams(Layout& l) {
  std::vector<std::uint8_t> read_later;
  if (only_scalars(l)) {
    read_later.resize(l.numbers);
    for (const Layout::Transfer& t : l.stores)
      for (std::uint32_t e = 0; e < t.n && t.from.base == 0; ++e) read_later[t.from.at + (t.repeated ? 0 : e)] = 1;
  }
  for (auto* steps : {&l.shared, &l.steps})
    for (Step& s : *steps) {
      if (s.kind != Step::Kind::scalars) continue;
      const StreamWriter writer(std::span<const ScalarStep>(l.scalars).subspan(s.first, s.n), std::move(read_later));
      s.kind = Step::Kind::stream;
      s.first = static_cast<std::uint32_t>(l.stream.size());
      writer.write(l.stream);
    }
  l.stream.resize(l.stream.size() + 4);  // a word is read where the last three bytes are
  l.stream.shrink_to_fit();
  std::vector<ScalarStep>().swap(l.scalars);  // their memory too
}

// Each operation jumps to the next by itself: a processor predicts that better than one jump for all.
#if defined(__GNUC__)
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wpedantic"  // addresses of labels

namespace {

// Operand j of n: the last result, or from memory, behind the result's place and other operands'.
template <bool kept, unsigned n, unsigned form, unsigned j>
inline double operand_of(const double* w, const std::uint8_t* p, double last) {
  if constexpr (j >= n || (form >> j & 1u) != 0)
    return last;
  else
    return w[place_in_stream(p, kept + j - static_cast<unsigned>(std::popcount(form & ((1u << j) - 1))))];
}
constexpr std::size_t length_of(bool kept, unsigned n, unsigned form) {
  return 1 + 3 * (kept + n - static_cast<unsigned>(std::popcount(form)));
}

}  // namespace

void run_stream(double* w, const std::uint8_t* p) {
#define WENGERT_LABELS_1(x, ...) &&x##0, &&x##1, &&x##2, &&x##3,
#define WENGERT_LABELS_2(x, ...) WENGERT_LABELS_1(x) && x##4, &&x##5, &&x##6, &&x##7,
#define WENGERT_LABELS_3(x, ...) WENGERT_LABELS_2(x) && x##8, &&x##9,
  static const void* const places[] = {
      &&other,
      WENGERT_OF_ONE(WENGERT_LABELS_1) WENGERT_OF_TWO(WENGERT_LABELS_2) WENGERT_OF_THREE(WENGERT_LABELS_3) && sincos0,
      &&sincos1,
      &&sincos2,
      &&sincos3,
      &&end};
#define WENGERT_STEP(label, kept, n, form, ...)                                 \
  label : {                                                                     \
    [[maybe_unused]] const double a = operand_of<kept, n, form, 0>(w, p, last); \
    [[maybe_unused]] const double b = operand_of<kept, n, form, 1>(w, p, last); \
    [[maybe_unused]] const double c = operand_of<kept, n, form, 2>(w, p, last); \
    last = __VA_ARGS__;                                                         \
    if constexpr (kept) w[place_in_stream(p, 0)] = last;                        \
    p += length_of(kept, n, form);                                              \
    goto* places[*p];                                                           \
  }
#define WENGERT_STEPS_1(x, code, ...)          \
  WENGERT_STEP(x##0, true, 1, 0, __VA_ARGS__)  \
  WENGERT_STEP(x##1, true, 1, 1, __VA_ARGS__)  \
  WENGERT_STEP(x##2, false, 1, 0, __VA_ARGS__) \
  WENGERT_STEP(x##3, false, 1, 1, __VA_ARGS__)
#define WENGERT_STEPS_2(x, code, ...)          \
  WENGERT_STEP(x##0, true, 2, 0, __VA_ARGS__)  \
  WENGERT_STEP(x##1, true, 2, 1, __VA_ARGS__)  \
  WENGERT_STEP(x##2, true, 2, 2, __VA_ARGS__)  \
  WENGERT_STEP(x##3, true, 2, 3, __VA_ARGS__)  \
  WENGERT_STEP(x##4, false, 2, 0, __VA_ARGS__) \
  WENGERT_STEP(x##5, false, 2, 1, __VA_ARGS__) \
  WENGERT_STEP(x##6, false, 2, 2, __VA_ARGS__) \
  WENGERT_STEP(x##7, false, 2, 3, __VA_ARGS__)
#define WENGERT_STEPS_3(x, code, ...)          \
  WENGERT_STEP(x##0, true, 3, 0, __VA_ARGS__)  \
  WENGERT_STEP(x##1, true, 3, 1, __VA_ARGS__)  \
  WENGERT_STEP(x##2, true, 3, 2, __VA_ARGS__)  \
  WENGERT_STEP(x##3, true, 3, 3, __VA_ARGS__)  \
  WENGERT_STEP(x##4, true, 3, 4, __VA_ARGS__)  \
  WENGERT_STEP(x##5, false, 3, 0, __VA_ARGS__) \
  WENGERT_STEP(x##6, false, 3, 1, __VA_ARGS__) \
  WENGERT_STEP(x##7, false, 3, 2, __VA_ARGS__) \
  WENGERT_STEP(x##8, false, 3, 3, __VA_ARGS__) \
  WENGERT_STEP(x##9, false, 3, 4, __VA_ARGS__)
#define WENGERT_SINCOS(label, form, which)                                 \
  label : {                                                                \
    double *s = w + place_in_stream(p, 0), *c = w + place_in_stream(p, 1); \
    sine_and_cosine(form == 1 ? last : w[place_in_stream(p, 2)], s, c);    \
    last = *which;                                                         \
    p += 10 - 3 * form;                                                    \
    goto* places[*p];                                                      \
  }
  double last = 0;
  goto* places[*p];
  WENGERT_OF_ONE(WENGERT_STEPS_1)
  WENGERT_OF_TWO(WENGERT_STEPS_2)
  WENGERT_OF_THREE(WENGERT_STEPS_3)
  WENGERT_SINCOS(sincos0, 0, s)
  WENGERT_SINCOS(sincos1, 1, s)
  WENGERT_SINCOS(sincos2, 0, c)
  WENGERT_SINCOS(sincos3, 1, c)
other:
  last = run_other(w, p);
  p += 15;
  goto* places[*p];
end:
  return;
}
#pragma GCC diagnostic pop
#else

namespace {

// By number.
struct Instruction {
  Code code = 0;
  unsigned form = 0;
  bool kept = true;
};
std::array<Instruction, 256> instructions() {
  std::array<Instruction, 256> all{};
  for (Code code = 0; code < code_count; ++code)
    if (const unsigned first = handlers.first[code]; first != 0) {
      const unsigned forms = forms_of(static_cast<unsigned>(operands_of(code)));
      for (unsigned k = 0; k < 2 * forms; ++k) all[first + k] = {code, k % forms, k < forms};
    }
  return all;
}

}  // namespace

void run_stream(double* w, const std::uint8_t* p) {
  static const std::array<Instruction, 256> all = instructions();
  double last = 0;
  while (*p != handlers.end) {
    if (*p == Handlers::other) {
      last = run_other(w, p);
      p += 15;
      continue;
    }
    if (*p >= handlers.sincos) {
      const unsigned way = *p - handlers.sincos, form = way & 1u;
      double *s = w + place_in_stream(p, 0), *c = w + place_in_stream(p, 1);
      sine_and_cosine(form == 1 ? last : w[place_in_stream(p, 2)], s, c);
      last = way < 2 ? *s : *c;
      p += 10 - 3 * form;
      continue;
    }
    const Instruction& i = all[*p];
    double x[3] = {};
    unsigned k = i.kept ? 1 : 0;
    const auto n = static_cast<unsigned>(operands_of(i.code));
    for (unsigned j = 0; j < n; ++j) x[j] = (i.form >> j & 1u) != 0 ? last : w[place_in_stream(p, k++)];
    last = element_function(i.code)(x[0], n > 1 ? x[1] : x[0], n > 2 ? x[2] : x[0]);
    if (i.kept) w[place_in_stream(p, 0)] = last;
    p += 1 + 3 * k;
  }
}
#endif

}  // namespace wengert::exec
