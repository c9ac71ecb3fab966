#include "c_body.hpp"

#include <algorithm>

#include "c_arrays.hpp"
#include "order.hpp"

namespace wengert::exec {

namespace {

using std::to_string;

class Body {
 public:
  Body(const Graph& graph, const CFunction& f, CShared& shared)
      : g_(graph), f_(f), shared_(shared), helpers_(shared.helpers) {
    std::vector<NodeId> outputs, inputs;
    for (const CParameter& p : f.inputs) {
      inputs.push_back(p.node);
      taken_.insert(p.name);
    }
    for (const CParameter& p : f.outputs) {
      outputs.push_back(p.node);
      taken_.insert(p.name);
    }
    const PlanOptions options{.instructions = InstructionSet::baseline};
    cells_ = make_cells(graph, outputs, inputs, options, false);
    order_ = make_order(cells_, {.width = 1}, 2, false);
    if (order_.grouped) order_.region.assign(cells_.all.size(), 0);
    name_.resize(cells_.all.size());
    find_locals();
    direct_.resize(f.outputs.size());
    for (std::size_t k = 0; k < f.outputs.size(); ++k) direct(k);
    find_homes();
  }

  std::string write(std::uint64_t& work) {
    find_reciprocals();
    for (CellId c = 0; c < cells_.all.size(); ++c)
      if (at(c).kind == Cell::Kind::input) reciprocals_of(c);
    for (std::size_t p = 0; p < order_.cells.size(); ++p) cell(order_.cells[p], p);
    close_loop();
    for (std::size_t k = 0; k < f_.outputs.size(); ++k)
      if (!direct_[k]) copy_out(k);
    work = on_stack() ? 0 : top_;
    std::string head;
    std::set<std::uint32_t> read;
    for (CellId c = 0; c < cells_.all.size(); ++c)
      if (at(c).kind == Cell::Kind::input && order_.uses[c] > 0) read.insert(at(c).number);
    for (std::uint32_t k = 0; k < f_.inputs.size(); ++k)
      if (!read.contains(k)) head += "  (void)" + f_.inputs[k].name + ";\n";
    const auto declared = [&](const std::string& name, std::uint64_t size, std::uint64_t place) {
      return on_stack() ? "  double " + name + "[" + to_string(size) + "];\n"
                        : "  double *const " + name + " = work + " + to_string(place) + ";\n";
    };
    for (const Room& r : rooms_) head += declared(r.name, r.size, r.at);
    for (CellId c : order_.cells)
      if (in_memory(c)) head += declared(name_[c], cells_.all[c].shape.size(), at_[c]);
    return head + text_;
  }

 private:
  const Graph& g_;
  const CFunction& f_;
  CShared& shared_;
  std::set<std::string>& helpers_;
  Cells cells_;
  Order order_;
  std::vector<std::string> name_;    // by cell
  std::vector<std::uint8_t> local_;  // lives within its loop
  std::vector<std::uint8_t> direct_, written_;
  std::vector<CellId> home_;       // by cell: the place at whose beginning it is computed, or itself
  std::vector<std::uint64_t> at_;  // in work
  std::set<std::string> taken_;
  std::uint64_t top_ = 0;
  struct Room {
    std::string name;
    std::uint64_t at, size;
  };
  std::vector<Room> rooms_;  // arrays that no cell has
  std::uint32_t loop_ = 0;
  std::size_t temporaries_ = 0;
  // By cell and offset: 1 over a number by which is divided more than once.
  std::map<std::pair<CellId, std::uint32_t>, std::string> reciprocals_;
  std::string text_;

  const Cell& at(CellId c) const { return cells_.all[c]; }
  bool single(CellId c) const { return at(c).kind == Cell::Kind::elementwise && at(c).shape.scalar(); }
  bool in_memory(CellId c) const { return !single(c) && !local_[c] && !written_[c]; }
  bool on_stack() const { return top_ <= stack_doubles; }

  void find_locals() {
    local_.resize(cells_.all.size());
    written_.resize(cells_.all.size());
    std::vector<std::uint8_t> outside(cells_.all.size());
    for (CellId c : order_.cells)
      for (const View& v : at(c).arguments)
        if (order_.region[c] == 0 || order_.region[c] != order_.region[v.cell]) outside[v.cell] = 1;
    for (const View& v : cells_.outputs) outside[v.cell] = 1;
    for (CellId c : order_.cells) local_[c] = order_.region[c] != 0 && outside[c] == 0;
  }

  // What a place alone reads, and has at its beginning, is computed there.
  void find_homes() {
    home_.resize(cells_.all.size());
    for (CellId c = 0; c < home_.size(); ++c) home_[c] = c;
    for (std::size_t p = order_.cells.size(); p-- > 0;) {  // of places in places, the outer one first
      const CellId id = order_.cells[p];
      if (at(id).kind != Cell::Kind::place) continue;
      for (const PlaceRun& r : place_runs(at(id)).moves) {
        const View& v = at(id).arguments[r.argument];
        const Cell& c = at(v.cell);
        if (c.kind == Cell::Kind::constant || c.kind == Cell::Kind::input || single(v.cell) ||
            order_.uses[v.cell] != 1 || written_[v.cell] != 0)
          continue;
        if (r.add || r.begin != 0 || r.offset != 0 || v.repeated || v.offset != 0 || r.count != c.shape.size()) continue;
        home_[v.cell] = home_[id];
        written_[v.cell] = 1;
      }
    }
  }

  // A division takes as long as several multiplications. Only numbers that stand outside of loops.
  void find_reciprocals() {
    std::map<std::pair<CellId, std::uint32_t>, int> divided;
    for (CellId c : order_.cells) {
      if (at(c).kind != Cell::Kind::elementwise || at(c).code != code_of<Div>) continue;
      const View& by = at(c).arguments[1];
      if (by.distinct() != 1 || (at(by.cell).kind != Cell::Kind::input && !single(by.cell))) continue;
      divided[{by.cell, by.offset}] += at(c).shape.scalar() ? 1 : 2;
    }
    for (const auto& [by, times] : divided)
      if (times > 1) reciprocals_[by];
  }
  void reciprocals_of(CellId c) {
    for (auto it = reciprocals_.lower_bound({c, 0}); it != reciprocals_.end() && it->first.first == c; ++it) {
      it->second = "v" + to_string(++temporaries_);
      line("const double " + it->second + " = 1.0 / " + number({c, it->first.second, {}, false}) + ";");
    }
  }

  // An output that is a cell of its own is written where it belongs.
  void direct(std::size_t k) {
    const View& v = cells_.outputs[k];
    const Cell& c = at(v.cell);
    if (c.kind == Cell::Kind::constant || c.kind == Cell::Kind::input || single(v.cell) || written_[v.cell] != 0)
      return;
    if (v.repeated || v.offset != 0 || v.shape.size() != c.shape.size()) return;
    direct_[k] = written_[v.cell] = 1;
    name_[v.cell] = f_.outputs[k].name;
  }

  void line(const std::string& s) { text_ += "  " + s + "\n"; }
  void lines(const std::vector<std::string>& all) {
    for (const std::string& s : all) line(s);
  }
  void close_loop() {
    if (loop_ != 0) line("}");
    loop_ = 0;
  }
  std::string fresh(CellId c, const char* letter) {
    const std::string* known = at(c).node == no_node ? nullptr : g_.name_of(at(c).node);
    if (known != nullptr) return c_name(*known, taken_);
    return letter + to_string(++temporaries_);
  }
  // The C name of a cell's numbers; where its memory is, the first time.
  const std::string& name(CellId c) {
    std::string& s = name_[c];
    if (!s.empty()) return s;
    if (home_[c] != c) return s = name(home_[c]);  // a root: it has no home but itself
    const Cell& cell = at(c);
    if (cell.kind == Cell::Kind::constant) return s = c_number(cell.value);
    if (cell.kind == Cell::Kind::input) return s = f_.inputs[cell.number].name;
    s = fresh(c, single(c) || local_[c] ? "v" : "a");
    if (in_memory(c)) {
      at_.resize(cells_.all.size());
      at_[c] = top_;
      top_ += cell.shape.size();
    }
    return s;
  }

  // One number: of a scalar, or the element at the view's offset.
  std::string number(const View& v) {
    const Cell& c = at(v.cell);
    const bool plain =
        c.shape.scalar() && (c.kind == Cell::Kind::constant || c.kind == Cell::Kind::input || single(v.cell));
    return plain ? name(v.cell) : name(v.cell) + "[" + to_string(v.offset) + "]";
  }
  std::string pointer(const View& v) {
    if (const Cell& c = at(v.cell); c.shape.scalar() && (c.kind == Cell::Kind::input || single(v.cell)))
      return "&" + name(v.cell);
    else if (c.shape.scalar() && c.kind == Cell::Kind::constant)
      return "(const double[]){" + name(v.cell) + "}";
    return v.offset == 0 ? name(v.cell) : name(v.cell) + " + " + to_string(v.offset);
  }
  std::string element(const View& v, const char* i) {
    if (v.distinct() == 1) return number(v);
    if (local_[v.cell]) return name(v.cell);
    return name(v.cell) + "[" + (v.offset == 0 ? std::string(i) : i + (" + " + to_string(v.offset))) + "]";
  }

  std::string expression(const Cell& c, const char* i) {
    std::string x[3];
    for (std::size_t j = 0; j < c.arguments.size(); ++j) x[j] = element(c.arguments[j], i);
    if (c.code == code_of<Div> && c.arguments[1].distinct() == 1)
      if (const auto known = reciprocals_.find({c.arguments[1].cell, c.arguments[1].offset}); known != reciprocals_.end())
        return x[0] == "1.0" ? known->second : c_expression(code_of<Mul>, x[0], known->second, "", helpers_);
    std::string e = c_expression(c.code, x[0], x[1], x[2], helpers_);
    if (e.empty()) throw NoCVersion(std::string(row_of(static_cast<Op>(c.code)).info->name));
    return e;
  }

  void cell(CellId id, std::size_t) {
    const Cell& c = at(id);
    if (c.kind == Cell::Kind::elementwise && !c.shape.scalar()) return in_loop(id, c);
    close_loop();
    switch (c.kind) {
      case Cell::Kind::elementwise: {
        const std::string e = expression(c, "i");
        line("const double " + name(id) + " = " + e + ";");
        return reciprocals_of(id);
      }
      case Cell::Kind::place:
        return place(id, c);
      case Cell::Kind::iota:
        return loop(c.shape.size(), name(id) + "[i] = (double)(" + to_string(c.number) + " + i);");
      case Cell::Kind::product:
        return product(id, c);
      default:
        return array(id, c);
    }
  }

  void loop(std::uint64_t n, const std::string& body) {
    line("for (size_t i = 0; i < " + to_string(n) + "; ++i) " + body);
  }

  void in_loop(CellId id, const Cell& c) {
    if (order_.region[id] == 0 || loop_ != order_.region[id]) {
      close_loop();
      loop_ = order_.region[id];
      if (loop_ == 0) {
        const std::string e = expression(c, "i");
        return loop(c.shape.size(), name(id) + "[i] = " + e + ";");
      }
      line("for (size_t i = 0; i < " + to_string(c.shape.size()) + "; ++i) {");
    }
    const std::string e = expression(c, "i");
    line(local_[id] ? "  const double " + name(id) + " = " + e + ";" : "  " + name(id) + "[i] = " + e + ";");
  }

  void place(CellId id, const Cell& c) {
    const PlaceRuns runs = place_runs(c);
    const std::string& out = name(id);
    const auto index = [](const std::string& i, std::uint64_t by) { return by == 0 ? i : i + " + " + to_string(by); };
    for (const PlaceRun& r : runs.moves) {
      View v = c.arguments[r.argument];
      if (home_[v.cell] == home_[id] && v.cell != id && !r.add) continue;  // it is there
      const char* how = r.add ? " += " : " = ";
      if (!v.repeated && v.distinct() > 1) v.offset += static_cast<std::uint32_t>(r.offset);
      if (r.count == 1)
        line(out + "[" + to_string(r.begin) + "]" + how +
             (v.distinct() == 1 ? number(v) : name(v.cell) + "[" + to_string(v.offset) + "]") + ";");
      else
        loop(r.count, out + "[" + index("i", r.begin) + "]" + how + element(v, "i") + ";");
    }
    for (const auto& [begin, count] : runs.zeros) loop(count, out + "[" + index("i", begin) + "] = 0.0;");
  }

  void product(CellId id, const Cell& c) {
    const bool lt = (c.number & left_transposed) != 0, rt = (c.number & right_transposed) != 0;
    const Shape a = c.arguments[0].shape, b = c.arguments[1].shape;
    const char* f = (c.number & strong_product) != 0 ? "wg_strong_product" : "wg_product";
    helpers_.insert(f);
    const std::string left = pointer(c.arguments[0]), right = pointer(c.arguments[1]);
    const auto steps = [](bool transposed, Shape s) {
      return transposed ? ", 1, " + to_string(s.cols) : ", " + to_string(s.cols) + ", 1";
    };
    line(std::string(f) + "(" + name(id) + ", " + left + steps(lt, a) + ", " + right + steps(rt, b) + ", " +
         to_string(c.shape.rows) + ", " + to_string(lt ? a.rows : a.cols) + ", " + to_string(c.shape.cols) + ");");
  }

  // f(begin, count, stride) of each line of a reduction, written as a loop over the lines.
  void reduction(CellId id, const Cell& c, const std::string& helper) {
    helpers_.insert(helper);
    const Shape s = c.arguments[0].shape;
    const std::string x = pointer(c.arguments[0]);
    const auto call = [&](const std::string& from, std::uint64_t n, std::uint64_t stride) {
      return helper + "(" + from + ", " + to_string(n) + ", " + to_string(stride) + ")";
    };
    if (c.number == along::all || c.shape.scalar())
      line(name(id) + "[0] = " + call(x, s.size(), 1) + ";");
    else if (c.number == along::rows)
      loop(s.cols, name(id) + "[i] = " + call(x + " + i", s.rows, s.cols) + ";");
    else
      loop(s.rows, name(id) + "[i] = " + call(x + " + i * " + to_string(s.cols), s.cols, 1) + ";");
  }

  void gather(CellId id, const Cell& c, const std::string& row, const std::string& column) {
    const std::string x = pointer(c.arguments[0]);
    line("for (size_t i = 0; i < " + to_string(c.shape.rows) + "; ++i)");
    line("  for (size_t j = 0; j < " + to_string(c.shape.cols) + "; ++j) " + name(id) + "[i * " +
         to_string(c.shape.cols) + " + j] = (" + x + ")[" + row + " + " + column + "];");
  }

  void array(CellId id, const Cell& c) {
    const Shape s = c.arguments[0].shape;
    const std::string cols = to_string(s.cols);
    if (c.code == code_of<Sum>) return reduction(id, c, "wg_sum");
    if (c.code == code_of<MaxOf>) return reduction(id, c, "wg_largest");
    if (c.code == code_of<MinOf>) return reduction(id, c, "wg_smallest");
    if (c.code == code_of<Transpose>) return gather(id, c, "j * " + cols, "i");
    if (c.code == code_of<Broadcast>) return gather(id, c, s.rows == 1 ? "0" : "i * " + cols, s.cols == 1 ? "0" : "j");
    if (c.code == code_of<Part>)
      return gather(id, c, "(i + " + to_string(c.slices[0].row) + ") * " + cols, "j + " + to_string(c.slices[0].col));
    if (c.code == code_of<Diagonal>) return gather(id, c, "i * " + cols, "i + 0 * j");
    const std::string x = pointer(c.arguments[0]), y = name(id);
    if (c.code == code_of<Norm>) {
      helpers_.insert("wg_norm");
      return line(y + "[0] = wg_norm(" + x + ", " + to_string(s.size()) + ");");
    }
    if (c.code == code_of<DiagonalMatrix>) {
      loop(c.shape.size(), y + "[i] = 0.0;");
      return loop(s.size(), y + "[i * " + to_string(c.shape.cols + 1) + "] = (" + x + ")[i];");
    }
    if (c.code == code_of<ArgMax> || c.code == code_of<ArgMin>) {
      line(y + "[0] = 1.0;");
      const char* better = c.code == code_of<ArgMax> ? " > " : " < ";
      return loop(s.size(), "if ((" + x + ")[i]" + better + "(" + x + ")[(size_t)" + y + "[0] - 1]) " + y +
                                "[0] = (double)(i + 1);");
    }
    if (c.code == code_of<Cumsum>) return lines(c_running_sums(c, y, x));
    if (c.code == code_of<Iterate> || c.code == code_of<IterateAdjoint>) return iterate(id, c);
    if (c.code == code_of<Kron> || c.code == code_of<BlockProduct> || c.code == code_of<BlockSum>)
      return lines(c_kronecker(c, y, x, pointer(c.arguments[1]), helpers_));
    if (c.code == code_of<Solve> || c.code == code_of<Inv> || c.code == code_of<Det> || c.code == code_of<LogDet>)
      return lines(c_factored(c, y, x, c.arguments.size() > 1 ? pointer(c.arguments[1]) : "", helpers_));
    throw NoCVersion(std::string(row_of(static_cast<Op>(c.code)).info->name));
  }

  std::string room(std::uint64_t n) {
    rooms_.push_back({"a" + to_string(++temporaries_), top_, n});
    top_ += n;
    return rooms_.back().name;
  }
  void iterate(CellId id, const Cell& c) {
    const bool adjoint = c.code == code_of<IterateAdjoint>;
    const CLoop& body = c_loop(g_, g_[c.node].payload, adjoint, shared_);
    const CLoopUse use{name(id),
                       [&](std::size_t k, bool by_value) {
                         return by_value ? number(c.arguments[k]) : pointer(c.arguments[k]);
                       },
                       [&](std::uint64_t n) { return room(n); }};
    lines(adjoint ? c_iterate_adjoint(body, use) : c_iterate(body, use));
  }

  void copy_out(std::size_t k) {
    const View& v = cells_.outputs[k];
    const std::string& out = f_.outputs[k].name;
    if (v.shape.scalar())
      line("*" + out + " = " + number(v) + ";");
    else
      loop(v.shape.size(), out + "[i] = " + element(v, "i") + ";");
  }
};

}  // namespace

std::string c_parameter(const CParameter& p, Shape shape, bool output) {
  if (output) return "double *restrict " + p.name;
  return shape.scalar() ? "double " + p.name : "const double *restrict " + p.name;
}

std::string write_function(const Graph& graph, const CFunction& f, CShared& shared, std::uint64_t& work,
                           bool hidden) {
  const std::string body = Body(graph, f, shared).write(work);
  std::string head = "void " + f.name + "(";
  std::string separator;
  for (const auto* list : {&f.inputs, &f.outputs})
    for (const CParameter& p : *list) {
      head += separator + c_parameter(p, graph[p.node].shape, list == &f.outputs);
      separator = ", ";
    }
  if (work > 0) head += separator + "double *restrict work";
  if (hidden) return head + ") {\n" + body + "}\n\n";
  std::string text = "/* " + f.comment + " */\n";
  if (work > 0) text += "enum { " + f.name + "_work = " + to_string(work) + " };\n";
  return text + head + ") {\n" + body + "}\n\n";
}

}  // namespace wengert::exec
