// In which order cells are computed, and which of them run together.
#pragma once
#include "cells.hpp"

namespace wengert::exec {

struct Order {
  std::vector<CellId> cells;          // what is needed, arguments first; constants, inputs left out
  std::size_t shared = 0;             // so many at the front do not differ from point to point
  bool grouped = false;               // scalars stand in runs of equal codes
  std::vector<std::uint32_t> region;  // by cell: the region it belongs to, from 1; 0: none
  std::vector<std::uint32_t> uses;    // by cell: how often it is read, outputs included
};

// The sum of all elements of an array, which may be taken as they are computed.
bool whole_sum(const Cell& c);

// Elementwise cells of at least `region_from` elements are gathered into regions; with `sums`, sums of what is
// computed there belong to them. Of single numbers, at most `ungrouped` (with the constants and inputs) stay as they
// are.
Order make_order(const Cells& cells, const PlanOptions& options, std::uint64_t region_from, bool sums,
                 std::uint64_t ungrouped = 0);

// In the order in which they were made, without regions; and the regions of such an order, none of which runs on over a
// place that `begins`.
Order plain_order(const Cells& cells);
void mark_regions(const Cells& cells, Order& order, std::uint64_t region_from, const std::vector<bool>& begins);

// Of single numbers: the sine and the cosine of one number follow each other.
void pair_sines(const Cells& cells, Order& order);

}  // namespace wengert::exec
