// Where the numbers of cells stand: slots that are used again once their numbers were read for the last time.
#pragma once
#include <map>
#include <optional>

#include "layout.hpp"
#include "order.hpp"

namespace wengert::exec {

class Memory {
 public:
  Memory(const Cells& cells, const Order& order, const PlanOptions& options);

  // Before the cell at this position of the order is emitted, and after.
  void begin(std::size_t position);
  void end(std::size_t position);

  Address address(CellId c) const;
  Address address(const View& v) const;
  std::uint32_t lanes(CellId c) const { return cells_.all[c].varying ? options_.width : 1; }
  bool local(CellId c) const { return local_[c]; }  // a piece of it only, within its region
  // Numbers behind it, up to a multiple of eight, are nobody's.
  bool padded(CellId c) const { return local_[c] != 0 || (root_[c] == c && at_[c].base == 0 && size_of(c) >= 8); }
  // How far its rows are apart: in a rectangle of a larger array, as far as that one's.
  std::uint32_t pitch(CellId c) const { return pitch_[c] != 0 ? pitch_[c] : cells_.all[c].shape.cols; }
  bool placed(CellId place, std::size_t argument) const;  // the argument was computed in its place
  bool direct(std::size_t output) const { return direct_output_[output]; }
  bool loaded(CellId input) const { return at_[input].base == 0; }
  std::uint64_t numbers() const { return top_; }
  bool keeps_zeros(CellId place) const { return root_[place] == place && fresh_[place] != 0; }
  // A place that holds 0, made when it is asked for.
  std::uint32_t zero() {
    if (!zero_) zero_ = static_cast<std::uint32_t>(top_++);
    return *zero_;
  }
  std::optional<std::uint32_t> zero_at() const { return zero_; }

 private:
  void find_homes();
  void find_externals();
  void find_lifetimes();
  std::uint64_t size_of(CellId c) const;
  std::uint32_t take(std::uint64_t size, bool in_step);
  std::uint32_t take_new(std::uint64_t size);
  std::span<CellId> dying(std::size_t position) {
    return std::span(dying_).subspan(dying_from_[position], dying_from_[position + 1] - dying_from_[position]);
  }
  void release(CellId root);
  bool in_place(CellId c, const View& v) const;
  bool row_by_row(CellId c, const View& v) const;

  const Cells& cells_;
  const Order& order_;
  const PlanOptions& options_;
  std::vector<Address> at_;            // by cell, of roots
  std::vector<CellId> root_;           // the cell whose storage this one is in
  std::vector<std::uint32_t> offset_;  // and from which element on
  std::vector<std::uint32_t> pitch_;   // of rows; 0: they follow each other
  std::vector<std::uint8_t> has_;      // storage
  std::vector<std::uint8_t> local_, read_by_scalars_;
  std::vector<std::uint8_t> fresh_;   // by root: memory that was never another's
  std::vector<std::uint8_t> pinned_;  // by root: a region reads it until its end
  std::vector<std::uint8_t> direct_output_;
  std::vector<std::size_t> last_;           // by root: the position of the last reader
  std::vector<std::uint32_t> dying_from_;   // by position: where those begin in the next list that end there
  std::vector<CellId> dying_;               // no_cell: released before
  std::map<std::uint64_t, std::vector<std::uint32_t>> free_;
  // Freed in the region at hand, which still reads it at later elements: free for what is written in step alone.
  std::map<std::uint64_t, std::vector<std::uint32_t>> free_here_;
  std::uint32_t region_ = 0;
  std::uint64_t top_ = 0;
  std::optional<std::uint32_t> zero_;
};

}  // namespace wengert::exec
