// A linear map's terms put together: numbers that a plan computes, and where each stands in the matrix.
#pragma once
#include "lanes.hpp"
#include "linear_map.hpp"
#include "wengert/exec/sparse.hpp"

namespace wengert::exec {

// One node a piece; single entries are one piece together.
struct Assembly {
  struct Piece {
    NodeId node = no_node;
    std::uint64_t size = 1;   // numbers of the node
    std::vector<Term> terms;  // one, or single entries in the order of the node's elements; of a whole one, all of them

    // f(row, column, place among the node's numbers) for every entry.
    template <class F>
    void each_entry(F&& f) const {
      if (terms.size() > 1) {
        for (std::size_t k = 0; k < terms.size(); ++k) f(terms[k].row.at, terms[k].col.at, k);
        return;
      }
      const Term& t = terms[0];
      for (std::int64_t i = 0; i < t.rows; ++i)
        for (std::int64_t j = 0; j < t.cols; ++j)
          f(t.row.of(i, j), t.col.of(i, j), t.entries.repeated ? 0 : static_cast<std::size_t>(i * t.cols + j));
    }
  };
  std::int64_t rows = 0, cols = 0;
  std::vector<Piece> pieces;
  bool first_is_whole = false;  // the first piece is the matrix, to which the others are added

  std::uint64_t numbers() const;  // of all pieces but a whole one
  std::uint64_t entries() const;
};
// dense: what stands in rectangles may be put into a whole matrix at once; fill_dense alone takes that.
Assembly assemble(const LinearMap& map, bool dense);

// matrix: rows x cols, by rows; a whole first piece is there already. numbers: of the pieces, one after the other.
void fill_dense(const Assembly& a, const double* numbers, double* matrix);

// What is copied from numbers to nonzeros: runs with a stride, or several of them woven into one pass.
struct Scatter {
  struct Run {
    std::uint32_t to, to_step, from, from_step, count;
  };
  struct Weave {  // as many runs as they are apart; to some of them another one is added on the way
    std::uint32_t to, runs, count;
    std::uint32_t from[most_woven], from_step[most_woven];
    std::uint32_t plus[most_woven] = {}, plus_step[most_woven] = {};
    bool added[most_woven] = {};
  };
  Pattern pattern;
  std::vector<Weave> woven;
  std::vector<Run> copied;
  std::vector<Run> added;  // entries that meet others, once these are there
  void run(const KernelTable& kernels, const double* numbers, double* nonzeros) const;
};
Scatter scatter_of(const Assembly& a);

}  // namespace wengert::exec
