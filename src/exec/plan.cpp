#include "wengert/exec/plan.hpp"

#include <algorithm>
#include <stdexcept>

#include "layout.hpp"
#include "parallel.hpp"
#include "wengert/sweep/at_once.hpp"

namespace wengert::exec {

namespace {

constexpr std::size_t blocks_a_thread = 4;  // fewer are not worth a thread
constexpr std::size_t few_pointers = 16;    // pointers that are kept without asking for memory

[[noreturn]] void wrong_count() {
  throw std::invalid_argument("a plan is run with as many inputs and outputs as it has");
}

// The beginnings of the workspace, the inputs and the outputs.
class Bases {
 public:
  Bases(const Layout& l, double* workspace, std::span<const double* const> in, std::span<double* const> out) {
    if (in.size() != l.inputs || out.size() != l.outputs) wrong_count();
    double** p = own_;
    if (1 + in.size() + out.size() > few_pointers) {
      more_.resize(1 + in.size() + out.size());
      p = more_.data();
    }
    all_ = p;
    *p++ = workspace;
    for (const double* x : in) *p++ = const_cast<double*>(x);  // only read
    for (double* y : out) *p++ = y;
  }
  double* const* all() const { return all_; }

 private:
  double* own_[few_pointers];
  std::vector<double*> more_;
  double** all_;
};

const double* from(const Layout::Transfer& t, double* const* bases) { return bases[t.from.base] + t.from.at; }

// `here` of `count` points from the point `first` on; the rest of the lanes repeats the last one.
void load(const Layout& l, const Layout::Transfer& t, double* w, const double* x, std::size_t first, std::size_t here,
          std::size_t count) {
  double* to = w + t.from.at;
  for (std::uint32_t e = 0; e < t.n; ++e, to += l.width) {
    const double* column = x + e * count + first;
    std::copy_n(column, here, to);
    std::fill_n(to + here, l.width - here, column[here - 1]);
  }
}

void store(const Layout& l, const Layout::Transfer& t, double* const* bases, double* y, std::size_t first,
           std::size_t here, std::size_t count) {
  const double* x = from(t, bases);
  for (std::uint32_t e = 0; e < t.n; ++e) {
    const std::size_t element = t.repeated ? 0 : e;
    if (t.varying)
      std::copy_n(x + element * l.width, here, y + e * count + first);
    else
      std::fill_n(y + e * count + first, here, x[element]);
  }
}

// Points first..end of `count`.
struct Range {
  std::size_t first, end, count;
};

// Machine code for points takes its columns from where they are.
void run_whole(const Layout& l, double* w, const Range& r, std::span<const double* const> in,
               std::span<double* const> out) {
  std::vector<double*> pointers;
  pointers.reserve(l.whole_pointers.size());
  for (const Pointer& p : l.whole_pointers) {
    const std::size_t place = p.columns * r.count + r.first;
    pointers.push_back(p.table == Pointer::Table::workspace ? w + p.offset
                       : p.table == Pointer::Table::input   ? const_cast<double*>(in[p.index]) + place  // only read
                                                            : out[p.index] + place);
  }
  l.whole->loop(pointers.data(), r.end - r.first);
}

void run_points(const Layout& l, double* w, const Range& r, const Bases& bases, std::span<const double* const> in,
                std::span<double* const> out) {
  for (const Layout::Transfer& t : l.loads)
    if (!t.varying) std::copy_n(in[t.which], t.n, w + t.from.at);
  run_steps(l, l.shared, bases.all());
  if (l.whole != nullptr) return run_whole(l, w, r, in, out);
  for (std::size_t first = r.first; first < r.end; first += l.width) {
    ask_whether_to_stop(l.stop);
    const std::size_t here = std::min<std::size_t>(l.width, r.end - first);
    for (const Layout::Transfer& t : l.loads)
      if (t.varying) load(l, t, w, in[t.which], first, here, r.count);
    run_steps(l, l.steps, bases.all());
    for (const Layout::Transfer& t : l.stores) store(l, t, bases.all(), out[t.which], first, here, r.count);
  }
}

}  // namespace

Plan::Plan(const Graph& graph, std::vector<NodeId> outputs, std::vector<NodeId> inputs, PlanOptions options) {
  if (options.width != 1 && options.width % 8 != 0)
    throw std::invalid_argument("the width of a plan is 1 or a multiple of 8");
  layout_ = std::make_shared<const Layout>(make_layout(graph, outputs, inputs, options));
  inputs_ = inputs.size();
  outputs_ = outputs.size();
  if (layout_->width == 1 && layout_->whole != nullptr)
    code_ = reinterpret_cast<decltype(code_)>(layout_->whole->entry);
}

void Plan::run_one(Workspace& workspace, std::span<const double* const> in, std::span<double* const> out) const {
  const Layout& l = *layout_;
  if (l.width != 1) return run(workspace, 1, in, out);
  double* w = workspace.numbers();
  const Bases bases(l, w, in, out);
  if (l.whole != nullptr) return l.whole->numbers(w, in.data(), out.data());
  for (const Layout::Transfer& t : l.loads) {
    if (t.n == 1)
      w[t.from.at] = in[t.which][0];
    else
      std::copy_n(in[t.which], t.n, w + t.from.at);
  }
  run_steps(l, l.shared, bases.all());
  run_steps(l, l.steps, bases.all());
  for (const Layout::Transfer& t : l.stores) {
    const double* x = from(t, bases.all());
    if (t.repeated)
      std::fill_n(out[t.which], t.n, *x);
    else if (t.n == 1)
      out[t.which][0] = *x;
    else
      std::copy_n(x, t.n, out[t.which]);
  }
}

void Plan::run(Workspace& workspace, std::size_t count, std::span<const double* const> in,
               std::span<double* const> out) const {
  const Layout& l = *layout_;
  double* w = workspace.numbers();
  const Bases bases(l, w, in, out);
  if (count == 0) return;
  if (l.width == 1) {
    if (count != 1) throw std::invalid_argument("many points want a plan of a width");
    return run(workspace, in, out);
  }
  run_points(l, w, {0, count, count}, bases, in, out);
}

void Plan::run(std::span<Workspace> workspaces, std::size_t count, std::span<const double* const> in,
               std::span<double* const> out) const {
  const Layout& l = *layout_;
  if (workspaces.empty()) throw std::invalid_argument("a plan is run with a workspace");
  // Blocks of points are the same whoever computes them.
  const std::size_t blocks = (count + l.width - 1) / l.width;
  const std::size_t most = std::max<std::size_t>(1, blocks / blocks_a_thread);
  const std::size_t threads = l.width == 1 ? 1 : std::min(workspaces.size(), most);
  if (threads == 1) return run(workspaces[0], count, in, out);
  in_parallel(threads, [&](std::size_t k) {
    double* w = workspaces[k].numbers();
    const Bases bases(l, w, in, out);
    const std::size_t first = blocks * k / threads * l.width,
                      end = std::min(blocks * (k + 1) / threads * l.width, count);
    run_points(l, w, {first, end, count}, bases, in, out);
  });
}

bool Plan::native() const { return layout_->whole != nullptr || !layout_->native.empty(); }

std::uint32_t Plan::width() const { return layout_->width; }

std::size_t Plan::steps() const {
  const Layout& l = *layout_;
  std::size_t n = l.shared.size() + l.steps.size() + l.inner.size() + l.scalars.size() + l.blocks.size();
  for (const auto* steps : {&l.shared, &l.steps})
    for (const Step& s : *steps) n += s.kind == Step::Kind::stream ? s.n : 0;
  return n;
}

std::size_t Plan::workspace_bytes() const { return (layout_->numbers + 8) * sizeof(double); }

std::size_t Plan::bytes() const {
  const Layout& l = *layout_;
  return (l.shared.capacity() + l.steps.capacity() + l.inner.capacity()) * sizeof(Step) +
         l.native.capacity() * sizeof(Layout::Native) + l.native_pointers.capacity() * sizeof(Address) +
         l.scalars.capacity() * sizeof(ScalarStep) + l.stream.capacity() + l.blocks.capacity() * sizeof(BlockStep) +
         l.details.capacity() * sizeof(Detail) + l.constants.capacity() * sizeof(Layout::Known);
}

std::uint32_t batch_width(const Graph& graph, std::span<const NodeId> outputs) {
  std::uint64_t elements = 0;
  for (NodeId id : graph.reachable(outputs)) elements += graph[id].op == Op::constant ? 0 : graph[id].shape.size();
  return lanes_at_once(elements);
}

Workspace::Workspace(const Plan& plan) : storage_(plan.workspace_bytes() / sizeof(double)) {
  const auto address = reinterpret_cast<std::uintptr_t>(storage_.data());
  begin_ = storage_.data() + (64 - address % 64) % 64 / sizeof(double);
  for (const Layout::Known& k : plan.layout().constants) begin_[k.at] = k.value;
}

std::vector<Workspace> workspaces(const Plan& plan, std::size_t n) {
  std::vector<Workspace> all;
  do all.emplace_back(plan);
  while (all.size() < n);
  return all;
}

}  // namespace wengert::exec
