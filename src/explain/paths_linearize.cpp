// From the rows of a trace to a graph of scalars.
#include <algorithm>

#include "wengert/explain/paths.hpp"
#include "wengert/rules/table.hpp"

namespace wengert {

namespace {


struct InEdge {
  std::size_t from;
  double partial;
};

class Linearizer {
 public:
  Linearizer(const Trace& trace, std::size_t edge_limit)
      : t_(trace), edge_limit_(edge_limit), vertex_(trace.rows.size()) {}

  Result<Linearization> run() {
    for (std::size_t r = 0; r < t_.rows.size(); ++r) {
      if (!t_.rows[r].active) continue;
      for (const TracePartial& p : t_.rows[r].partials)
        if (!p.complete())
          return too_large(r, "the derivative of this step has " + std::to_string(p.shape.size()) + " entries");
      if (!add_row(r))
        return too_large(r,
                         "the program has more than " + std::to_string(edge_limit_) + " dependences between scalars");
    }
    for (const TraceSeed& s : t_.seeds) g_.inputs.push_back(vertex_of(s.row, s.element));
    share_outputs();
    return std::move(g_);
  }

 private:
  Diagnostic too_large(std::size_t row, std::string message) const {
    return {Kind::limit,
            std::move(message) + ": too many for paths between scalars",
            t_.rows[row].span,
            "paths and eliminations are for programs whose graph one can look at; take fewer or smaller inputs",
            {}};
  }
  std::size_t vertex_of(std::size_t row, std::size_t element) const {
    return vertex_[row].empty() ? Linearization::no_vertex : vertex_[row][element];
  }

  bool add_row(std::size_t r) {
    const TraceRow& row = t_.rows[r];
    const std::size_t n = row.shape.size();
    if (n > edge_limit_) return false;
    vertex_[r].assign(n, Linearization::no_vertex);
    std::vector<std::vector<InEdge>> in(n);
    for (std::size_t j = 0; j < row.arguments.size(); ++j) collect(row.partials[j], row.arguments[j], in);
    const bool moves = row.op >= Op::first_row && row_of(row.op).linear && !row_of(row.op).elementwise;
    for (std::size_t e = 0; e < n; ++e) {
      if (moves && r != t_.output && !row.defined && in[e].size() == 1 && in[e][0].partial == 1) {
        vertex_[r][e] = in[e][0].from;
        continue;
      }
      if (row.op != Op::input && in[e].empty()) continue;  // constant
      vertex_[r][e] = g_.vertices.size();
      g_.vertices.push_back({element_name(row.name, row.shape, e), r, e});
      for (const InEdge& i : in[e]) g_.edges.push_back({i.from, vertex_[r][e], i.partial});
      if (g_.edges.size() > edge_limit_) return false;
    }
    return true;
  }

  void collect(const TracePartial& p, std::size_t argument, std::vector<std::vector<InEdge>>& in) const {
    if (!p.varies) return;
    const auto add = [&](std::size_t r, std::size_t c, double partial) {
      if (const std::size_t from = vertex_of(argument, c); from != Linearization::no_vertex) in[r].push_back({from, partial});
    };
    if (p.diagonal) {
      for (std::size_t k = 0; k < p.entries.size(); ++k) add(k, k, p.entries[k]);
      return;
    }
    for (std::size_t k = 0; k < p.entries.size(); ++k)
      if (p.structure.empty() || p.structure[k]) add(k / p.shape.cols, k % p.shape.cols, p.entries[k]);
  }

  // An element of the output that is a copy is the vertex it copies, if nothing else uses that.
  void share_outputs() {
    const TraceRow& row = t_.rows[t_.output];
    for (std::size_t e = 0; e < row.shape.size(); ++e) g_.outputs.push_back(vertex_of(t_.output, e));
    if (row.op < Op::first_row || !row_of(row.op).linear || row_of(row.op).elementwise) return;
    std::vector<std::size_t> uses(g_.vertices.size()), in(g_.vertices.size()), renamed(g_.vertices.size());
    std::vector<bool> gone(g_.vertices.size());
    for (std::size_t v = 0; v < renamed.size(); ++v) renamed[v] = v;
    for (const auto& e : g_.edges) {
      ++uses[e.from];
      ++in[e.to];
    }
    for (const auto& e : g_.edges) {
      const TraceRow& source = t_.rows[g_.vertices[e.from].row];
      if (g_.vertices[e.to].row != t_.output || in[e.to] != 1 || uses[e.from] != 1 || e.partial != 1 ||
          source.op == Op::input)
        continue;
      renamed[e.to] = e.from;
      gone[e.to] = true;
      if (!source.defined) g_.vertices[e.from].name = g_.vertices[e.to].name;
    }
    compact(renamed, gone);
  }

  void compact(const std::vector<std::size_t>& renamed, const std::vector<bool>& gone) {
    std::vector<std::size_t> place(g_.vertices.size(), Linearization::no_vertex);
    std::vector<Linearization::Vertex> kept;
    for (std::size_t v = 0; v < gone.size(); ++v)
      if (!gone[v]) {
        place[v] = kept.size();
        kept.push_back(std::move(g_.vertices[v]));
      }
    g_.vertices = std::move(kept);
    std::erase_if(g_.edges, [&](const auto& e) { return gone[e.to]; });
    for (auto& e : g_.edges) e = {place[e.from], place[e.to], e.partial};
    for (auto* list : {&g_.inputs, &g_.outputs})
      for (std::size_t& v : *list)
        if (v != Linearization::no_vertex) v = place[renamed[v]];
  }

  const Trace& t_;
  std::size_t edge_limit_;
  std::vector<std::vector<std::size_t>> vertex_;  // by row, by element
  Linearization g_;
};

}  // namespace

Result<Linearization> linearize(const Trace& trace, std::size_t edge_limit) {
  return Linearizer(trace, edge_limit).run();
}

std::vector<std::vector<std::size_t>> Linearization::leaving() const {
  std::vector<std::vector<std::size_t>> out(vertices.size());
  for (std::size_t k = 0; k < edges.size(); ++k) out[edges[k].from].push_back(k);
  return out;
}

}  // namespace wengert
