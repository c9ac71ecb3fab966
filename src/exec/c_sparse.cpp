#include "c_sparse.hpp"

#include "accumulation.hpp"
#include "assembly.hpp"
#include "c_placement.hpp"

namespace wengert::exec {

namespace {

using std::to_string;

// Those that stand alone, and those that are added to others.
struct Placement {
  CRuns placed, added;
  std::uint64_t nonzeros = 0, numbers = 0;
};
Placement loops_of(const Assembly& a) {
  Placement out;
  std::map<std::pair<std::int64_t, std::int64_t>, std::int64_t> place;
  for (const Assembly::Piece& p : a.pieces)
    p.each_entry([&](std::int64_t r, std::int64_t c, std::size_t) { place.try_emplace({r, c}, 0); });
  for (auto& [key, k] : place) k = static_cast<std::int64_t>(out.nonzeros++);
  std::vector<bool> there(out.nonzeros);
  for (const Assembly::Piece& p : a.pieces) {
    out.placed.begin();
    out.added.begin();
    p.each_entry([&](std::int64_t r, std::int64_t c, std::size_t n) {
      const std::int64_t to = place[{r, c}];
      const bool again = there[static_cast<std::size_t>(to)];
      there[static_cast<std::size_t>(to)] = true;
      (again ? out.added : out.placed).add({to, static_cast<std::int64_t>(out.numbers + n), r, c});
    });
    out.numbers += p.size;
  }
  return out;
}

}  // namespace

std::string write_sparse(const Expr& y, const Expr& x, const CSparse& f, CShared& shared) {
  const std::uint64_t elements = y.shape().size() * x.shape().size();
  const auto found = accumulate(y, std::span(&x, 1));
  if (!found || found->filled_up) return {};
  const Assembly a = assemble(found->map, false);
  if (a.pieces.empty() || 2 * a.entries() > elements) return {};
  const Placement plan = loops_of(a);
  if (plan.placed.all.size() + plan.added.all.size() > most_runs) return {};
  // The numbers, in an array; then where each goes.
  CFunction numbers{f.name + "_numbers", "The numbers of the " + f.what + ", piece by piece.", f.inputs, {}};
  for (std::size_t k = 0; k < a.pieces.size(); ++k) numbers.outputs.push_back({a.pieces[k].node, "wg_p" + to_string(k)});
  std::uint64_t work = 0;
  std::string text = write_function(*y.graph, numbers, shared, work, true);
  std::string arguments, parameters;
  for (const CParameter& p : f.inputs) {
    arguments += p.name + ", ";
    parameters += c_parameter(p, (*y.graph)[p.node].shape, false) + ", ";
  }
  std::uint64_t from = 0;
  for (std::size_t k = 0; k < a.pieces.size(); from += a.pieces[k++].size)
    arguments += (k > 0 ? ", " : "") + std::string("work") + (from > 0 ? " + " + to_string(from) : "");
  if (work > 0) arguments += ", work + " + to_string(plan.numbers);
  text += "/* The " + f.what + "'s " + to_string(plan.nonzeros) + " entries that can differ from 0, by rows. */\n";
  text += "enum { " + f.name + "_entries = " + to_string(plan.nonzeros) + ", " + f.name +
          "_work = " + to_string(plan.numbers + work) + " };\n";
  text += "void " + f.name + "(" + parameters + "double *restrict entries, double *restrict work) {\n  " + f.name +
          "_numbers(" + arguments + ");\n";
  for (const auto* loops : {&plan.placed, &plan.added})
    for (const CRun& l : loops->all)
      text += c_run(l, "entries[" + c_affine(l.first[0], l.step[0]) + "]" + (loops == &plan.added ? " += " : " = ") +
                          "work[" + c_affine(l.first[1], l.step[1]) + "];");
  text += "}\n\n/* In which row and column each of them stands, from 0 on. */\nvoid " + f.name +
          "_pattern(size_t *restrict row, size_t *restrict column) {\n";
  for (const CRun& l : plan.placed.all) {
    const std::string at = "[" + c_affine(l.first[0], l.step[0]) + "] = ";
    text += c_run(l, "row" + at + c_affine(l.first[2], l.step[2]) + ";");
    text += c_run(l, "column" + at + c_affine(l.first[3], l.step[3]) + ";");
  }
  return text + "}\n\n";
}

}  // namespace wengert::exec
