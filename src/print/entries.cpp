#include "wengert/print/entries.hpp"

#include <unordered_set>

#include "text_notation.hpp"
#include "wengert/print/text.hpp"
#include "wengert/rules/build.hpp"

namespace wengert {

namespace {

using print::Level;

// A part of the expression, in brackets where its place asks for a tighter one.
std::string written(const Expr& e, Level place) {
  const print::Plan plan(e, {false, 0, 0});
  const print::TextNotation notation(plan);
  bool cut = false;
  const std::string text = print::write(notation, e.id, std::size_t{1} << 20, cut);
  return notation.form(e.id, false).level < place ? "(" + text + ")" : text;
}

class Writer {
 public:
  explicit Writer(const IndexedForm& form) : form_(form) {
    for (const IndexedTerm& t : form.terms)
      for (const IndexedFactor& f : t.factors) {
        if (f.same()) continue;
        for (NodeId id : f.array.graph->reachable({&f.array.id, 1}))
          if ((*f.array.graph)[id].op == Op::input) taken_.insert(f.array.graph->input_of(id).name);
      }
    const auto name = [&](Index i, std::uint32_t size, const char* stem) {
      if (size > 1) free_[i] = fresh(stem);
    };
    name(value_row, form.value.rows, "i");
    name(value_col, form.value.cols, "j");
    name(variable_row, form.variable.rows, "k");
    name(variable_col, form.variable.cols, "l");
  }

  Entries entries() {
    Entries out;
    for (Index i : {value_row, value_col})
      if (!free_[i].empty()) out.value.push_back(free_[i]);
    for (Index i : {variable_row, variable_col})
      if (!free_[i].empty()) out.variable.push_back(free_[i]);
    for (const IndexedTerm& t : form_.terms) {
      std::string text = term(t);
      if (out.expression.empty())
        out.expression = std::move(text);
      else if (text.starts_with('-'))
        out.expression += " - " + text.substr(1);
      else
        out.expression += " + " + text;
    }
    if (out.expression.empty()) out.expression = "0";
    return out;
  }

 private:
  std::string fresh(const std::string& stem) {
    std::string name = stem;
    for (int k = 1; !taken_.insert(name).second; ++k) name = stem + std::to_string(k);
    return name;
  }

  std::string term(const IndexedTerm& t) {
    std::vector<std::string> summed(t.sums.size());
    std::string over;
    for (std::size_t s = 0; s < t.sums.size(); ++s) {
      if (t.sums[s] == 0) continue;
      summed[s] = fresh("s");
      over += summed[s] + " in 1.." + std::to_string(t.sums[s]) + ", ";
    }
    const auto name = [&](Index i) {
      return i < first_summed ? free_[i] : summed[static_cast<std::size_t>(i - first_summed)];
    };
    std::string scalars, product;
    bool minus = false;
    const auto times = [](std::string& all, const std::string& factor) { all += (all.empty() ? "" : "*") + factor; };
    for (const IndexedFactor& f : t.factors) {
      if (f.same()) {
        times(product, "(" + name(f.row) + " == " + name(f.col) + ")");
      } else if (f.row == no_index && f.col == no_index) {
        const Node& n = f.array.node();
        if (n.op == Op::constant && f.array.graph->constant_of(f.array.id).value == -1)
          minus = !minus;
        else
          times(scalars, written(f.array, print::power));
      } else {
        const std::string at = f.row == no_index   ? name(f.col)
                               : f.col == no_index ? name(f.row)
                                                   : name(f.row) + ", " + name(f.col);
        times(product, written(f.array, print::postfix) + "[" + at + "]");
      }
    }
    if (product.empty()) product = "1";
    if (!over.empty()) product = "sum(" + over + product + ")";
    if (product != "1" || scalars.empty()) times(scalars, product);
    for (const std::string& s : summed) taken_.erase(s);
    return (minus ? "-" : "") + scalars;
  }

  const IndexedForm& form_;
  std::unordered_set<std::string> taken_;
  std::string free_[first_summed];
};

}  // namespace

Entries to_entries(const IndexedForm& form) { return Writer(form).entries(); }

}  // namespace wengert
