// How nodes look to a person: signs, names, what comes first.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "workshop.hpp"

namespace wengert::rewrite {

std::optional<Number> Workshop::number(NodeId id) const {
  if (g[id].op == op_of<Broadcast>) id = g.arguments(id)[0];
  if (g[id].op != Op::constant) return {};
  return Number::of(g.constant_of(id));
}

bool Workshop::is_zero(NodeId id) const {
  const auto n = number(id);
  return n && n->value == 0;
}

// Along the first operands of products and sums, as far as a reader would look.
bool Workshop::negative(NodeId id) {
  for (int k = 0; k < 64; ++k) {
    const Op op = g[id].op;
    if (op == Op::constant) return g.constant_of(id).value < 0;
    if (op == op_of<Neg>) return true;
    if (op != op_of<Mul> && op != op_of<Div> && op != op_of<Add> && op != op_of<Sub> && op != op_of<MatMul>) return false;
    id = g.arguments(id)[0];
  }
  return false;
}

const Look& Workshop::look(NodeId root) {
  if (const auto it = looks_.find(root); it != looks_.end()) return it->second;
  std::vector<NodeId> todo{root};
  while (!todo.empty()) {
    const NodeId id = todo.back();
    const auto arguments = g.arguments(id);
    bool ready = true;
    for (NodeId a : arguments)
      if (!looks_.contains(a)) {
        todo.push_back(a);
        ready = false;
      }
    if (!ready) continue;
    todo.pop_back();
    if (looks_.contains(id)) continue;
    Look mine;
    const Op op = g[id].op;
    if (op == Op::input) {
      mine = {true, g.input_of(id).name};
    } else {
      bool all = true;
      for (NodeId a : arguments) {
        const Look& theirs = looks_[a];
        all = all && theirs.polynomial;
        if (mine.name.empty() || (!theirs.name.empty() && theirs.name < mine.name)) mine.name = theirs.name;
      }
      const auto exponent = op == op_of<Pow> || op == op_of<Div> ? number(arguments[1]) : std::nullopt;
      mine.polynomial = op == Op::constant ||
                        (all && (op == op_of<Add> || op == op_of<Sub> || op == op_of<Neg> || op == op_of<Mul> || op == op_of<Broadcast> ||
                                 op == op_of<Part> || (op == op_of<Div> && exponent) ||
                                 (op == op_of<Pow> && exponent && exponent->integral() && !exponent->negative())));
      if (op == op_of<Part>) {
        const Slice s = g.slices_at(g[id].payload)[0];
        mine.name += fmt::format("[{:010},{:010}]", s.row, s.col);
      }
    }
    looks_.emplace(id, std::move(mine));
  }
  return looks_[root];
}

// The operations near the top, in the order of the table: decides between what else looks alike, in
// the same way whatever was built first.
std::string Workshop::signature(NodeId id) const {
  std::string out;
  std::vector<std::pair<NodeId, int>> todo{{id, 0}};
  while (!todo.empty() && out.size() < 60) {
    const auto [at, depth] = todo.back();
    todo.pop_back();
    out += fmt::format("{:03}", static_cast<int>(g[at].op));
    if (g[at].op == Op::input) out += g.input_of(at).name;
    const auto arguments = g.arguments(at);
    if (depth < 4)
      for (std::size_t j = std::min<std::size_t>(arguments.size(), 4); j-- > 0;) todo.emplace_back(arguments[j], depth + 1);
  }
  return out;
}

// Scalars before arrays; constants, names, polynomials, functions, other sums.
std::string Workshop::factor_key(const Factor& f) {
  const Op op = g[f.base].op;
  const bool ordinary = f.symbol == no_node && f.exponent.integral();
  char kind = '3';
  std::string_view function = op >= Op::first_row ? row_of(op).info->name : std::string_view();
  if (op == Op::constant && f.symbol == no_node) kind = '0';
  else if (!ordinary) function = f.symbol != no_node ? (op == Op::constant && g.constant_of(f.base).exactness == Constant::Exactness::e ? "exp" : "^") : "sqrt";
  else if (op == Op::input || (op == op_of<Part> && g[g.arguments(f.base)[0]].op == Op::input)) kind = '1';
  else if (look(f.base).polynomial) kind = '2';
  else if (op == op_of<Add> || op == op_of<Sub>) kind = '4';
  std::string tail = kind <= '1' ? std::string() : signature(f.base);
  if (f.symbol != no_node) tail += signature(f.symbol);
  return fmt::format("{}{}{}\x01{}\x01{}\x01{:010}", shape_of(f).scalar() ? 's' : 't', kind, look(f.base).name, kind == '3' ? function : "", tail, f.base);
}

// Polynomials by falling degree, then functions, then constants.
std::string Workshop::term_key(const Term& t) {
  const Monomial m = take_apart(t.base);
  double degree = 0;
  bool polynomial = true, constant = true;
  std::vector<std::pair<std::string, const Factor*>> factors;
  for (const Factor& f : m.factors) factors.emplace_back(factor_key(f), &f);
  std::sort(factors.begin(), factors.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
  std::string names;
  for (const auto& [key, f] : factors) {
    const char kind = key[1];
    if (kind != '0') constant = false;
    if (f->symbol == no_node && f->exponent.integral() && !f->exponent.negative() && kind <= '2') degree += kind == '0' ? 0 : f->exponent.value;
    else polynomial = false;
    const auto rank = static_cast<int>(std::clamp(100 - f->exponent.value, 0.0, 999.0));
    if (names.size() < 200) names += key.substr(1, key.rfind('\x01') - 1) + fmt::format("\x02{:03}", rank);
  }
  const char group = constant ? '2' : polynomial ? '0' : '1';
  const auto falling = static_cast<int>(std::clamp(1e6 - 1e3 * degree, 0.0, 2e6));
  return fmt::format("{}{:07}{}\x01{:010}", group, falling, names, t.base);
}

}  // namespace wengert::rewrite
