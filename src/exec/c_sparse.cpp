#include "c_sparse.hpp"

#include "accumulation.hpp"
#include "assembly.hpp"

namespace wengert::exec {

namespace {

constexpr std::size_t most_loops = 100;
using std::to_string;

// Entries of one piece whose places, rows and columns all are affine.
struct Loop {
  std::int64_t count = 0;
  std::int64_t first[4], step[4];  // place among the nonzeros, place among the numbers, row, column
};

// "a + 3 * k"
std::string affine(std::int64_t first, std::int64_t step) {
  if (step == 0) return to_string(first);
  const std::string k = step == 1 ? "k" : to_string(step) + " * k";
  return first == 0 ? k : to_string(first) + " + " + k;
}

class Loops {
 public:
  std::vector<Loop> all;
  void begin() { open_ = false; }
  void add(const std::int64_t (&at)[4]) {
    if (open_ && fits(at)) {
      ++all.back().count;
      return;
    }
    Loop l;
    l.count = 1;
    for (int j = 0; j < 4; ++j) {
      l.first[j] = at[j];
      l.step[j] = 0;
    }
    all.push_back(l);
    open_ = true;
  }

 private:
  bool open_ = false;
  bool fits(const std::int64_t (&at)[4]) {
    Loop& l = all.back();
    for (int j = 0; j < 4; ++j) {
      if (l.count == 1) l.step[j] = at[j] - l.first[j];
      if (l.step[j] < 0 || at[j] != l.first[j] + l.count * l.step[j]) return false;
    }
    return true;
  }
};

// Those that stand alone, and those that are added to others.
struct Placement {
  Loops placed, added;
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

std::string loop(const Loop& l, const std::string& body) {
  return l.count == 1 ? "  " + body + "\n" : "  for (size_t k = 0; k < " + to_string(l.count) + "; ++k) " + body + "\n";
}

}  // namespace

std::string write_sparse(const Expr& y, const Expr& x, const CSparse& f, std::set<std::string>& helpers) {
  const std::uint64_t elements = y.shape().size() * x.shape().size();
  const auto found = accumulate(y, x);
  if (!found) return {};
  const Assembly a = assemble(found->map, false);
  if (a.pieces.empty() || 2 * a.entries() > elements) return {};
  const Placement plan = loops_of(a);
  if (plan.placed.all.size() + plan.added.all.size() > most_loops) return {};
  // The numbers, in an array; then where each goes.
  CFunction numbers{f.name + "_numbers", "The numbers of the " + f.what + ", piece by piece.", f.inputs, {}};
  for (std::size_t k = 0; k < a.pieces.size(); ++k) numbers.outputs.push_back({a.pieces[k].node, "p" + to_string(k)});
  std::uint64_t work = 0;
  std::string text = "static " + write_function(*y.graph, numbers, helpers, work, true);
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
    for (const Loop& l : loops->all)
      text += loop(l, "entries[" + affine(l.first[0], l.step[0]) + "]" + (loops == &plan.added ? " += " : " = ") +
                          "work[" + affine(l.first[1], l.step[1]) + "];");
  text += "}\n\n/* In which row and column each of them stands, from 0 on. */\nvoid " + f.name +
          "_pattern(size_t *restrict row, size_t *restrict column) {\n";
  for (const Loop& l : plan.placed.all) {
    const std::string at = "[" + affine(l.first[0], l.step[0]) + "] = ";
    text += loop(l, "row" + at + affine(l.first[2], l.step[2]) + ";");
    text += loop(l, "column" + at + affine(l.first[3], l.step[3]) + ";");
  }
  return text + "}\n\n";
}

}  // namespace wengert::exec
