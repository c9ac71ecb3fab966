#include "wengert/lower/program.hpp"

#include <algorithm>

#include "wengert/lower/lower.hpp"

namespace wengert {

SymbolId Program::symbol(std::string_view name) {
  const auto [it, fresh] = ids_.try_emplace(std::string(name), static_cast<SymbolId>(names_.size()));
  if (fresh) {
    names_.emplace_back(name);
    variables_.emplace_back();
    functions_.emplace_back();
    declared_in_.push_back(never);
    for (auto& table : lowered_) table.push_back(no_node);
  }
  return it->second;
}

void Program::reserve_symbols(std::size_t n) {
  std::size_t all = names_.size() + n;
  if (all <= names_.capacity()) return;
  all = std::max(all, 2 * names_.capacity());
  ids_.reserve(all);
  names_.reserve(all);
  variables_.reserve(all);
  functions_.reserve(all);
  declared_in_.reserve(all);
  for (auto& table : lowered_) table.reserve(all);
}

void Program::declare(SymbolId id, Variable meaning) {
  Variable& old = variables_[id];
  if (std::exchange(declared_in_[id], statement_) != statement_) {
    const bool unknown = old.role == Role::free && old.input == no_node && old.order == 0;
    journal_.push_back({.id = id});
    if (!unknown) journal_.back().before = old;
  }
  meaning.order = old.order != 0 ? old.order : ++order_;
  const bool same = old.role != Role::definition && meaning.role != Role::definition && old.input == meaning.input && old.input != no_node;
  if (meaning.input != no_node) input_symbols_[meaning.input] = id;
  variables_[id] = std::move(meaning);
  if (!same) invalidate(2 * id);
}

void Program::declare_function(SymbolId id, Function meaning) {
  const Function& old = functions_[id];
  journal_.push_back({.id = id, .before = old});
  meaning.order = old.order != 0 ? old.order : ++order_;
  functions_[id] = std::move(meaning);
  invalidate(2 * id + 1);
}

void Program::journal_value(NodeId input) {
  if (std::exchange(valued_in_.try_emplace(input, never).first->second, statement_) == statement_) return;
  journal_.push_back({.id = input, .valued = true});
  if (const auto known = point.find(input); known != point.end()) journal_.back().before = known->second;
}

void Program::clear_value(NodeId input) {
  if (!point.contains(input)) return;
  journal_value(input);
  point.erase(input);
}

void Program::set_value(NodeId input, std::vector<double> numbers) {
  journal_value(input);
  auto& known = point[input];
  if (known == numbers) return;
  known = std::move(numbers);
  // What was lowered with the old value as a size is lowered again.
  if (const auto it = size_users_.find(input); it != size_users_.end()) {
    const auto definitions = std::move(it->second);
    size_users_.erase(it);
    for (SymbolId d : definitions) {
      if (d == no_symbol) continue;
      forget(d);
      invalidate(2 * d);
    }
    forget_derived();
  }
}

NodeId Program::free_input(SymbolId id) {
  Variable& v = variables_[id];
  if (v.input != no_node) return v.input;
  Shape shape;
  const auto g = given.find(id);
  if (g != given.end()) {
    shape = g->second.first;
    given_used.insert(id);
  }
  v.input = graph.input(names_[id], shape);
  if (v.order == 0) v.order = ++order_;
  input_symbols_[v.input] = id;
  if (g != given.end()) point[v.input] = g->second.second;
  return v.input;
}

void Program::rollback(std::size_t mark) {
  while (journal_.size() > mark) {
    Change& c = journal_.back();
    if (auto* function = std::get_if<Function>(&c.before)) {
      functions_[c.id] = std::move(*function);
      if (functions_[c.id].state == Function::State::defined) connect(c.id, true, functions_[c.id].body);
      invalidate(2 * c.id + 1);
    } else if (!c.valued) {
      auto* known = std::get_if<Variable>(&c.before);
      Variable before = known != nullptr ? std::move(*known) : Variable{};
      before.order = std::max(before.order, variables_[c.id].order);
      variables_[c.id] = std::move(before);
      if (variables_[c.id].role == Role::definition) connect(c.id, false, variables_[c.id].body);
      invalidate(2 * c.id);
    } else if (auto* numbers = std::get_if<std::vector<double>>(&c.before)) {
      point[c.id] = std::move(*numbers);
    } else {
      point.erase(c.id);
    }
    journal_.pop_back();
  }
  // Values that were sizes may have changed back.
  for (auto& [input, users] : size_users_)
    for (SymbolId d : users)
      if (d != no_symbol) { forget(d); invalidate(2 * d); }
  size_users_.clear();
  declared_in_.assign(names_.size(), never);
  valued_in_.clear();
  forget_derived();
}

void Program::disconnect(Unit user) {
  for (Unit u : uses_[user]) std::erase(users_[u], user);
  uses_[user].clear();
}

void Program::connect(SymbolId id, bool is_function, const Piece& body) {
  const Unit user = 2 * id + (is_function ? 1 : 0);
  if (users_.size() < 2 * names_.size()) {
    users_.resize(2 * names_.size());
    uses_.resize(2 * names_.size());
  }
  disconnect(user);
  const ast::Tree& tree = body.text->tree;
  const auto& symbols = body.text->symbols;
  std::vector<Unit>& used = mentioned_;
  used.clear();
  each_node(tree, body.root, [&](ast::Id node) {
    const ast::Node& n = tree.nodes[node];
    if (n.tag == ast::Tag::name) {
      used.push_back(2 * symbols[n.a]);
    } else if (n.tag == ast::Tag::call) {
      const ast::Call& call = tree.calls[n.a];
      used.push_back(2 * symbols[call.name] + 1);
      if (tree.names[call.name] == "iterate" && !call.arguments.empty() && tree.nodes[call.arguments[0]].tag == ast::Tag::name)
        used.push_back(2 * symbols[tree.nodes[call.arguments[0]].a] + 1);
    }
  });
  std::sort(used.begin(), used.end());
  used.erase(std::unique(used.begin(), used.end()), used.end());
  uses_[user].assign(used.begin(), used.end());
  for (Unit u : used) users_[u].push_back(user);
}

std::vector<SymbolId> Program::recursion_of(SymbolId function) const {
  std::unordered_map<SymbolId, SymbolId> from;  // how each was reached
  std::vector<SymbolId> open{function};
  while (!open.empty()) {
    const SymbolId f = open.back();
    open.pop_back();
    for (Unit u : uses_[2 * f + 1]) {
      if ((u & 1u) == 0 || functions_[u / 2].state != Function::State::defined) continue;
      const SymbolId called = u / 2;
      if (called == function) {
        std::vector<SymbolId> path{function};
        for (SymbolId at = f; at != function; at = from[at]) path.push_back(at);
        path.push_back(function);
        std::reverse(path.begin(), path.end());
        return path;
      }
      if (from.try_emplace(called, f).second) open.push_back(called);
    }
  }
  return {};
}

void Program::forget(SymbolId definition) {
  for (auto& table : lowered_) table[definition] = no_node;
}

// Maps that were large are not kept: to clear one takes as long as it ever was.
void Program::forget_derived() {
  if (!overrides_.empty()) overrides_.clear();
  if (!calls.empty()) calls = {};
}

void Program::invalidate(Unit changed) {
  forget_derived();
  if ((changed & 1u) == 0) forget(changed / 2);
  if (users_of(changed).empty()) return;
  std::vector<Unit> open{changed};
  std::unordered_set<Unit> seen{changed};
  while (!open.empty()) {
    const Unit u = open.back();
    open.pop_back();
    for (Unit user : users_of(u)) {
      const SymbolId s = user / 2;
      // A definition that is not lowered has no user that is.
      if ((user & 1u) == 0 && lowered_[0][s] == no_node && lowered_[1][s] == no_node) continue;
      if (!seen.insert(user).second) continue;
      if ((user & 1u) == 0) forget(s);
      open.push_back(user);
    }
  }
}

std::unordered_set<SymbolId> Program::reached_from(const std::vector<SymbolId>& names) const {
  std::unordered_set<SymbolId> reached;
  std::unordered_set<Unit> seen;
  std::vector<Unit> open;
  for (SymbolId n : names) open.push_back(2 * n);
  while (!open.empty()) {
    const Unit u = open.back();
    open.pop_back();
    for (Unit user : users_of(u))
      if (seen.insert(user).second) {
        if ((user & 1u) == 0) reached.insert(user / 2);
        open.push_back(user);
      }
  }
  return reached;
}

NodeId& Program::lowered(Form form, SymbolId id) { return lowered_[form == Form::shown ? 1 : 0][id]; }

Program::Overrides& Program::overrides(Form form, const std::vector<SymbolId>& names) {
  auto& entry = overrides_[{form, names}];
  if (!entry) {
    entry = std::make_unique<Overrides>();
    entry->names = names;
    entry->affected = reached_from(names);
  }
  return *entry;
}

NodeId Program::stand_in(SymbolId id, Shape shape) {
  const auto it = stand_ins_.find(id);
  if (it != stand_ins_.end() && graph[it->second].shape == shape) return it->second;
  const NodeId node = graph.input(names_[id], shape);
  stand_ins_[id] = node;
  input_symbols_[node] = id;
  return node;
}

NodeId Program::parameter_input(SymbolId function, std::size_t index, Shape shape) {
  const auto [it, fresh] = parameter_inputs_.try_emplace({function, index, (std::uint64_t{shape.rows} << 32) | shape.cols}, no_node);
  if (fresh) {
    const bool named = function != no_symbol && index < functions_[function].parameters.size();
    it->second = graph.input(named ? names_[functions_[function].parameters[index]] : "u", shape);
  }
  return it->second;
}

SymbolId Program::symbol_of(NodeId input) const {
  const auto it = input_symbols_.find(input);
  return it == input_symbols_.end() ? no_symbol : it->second;
}

std::size_t Program::CallHash::operator()(const CallKey& k) const {
  std::uint64_t h = k.words.size();
  for (std::uint64_t w : k.words) h = (h ^ w) * 0x9e3779b97f4a7c15ull + (h >> 29);
  return static_cast<std::size_t>(h);
}

}  // namespace wengert
