// What a cell reads. Programs of a million single numbers are bound by reading their cells, so a cell is a line of the
// cache: up to three single numbers stand in it; other views, and rectangles of arrays, elsewhere.
#pragma once
#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>
#include <initializer_list>
#include <iterator>
#include <span>
#include <vector>

#include "few.hpp"
#include "wengert/core/shape.hpp"

namespace wengert::exec {

using CellId = std::uint32_t;

// Numbers of a cell from an offset on; repeated: one number that stands for the whole shape; across: a column that
// stands for every column of the shape, or a row for every row.
struct View {
  enum class Across : std::uint8_t { none, column, row };
  CellId cell = 0;
  std::uint32_t offset = 0;
  Shape shape;
  bool repeated = false;
  Across across = Across::none;
  std::uint64_t distinct() const { return repeated ? 1 : shape.size(); }
};

using Views = Few<View, 3>;

// A list of views that stays as it is made; they are given by value.
class Arguments {
 public:
  Arguments() = default;
  Arguments(std::initializer_list<View> views) : Arguments(std::span(views.begin(), views.size())) {}
  Arguments(const Views& views) : Arguments(std::span(views.begin(), views.size())) {}
  Arguments(const Views& views, std::vector<Slice> slices) {
    keep_elsewhere(std::span(views.begin(), views.size()), std::move(slices));
  }
  Arguments(const Arguments& other) : own_(other.own_), size_(other.size_) {
    if (other.is_elsewhere()) keep(new More(*other.more()));
  }
  Arguments(Arguments&& other) noexcept { swap(other); }
  Arguments& operator=(Arguments other) noexcept {
    swap(other);
    return *this;
  }
  ~Arguments() {
    if (is_elsewhere()) delete more();
  }

  static bool single(const View& v) { return v.shape.scalar() && !v.repeated && v.across == View::Across::none; }
  // One more single number; there are not more than three.
  void add_single(CellId cell, std::uint32_t offset) { own_[size_++] = {cell, offset}; }

  std::size_t size() const { return size_ & ~elsewhere; }
  bool empty() const { return size() == 0; }
  View operator[](std::size_t k) const {
    if (is_elsewhere()) return more()->views[k];
    return {own_[k].cell, own_[k].offset, {}, false};
  }
  std::span<const Slice> slices() const {
    return is_elsewhere() ? std::span<const Slice>(more()->slices) : std::span<const Slice>();
  }
  Views views() const {
    Views all;
    for (const View& v : *this) all.push_back(v);
    return all;
  }

  class Iterator {
   public:
    using value_type = View;
    using difference_type = std::ptrdiff_t;
    using pointer = const View*;
    using reference = View;
    using iterator_category = std::input_iterator_tag;
    Iterator(const Arguments& of, std::size_t at) : of_(&of), at_(at) {}
    View operator*() const { return (*of_)[at_]; }
    Iterator& operator++() {
      ++at_;
      return *this;
    }
    Iterator operator++(int) {
      const Iterator before = *this;
      ++at_;
      return before;
    }
    bool operator==(const Iterator& other) const { return at_ == other.at_; }

   private:
    const Arguments* of_;
    std::size_t at_;
  };
  Iterator begin() const { return {*this, 0}; }
  Iterator end() const { return {*this, size()}; }

 private:
  struct Single {
    CellId cell = 0;
    std::uint32_t offset = 0;
  };
  struct More {
    std::vector<View> views;
    std::vector<Slice> slices;
  };
  static constexpr std::size_t room = 3;
  static constexpr std::uint32_t elsewhere = std::uint32_t{1} << 31;  // a bit of the size

  explicit Arguments(std::span<const View> views) {
    if (views.size() > room || !std::all_of(views.begin(), views.end(), single)) {
      keep_elsewhere(views, {});
      return;
    }
    for (std::size_t k = 0; k < views.size(); ++k) own_[k] = {views[k].cell, views[k].offset};
    size_ = static_cast<std::uint32_t>(views.size());
  }
  void keep_elsewhere(std::span<const View> views, std::vector<Slice> slices) {
    keep(new More{{views.begin(), views.end()}, std::move(slices)});
    size_ = static_cast<std::uint32_t>(views.size()) | elsewhere;
  }
  bool is_elsewhere() const { return (size_ & elsewhere) != 0; }
  // Where the single numbers would be, there is room for a pointer.
  void keep(More* more) { std::memcpy(static_cast<void*>(own_.data()), &more, sizeof more); }
  More* more() const {
    More* more;
    std::memcpy(&more, own_.data(), sizeof more);
    return more;
  }
  void swap(Arguments& other) noexcept {
    std::swap(own_, other.own_);
    std::swap(size_, other.size_);
  }

  std::array<Single, room> own_{};
  std::uint32_t size_ = 0;
};

}  // namespace wengert::exec
