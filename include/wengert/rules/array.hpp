// A dense array of a base type of number, stored by rows: a view of somebody's memory, or its own.
#pragma once
#include <cstddef>
#include <span>
#include <vector>

#include "wengert/core/shape.hpp"
#include "wengert/rules/row.hpp"
#include "wengert/rules/vocabulary.hpp"

namespace wengert {

template <class T>
class Array {
 public:
  Array() = default;
  explicit Array(Shape shape, T fill = T(0.0)) : shape_(shape), own_(shape.size(), fill), data_(own_.data()) {}
  static Array view(const T* data, Shape shape) {
    Array a;
    a.shape_ = shape;
    a.data_ = data;
    return a;
  }
  Array(const Array& other) : shape_(other.shape_), own_(other.own_), data_(other.owned() ? own_.data() : other.data_) {}
  Array(Array&& other) noexcept : shape_(other.shape_), own_(std::move(other.own_)), data_(own_.empty() ? other.data_ : own_.data()) {}
  Array& operator=(Array other) noexcept {
    shape_ = other.shape_;
    own_ = std::move(other.own_);
    data_ = own_.empty() ? other.data_ : own_.data();
    return *this;
  }
  ~Array() = default;

  Shape shape() const { return shape_; }
  bool is_view() const { return !owned(); }
  std::size_t size() const { return shape_.size(); }
  const T* data() const { return data_; }
  T* mutable_data() { return own_.data(); }  // of an array that owns its memory
  const T& operator[](std::size_t i) const { return data_[i]; }
  const T& operator()(std::size_t r, std::size_t c) const { return data_[r * shape_.cols + c]; }
  T& at(std::size_t i) { return own_[i]; }
  T& at(std::size_t r, std::size_t c) { return own_[r * shape_.cols + c]; }

 private:
  bool owned() const { return !own_.empty(); }
  Shape shape_;
  std::vector<T> own_;
  const T* data_ = nullptr;
};

// Elementwise rows on whole arrays of equal shape, or with scalars.
template <class T>
struct Lift<Array<T>> {
  static constexpr bool lifted = true;
  template <class R, class... A>
  static Array<T> call(const A&... x) {
    Shape shape;
    ((shape = x.size() > shape.size() ? x.shape() : shape), ...);
    Array<T> out(shape);
    for (std::size_t i = 0; i < out.size(); ++i) out.at(i) = R::value(x[x.size() == 1 ? 0 : i]...);
    return out;
  }
  template <class R, class P>
  static Array<T> array(const P& parameters, std::span<const Array<T>> x) { return R::numeric(parameters, x); }
  static Array<T> like(const Array<T>&, double c) { return Array<T>({1, 1}, T(c)); }
  static Array<T> zero(const Array<T>&, Shape shape) { return Array<T>(shape); }
  static Array<T> annihilate(const Array<T>& g, const Array<T>& p) { return call<StrongMul>(g, p); }
  static Array<T> annihilate_quotient(const Array<T>& g, const Array<T>& b) {
    return annihilate(g, call<Div>(like(b, 1.0), b));
  }
};

template <class T>
Shape shape_of(const Array<T>& a) { return a.shape(); }

}  // namespace wengert
