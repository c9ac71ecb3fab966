#include "engines.hpp"

#include <algorithm>
#include <chrono>
#include <stdexcept>

#include "loaded.hpp"
#include "wengert/exec/sparse.hpp"

namespace wengert::bench {

namespace {

double now() { return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count(); }

}  // namespace

std::vector<const double*> inputs_of(const Problem& p) {
  std::vector<const double*> in;
  for (const Given& g : p.inputs) in.push_back(g.numbers.data());
  return in;
}

// The results' memory: the value, then the derivative by each input that is asked for.
void make_room(Ready& r, const Problem& p, std::size_t value_size) {
  if (p.nonzeros > 0) {
    r.out = {{0.0}, std::vector<double>(p.nonzeros)};  // the nonzeros alone
    for (auto& o : r.out) r.to.push_back(o.data());
    return;
  }
  r.out.emplace_back(value_size * p.points);
  for (const Given& g : p.inputs)
    if (g.by) {
      const std::size_t n = g.shape.size();
      r.out.emplace_back(p.work == Work::hessian ? n * n : p.work == Work::jacobian ? n * value_size : n * p.points);
    }
  for (auto& o : r.out) r.to.push_back(o.data());
}

std::unique_ptr<Ready> by_hand(const Problem& p) {
  auto r = std::make_unique<Ready>();
  const std::size_t value_size = p.work == Work::jacobian ? p.size : 1;
  make_room(*r, p, value_size);
  r->call = [&p, in = inputs_of(p), to = r->to] { p.by_hand(in.data(), to.data(), p.size); };
  return r;
}

std::unique_ptr<Ready> engine(const Problem& p, exec::InstructionSet instructions, bool native) {
  auto r = std::make_unique<Ready>();
  const double begin = now();
  Loaded l(p);
  make_room(*r, p, l.y.shape().size());
  const auto in = inputs_of(p);
  exec::PlanOptions options{.instructions = instructions, .native = native};
  if (p.nonzeros > 0) {
    const exec::SparseJacobian j = p.work == Work::sparse_hessian
                                       ? exec::sparse_hessian(l.y, l.wrt[0], l.inputs, options)
                                       : exec::SparseJacobian(l.y, l.wrt[0], l.inputs, options);
    if (j.pattern().nonzeros() != p.nonzeros) throw std::runtime_error("another pattern");
    const auto memory = std::make_shared<exec::SparseJacobian::Memory>(j);
    r->call = [j, memory, in, to = r->to] { j.run(*memory, in, to[1]); };
  } else if (p.work == Work::jacobian || p.work == Work::hessian) {
    const exec::Jacobian j = p.work == Work::jacobian ? exec::Jacobian(l.y, l.wrt[0], l.inputs, options)
                                                      : exec::hessian_plan(l.y, l.wrt[0], l.inputs, options);
    const auto memory = std::make_shared<exec::Jacobian::Memory>(j);
    if (p.work == Work::jacobian) {
      r->call = [j, memory, in, to = r->to] { j.run(*memory, in, to[0], to[1]); };
    } else {
      const auto value =
          std::make_shared<exec::Plan>(*l.y.graph, std::vector<NodeId>{l.y.id}, std::vector<NodeId>{l.inputs[0].id});
      const auto w = std::make_shared<exec::Workspace>(*value);
      r->call = [j, memory, value, w, in, to = r->to] {
        value->run(*w, in, std::span(to.data(), 1));
        j.run(*memory, in, nullptr, to[1]);
      };
    }
  } else {
    if (p.work == Work::batch) options.width = 64;
    const exec::Plan f = exec::gradient_plan(l.y, l.wrt, l.inputs, options);
    if (native && !f.native()) throw std::runtime_error("nothing to compile");
    const auto w = std::make_shared<exec::Workspace>(f);
    r->bytes = f.bytes() + f.workspace_bytes();
    if (p.work == Work::batch)
      r->call = [f, w, in, to = r->to, n = p.points] { f.run(*w, n, in, to); };
    else
      r->call = [f, w, in, to = r->to] { f.run(*w, in, to); };
  }
  r->call();
  r->prepared = now() - begin;
  return r;
}

}  // namespace wengert::bench
