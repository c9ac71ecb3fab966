// A program without what is not needed.
#include "emitter.hpp"

namespace wengert::exec {

namespace {

bool is(const NativeValue& v, Code code) { return v.kind == NativeValue::Kind::operation && v.code == code; }

// a + -b and -b + a are a - b, and a - -b is a + b, with the same bits.
void without_negatives(std::vector<NativeValue>& values) {
  for (NativeValue& v : values) {
    const bool sum = is(v, code_of<Add>);
    if (!sum && !is(v, code_of<Sub>)) continue;
    std::uint32_t first = v.x[0], second = v.x[1];
    if (sum && !is(values[second], code_of<Neg>)) std::swap(first, second);
    if (!is(values[second], code_of<Neg>)) continue;
    v.code = sum ? code_of<Sub> : code_of<Add>;
    second = values[second].x[0];
    v.x[0] = v.x[2] = first;
    v.x[1] = second;
  }
}

}  // namespace

NativeProgram tidied(NativeProgram p) {
  without_negatives(p.values);
  std::vector<std::uint32_t> now(p.values.size());  // first: whether it is needed
  for (auto* list : {&p.stores, &p.sums})
    for (const NativeProgram::Store& s : *list) now[s.value] = 1;
  for (std::size_t k = p.values.size(); k-- > 0;)
    if (now[k] != 0 && p.values[k].kind == NativeValue::Kind::operation)
      for (const std::uint32_t x : p.values[k].x) now[x] = 1;
  std::uint32_t kept = 0;
  for (std::size_t k = 0; k < p.values.size(); ++k) {
    if (now[k] == 0) continue;
    NativeValue v = p.values[k];
    if (v.kind == NativeValue::Kind::operation)
      for (std::uint32_t& x : v.x) x = now[x];
    p.values[kept] = v;
    now[k] = kept++;
  }
  p.values.resize(kept);
  for (auto* list : {&p.stores, &p.sums})
    for (NativeProgram::Store& s : *list) s.value = now[s.value];
  return p;
}

}  // namespace wengert::exec
