// The grammar of random programs: every production makes text of a known shape.
#pragma once
#include <map>
#include <string>
#include <vector>

#include "random.hpp"
#include "wengert/core/shape.hpp"
#include "wengert/rules/table.hpp"

namespace wengert::fuzz {

class Maker {
 public:
  Maker(std::uint64_t seed, std::size_t size);
  std::string make();

 private:
  struct Function {
    std::string name;
    std::size_t parameters = 1;
  };
  using Key = std::pair<std::uint32_t, std::uint32_t>;
  static Key key(Shape s) { return {s.rows, s.cols}; }

  // programs_make.cpp: values and statements
  std::string number();
  std::string value(Shape s);
  std::string statement(std::size_t k);
  std::string function(const std::string& name);
  std::string array_function(const std::string& name);
  std::string step(const std::string& index);

  // programs_scalars.cpp: text of a number
  std::string scalar(int depth);
  std::string scalar_leaf();
  std::string element();
  std::string power(int depth);
  std::string call(int depth, const std::string& only = {});
  std::string argument(const Range& range, int depth);
  std::string choice(int depth);
  std::string reduction(int depth);
  std::string derivative(int depth);
  std::string comprehension(int depth);
  std::string own_function(int depth);

  // programs_arrays.cpp: text of an array
  std::string array(Shape s, int depth);
  std::string array_leaf(Shape s);
  std::string elementwise(Shape s, int depth);
  std::string linear_algebra(Shape s, int depth);
  std::string arranged(Shape s, int depth);
  std::string derived(Shape s, int depth);
  std::string invertible(std::uint32_t n, int depth);

  bool leaf(int depth) { return depth <= 0 || --left_ <= 0; }
  std::uint32_t size() { return static_cast<std::uint32_t>(1 + random_.below(4)); }
  Shape any_shape() { return random_.chance(50) ? Shape{size(), 1} : Shape{size(), size()}; }
  std::string index(std::uint32_t n) { return std::to_string(1 + random_.below(n)); }
  // An input, by which one may differentiate.
  std::string scalar_input();
  std::pair<std::string, Shape> array_input();

  Random random_;
  int left_;
  std::vector<std::string> scalars_{"x", "z", "t"};
  std::map<Key, std::vector<std::string>> arrays_;
  std::vector<Function> functions_;
  std::map<Key, std::vector<std::string>> array_functions_;  // from a shape to the same
  std::vector<const Row*> rows_;                             // elementwise, called by name
};

}  // namespace wengert::fuzz
