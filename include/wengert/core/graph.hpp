// The expression graph: a hash-consed DAG of shaped nodes.
//
// Nodes stand in one array in topological order (arguments before users), so everything walks it
// with a loop. Equal nodes are one node: same operation, arguments, payload and shape. An input is
// an identity, never its value. A graph only grows; building it is single-threaded.
//
//   Graph g;
//   NodeId x = g.input("x", {});
//   NodeId two = g.constant(Constant::integer(2));
//
// A node takes 24 bytes, its entry in the hash table 10 to 20, its spans 4 and 16 more for each span.
// What operations mean (shapes, values, derivatives) is not known here: see rules/.
#pragma once
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <unordered_map>
#include <vector>

#include "wengert/core/shape.hpp"
#include "wengert/core/source.hpp"
#include "wengert/core/stop.hpp"

namespace wengert {

using NodeId = std::uint32_t;
inline constexpr NodeId no_node = 0xffffffffu;

// An operation: the leaves below, then the rows of the rules' table in their order.
enum class Op : std::uint16_t { constant, input, iota, first_row };

// A scalar constant with what is known exactly about it.
struct Constant {
  enum class Exactness : std::uint8_t {
    rational,  // numerator/denominator, exactly
    decimal,   // a decimal literal: the nearest double, or `text` when more digits are asked for
    real,      // only the double is known
    pi, e,     // the numbers themselves
  };
  Exactness exactness = Exactness::real;
  double value = 0;
  std::int64_t numerator = 0, denominator = 1;  // lowest terms, denominator > 0
  std::string text;                             // of a decimal

  static Constant integer(std::int64_t n);
  // denominator != 0
  static Constant rational(std::int64_t numerator, std::int64_t denominator);
  static Constant decimal(double value, std::string text);
  static Constant real(double value);
  static Constant pi();
  static Constant e();
  bool exact() const { return exactness == Exactness::rational; }
  bool is(std::int64_t n) const { return exact() && denominator == 1 && numerator == n; }
};

struct Input {
  std::string name;
  Shape shape;
  bool constant = false;  // declared `const`: not differentiated by unless named
};

// The body of `iterate`: from the inputs `state` and `parameters` to `output`, all nodes of the graph.
// The node of the loop has as arguments the first state and then the parameters' values.
struct Loop {
  std::string name;  // of the function that is iterated
  std::uint64_t count = 0;
  NodeId state = no_node;
  std::vector<NodeId> parameters;
  NodeId output = no_node;
  std::size_t captured = 0;  // of the parameters, the last: inputs that the function mentions and does not take
};

// The count of a node with more than two arguments.
inline constexpr std::uint16_t many = 3;

struct Node {
  Op op = Op::constant;
  std::uint16_t count = 0;    // of arguments: 0, 1, 2 or `many`
  Shape shape;
  std::uint32_t first = 0;    // the first argument; of many, where they begin in a list of the graph's
  std::uint32_t second = 0;   // the second argument; of many, how many
  std::uint32_t payload = 0;  // constant, input: an index; place: a slice list; otherwise as the row says
};

class Graph {
 public:
  // Building this graph and the sweeps over its tapes stop, by throwing Stopped, when `stop` says so.
  void stop_when(StopAsked stop);
  void stop_with(const Graph& other) { stop_ = other.stop_; }
  const std::shared_ptr<const StopAsked>& stop() const { return stop_; }
  // More nodes throw Stopped with a diagnostic of kind `limit`.
  void limit_nodes(std::uint64_t most) { most_nodes_ = most; }

  NodeId constant(const Constant& value);
  NodeId input(std::string name, Shape shape, bool is_const = false);
  // The column start, start+1, ..., start+n-1.
  NodeId iota(std::uint32_t start, std::uint32_t n);
  // The node of this operation on these arguments, made if it is not there.
  NodeId node(Op op, std::span<const NodeId> arguments, Shape shape, std::uint32_t payload = 0);
  // A list of slices as a payload; equal lists have equal numbers.
  std::uint32_t slices(std::span<const Slice> list);

  std::uint32_t loop(Loop body);  // as a payload
  const Loop& loop_at(std::uint32_t payload) const { return loops_[payload]; }

  // The number of an abstract function's name; equal names have equal numbers. At most 65,535 of them.
  std::uint32_t abstract_function(const std::string& name);
  const std::string& abstract_function_at(std::uint32_t number) const { return abstract_functions_[number]; }

  std::size_t size() const { return nodes_.size(); }
  // Room for so many nodes: building that many then moves nothing.
  void reserve(std::size_t nodes);
  const Node& operator[](NodeId id) const { return nodes_[id]; }
  std::span<const NodeId> arguments(NodeId id) const;
  const Constant& constant_of(NodeId id) const { return constants_[nodes_[id].payload]; }
  const Input& input_of(NodeId id) const { return inputs_[nodes_[id].payload]; }
  std::span<const Slice> slices_at(std::uint32_t payload) const;
  bool is_constant(NodeId id, std::int64_t value) const;

  // Where the node was written; a node lists all of its spans, first written first.
  void add_span(NodeId id, const Span& span);
  std::vector<Span> spans(NodeId id) const;
  Span span(NodeId id) const;  // the first one; unknown if there is none
  // The source of a node is copied to a node derived from it, unless that has one.
  void derive_span(NodeId derived, NodeId primal);
  // The name of a definition that this node stands for, for printers; empty if there is none.
  void name(NodeId id, std::string name) { names_.try_emplace(id, std::move(name)); }
  const std::string* name_of(NodeId id) const;

  // Nodes that `outputs` depend on, arguments before users. Takes time by their number, or by that of all
  // nodes where they are not few among them.
  std::vector<NodeId> reachable(std::span<const NodeId> outputs) const;

  std::size_t bytes() const;  // used by nodes, table and spans

 private:
  bool reach_few(std::span<const NodeId> outputs, std::size_t most, std::vector<NodeId>& order) const;
  struct SpanLink {
    Span span;
    std::uint32_t next;
  };
  bool equal(NodeId id, Op op, std::span<const NodeId> arguments, Shape shape, std::uint32_t payload) const;
  void resize_table(std::size_t lines);  // a power of 2
  void grow_constants();
  NodeId append(Op op, std::span<const NodeId> arguments, Shape shape, std::uint32_t payload);

  void check_growth() const;

  std::shared_ptr<const StopAsked> stop_;
  std::uint64_t most_nodes_ = 0xfffffff0u;
  std::vector<Node> nodes_;
  std::vector<NodeId> lists_;          // arguments of nodes with more than two
  // Node number + 1 and half of its hash side by side, eight to a line of the cache. A node is looked for in a line that
  // goes with its latest argument, so that what is built one after the other lies together; where that line is full,
  // by leaps from a line that its hash says. Constants have a table of their own; inputs are never looked for.
  struct Known {
    std::uint32_t node = 0, hash = 0;
  };
  struct alignas(64) Line {
    Known known[8];
  };
  template <class Same>
  Known* look_up(std::span<const NodeId> arguments, std::uint32_t hash, Same&& same);
  std::vector<Line> table_;
  std::vector<Constant> constants_;
  std::vector<NodeId> constant_nodes_;
  std::vector<Known> constant_table_;  // index + 1
  std::vector<Input> inputs_;
  std::vector<Loop> loops_;
  std::vector<std::string> abstract_functions_;
  std::vector<Slice> slice_pool_;
  struct SliceList { std::uint32_t begin, count; };
  std::vector<SliceList> slice_lists_;
  std::unordered_multimap<std::uint64_t, std::uint32_t> slice_index_;
  std::vector<std::uint32_t> span_heads_;  // as long as nodes_, once a span was added
  std::vector<SpanLink> span_links_;
  std::unordered_map<NodeId, std::string> names_;
};

}  // namespace wengert
