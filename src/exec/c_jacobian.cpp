#include "c_jacobian.hpp"

#include <algorithm>

#include "accumulation.hpp"
#include "assembly.hpp"
#include "c_placement.hpp"
#include "wengert/rules/build.hpp"

namespace wengert::exec {

namespace {

using Int = std::int64_t;
using std::to_string;

// The columns of each variable as a map of its own; a matrix over all of them is cut. Absent where a line runs on from
// one variable into the next.
std::optional<std::vector<LinearMap>> blocks_of(const LinearMap& map, std::span<const Expr> wrt) {
  MapAlgebra algebra(wrt[0].graph);
  std::vector<LinearMap> out;
  Int first = 0;
  for (const Expr& x : wrt) {
    const auto n = static_cast<Int>(x.shape().size());
    LinearMap& block = out.emplace_back(map.rows(), n);
    for (Term t : map.terms()) {
      const Int corners[] = {t.col.of(0, 0), t.col.of(t.rows - 1, 0), t.col.of(0, t.cols - 1),
                             t.col.of(t.rows - 1, t.cols - 1)};
      const auto [low, high] = std::minmax_element(std::begin(corners), std::end(corners));
      if (*high < first || *low >= first + n) continue;
      if (*low < first || *high >= first + n) {
        if (t.col.i != 0 || t.col.j != 1) return std::nullopt;
        const Int from = std::max(first, *low) - *low, to = std::min(first + n, *high + 1) - *low;
        if (!t.entries.repeated)
          t.entries.numbers =
              part(t.entries.numbers, Slice{0, static_cast<std::uint32_t>(from), shape_for(t.rows, to - from)});
        t.row.at += from * t.row.j;
        t.col.at += from;
        t.cols = to - from;
      }
      t.col.at -= first;
      algebra.add(block, std::move(t));
    }
    first += n;
  }
  return out;
}

// One map for each variable, together where that can be.
std::optional<std::vector<LinearMap>> eliminated(const Expr& y, std::span<const Expr> wrt) {
  const auto found = accumulate(y, wrt);
  if (!found || found->cost > sweep_cost(y, wrt)) return std::nullopt;
  auto together = blocks_of(found->map, wrt);
  if (together || wrt.size() == 1) return together;
  std::vector<LinearMap> apart;
  for (const Expr& x : wrt) {
    auto one = accumulate(y, std::span(&x, 1));
    if (!one) return std::nullopt;
    apart.push_back(std::move(one->map));
  }
  return apart;
}

// What is left to do once all numbers are there: zeros, and pieces put where they stand.
struct Placing {
  std::vector<CParameter> pieces;
  std::vector<std::uint64_t> sizes;
  std::string lines;
  std::size_t runs = 0;
};

void place(Placing& out, const Assembly& a, const std::string& name) {
  std::vector<bool> there(static_cast<std::size_t>(a.rows * a.cols), a.first_is_whole);
  if (!a.first_is_whole)
    out.lines += "  for (size_t k = 0; k < " + to_string(a.rows * a.cols) + "; ++k) " + name + "[k] = 0.0;\n";
  for (std::size_t k = a.first_is_whole ? 1 : 0; k < a.pieces.size(); ++k) {
    const std::string piece = "wg_p" + to_string(out.pieces.size());
    CRuns set, added;
    a.pieces[k].each_entry([&](Int r, Int c, std::size_t n) {
      const Int to = r * a.cols + c;
      const bool again = there[static_cast<std::size_t>(to)];
      there[static_cast<std::size_t>(to)] = true;
      (again ? added : set).add({to, static_cast<Int>(n), 0, 0});
    });
    for (const CRuns* runs : {&set, &added})
      for (const CRun& r : runs->all)
        out.lines += c_run(r, name + "[" + c_affine(r.first[0], r.step[0]) + "]" + (runs == &added ? " += " : " = ") +
                                  piece + "[" + c_affine(r.first[1], r.step[1]) + "];");
    out.runs += set.all.size() + added.all.size();
    out.pieces.push_back({a.pieces[k].node, piece});
    out.sizes.push_back(a.pieces[k].size);
  }
}

}  // namespace

std::string write_eliminated(const Expr& y, std::span<const Expr> wrt, const CJacobian& f, CShared& shared,
                             std::uint64_t& work) {
  const auto maps = eliminated(y, wrt);
  if (!maps) return {};
  Placing placing;
  const Graph& g = *y.graph;
  CFunction numbers{
      f.name,
      "The value, and its elements by those of each variable: j_... has " + to_string(y.shape().size()) + " rows.",
      f.inputs,
      {{y.id, "value"}}};
  for (std::size_t k = 0; k < maps->size(); ++k) {
    const Assembly a = assemble((*maps)[k], true);
    if (a.first_is_whole) numbers.outputs.push_back({a.pieces[0].node, f.blocks[k]});
    place(placing, a, f.blocks[k]);
  }
  if (placing.runs > most_runs) return {};
  if (placing.lines.empty()) return write_function(g, numbers, shared, work);
  const std::string comment = "/* " + numbers.comment + " */\n";
  numbers.name += "_numbers";
  numbers.outputs.insert(numbers.outputs.end(), placing.pieces.begin(), placing.pieces.end());
  std::uint64_t inner = 0, own = 0;
  std::string text = write_function(g, numbers, shared, inner, true);
  for (const std::uint64_t n : placing.sizes) own += n;
  const bool stack = own <= stack_doubles;
  work = inner + (stack ? 0 : own);
  std::string head = comment, call = "  " + numbers.name + "(", arrays;
  if (work > 0) head += "enum { " + f.name + "_work = " + to_string(work) + " };\n";
  head += "void " + f.name + "(";
  for (const CParameter& p : f.inputs) {
    head += c_parameter(p, g[p.node].shape, false) + ", ";
    call += p.name + ", ";
  }
  head += "double *restrict value";
  for (const std::string& block : f.blocks) head += ", double *restrict " + block;
  if (work > 0) head += ", double *restrict work";
  for (std::size_t k = 0; k < numbers.outputs.size(); ++k) call += (k > 0 ? ", " : "") + numbers.outputs[k].name;
  if (inner > 0) call += ", work";
  for (std::uint64_t k = 0, at = inner; k < placing.sizes.size(); at += placing.sizes[k++])
    arrays += stack ? "  double " + placing.pieces[k].name + "[" + to_string(placing.sizes[k]) + "];\n"
                    : "  double *const " + placing.pieces[k].name + " = work + " + to_string(at) + ";\n";
  return text + head + ") {\n" + arrays + call + ");\n" + placing.lines + "}\n\n";
}

}  // namespace wengert::exec
