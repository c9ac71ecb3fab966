// Derivatives as expressions: diff, grad, jacobian, hessian, jvp, vjp, anywhere an expression may stand.
//
// One differentiates by a name. An input is itself. A defined name is replaced by a fresh input before
// anything else, so that nothing it is computed from is reached through it; so is a parameter of a
// function. Afterwards what the name stands for is put back.
#include <algorithm>

#include "machine.hpp"
#include "wengert/rewrite/simplify.hpp"

namespace wengert::lowering {

using ast::Tag;

namespace {

enum class Operator { diff, grad, jacobian, hessian, jvp, vjp };
constexpr std::pair<std::string_view, Operator> operators[] = {
    {"diff", Operator::diff}, {"grad", Operator::grad}, {"jacobian", Operator::jacobian},
    {"hessian", Operator::hessian}, {"jvp", Operator::jvp}, {"vjp", Operator::vjp},
};

Operator operator_named(std::string_view name) {
  for (const auto& [known, op] : operators)
    if (known == name) return op;
  return Operator::diff;
}

constexpr std::uint64_t highest_order = 1000;

// 1 at one element, 0 elsewhere.
Expr unit(Graph& g, Shape shape, const Slice& at) {
  const Expr one = number(g, 1);
  if (shape.scalar()) return one;
  return Lift<Expr>::array<Place>({.shape = shape, .number = 0, .slices = {&at, 1}}, {&one, 1});
}

}  // namespace

bool is_derivative(std::string_view name) {
  return std::any_of(std::begin(operators), std::end(operators), [&](const auto& o) { return o.first == name; });
}

// A name, or an element of one.
By Machine::differentiated_name(ast::Id id) {
  By by;
  const Site s = site(id);
  by.at = id;
  if (node(id).tag == Tag::index) {
    by.element = id;
    by.at = node(id).a;
  }
  if (node(by.at).tag != Tag::name)
    s.refuse(Kind::name, "one differentiates by a name, and this is not one", "give the expression a name: a = ...; then differentiate by a");
  by.symbol = frame().text->symbols[node(by.at).a];
  const std::string& name = program_.name(by.symbol);
  if (const Local* local = find_local(by.symbol)) {
    if (local->index) s.refuse(Kind::name, "`" + name + "` is the index of a loop, and cannot be differentiated by");
  } else if (is_constant(by.symbol)) {
    s.refuse(Kind::name, "`" + name + "` is a constant, and cannot be differentiated by");
  }
  return by;
}

void Machine::visit_derivative(ast::Id id) {
  const ast::Call& call = tree().calls[node(id).a];
  const std::string& name = tree().names[call.name];
  const Operator op = operator_named(name);
  const Site s = site(id);
  const auto& a = call.arguments;
  if (call.primes > 0) s.refuse(Kind::name, "`" + name + "` is an operator, and has no derivative");
  Derivation d;
  d.id = id;
  d.values = values_.size();
  d.locals = locals_.size();
  switch (op) {
    case Operator::diff:
      check_arguments(s, "diff(e, x, ...)", a.size(), 2, -1);
      for (std::size_t k = 1; k < a.size(); ++k) {
        const ast::Node& n = node(a[k]);
        if (n.tag != Tag::number) {
          d.by.push_back(differentiated_name(a[k]));
          continue;
        }
        const ast::Number& order = tree().numbers[n.a];
        if (d.by.empty()) s.refuse(Kind::name, "an order comes after the name that it is of: diff(e, x, 2)", tree().span(a[k]));
        if (!order.integer || order.value < 0) s.refuse(Kind::shape, "the order of a derivative is a non-negative integer", tree().span(a[k]));
        if (order.value > highest_order) s.refuse(Kind::limit, "a derivative of an order above " + std::to_string(highest_order), tree().span(a[k]));
        d.by.back().order = static_cast<std::uint64_t>(order.value);
      }
      break;
    case Operator::grad:
      check_arguments(s, "grad(e, x)", a.size(), 1, 2);
      break;
    case Operator::jacobian: case Operator::hessian:
      check_arguments(s, name + "(e, x)", a.size(), 2, 2);
      break;
    case Operator::jvp:
      check_arguments(s, "jvp(e, x, v, ...)", a.size(), 3, -1);
      if (a.size() % 2 == 0) s.refuse(Kind::shape, "jvp takes pairs: jvp(e, x, v, z, u, ...)");
      for (std::size_t k = 1; k < a.size(); k += 2) {
        d.by.push_back(differentiated_name(a[k]));
        d.tangents.push_back(a[k + 1]);
      }
      break;
    case Operator::vjp:
      check_arguments(s, "vjp(e, x, w)", a.size(), 3, 3);
      d.tangents.push_back(a[2]);
      break;
  }
  if (d.by.empty() && a.size() > 1) d.by.push_back(differentiated_name(a[1]));
  if (frame().function != no_symbol)
    for (std::size_t k = frame().locals; k < locals_.size(); ++k) {
      const Local& local = locals_[k];
      const auto differentiated = [&](const By& by) { return by.symbol == local.symbol; };
      if (local.index || local.fresh || find_local(local.symbol) != &local || std::any_of(d.by.begin(), d.by.end(), differentiated)) continue;
      By by;
      by.symbol = local.symbol;
      d.parameters.push_back(by);
    }
  push(Do::enter_derivative, id);
  for (std::size_t k = d.tangents.size(); k-- > 0;) visit_later(d.tangents[k]);
  for (std::size_t k = d.by.size(); k-- > 0;)
    visit_later(d.by[k].at);
  derivations_.push_back(std::move(d));
}

void Machine::enter_derivative(ast::Id id) {
  Derivation& d = derivations_.back();
  const ast::Id e = tree().calls[node(id).a].arguments[0];
  std::size_t next = d.values;
  d.before = frame().overrides;
  std::vector<SymbolId> names;
  if (d.before != nullptr) names = d.before->names;
  const std::size_t known = names.size();
  const std::size_t locals = locals_.size();
  const auto freshen = [&](By& by, const Local old) {
    by.replaced = true;
    by.input = {{graph_, program_.parameter_input(frame().function, old.place, by.present.e.shape())}, by.present.lanes};
    locals_.push_back({.symbol = old.symbol, .value = by.input, .index = false, .fresh = true, .place = old.place});
  };
  for (By& by : d.parameters) {
    const Local* local = find_local(by.symbol);
    by.present = local->value;
    freshen(by, *local);
  }
  for (By& by : d.by) {
    const Local* local = find_local(by.symbol);
    by.present = by.input = values_[next++];
    if (local != nullptr) {
      if (!local->fresh) freshen(by, *local);
      continue;
    }
    if (program_.variable(by.symbol).role != Role::definition) continue;
    if (d.before != nullptr && d.before->inputs.contains(by.symbol)) continue;
    by.replaced = true;
    names.push_back(by.symbol);
  }
  d.locals = locals;
  if (names.size() > known) {
    std::sort(names.begin(), names.end());
    names.erase(std::unique(names.begin(), names.end()), names.end());
    auto& o = program_.overrides(form_, names);
    if (d.before != nullptr) o.inputs.insert(d.before->inputs.begin(), d.before->inputs.end());
    for (By& by : d.by)
      if (by.replaced && find_local(by.symbol) == nullptr) {
        const auto [it, fresh] = o.inputs.try_emplace(by.symbol, no_node);
        if (fresh) it->second = program_.stand_in(by.symbol, by.present.e.shape());
        by.input = {{graph_, it->second}};
      }
    frame().overrides = &o;
  }
  push(Do::derivative, id);
  visit_later(e);
  for (std::size_t k = d.by.size(); k-- > 0;)
    if (d.by[k].element != ast::none) visit_later(d.by[k].element);
}

Expr Machine::put_back(const Expr& e, const Derivation& d) {
  std::unordered_map<NodeId, Expr> back;
  for (const auto* all : {&d.by, &d.parameters})
    for (const By& by : *all)
      if (by.replaced && by.input.e.id != by.present.e.id) back[by.input.e.id] = by.present.e;
  return back.empty() ? e : substitute(e, back);
}

// Only where it is all that is asked for, by an input that is itself.
void Machine::note_jacobian(const Expr& y, const Derivation& d) {
  const auto replaced = [](const By& by) { return by.replaced; };
  if (work_.empty() && frames_.size() == 1 && !replaced(d.by[0]) && std::none_of(d.parameters.begin(), d.parameters.end(), replaced))
    root_jacobian_ = JacobianOf{y, d.by[0].input.e};
}

// A sweep makes a few nodes for each that it passes.
void Machine::check_sweeps(const Expr& e, std::uint64_t sweeps, ast::Id id) {
  const std::uint64_t limit = program_.limits.nodes;
  if (graph_.size() > limit || (sweeps > 1 && sweeps > limit / graph_.reachable({&e.id, 1}).size()))
    refuse({Kind::limit, "the derivative has more than " + std::to_string(limit) + " operations", tree().span(id), {}, {}});
}

void Machine::by_only_input(Derivation& d, const Value& e) {
  const Site s = site(d.id);
  By only;
  std::string names;
  std::size_t count = 0;
  for (NodeId input : inputs_of(graph_, e.e.id)) {
    const Input& described = graph_.input_of(input);
    const auto known = std::find_if(d.parameters.begin(), d.parameters.end(), [&](const By& by) { return by.input.e.id == input; });
    if (described.constant && known == d.parameters.end()) continue;
    names += (count++ > 0 ? ", " : "") + described.name;
    if (known != d.parameters.end()) only.present = known->present;
    else only.present = {{graph_, input}};
    only.input = {{graph_, input}, only.present.lanes};
  }
  if (count == 0) s.refuse(Kind::name, "grad(e) wants an expression of exactly one input, and this has none");
  if (count > 1) s.refuse(Kind::name, "grad(e) wants an expression of exactly one input, and this has " + std::to_string(count) + " (" + names + ")", "write grad(e, " + names.substr(0, names.find(',')) + ")");
  d.by.push_back(only);
}

void Machine::finish_derivative(ast::Id id) {
  Derivation d = std::move(derivations_.back());
  derivations_.pop_back();
  frame().overrides = d.before;
  locals_.resize(d.locals, Local{no_symbol, {}});
  const ast::Call& call = tree().calls[node(id).a];
  const std::string& name = tree().names[call.name];
  const Operator op = operator_named(name);
  const Site s = site(id);
  const Span what = tree().span(call.arguments[0]);
  const Value e = values_.back();
  const bool by_name = call.arguments.size() > 1;
  if (!by_name) by_only_input(d, e);
  std::size_t next = d.values + (by_name ? d.by.size() : 0);
  const Args tangents(values_.data() + next, d.tangents.size());
  next += d.tangents.size();
  std::vector<std::optional<Slice>> elements;
  for (const By& by : d.by) {
    elements.emplace_back();
    if (by.element == ast::none) continue;
    const Value& v = values_[next++];
    if (v.lanes != 0) throw NotElementwise{};
    if (v.e.node().op == op_of<Part>) elements.back() = graph_.slices_at(v.e.node().payload)[0];
    else elements.back() = Slice{0, 0, v.e.shape()};  // the whole
  }
  const auto label = [&](const By& by) { return "`" + program_.name(by.symbol) + "` is " + to_string(by.present.shape()); };
  const auto want_scalar = [&](std::string_view then) {
    if (e.scalar()) return;
    s.refuse(Kind::shape, name + " wants a scalar to differentiate, and this is " + to_string(e.shape()), what, std::string(then));
  };
  for (const By& b : d.by)
    if (!b.replaced && program_.is_size_of_something(b.input.e.id))
      program_.notes.push_back({Kind::constant, "`" + graph_.input_of(b.input.e.id).name + "` is constant where it is a size or an index; the derivative counts its other uses", s.span(), {}, {}});
  const By& by = d.by[0];
  const Expr& x = by.input.e;
  const bool lanes_here = e.lanes != 0 || by.input.lanes != 0;
  Value result{e.e, e.lanes};
  check_sweeps(e.e, 1, id);
  switch (op) {
    case Operator::diff: {
      std::uint64_t orders = 0;
      for (const By& b : d.by) orders += b.order;
      for (std::size_t k = 0; k < d.by.size(); ++k) {
        const By& b = d.by[k];
        const Shape shape = b.input.e.shape();
        if (elements[k] ? !elements[k]->shape.scalar() : !b.input.scalar())
          s.refuse(Kind::shape, "diff is by a scalar, and " + label(b), elements[k] ? tree().span(b.element) : tree().span(b.at),
                   std::string(e.scalar() ? "write grad(" : "write jacobian(") + s.written(0, true) + ", " + program_.name(b.symbol) + ")");
        if (orders == 1 && elements[k] && e.scalar() && !lanes_here) {
          result.e = part(gradient(result.e, b.input.e, form_), *elements[k]);
          continue;
        }
        const Expr seed = elements[k] ? unit(graph_, shape, *elements[k]) : broadcast(number(graph_, 1), shape);
        for (std::uint64_t n = 0; n < b.order; ++n) {
          check_sweeps(result.e, 1, id);
          result.e = jvp(result.e, {&b.input.e, 1}, {&seed, 1}, form_);
        }
      }
      break;
    }
    case Operator::grad:
      want_scalar("for the derivatives of every element, write jacobian(e, x)");
      if (lanes_here) {
        if (!by.input.scalar() || elements[0]) throw NotElementwise{};
        const Expr seed = broadcast(number(graph_, 1), x.shape());
        result.e = jvp(e.e, {&x, 1}, {&seed, 1}, form_);
        break;
      }
      result.e = gradient(e.e, x, form_);
      if (elements[0]) result.e = part(result.e, *elements[0]);
      break;
    case Operator::jacobian: {
      if (lanes_here) throw NotElementwise{};
      const std::uint64_t m = e.e.shape().size(), n = x.shape().size();
      if (elements[0]) {
        if (!elements[0]->shape.scalar()) s.refuse(Kind::shape, "jacobian is by a name or by one element", tree().span(by.element));
        const Expr seed = unit(graph_, x.shape(), *elements[0]);
        result.e = reshape(jvp(e.e, {&x, 1}, {&seed, 1}, form_), {static_cast<std::uint32_t>(m), 1});
        break;
      }
      s.shape(m, n);
      check_sweeps(e.e, std::min(m, n), id);
      note_jacobian(e.e, d);
      result.e = jacobian(e.e, x, form_);
      break;
    }
    case Operator::hessian: {
      want_scalar("the Hessian is of a number");
      if (lanes_here) throw NotElementwise{};
      if (elements[0]) s.refuse(Kind::shape, "hessian is by a name", tree().span(by.element), "write diff(e, x[1], x[2])");
      const std::uint64_t n = x.shape().size();
      s.shape(n, n);
      const Expr raw = gradient(e.e, x, form_);
      const Expr g = form_ == Form::shown ? simplify(raw) : raw;  // what a reader would go on from
      check_sweeps(g, n, id);
      note_jacobian(g, d);
      result.e = jacobian(g, x, form_);
      break;
    }
    case Operator::jvp: {
      std::vector<Expr> wrt, seeds;
      for (std::size_t k = 0; k < d.by.size(); ++k) {
        const By& b = d.by[k];
        Expr v = tangents[k].e;
        if (tangents[k].lanes != 0 || b.input.lanes != 0 || e.lanes != 0) throw NotElementwise{};
        const Shape want = elements[k] ? elements[k]->shape : b.input.shape();
        if (v.shape() != want)
          s.refuse(Kind::shape, "a tangent has the shape of its variable, and this is " + to_string(v.shape()), tree().span(d.tangents[k]), v.shape().transposed() == want ? "did you mean its transpose?" : "",
                   {{tree().span(b.element != ast::none ? b.element : b.at), to_string(want)}});
        if (elements[k] && want != b.input.shape()) {
          const Slice at = *elements[k];
          v = Lift<Expr>::array<Place>({.shape = b.input.shape(), .number = 0, .slices = {&at, 1}}, {&v, 1});
        }
        wrt.push_back(b.input.e);
        seeds.push_back(v);
      }
      result.e = jvp(e.e, wrt, seeds, form_);
      break;
    }
    case Operator::vjp: {
      if (lanes_here || tangents[0].lanes != 0) throw NotElementwise{};
      if (tangents[0].shape() != e.shape())
        s.refuse(Kind::shape, "the cotangent has the shape of the expression, and this is " + to_string(tangents[0].shape()), tree().span(d.tangents[0]),
                 tangents[0].shape().transposed() == e.shape() ? "did you mean its transpose?" : "",
                 {{what, to_string(e.shape())}});
      result.e = vjp(e.e, {&x, 1}, tangents[0].e, form_)[0];
      if (elements[0]) result.e = part(result.e, *elements[0]);
      break;
    }
  }
  result.e = put_back(result.e, d);
  replace(values_.size() - d.values, result, id);
}

}  // namespace wengert::lowering
