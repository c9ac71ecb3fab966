// The tape: a Wengert list, the linear program that a set of outputs needs.
//
// It holds, in topological order, one instruction for each operation that an output depends on (dead
// code is gone, common subexpressions are one by construction of the graph) and knows which values
// vary with the inputs that one differentiates by. It owns all that it needs: the graph may go on
// growing. 16 bytes an instruction, 8 a value.
#pragma once
#include <memory>
#include <span>
#include <vector>

#include "wengert/core/graph.hpp"

namespace wengert {

using SlotId = std::uint32_t;  // a value of the program

struct Instruction {
  Op op;
  std::uint16_t count;   // of arguments: 0, 1, 2 or `many`
  SlotId out;
  std::uint32_t first;   // argument slots, or (many) where they begin in a list and how many
  std::uint32_t second;
};

struct LoopBody;
class LoopDerivatives;

// What a run's numbers are read for after the sweep. Others share memory with what is computed when nothing needs
// them any more; inputs and constants always stay.
enum class Keep : std::uint8_t {
  everything,
  values,   // and the adjoints of inputs: a reverse sweep
  outputs,  // a value alone, or tangents that go along with it (evaluate_and_push)
};

class Tape {
 public:
  struct Known {  // a constant
    SlotId slot;
    Constant value;
  };
  struct Given {  // an input
    SlotId slot;
    NodeId node;
  };

  // wrt: input nodes that one differentiates by.
  static Tape record(const Graph& graph, std::span<const NodeId> outputs, std::span<const NodeId> wrt = {},
                     Keep keep = Keep::everything);

  std::span<const Instruction> code() const { return code_; }
  std::span<const SlotId> arguments(const Instruction& i) const {
    if (i.count > 2) return {lists_.data() + i.first, i.second};
    return {&i.first, i.count};
  }
  std::uint32_t payload(const Instruction& i) const { return payloads_[index(i)]; }
  std::span<const Slice> slices(const Instruction& i) const;
  const LoopBody& body(const Instruction& i) const { return *bodies_[payload(i)]; }  // of an iterate
  NodeId node(const Instruction& i) const { return nodes_[i.out]; }
  NodeId node(SlotId slot) const { return nodes_[slot]; }

  std::size_t slot_count() const { return slots_.size(); }
  std::uint32_t offset(SlotId s) const { return slots_[s].offset; }  // of its first element
  Shape shape(SlotId s) const { return shapes_[slots_[s].shape]; }
  bool active(SlotId s) const { return active_[s] != 0; }
  std::uint64_t elements() const { return elements_; }  // that a run has room for
  // The same for adjoints.
  std::uint32_t adjoint_offset(SlotId s) const { return keep_ == Keep::values ? adjoint_offsets_[s] : slots_[s].offset; }
  std::uint64_t adjoint_elements() const { return keep_ == Keep::values ? adjoint_elements_ : elements_; }
  Keep keep() const { return keep_; }
  // Sweeps call it before every instruction with a count of their own; throws Stopped when told to stop.
  void pause(std::uint32_t& passed) const {
    if (stop_ && passed++ % between_questions_ == 0) ask_whether_to_stop(stop_);
  }

  const StopAsked* stop() const { return stop_.get(); }

  std::span<const Known> constants() const { return constants_; }
  std::span<const Given> inputs() const { return inputs_; }
  std::span<const SlotId> outputs() const { return outputs_; }
  std::span<const SlotId> wrt() const { return wrt_; }  // in the order given; no_slot where no output depends on it
  static constexpr SlotId no_slot = 0xffffffffu;
  std::size_t bytes() const;

 private:
  struct Slot {
    std::uint32_t offset;
    std::uint32_t shape;
  };
  void share_values();
  void share_adjoints();
  std::size_t index(const Instruction& i) const { return static_cast<std::size_t>(&i - code_.data()); }

  std::shared_ptr<const StopAsked> stop_;
  std::uint32_t between_questions_ = 1;  // instructions: about a thousand elements
  std::vector<Instruction> code_;
  std::vector<std::uint32_t> payloads_;  // parallel to code_
  std::vector<Slot> slots_;
  std::vector<NodeId> nodes_;            // parallel to slots_
  std::vector<std::uint8_t> active_;     // parallel to slots_
  std::vector<Shape> shapes_;
  std::vector<SlotId> lists_;
  std::vector<Slice> slice_pool_;
  std::vector<std::shared_ptr<const LoopBody>> bodies_;
  std::vector<Known> constants_;
  std::vector<Given> inputs_;
  std::vector<SlotId> outputs_, wrt_;
  std::uint64_t elements_ = 0, adjoint_elements_ = 0;
  std::vector<std::uint32_t> adjoint_offsets_;  // parallel to slots_, where adjoints share memory
  Keep keep_ = Keep::everything;
};

// The body of an iterate as a tape: one output, differentiated by the state and the parameters.
struct LoopBody {
  Tape tape;
  std::uint64_t count = 0;
  std::uint32_t loop = 0;  // the graph's number of it
  Shape state;
  std::vector<Shape> parameters;
  std::shared_ptr<LoopDerivatives> derivatives;  // of the reverse sweep of an iterate: programs made when they are needed

  // Of the arguments in order: the state, the parameters; no_slot where the body does not use it.
  SlotId input(std::size_t argument) const { return tape.wrt()[argument]; }
  SlotId output() const { return tape.outputs()[0]; }
};

}  // namespace wengert
