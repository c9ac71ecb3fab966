// A list that is short nearly always: its first elements stand in it, and no memory is asked for them.
#pragma once
#include <algorithm>
#include <array>
#include <cstdint>
#include <initializer_list>
#include <memory>
#include <type_traits>
#include <utility>
#include <vector>

namespace wengert::exec {

template <class T, std::size_t room>
class Few {
  static_assert(std::is_trivially_copyable_v<T>);

 public:
  Few() = default;
  Few(std::initializer_list<T> all) {
    for (const T& x : all) push_back(x);
  }
  Few(const Few& other)
      : own_(other.own_),
        size_(other.size_),
        more_(other.more_ == nullptr ? nullptr : std::make_unique<std::vector<T>>(*other.more_)) {}
  Few(Few&& other) noexcept : own_(other.own_), size_(std::exchange(other.size_, 0)), more_(std::move(other.more_)) {}
  Few& operator=(Few other) noexcept {
    own_ = other.own_;
    size_ = std::exchange(other.size_, 0);
    more_ = std::move(other.more_);
    return *this;
  }

  void push_back(const T& x) {
    if (size_ < room) {
      own_[size_++] = x;
      return;
    }
    if (more_ == nullptr) more_ = std::make_unique<std::vector<T>>(own_.begin(), own_.end());
    more_->push_back(x);
    ++size_;
  }

  T* data() { return more_ == nullptr ? own_.data() : more_->data(); }
  const T* data() const { return more_ == nullptr ? own_.data() : more_->data(); }
  std::size_t size() const { return size_; }
  bool empty() const { return size_ == 0; }
  T* begin() { return data(); }
  T* end() { return data() + size_; }
  const T* begin() const { return data(); }
  const T* end() const { return data() + size_; }
  T& operator[](std::size_t k) { return data()[k]; }
  const T& operator[](std::size_t k) const { return data()[k]; }

 private:
  std::array<T, room> own_{};
  std::uint32_t size_ = 0;
  std::unique_ptr<std::vector<T>> more_;  // all of them, where they are more
};

}  // namespace wengert::exec
