// Which elements of an input an element depends on, carried forwards through the tape.
#include <algorithm>
#include <memory>

#include "wengert/exec/sparse.hpp"
#include "wengert/rules/table.hpp"
#include "wengert/sweep/tape.hpp"

namespace wengert::exec {

namespace {

// The index sets of an array's elements, in one list; null: all empty. A scalar's set may stand for all.
struct Sets {
  std::vector<std::uint32_t> begin{0}, index;
  std::size_t count() const { return begin.size() - 1; }
  std::span<const std::uint32_t> of(std::size_t e) const {
    const std::size_t k = count() == 1 ? 0 : e;
    return {index.data() + begin[k], begin[k + 1] - begin[k]};
  }
  void add(std::span<const std::uint32_t> set) {
    index.insert(index.end(), set.begin(), set.end());
    begin.push_back(static_cast<std::uint32_t>(index.size()));
  }
};
using Shared = std::shared_ptr<const Sets>;

class Carrier {
 public:
  Carrier(const Tape& tape, SlotId x) : t_(tape), sets_(tape.slot_count()) {
    if (x == Tape::no_slot) return;
    auto own = std::make_shared<Sets>();
    for (std::uint32_t e = 0; e < tape.shape(x).size(); ++e) own->add(std::span(&e, 1));
    sets_[x] = own;
    for (const Instruction& i : tape.code()) sets_[i.out] = result(i);
  }
  const Shared& of(SlotId s) const { return sets_[s]; }

 private:
  const Tape& t_;
  std::vector<Shared> sets_;
  std::vector<std::uint32_t> merged_;

  // Arguments by whose elements the result varies.
  std::vector<SlotId> active(const Instruction& i) const {
    std::vector<SlotId> out;
    if (i.op == Op::iota) return out;
    const auto x = t_.arguments(i);
    for (std::size_t j = 0; j < x.size(); ++j)
      if (sets_[x[j]] != nullptr && varies(row_of(i.op), j)) out.push_back(x[j]);
    return out;
  }

  std::span<const std::uint32_t> merge(std::span<const std::uint32_t> a, std::span<const std::uint32_t> b) {
    if (a.size() == b.size() && std::equal(a.begin(), a.end(), b.begin())) return a;
    std::vector<std::uint32_t> both;
    both.reserve(a.size() + b.size());
    std::set_union(a.begin(), a.end(), b.begin(), b.end(), std::back_inserter(both));
    merged_ = std::move(both);
    return merged_;
  }
  // The union of all elements from a list of places.
  template <class Places>
  void add_union(Sets& out, const Places& places) {
    std::vector<std::uint32_t> all;
    for (const auto& set : places) all.insert(all.end(), set.begin(), set.end());
    std::sort(all.begin(), all.end());
    all.erase(std::unique(all.begin(), all.end()), all.end());
    out.add(all);
  }

  Shared result(const Instruction& i) {
    const std::vector<SlotId> x = active(i);
    if (x.empty()) return nullptr;
    if (row_of(i.op).elementwise) return elementwise(i, x);
    const Shared& first = sets_[x[0]];
    if (i.op == op_of<Reshape>) return first;
    if (i.op == op_of<Transpose> || i.op == op_of<Broadcast> || i.op == op_of<Part> || i.op == op_of<Diagonal>)
      return gathered(i, *first);
    if (i.op == op_of<Place>) return placed(i);
    if (i.op == op_of<Sum>) return summed(i, *first);
    if (i.op == op_of<MatMul> || i.op == op_of<StrongMatMul>) return product(i);
    return dense(i, x);
  }

  Shared elementwise(const Instruction& i, const std::vector<SlotId>& x) {
    if (x.size() == 1 && sets_[x[0]]->count() == t_.shape(i.out).size()) return sets_[x[0]];
    auto out = std::make_shared<Sets>();
    const bool one = std::all_of(x.begin(), x.end(), [&](SlotId s) { return sets_[s]->count() == 1; });
    const std::size_t n = one ? 1 : t_.shape(i.out).size();
    for (std::size_t e = 0; e < n; ++e) {
      std::span<const std::uint32_t> all = sets_[x[0]]->of(e);
      std::vector<std::uint32_t> keep;
      for (std::size_t j = 1; j < x.size(); ++j) {
        all = merge(all, sets_[x[j]]->of(e));
        if (j + 1 < x.size()) {
          keep.assign(all.begin(), all.end());
          all = keep;
        }
      }
      out->add(all);
    }
    return out;
  }

  Shared gathered(const Instruction& i, const Sets& in) {
    const Shape to = t_.shape(i.out), from = t_.shape(i.first);
    auto out = std::make_shared<Sets>();
    for (std::size_t r = 0; r < to.rows; ++r)
      for (std::size_t c = 0; c < to.cols; ++c) {
        std::size_t e = 0;
        if (i.op == op_of<Transpose>)
          e = c * from.cols + r;
        else if (i.op == op_of<Broadcast>)
          e = (from.rows == 1 ? 0 : r) * from.cols + (from.cols == 1 ? 0 : c);
        else if (i.op == op_of<Diagonal>)
          e = r * (from.cols + 1);
        else
          e = (t_.slices(i)[0].row + r) * from.cols + t_.slices(i)[0].col + c;
        out->add(in.of(e));
      }
    return out;
  }

  Shared placed(const Instruction& i) {
    const Shape to = t_.shape(i.out);
    const auto x = t_.arguments(i);
    std::vector<std::vector<std::uint32_t>> sets(to.size());
    for (std::size_t j = 0; j < x.size(); ++j) {
      if (sets_[x[j]] == nullptr) continue;
      const Slice& s = t_.slices(i)[j];
      for (std::size_t r = 0; r < s.shape.rows; ++r)
        for (std::size_t c = 0; c < s.shape.cols; ++c) {
          auto& set = sets[(s.row + r) * to.cols + s.col + c];
          const auto more = merge(set, sets_[x[j]]->of(r * s.shape.cols + c));
          if (more.data() != set.data()) set.assign(more.begin(), more.end());
        }
    }
    auto out = std::make_shared<Sets>();
    for (const auto& set : sets) out->add(set);
    return out;
  }

  Shared summed(const Instruction& i, const Sets& in) {
    auto out = std::make_shared<Sets>();
    each_line(t_.shape(i.first), t_.payload(i), [&](std::size_t begin, std::size_t n, std::size_t stride, std::size_t) {
      std::vector<std::span<const std::uint32_t>> places;
      for (std::size_t k = 0; k < n; ++k) places.push_back(in.of(begin + k * stride));
      add_union(*out, places);
    });
    return out;
  }

  Shared product(const Instruction& i) {
    const Shape a = t_.shape(i.first), b = t_.shape(i.second);
    auto out = std::make_shared<Sets>();
    for (std::size_t r = 0; r < a.rows; ++r)
      for (std::size_t c = 0; c < b.cols; ++c) {
        std::vector<std::span<const std::uint32_t>> places;
        for (std::size_t k = 0; k < a.cols; ++k) {
          if (sets_[i.first] != nullptr) places.push_back(sets_[i.first]->of(r * a.cols + k));
          if (sets_[i.second] != nullptr) places.push_back(sets_[i.second]->of(k * b.cols + c));
        }
        add_union(*out, places);
      }
    return out;
  }

  // Every element by all that any argument's elements depend on.
  Shared dense(const Instruction&, const std::vector<SlotId>& x) {
    std::vector<std::span<const std::uint32_t>> places;
    for (SlotId s : x) places.emplace_back(sets_[s]->index);
    auto out = std::make_shared<Sets>();
    add_union(*out, places);
    return out;  // one set stands for all
  }
};

}  // namespace

Pattern jacobian_pattern(const Expr& y, const Expr& x) {
  const Tape tape = Tape::record(*y.graph, std::span(&y.id, 1), std::span(&x.id, 1));
  const Carrier carried(tape, tape.wrt()[0]);
  Pattern p{.rows = y.shape().size(), .cols = x.shape().size(), .begin = {0}, .columns = {}};
  const Shared& sets = carried.of(tape.outputs()[0]);
  for (std::size_t r = 0; r < p.rows; ++r) {
    if (sets != nullptr) {
      const auto set = sets->of(r);
      p.columns.insert(p.columns.end(), set.begin(), set.end());
    }
    p.begin.push_back(static_cast<std::uint32_t>(p.columns.size()));
  }
  return p;
}

// A pattern is what may be there; of a matrix that is differentiated, one side may say less than the other.
Pattern hessian_pattern(const Expr& gradient, const Expr& x) {
  const Pattern p = jacobian_pattern(gradient, x);
  Pattern out{p.rows, p.cols, {0}, {}};
  for (std::uint32_t r = 0; r < p.rows; ++r) {
    for (std::uint32_t k = p.begin[r]; k < p.begin[r + 1]; ++k) {
      const std::uint32_t c = p.columns[k];
      if (std::binary_search(p.columns.begin() + p.begin[c], p.columns.begin() + p.begin[c + 1], r))
        out.columns.push_back(c);
    }
    out.begin.push_back(static_cast<std::uint32_t>(out.columns.size()));
  }
  return out;
}

}  // namespace wengert::exec
