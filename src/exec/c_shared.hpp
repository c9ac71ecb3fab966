// What the functions of one C file have in common: helpers that they call, and the bodies of loops.
#pragma once
#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "wengert/core/graph.hpp"

namespace wengert {
struct Extract;
}

namespace wengert::exec {

// More doubles are asked of the heap.
inline constexpr std::uint64_t stack_doubles = 8192;

// One step of an `iterate` and, where that is wanted, one step of its reverse sweep, as functions of C.
struct CLoop {
  std::string forward, backward;  // names; empty: not written
  std::uint64_t count = 0, state = 0;
  std::vector<std::uint64_t> parameters;  // elements of each
  std::vector<bool> by_value;             // of the state, then of the parameters: scalars
  std::uint64_t forward_work = 0, backward_work = 0;
};

struct CShared {
  explicit CShared(std::string of) : name(std::move(of)) {}
  std::string name;  // of the file's functions
  std::set<std::string> helpers;
  std::string bodies;  // functions, each before it is called
  std::map<std::pair<const Graph*, std::uint32_t>, CLoop> loops;
  std::vector<std::shared_ptr<const Extract>> kept;  // that `loops` points into
};

// Written when first asked for.
const CLoop& c_loop(const Graph& graph, std::uint32_t payload, bool adjoint, CShared& shared);

// The lines of a loop, or of its adjoint. argument(k, at): argument k of the node as a pointer, or (at 0) as the number
// that it is; room(n): the name of an array of n doubles.
struct CLoopUse {
  std::string out;
  std::function<std::string(std::size_t, bool)> argument;
  std::function<std::string(std::uint64_t)> room;
};
std::vector<std::string> c_iterate(const CLoop& loop, const CLoopUse& use);
std::vector<std::string> c_iterate_adjoint(const CLoop& loop, const CLoopUse& use);

}  // namespace wengert::exec
