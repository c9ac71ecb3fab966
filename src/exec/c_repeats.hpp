// Statements that repeat: what a long program does step after step is a loop in C.
//
// A program may have its steps written one after the other, as a sequence through a recurrent network, or one statement
// for each of many components. Where a run of operations comes again and again, differing in where its operands stand
// alone, C says it once.
#pragma once
#include "order.hpp"

namespace wengert::exec {

// Where the results of an operation of a step are kept.
enum class CKept : std::uint8_t {
  within,   // nothing reads them but the step itself
  running,  // the next step's replaces them: a running sum
  all       // each step's has a place of its own
};

// Operations first.. of the order: `count` steps of `period` operations each.
struct CRepeat {
  std::size_t first = 0, period = 0, count = 0;
  std::vector<CKept> kept;  // by operation of a step
  std::size_t end() const { return first + period * count; }
};

// None where little would be gained.
std::vector<CRepeat> find_repeats(const Cells& cells, const Order& order);

}  // namespace wengert::exec
