// Products and the sums that read them, as one operation each: fewer instructions to interpret, fewer passes.
#include "cells.hpp"

namespace wengert::exec {

namespace {

bool product_of_two(const Cell& c) {
  return c.kind == Cell::Kind::elementwise && (c.code == code_of<Mul> || c.code == code_of<StrongMul>);
}

// The view is all of the product's numbers, one by one.
bool in_step(const View& v, const Cell& product, const Cell& sum) {
  if (v.repeated || v.offset != 0 || v.across != View::Across::none || product.varying != sum.varying) return false;
  if (v.shape.size() != product.shape.size() || product.shape.size() != sum.shape.size()) return false;
  return product.shape == sum.shape || !(reads_across(product) || reads_across(sum));
}

Code joined(const Cell& product, Code sum, bool first) {
  const Code plain = sum == code_of<Add> ? muladd_code : first ? mulsub_code : submul_code;
  return product.code == code_of<Mul> ? plain : static_cast<Code>(plain + (strong_muladd_code - muladd_code));
}

}  // namespace

void join_products(Cells& cells) {
  std::vector<std::uint32_t> uses(cells.all.size());
  for (const Cell& c : cells.all)
    for (const View& v : c.arguments) ++uses[v.cell];
  for (const View& v : cells.outputs) ++uses[v.cell];
  for (Cell& c : cells.all) {
    if (c.kind != Cell::Kind::elementwise || (c.code != code_of<Add> && c.code != code_of<Sub>)) continue;
    for (const std::size_t j : {std::size_t{0}, std::size_t{1}}) {
      const View v = c.arguments[j];
      const Cell& product = cells.all[v.cell];
      if (!product_of_two(product) || uses[v.cell] != 1 || !in_step(v, product, c)) continue;
      c.code = joined(product, c.code, j == 0);
      c.arguments = {product.arguments[0], product.arguments[1], c.arguments[1 - j]};
      break;
    }
  }
}

}  // namespace wengert::exec
