#include "wengert/explain/paths.hpp"

#include <algorithm>
#include <boost/multiprecision/cpp_int.hpp>
#include <cmath>
#include <numeric>

#include "wengert/rules/vocabulary.hpp"

namespace wengert {

namespace {

using Big = boost::multiprecision::cpp_int;

// Paths from every vertex to the output, and the edges of all of them together.
struct Counts {
  std::vector<Big> paths, edges;
};

Counts count(const Linearization& g, const std::vector<std::vector<std::size_t>>& leaving, std::size_t output) {
  Counts c{std::vector<Big>(g.vertices.size()), std::vector<Big>(g.vertices.size())};
  for (std::size_t v = output + 1; v-- > 0;) {
    if (v == output) {
      c.paths[v] = 1;
      continue;
    }
    for (std::size_t e : leaving[v]) {
      const std::size_t to = g.edges[e].to;
      if (to > output || c.paths[to] == 0) continue;
      c.paths[v] += c.paths[to];
      c.edges[v] += c.edges[to] + c.paths[to];
    }
  }
  return c;
}

class Lister {
 public:
  Lister(const Linearization& g, const std::vector<std::vector<std::size_t>>& leaving, const Counts& counts,
         std::size_t output)
      : g_(g), leaving_(leaving), counts_(counts), output_(output) {}

  // The first `quota` paths, depth first, the next user in order at every fork.
  void list(std::size_t input, std::size_t quota, std::vector<Path>& out) const {
    Path path{.input = input, .vertices = {g_.inputs[input]}};
    std::vector<std::size_t> next{0};
    while (quota > 0 && !next.empty()) {
      const std::size_t v = path.vertices.back();
      if (v == output_) {
        out.push_back(path);
        multiply(out.back());
        --quota;
      }
      const std::size_t e = v == output_ ? leaving_[v].size() : useful(v, next.back());
      if (e < leaving_[v].size()) {
        next.back() = e + 1;
        path.vertices.push_back(g_.edges[leaving_[v][e]].to);
        path.partials.push_back(g_.edges[leaving_[v][e]].partial);
        next.push_back(0);
      } else {
        next.pop_back();
        path.vertices.pop_back();
        if (!path.partials.empty()) path.partials.pop_back();
      }
    }
  }

 private:
  std::size_t useful(std::size_t v, std::size_t e) const {
    while (e < leaving_[v].size() && counts_.paths[g_.edges[leaving_[v][e]].to] == 0) ++e;
    return e;
  }
  static void multiply(Path& path) {
    for (double p : path.partials) path.product = annihilate(path.product, p);
  }

  const Linearization& g_;
  const std::vector<std::vector<std::size_t>>& leaving_;
  const Counts& counts_;
  std::size_t output_;
};

// Every input gets its share; what is left over goes to the first ones.
std::vector<std::size_t> shares(const std::vector<Big>& counts, std::size_t limit) {
  std::vector<std::size_t> out(counts.size(), 0);
  const std::size_t each = counts.empty() ? 0 : limit / counts.size();
  std::size_t left = limit;
  for (const std::size_t at_most : {each, limit})
    for (std::size_t k = 0; k < counts.size(); ++k) {
      const std::size_t wanted = counts[k] > limit ? limit : static_cast<std::size_t>(counts[k]);
      const std::size_t more = std::min({wanted - out[k], std::max(at_most, out[k]) - out[k], left});
      out[k] += more;
      left -= more;
    }
  return out;
}

std::optional<double> derivative(const Trace& t, std::size_t input, std::size_t element) {
  if (t.tangents) return t.rows[t.output].tangents[input][element];
  for (std::size_t e = 0; e < t.cotangent.size(); ++e)
    if (t.cotangent[e] != (e == element ? 1.0 : 0.0)) return std::nullopt;
  return t.rows[t.seeds[input].row].adjoint[t.seeds[input].element];
}

bool close(double sum, double derivative, double scale) {
  if (std::isnan(sum) || std::isnan(derivative) || !std::isfinite(scale))
    return std::isnan(sum) == std::isnan(derivative);
  return std::fabs(sum - derivative) <= 1e-12 * scale;
}

}  // namespace

Paths paths(const Trace& trace, const Linearization& graph, const PathsOptions& options) {
  std::vector<std::size_t> inputs = options.inputs;
  if (inputs.empty()) {
    inputs.resize(graph.inputs.size());
    std::iota(inputs.begin(), inputs.end(), std::size_t{0});
  }
  const std::size_t output = options.element < graph.outputs.size() ? graph.outputs[options.element] : Linearization::no_vertex;
  const auto leaving = graph.leaving();
  const Counts counts = output == Linearization::no_vertex ? Counts{} : count(graph, leaving, output);
  std::vector<Big> of_input;
  Big total = 0, multiplications = 0;
  for (std::size_t k : inputs) {
    const std::size_t v = graph.inputs[k];
    of_input.push_back(output == Linearization::no_vertex || v == Linearization::no_vertex ? Big(0) : counts.paths[v]);
    total += of_input.back();
    if (of_input.back() != 0 && v != output) multiplications += counts.edges[v] - counts.paths[v];
  }
  Paths out{.count = total.str(), .multiplications = multiplications.str(), .complete = total <= options.limit};
  const std::vector<std::size_t> share = shares(of_input, options.limit);
  for (std::size_t k = 0; k < inputs.size(); ++k) {
    PathSum sum{.input = inputs[k],
                .count = of_input[k].str(),
                .listed = share[k],
                .derivative = derivative(trace, inputs[k], options.element)};
    const std::size_t begin = out.listed.size();
    if (share[k] > 0) Lister(graph, leaving, counts, output).list(inputs[k], share[k], out.listed);
    if (of_input[k] == share[k]) {
      double scale = 0;
      sum.sum = 0;
      for (std::size_t p = begin; p < out.listed.size(); ++p) {
        *sum.sum += out.listed[p].product;
        scale += std::fabs(out.listed[p].product);
      }
      if (sum.derivative) sum.agrees = close(*sum.sum, *sum.derivative, scale);
    }
    out.sums.push_back(std::move(sum));
  }
  return out;
}

std::string path_name(const Linearization& graph, const Path& path) {
  std::string out;
  for (std::size_t v : path.vertices) out += (out.empty() ? "" : "-") + graph.vertices[v].name;
  return out;
}

}  // namespace wengert
