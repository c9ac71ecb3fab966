#include "c_body.hpp"

#include <algorithm>

#include "c_arrays.hpp"
#include "c_ends.hpp"
#include "c_storage.hpp"

namespace wengert::exec {

namespace {

using std::to_string;

constexpr std::size_t longest_twice = 40000;  // characters of a function that there is carefully, too

class Body {
 public:
  // Carefully: every product that 0 annihilates is looked at on its own, and every quotient is divided.
  Body(const Graph& graph, const CFunction& f, CShared& shared, const CStorage& storage, bool careful)
      : g_(graph), f_(f), shared_(shared), helpers_(shared.helpers), storage_(storage), careful_(careful) {
    if (!careful) looked_at_ = looked_at(storage_);
    looked_at_.resize(cells().size());
  }

  std::string write(std::uint64_t& work) {
    if (!careful_) find_reciprocals();
    for (CellId c = 0; c < cells().size(); ++c)
      if (at(c).kind == Cell::Kind::input) reciprocals_of(c);
    const Order& order = storage_.order();
    const auto& repeats = storage_.repeats();
    for (std::size_t p = 0, k = 0; p < order.cells.size();) {
      if (k < repeats.size() && repeats[k].first == p) {
        repeat(k + 1);
        p = repeats[k++].end();
      } else {
        cell(order.cells[p++]);
      }
    }
    close_loop();
    for (std::size_t k = 0; k < f_.outputs.size(); ++k)
      if (!storage_.direct(k)) copy_out(k);
    work = storage_.work();
    std::string head = counted_ ? "  size_t wrong = 0;\n" : "";
    std::set<std::uint32_t> read;
    for (CellId c = 0; c < cells().size(); ++c)
      if (at(c).kind == Cell::Kind::input && order.uses[c] > 0) read.insert(at(c).number);
    for (std::uint32_t k = 0; k < f_.inputs.size(); ++k)
      if (!read.contains(k)) head += "  (void)" + f_.inputs[k].name + ";\n";
    return head + storage_.declarations() + text_;
  }

  // Whether something has to be done once more, carefully; empty where nothing can.
  std::string doubt() const {
    std::string out = counted_ ? "wrong != 0" : "";
    const auto add = [&](const std::string& s) { out += (out.empty() ? "" : " || ") + s; };
    // Two numbers a test; the difference of a reciprocal and itself is a number where it is finite.
    std::vector<std::string> looks = ends_;
    for (const auto& [of, name] : reciprocals_) looks.push_back(name + " - " + name);
    for (std::size_t k = 0; k < looks.size(); k += 2)
      add("isunordered(" + looks[k] + ", " + looks[std::min(k + 1, looks.size() - 1)] + ")");
    return out;
  }

 private:
  const Graph& g_;
  const CFunction& f_;
  CShared& shared_;
  std::set<std::string>& helpers_;
  CStorage storage_;
  bool careful_, counted_ = false;
  std::vector<std::uint8_t> looked_at_;  // by cell
  std::vector<std::string> ends_;        // single numbers that are looked at
  std::uint32_t loop_ = 0;
  std::string indent_ = "  ";
  // By cell and offset: 1 over a number by which is divided more than once.
  std::map<std::pair<CellId, std::uint32_t>, std::string> reciprocals_;
  std::string text_;

  const std::vector<Cell>& cells() const { return storage_.cells().all; }
  const Cell& at(CellId c) const { return storage_.at(c); }
  const std::string& name(CellId c) { return storage_.name(c); }
  std::uint32_t region(CellId c) const { return storage_.order().region[c]; }

  // A division takes as long as several multiplications. Only numbers that stand outside of loops.
  void find_reciprocals() {
    std::map<std::pair<CellId, std::uint32_t>, int> divided;
    for (CellId c : storage_.order().cells) {
      if (at(c).kind != Cell::Kind::elementwise || at(c).code != code_of<Div>) continue;
      const View& by = at(c).arguments[1];
      const bool named = at(by.cell).kind == Cell::Kind::input || storage_.single(by.cell);
      if (by.distinct() != 1 || !named || storage_.repeated(by.cell)) continue;
      divided[{by.cell, by.offset}] += at(c).shape.scalar() ? 1 : 2;
    }
    for (const auto& [by, times] : divided)
      if (times > 1) reciprocals_[by];
  }
  void reciprocals_of(CellId c) {
    for (auto it = reciprocals_.lower_bound({c, 0}); it != reciprocals_.end() && it->first.first == c; ++it) {
      it->second = storage_.temporary("v");
      line("const double " + it->second + " = 1.0 / " + c_number(storage_.operand({c, it->first.second, {}, false})) +
           ";");
    }
  }

  void line(const std::string& s) { text_ += indent_ + s + "\n"; }
  void lines(const std::vector<std::string>& all) {
    for (const std::string& s : all) line(s);
  }
  void loop(std::uint64_t n, const std::string& body) { line(c_for(n, body)); }
  void close_loop() {
    if (loop_ != 0) line("}");
    loop_ = 0;
  }

  // Steps that differ in where their operands stand alone are one loop; the others are written out.
  void repeat(std::size_t k) {
    constexpr std::size_t least = 3;
    const CRepeat& r = storage_.repeats()[k - 1];
    for (std::size_t step = 0, steps = 0; step < r.count; step += steps) {
      steps = storage_.alike(k, step);
      if (steps < least) steps = 1;
      close_loop();
      storage_.enter(k, step, steps);
      if (steps > 1) line(c_for(steps, "{", c_step));
      if (steps > 1) indent_ += "  ";
      const std::span statements = std::span(storage_.order().cells).subspan(r.first + step * r.period, r.period);
      for (const CellId c : statements)
        if (const std::string s = storage_.declaration(c); !s.empty()) line(s);
      for (const CellId c : statements) cell(c);
      close_loop();
      if (steps > 1) indent_.resize(2);
      if (steps > 1) line("}");
    }
    storage_.enter(0, 0, 0);
  }

  std::string expression(CellId id, const char* i) {
    const Cell& c = at(id);
    std::string x[3];
    for (std::size_t j = 0; j < c.arguments.size(); ++j) {
      const COperand from = storage_.argument(id, j);
      x[j] = c.arguments[j].distinct() == 1 ? c_number(from) : c_element(from, i);
    }
    if (c.code == code_of<Div> && c.arguments[1].distinct() == 1 && storage_.argument(id, 1).step == 0)
      if (const auto known = reciprocals_.find({c.arguments[1].cell, c.arguments[1].offset});
          known != reciprocals_.end())
        return x[0] == "1.0" ? known->second : c_expression(code_of<Mul>, x[0], known->second, "", helpers_);
    const Code code = c.code == code_of<StrongMul> && !careful_ ? code_of<Mul> : c.code;
    std::string e = c_expression(code, x[0], x[1], x[2], helpers_);
    if (e.empty()) throw NoCVersion(std::string(row_of(static_cast<Op>(c.code)).info->name));
    return e;
  }

  // Counts those of x that are not numbers.
  void look(CellId id, const std::string& x) {
    if (looked_at_[id] == 0) return;
    counted_ = true;
    line("wrong += " + x + " != " + x + ";");
  }
  void look_at_all(CellId id) {
    if (looked_at_[id] == 0) return;
    counted_ = true;
    helpers_.insert("wg_not_numbers");
    line("wrong += wg_not_numbers(" + name(id) + ", " + to_string(at(id).shape.size()) + ");");
  }

  void cell(CellId id) {
    const Cell& c = at(id);
    if (c.kind == Cell::Kind::elementwise && !c.shape.scalar()) return in_loop(id, c);
    close_loop();
    if (storage_.single(id)) return single(id);
    write(id, c);
    look_at_all(id);
  }

  void single(CellId id) {
    const std::string e = expression(id, "i");
    line("const double " + name(id) + " = " + e + ";");
    if (const std::string kept = storage_.kept_number(id); !kept.empty()) line(kept + " = " + name(id) + ";");
    if (storage_.repeated(id))
      look(id, name(id));
    else if (looked_at_[id] != 0)
      ends_.push_back(name(id));
    reciprocals_of(id);
  }

  void write(CellId id, const Cell& c) {
    switch (c.kind) {
      case Cell::Kind::place:
        return place(id, c);
      case Cell::Kind::iota:
        return loop(c.shape.size(), name(id) + "[i] = (double)(" + to_string(c.number) + " + i);");
      case Cell::Kind::product:
        return line(c_product(c, name(id), pointer(id, 0), pointer(id, 1), careful_, helpers_));
      default:
        if (c.code == code_of<Iterate> || c.code == code_of<IterateAdjoint>) return iterate(id, c);
        return lines(c_array(c, name(id), pointer(id, 0), c.arguments.size() > 1 ? pointer(id, 1) : "", helpers_));
    }
  }
  std::string pointer(CellId id, std::size_t j) { return c_pointer(storage_.argument(id, j)); }

  void in_loop(CellId id, const Cell& c) {
    if (region(id) == 0 || loop_ != region(id)) {
      close_loop();
      loop_ = region(id);
      if (loop_ == 0) {
        const std::string e = expression(id, "i");
        loop(c.shape.size(), name(id) + "[i] = " + e + ";");
        return look_at_all(id);
      }
      line(c_for(c.shape.size(), "{"));
    }
    const std::string e = expression(id, "i");
    line(storage_.local(id) ? "  const double " + name(id) + " = " + e + ";" : "  " + name(id) + "[i] = " + e + ";");
    look(id, storage_.local(id) ? name(id) : name(id) + "[i]");
  }

  struct Move {
    std::int64_t begin, count;
    bool add;
    bool one;  // the same number for all
    COperand from;
  };
  std::vector<Move> moves_of(CellId id, const PlaceRuns& runs) {
    std::vector<Move> out;
    for (const PlaceRun& r : runs.moves) {
      const View& v = at(id).arguments[r.argument];
      if (storage_.home(v.cell) == storage_.home(id) && v.cell != id && !r.add) continue;  // it is there
      Move m{static_cast<std::int64_t>(r.begin), static_cast<std::int64_t>(r.count), r.add, v.distinct() == 1,
             storage_.argument(id, r.argument)};
      if (!m.one) m.from.offset += static_cast<std::int64_t>(r.offset);
      out.push_back(std::move(m));
    }
    return out;
  }
  // Sums at one place keep their order; between places there is none.
  static void bring_together(std::vector<Move>& moves) {
    std::map<std::int64_t, std::int64_t> count;
    for (const Move& m : moves)
      if (const auto [it, fresh] = count.try_emplace(m.begin, m.count); !fresh && it->second != m.count) return;
    std::int64_t end = 0;
    for (const auto& [begin, n] : count) {
      if (begin < end) return;
      end = begin + n;
    }
    std::stable_sort(moves.begin(), moves.end(), [](const Move& a, const Move& b) { return a.begin < b.begin; });
  }
  // How many of these, from the first on, lie at equal distances.
  static std::size_t in_line(std::span<const Move> moves) {
    const auto follows = [&](std::size_t k) {
      const Move &a = moves[0], &b = moves[1], &c = moves[k];
      const auto n = static_cast<std::int64_t>(k);
      return c.from.kind == COperand::Kind::array && c.from.base == a.from.base && c.from.step == a.from.step &&
             c.count == a.count && c.add == a.add && c.one == a.one && c.begin - a.begin == n * (b.begin - a.begin) &&
             c.from.offset - a.from.offset == n * (b.from.offset - a.from.offset);
    };
    std::size_t n = 1;
    while (n < moves.size() && follows(n)) ++n;
    return n;
  }

  void place(CellId id, const Cell& c) {
    constexpr std::size_t least = 4;
    const PlaceRuns runs = place_runs(c);
    const std::string& out = name(id);
    std::vector<Move> moves = moves_of(id, runs);
    bring_together(moves);
    for (std::size_t k = 0, n = 0; k < moves.size(); k += n) {
      const Move& m = moves[k];
      n = in_line(std::span(moves).subspan(k));
      if (n < least) n = 1;
      const std::int64_t to = n > 1 ? moves[k + 1].begin - m.begin : 0;
      const std::int64_t from = n > 1 ? moves[k + 1].from.offset - m.from.offset : 0;
      const std::int64_t each = m.count > 1 ? 1 : 0;
      const std::string source =
          m.from.kind != COperand::Kind::array
              ? c_number(m.from)
              : m.from.base + "[" +
                    c_index(m.from.offset, {{"i", m.one ? 0 : each}, {"j", from}, {c_step, m.from.step}}) + "]";
      const std::string body =
          out + "[" + c_index(m.begin, {{"i", each}, {"j", to}}) + "]" + (m.add ? " += " : " = ") + source + ";";
      const std::string line_of = each != 0 ? c_for(static_cast<std::uint64_t>(m.count), body) : body;
      line(n > 1 ? c_for(n, line_of, "j") : line_of);
    }
    for (const auto& [begin, count] : runs.zeros)
      if (const std::string at = c_index(static_cast<std::int64_t>(begin), {{"i", count > 1 ? 1 : 0}}); count > 1)
        loop(count, out + "[" + at + "] = 0.0;");
      else
        line(out + "[" + at + "] = 0.0;");
  }

  void iterate(CellId id, const Cell& c) {
    const bool adjoint = c.code == code_of<IterateAdjoint>;
    const CLoop& body = c_loop(g_, g_[c.node].payload, adjoint, shared_);
    const CLoopUse use{
        name(id),
        [&](std::size_t k, bool by_value) { return by_value ? c_number(storage_.argument(id, k)) : pointer(id, k); },
        [&](std::uint64_t n) { return storage_.room(n); }};
    lines(adjoint ? c_iterate_adjoint(body, use) : c_iterate(body, use));
  }

  void copy_out(std::size_t k) {
    const View& v = storage_.cells().outputs[k];
    const COperand from = storage_.operand(v);
    const std::string& out = f_.outputs[k].name;
    if (v.shape.scalar())
      line("*" + out + " = " + c_number(from) + ";");
    else
      loop(v.shape.size(), out + "[i] = " + (v.distinct() == 1 ? c_number(from) : c_element(from, "i")) + ";");
  }
};

}  // namespace

std::string c_parameter(const CParameter& p, Shape shape, bool output) {
  if (output) return "double *restrict " + p.name;
  return shape.scalar() ? "double " + p.name : "const double *restrict " + p.name;
}

std::string write_function(const Graph& graph, const CFunction& f, CShared& shared, std::uint64_t& work, bool hidden) {
  const CStorage storage(graph, f);
  Body plain(graph, f, shared, storage, false);
  std::string body = plain.write(work);
  std::string parameters, arguments;
  for (const auto* list : {&f.inputs, &f.outputs})
    for (const CParameter& p : *list) {
      const char* separator = parameters.empty() ? "" : ", ";
      parameters += separator + c_parameter(p, graph[p.node].shape, list == &f.outputs);
      arguments += separator + p.name;
    }
  if (work > 0) {
    parameters += std::string(parameters.empty() ? "" : ", ") + "double *restrict work";
    arguments += std::string(arguments.empty() ? "" : ", ") + "work";
  }
  std::string text;
  if (const std::string doubt = plain.doubt(); !doubt.empty() && body.size() > longest_twice) {
    body = Body(graph, f, shared, storage, true).write(work);
  } else if (!doubt.empty()) {
    shared.helpers.insert("WG_COLD");
    text = "/* " + f.name +
           ", where a product is not a number, or a quotient is out of range. */\nWG_COLD static void " + f.name +
           "_careful(" + parameters + ") {\n" + Body(graph, f, shared, storage, true).write(work) + "}\n\n";
    body += "  if (" + doubt + ")\n    " + f.name + "_careful(" + arguments + ");\n";
  }
  if (!hidden) {
    text += "/* " + f.comment + " */\n";
    if (work > 0) text += "enum { " + f.name + "_work = " + to_string(work) + " };\n";
  }
  return text + (hidden ? "static " : "") + "void " + f.name + "(" + parameters + ") {\n" + body + "}\n\n";
}

}  // namespace wengert::exec
