// What a session holds, for people: names with their meaning, and the program that rebuilds it.
#include <algorithm>
#include <charconv>
#include <cmath>

#include "state.hpp"

namespace wengert {

namespace {

std::string number(double x) {
  if (std::isnan(x)) return "nan";
  if (std::isinf(x)) return x < 0 ? "-inf" : "inf";
  char buffer[40];
  return {buffer, std::to_chars(buffer, buffer + sizeof buffer, x).ptr};
}

// As it reads back: 2, [1, 2], [[1, 2], [3, 4]].
std::string literal(Shape shape, const std::vector<double>& numbers) {
  if (shape.scalar()) return number(numbers[0]);
  std::string out = "[";
  for (std::uint32_t r = 0; r < shape.rows; ++r) {
    if (r > 0) out += ", ";
    if (shape.cols > 1) out += "[";
    for (std::uint32_t c = 0; c < shape.cols; ++c) {
      if (c > 0) out += ", ";
      out += number(numbers[std::size_t{r} * shape.cols + c]);
    }
    if (shape.cols > 1) out += "]";
  }
  return out + "]";
}

struct Entry {
  std::uint64_t order;
  SymbolId id;
  bool function;
};

std::vector<Entry> entries(const Program& p) {
  std::vector<Entry> all;
  for (SymbolId s = 0; s < p.symbols(); ++s) {
    const Variable& v = p.variable(s);
    if (v.order != 0 && (v.role != Role::free || v.input != no_node)) all.push_back({v.order, s, false});
    if (p.function(s).order != 0 && p.function(s).state != Function::State::undefined) all.push_back({p.function(s).order, s, true});
  }
  std::sort(all.begin(), all.end(), [](const Entry& a, const Entry& b) { return a.order < b.order; });
  return all;
}

std::string text_of(const Program& p, const Piece& piece) {
  if (!piece.text) return {};
  return std::string(p.sources.text(piece.text->tree.span(piece.root)));
}

// A statement as written.
std::string text_of(const Program& p, const Span& statement) {
  std::string text(p.sources.text(statement));
  while (!text.empty() && (text.back() == '\n' || text.back() == '\r' || text.back() == ';' || text.back() == ' ')) text.pop_back();
  return text;
}

}  // namespace

std::vector<NameInfo> Session::names() const {
  const Program& p = state_->program;
  std::vector<NameInfo> out;
  for (const Entry& e : entries(p)) {
    NameInfo info;
    info.name = p.name(e.id);
    if (e.function) {
      const Function& f = p.function(e.id);
      info.role = f.state == Function::State::abstract ? NameInfo::Role::abstract : NameInfo::Role::function;
      info.text = text_of(p, f.declared);
      out.push_back(std::move(info));
      continue;
    }
    const Variable& v = p.variable(e.id);
    info.text = text_of(p, v.body);
    switch (v.role) {
      case Role::free: case Role::input: info.role = NameInfo::Role::input; break;
      case Role::value: info.role = NameInfo::Role::value; break;
      case Role::constant: info.role = NameInfo::Role::constant; break;
      case Role::definition: info.role = NameInfo::Role::definition; break;
    }
    if (v.role == Role::definition) {
      if (const auto d = lower_name(state_->program, e.id)) {
        info.shape = d->shape();
        if (auto numbers = wengert::value_of(state_->program, d->id, {}, "")) info.value = Value{d->shape(), std::move(*numbers)};
      }
    } else {
      info.shape = p.graph[v.input].shape;
      info.value = value_of(v.input);
    }
    out.push_back(std::move(info));
  }
  return out;
}

std::string Session::save() const {
  const Program& p = state_->program;
  std::string out;
  for (const Entry& e : entries(p)) {
    const std::string& name = p.name(e.id);
    if (e.function) {
      const Function& f = p.function(e.id);
      out += (f.state == Function::State::abstract ? "function " + name : text_of(p, f.declared)) + "\n";
      continue;
    }
    const Variable& v = p.variable(e.id);
    if (v.role == Role::definition) {
      out += text_of(p, v.statement) + "\n";
      continue;
    }
    const Shape shape = p.graph[v.input].shape;
    const auto value = p.point.find(v.input);
    if (value != p.point.end()) {
      out += (v.role == Role::constant ? "const " : "") + name + " = " + literal(shape, value->second) + "\n";
    } else {
      out += "input " + name;
      if (!shape.scalar()) out += "[" + std::to_string(shape.rows) + (shape.cols > 1 ? ", " + std::to_string(shape.cols) : "") + "]";
      out += "\n";
    }
  }
  return out;
}

}  // namespace wengert
