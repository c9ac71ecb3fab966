// What a name stands for: a parameter or loop index, an input, a definition, a constant.
#include <algorithm>
#include <limits>

#include "machine.hpp"

namespace wengert::lowering {

const Local* Machine::find_local(SymbolId symbol) const {
  for (std::size_t i = locals_.size(); i-- > frames_.back().locals;)
    if (locals_[i].symbol == symbol) return &locals_[i];
  return nullptr;
}

// Until something else is declared by that name, from that line on.
bool Machine::is_constant(SymbolId symbol) const {
  if (!is_constant_name(program_.name(symbol))) return false;
  const Variable& v = program_.variable(symbol);
  return v.role == Role::free || frames_.back().time < v.since;
}

Value Machine::constant_named(SymbolId symbol) const {
  const std::string& name = program_.name(symbol);
  const Constant c = name == "pi"  ? Constant::pi()
                     : name == "e" ? Constant::e()
                                   : Constant::real(name == "inf" ? std::numeric_limits<double>::infinity() : std::numeric_limits<double>::quiet_NaN());
  return {{graph_, graph_.constant(c)}};
}

void Machine::visit_name(ast::Id id) {
  const SymbolId symbol = frame().text->symbols[node(id).a];
  const auto give = [&](const Value& v) {
    values_.push_back(v);
    mark(v, id);
  };
  if (locals_.size() > frame().locals)
    if (const Local* local = find_local(symbol)) return values_.push_back(local->value);
  const Variable& v = program_.variable(symbol);
  if (v.role == Role::definition && !(v.since > frame().time && is_constant(symbol))) {
    if (const auto* o = frame().overrides) {
      if (const auto it = o->inputs.find(symbol); it != o->inputs.end()) return give({{graph_, it->second}});
      if (o->affected.contains(symbol)) {
        if (const auto it = o->lowered.find(symbol); it != o->lowered.end()) return values_.push_back({{graph_, it->second}});
        return enter_definition(symbol, tree().span(id));
      }
    }
    if (const NodeId known = program_.lowered(form_, symbol); known != no_node) return values_.push_back({{graph_, known}});
    return enter_definition(symbol, tree().span(id));
  }
  if (is_constant(symbol)) return give(constant_named(symbol));
  if (v.role == Role::free) {
    met_free_ = true;
    return give({{graph_, program_.free_input(symbol)}});
  }
  give({{graph_, v.input}});
}

void Machine::enter_definition(SymbolId name, const Span& from) {
  if (!lowering_.insert(name)) refuse_cycle(name, from);
  const Piece& body = program_.variable(name).body;
  Frame f;
  f.text = body.text.get();
  f.time = body.time;
  f.locals = locals_.size();
  f.definition = name;
  f.called = from;
  f.indexed = indices_.size();
  // What no overridden name reaches is lowered, and remembered, without them.
  auto* o = frame().overrides;
  f.overrides = o != nullptr && o->affected.contains(name) ? o : nullptr;
  frames_.push_back(f);
  push(Do::leave_definition, body.root);
  visit_later(body.root);
}

void Machine::leave_definition() {
  const Frame f = frame();
  frames_.pop_back();
  lowering_.erase(f.definition);
  const Value& v = values_.back();
  if (f.overrides != nullptr) f.overrides->lowered[f.definition] = v.e.id;
  else program_.lowered(form_, f.definition) = v.e.id;
  if (v.e.node().op >= Op::first_row && f.overrides == nullptr) graph_.name(v.e.id, program_.name(f.definition));
}

void Machine::refuse_cycle(SymbolId name, const Span& from) const {
  std::string path;
  std::size_t first = 0;
  for (std::size_t i = 0; i < frames_.size(); ++i)
    if (frames_[i].definition == name) first = i;
  std::size_t shown = 0;
  for (std::size_t i = first; i < frames_.size(); ++i) {
    const SymbolId s = frames_[i].definition != no_symbol ? frames_[i].definition : frames_[i].function;
    if (s == no_symbol) continue;
    if (++shown <= 8) path += program_.name(s) + " -> ";
    else if (shown == 9) path += "... -> ";
  }
  path += program_.name(name);
  Diagnostic d{Kind::name, "the definition of `" + program_.name(name) + "` reaches itself: " + path, from, {}, {}};
  d.help = "a definition always holds, as in a spreadsheet; to store a new value, write `" + program_.name(name) + " := ...`";
  if (const Span& s = program_.variable(name).declared; s.known() && !(s == from)) d.labels.push_back({s, "`" + program_.name(name) + "` is defined here"});
  refuse(std::move(d));
}

// The names are lowered without overrides by now: their shapes are known.
Program::Overrides* Machine::overrides_with(const std::vector<SymbolId>& names) {
  if (names.empty()) return nullptr;
  auto& o = program_.overrides(form_, names);
  for (SymbolId s : names)
    if (!o.inputs.contains(s)) o.inputs[s] = program_.stand_in(s, graph_[program_.lowered(form_, s)].shape);
  return &o;
}

}  // namespace wengert::lowering
