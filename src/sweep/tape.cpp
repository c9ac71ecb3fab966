#include "wengert/sweep/tape.hpp"

#include <algorithm>
#include <unordered_map>
#include <unordered_set>

#include "loop_derivatives.hpp"
#include "wengert/rules/table.hpp"

namespace wengert {

Tape Tape::record(const Graph& graph, std::span<const NodeId> outputs, std::span<const NodeId> wrt, Keep keep) {
  Tape t;
  t.keep_ = keep;
  const std::vector<NodeId> order = graph.reachable(outputs);
  std::vector<SlotId> slot_of(order.empty() ? 0 : std::size_t{order.back()} + 1, no_slot);
  std::unordered_map<std::uint64_t, std::uint32_t> shape_ids;
  std::uint32_t shape = 0;
  const std::unordered_set<NodeId> by(wrt.begin(), wrt.end());
  std::size_t operations = 0;
  for (NodeId id : order) operations += graph[id].op >= Op::first_row || graph[id].op == Op::iota ? 1 : 0;
  t.code_.reserve(operations);
  t.payloads_.reserve(operations);
  t.slots_.reserve(order.size());
  t.nodes_.reserve(order.size());
  t.active_.reserve(order.size());

  for (NodeId id : order) {
    const Node& n = graph[id];
    const auto slot = static_cast<SlotId>(t.slots_.size());
    slot_of[id] = slot;
    if (t.shapes_.empty() || t.shapes_[shape] != n.shape) {  // most nodes have that of the one before
      const auto key = (std::uint64_t{n.shape.rows} << 32) | n.shape.cols;
      const auto [known, fresh] = shape_ids.try_emplace(key, static_cast<std::uint32_t>(t.shapes_.size()));
      if (fresh) t.shapes_.push_back(n.shape);
      shape = known->second;
    }
    t.slots_.push_back({static_cast<std::uint32_t>(t.elements_), shape});
    t.nodes_.push_back(id);
    t.elements_ += n.shape.size();
    bool active = false;
    if (n.op == Op::constant) {
      t.constants_.push_back({slot, graph.constant_of(id)});
    } else if (n.op == Op::input) {
      t.inputs_.push_back({slot, id});
      active = by.contains(id);
    } else {
      Instruction i{n.op, n.count, slot, 0, 0};
      const auto arguments = graph.arguments(id);
      std::uint32_t payload = n.payload;
      if (n.op != Op::iota) {
        const Row& row = row_of(n.op);
        for (std::size_t j = 0; j < arguments.size(); ++j) active = active || (varies(row, j) && t.active_[slot_of[arguments[j]]] != 0);
        if (n.count > 2) {
          i.first = static_cast<std::uint32_t>(t.lists_.size());
          i.second = static_cast<std::uint32_t>(arguments.size());
          for (NodeId a : arguments) t.lists_.push_back(slot_of[a]);
        } else {
          if (n.count > 0) i.first = slot_of[arguments[0]];
          if (n.count > 1) i.second = slot_of[arguments[1]];
        }
        if (n.op == op_of<Iterate> || n.op == op_of<IterateAdjoint>) {
          payload = static_cast<std::uint32_t>(t.bodies_.size());
          // Bodies nest as deep as the program's functions call each other, which is bounded.
          t.bodies_.push_back(record_loop(graph, n.payload, n.op == op_of<IterateAdjoint>));
        }
        if (n.op == op_of<Part> || n.op == op_of<Place>) {
          const auto list = graph.slices_at(n.payload);
          payload = static_cast<std::uint32_t>(t.slice_pool_.size());
          t.slice_pool_.insert(t.slice_pool_.end(), list.begin(), list.end());
        }
      }
      t.code_.push_back(i);
      t.payloads_.push_back(payload);
    }
    t.active_.push_back(active ? 1 : 0);
  }
  t.stop_ = graph.stop();
  t.between_questions_ = static_cast<std::uint32_t>(1 + 1024 * t.code_.size() / (1 + t.elements_));
  for (NodeId o : outputs) t.outputs_.push_back(slot_of[o]);
  for (NodeId w : wrt) t.wrt_.push_back(w < slot_of.size() ? slot_of[w] : no_slot);
  if (keep == Keep::outputs) t.share_values();
  if (keep == Keep::values) t.share_adjoints();
  return t;
}

std::span<const Slice> Tape::slices(const Instruction& i) const {
  if (i.op != op_of<Part> && i.op != op_of<Place>) return {};
  return {slice_pool_.data() + payload(i), arguments(i).size()};
}

std::size_t Tape::bytes() const {
  return code_.capacity() * sizeof(Instruction) + payloads_.capacity() * sizeof(std::uint32_t) +
         slots_.capacity() * sizeof(Slot) + nodes_.capacity() * sizeof(NodeId) + active_.capacity() +
         lists_.capacity() * sizeof(SlotId) + slice_pool_.capacity() * sizeof(Slice) +
         adjoint_offsets_.capacity() * sizeof(std::uint32_t);
}

}  // namespace wengert
