// A linear map's terms put together: numbers that a plan computes, and where each stands in the matrix.
#pragma once
#include "linear_map.hpp"
#include "wengert/exec/sparse.hpp"

namespace wengert::exec {

// One node a piece; single entries are one piece together.
struct Assembly {
  struct Piece {
    NodeId node = no_node;
    std::uint64_t size = 1;   // numbers of the node
    std::vector<Term> terms;  // one, or single entries in the order of the node's elements
  };
  std::int64_t rows = 0, cols = 0;
  std::vector<Piece> pieces;
  bool first_is_whole = false;  // the first piece is the matrix, to which the others are added

  std::uint64_t numbers() const;  // of all pieces but a whole one
  std::uint64_t entries() const;
};
Assembly assemble(const LinearMap& map);

// matrix: rows x cols, by rows; a whole first piece is there already. numbers: of the pieces, one after the other.
void fill_dense(const Assembly& a, const double* numbers, double* matrix);

// Copies from numbers to nonzeros, in runs that stay within a piece of the result that fits the first-level cache.
struct Scatter {
  struct Run {
    std::uint32_t to, to_step, from, from_step, count;
  };
  Pattern pattern;
  std::vector<Run> runs;
  bool adds = false;  // entries meet: the nonzeros are cleared and everything is added
  void run(const double* numbers, double* nonzeros) const;
};
Scatter scatter_of(const Assembly& a);

}  // namespace wengert::exec
