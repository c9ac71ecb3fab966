#include "check_rules.hpp"

#include <algorithm>
#include <map>

#include "wengert/print/text.hpp"
#include "wengert/rewrite/simplify.hpp"
#include "wengert/rules/build.hpp"
#include "wengert/sweep/differentiate.hpp"

namespace wengert::checking {

PendingSweep::PendingSweep(const Expr& y, const Expr& x)
    : differentials(!x.shape().scalar()),
      g_(*y.graph),
      tape_(Tape::record(g_, std::span(&y.id, 1), std::span(&x.id, 1))),
      frame_(steps::frame_of(tape_, g_)) {
  const SlotId from = tape_.wrt()[0];
  if (from == Tape::no_slot) return;
  seed = differentials ? variable(g_, "d", x.shape()) : number(g_, 1);
  frame_.tangents[from] = seed;
  for (std::size_t k = 0; k < tape_.code().size(); ++k) {
    const Instruction& i = tape_.code()[k];
    if (!tape_.active(i.out)) continue;
    Site site;
    site.node = tape_.node(i);
    for (const SlotId s : tape_.arguments(i)) {
      site.x.push_back(frame_.values[s]);
      site.dx.push_back(frame_.tangents[s]);
    }
    site.tangent = steps::pushed(frame_, i);
    if (!present(site.tangent)) continue;
    site.tangent = broadcast(site.tangent, tape_.shape(i.out));
    site.pending = g_.input("d", tape_.shape(i.out));
    frame_.tangents[i.out] = Expr(g_, site.pending);
    sites.push_back(std::move(site));
    instruction_.push_back(k);
  }
  root = frame_.tangents[tape_.outputs()[0]];
}

// x^x has one value as base and as exponent: its rule is stated on letters, where they are two.
Expr PendingSweep::with_letters(const Site& site, const std::vector<Expr>& tangents) {
  const NodeId node = site.node;
  std::vector<NodeId> letters;
  std::unordered_map<NodeId, Expr> meaning;
  for (const Expr& x : site.x) {
    letters.push_back(g_.input("u", x.shape()));
    meaning.emplace(letters.back(), x);
  }
  const Expr e(g_, g_.node(g_[node].op, letters, g_[node].shape, g_[node].payload));
  const Tape small = Tape::record(g_, std::span(&e.id, 1), letters);
  steps::SweepFrame f = steps::frame_of(small, g_);
  for (std::size_t j = 0; j < letters.size(); ++j) f.tangents[small.arguments(small.code()[0])[j]] = tangents[j];
  const Expr t = steps::pushed(f, small.code()[0]);
  return broadcast(present(t) ? substitute(t, meaning) : number(g_, 0), g_[node].shape);
}

Expr PendingSweep::with(std::size_t s, const std::vector<Expr>& tangents) {
  const Instruction& i = tape_.code()[instruction_[s]];
  const auto x = tape_.arguments(i);
  if (x.size() == 2 && x[0] == x[1]) return with_letters(sites[s], tangents);
  for (std::size_t j = 0; j < x.size(); ++j) frame_.tangents[x[j]] = tangents[j];
  frame_.tangents[i.out] = Expr();
  const Expr t = steps::pushed(frame_, i);
  for (std::size_t j = 0; j < x.size(); ++j) frame_.tangents[x[j]] = sites[s].dx[j];
  frame_.tangents[i.out] = Expr(g_, sites[s].pending);
  return broadcast(present(t) ? t : number(g_, 0), tape_.shape(i.out));
}

Expr PendingSweep::without(std::size_t s, const std::vector<std::size_t>& arguments) {
  std::vector<Expr> tangents = sites[s].dx;
  for (const std::size_t j : arguments) tangents[j] = Expr();
  return with(s, tangents);
}

std::vector<Shared> PendingSweep::shared_values() const {
  std::map<NodeId, Shared> all;
  for (std::size_t s = 0; s < sites.size(); ++s)
    for (std::size_t j = 0; j < sites[s].x.size(); ++j) {
      if (!present(sites[s].dx[j])) continue;
      Shared& shared = all[sites[s].x[j].id];
      shared.node = sites[s].x[j].id;
      shared.uses.push_back({s, j});
    }
  std::vector<Shared> out;
  for (auto& [id, shared] : all)
    if (shared.uses.size() > 1 && shared.uses.size() <= 40) out.push_back(std::move(shared));
  return out;
}

std::string written(const Expr& e) { return to_text(e, {.share = false, .limit = 40}).all(); }

namespace {

class Wrong {
 public:
  Wrong(PendingSweep& sweep, std::size_t s)
      : sweep_(sweep), s_(s), site_(sweep.sites[s]), g_(*site_.tangent.graph), op_(g_[site_.node].op) {
    for (std::size_t j = 0; j < site_.dx.size(); ++j)
      if (present(site_.dx[j])) varying_.push_back(j);
  }

  std::vector<WrongRule> all() {
    const bool product =
        op_ == op_of<Mul> || op_ == op_of<StrongMul> || op_ == op_of<MatMul> || op_ == op_of<StrongMatMul>;
    if (steps::is_sum(op_))
      sums();
    else if (product)
      products();
    else if (op_ == op_of<Div>)
      quotients();
    else if (op_ == op_of<Pow>)
      powers();
    else
      functions();
    if (!steps::is_sum(op_))
      add(WrongName::sign, MistakeKind::sign, "the sign of the derivative of " + me() + " is wrong", -site_.tangent);
    return std::move(out_);
  }

 private:
  bool linear() const { return sweep_.differentials; }  // a mistake must stay linear in the differential
  const Expr& x(std::size_t j) const { return site_.x[j]; }
  const Expr& dx(std::size_t j) const { return site_.dx[j]; }
  bool is_seed(std::size_t j) const { return dx(j) == sweep_.seed; }
  std::string me() const { return written(Expr(g_, site_.node)); }
  Expr whole(std::int64_t n) const { return {g_, g_.constant(Constant::integer(n))}; }

  void add(WrongName name, MistakeKind kind, std::string message, const Expr& tangent, bool unlikely = false) {
    const Expr t = broadcast(tangent, g_[site_.node].shape);
    if (t != site_.tangent) out_.push_back({name, kind, std::move(message), t, unlikely});
  }

  // f(u): without u', or with u' inside.
  void inner(std::size_t j) {
    if (linear() || is_seed(j)) return;
    std::vector<Expr> ones(site_.dx.size());
    ones[j] = broadcast(number(g_, 1), x(j).shape());
    const Expr outer = sweep_.with(s_, ones);
    const std::string u = written(x(j));
    add(WrongName::inner_missing, MistakeKind::inner_factor,
        "the derivative of the inner function " + u + " is missing as a factor in the derivative of " + me(), outer);
    add(WrongName::inner_inside, MistakeKind::inner_factor,
        "the outer derivative is to be taken at " + u + ", and the derivative of " + u + " is a factor beside it",
        substitute(outer, {{x(j).id, dx(j)}}));
  }

  void functions() {
    if (varying_.size() == 1 && row_of(op_).elementwise) {
      const std::size_t j = varying_[0];
      inner(j);
      const Expr& u = x(j);
      if (op_ == op_of<Exp>) {
        add(WrongName::as_power, MistakeKind::power_of_exponential,
            "the power rule is for x^n: the variable of " + me() + " is in the exponent",
            u * exp(u - whole(1)) * dx(j));
        add(WrongName::as_power, MistakeKind::power_of_exponential,
            "the power rule is for x^n: the variable of " + me() + " is in the exponent", u * exp(u - whole(1)), true);
      }
      if (op_ == op_of<Sqrt>) {
        add(WrongName::exponent_kept, MistakeKind::power, "a root is the power 1/2: its exponent goes down to -1/2",
            sqrt(u) / whole(2) * dx(j));
        add(WrongName::exponent_up, MistakeKind::power,
            "a root is the power 1/2: its exponent goes down to -1/2, not to -1", whole(1) / (whole(2) * u) * dx(j));
        add(WrongName::exponent_factor, MistakeKind::power, "a root is the power 1/2: the factor 1/2 is missing",
            whole(1) / sqrt(u) * dx(j));
      }
    } else {
      if (op_ == op_of<Softmax>)
        add(WrongName::term_lost, MistakeKind::missing_path,
            "every element of " + me() + " depends on every element of " + written(x(0)) +
                ": the paths through the common sum are missing, -p*p' beside diag(p)",
            Expr(g_, site_.node) * dx(0));
      drop_each(MistakeKind::missing_path, "its path through ");
    }
  }

  void drop_each(MistakeKind kind, const std::string& what) {
    if (varying_.size() < 2) return;
    for (const std::size_t j : varying_)
      add(WrongName::term_lost, kind, "the derivative of " + me() + " lacks a term: " + what + written(x(j)),
          sweep_.without(s_, {j}));
  }

  void sums() {
    drop_each(MistakeKind::missing_path, "that of ");
    for (const std::size_t j : varying_) {
      std::vector<Expr> turned = site_.dx;
      turned[j] = -turned[j];
      add(WrongName::term_sign, MistakeKind::sign, "the sign of the derivative of " + written(x(j)) + " is wrong",
          sweep_.with(s_, turned));
    }
  }

  void products() {
    const bool matrices = op_ == op_of<MatMul> || op_ == op_of<StrongMatMul>;
    const auto times = [&](const Expr& a, const Expr& b) { return matrices ? strong_matmul(a, b) : a * b; };
    if (varying_.size() == 2) {
      if (!linear())
        add(WrongName::product_of_derivatives, MistakeKind::product,
            "the derivative of the product " + me() + " is not the product of the derivatives",
            times(broadcast(dx(0), x(0).shape()), broadcast(dx(1), x(1).shape())));
      const std::string lacks =
          "the product rule has two terms: in the derivative of " + me() + " one is missing, with the derivative of ";
      add(WrongName::first_term, MistakeKind::product, lacks + written(x(1)), sweep_.without(s_, {1}));
      add(WrongName::second_term, MistakeKind::product, lacks + written(x(0)), sweep_.without(s_, {0}));
      add(WrongName::term_sign, MistakeKind::sign, "the two terms of the product rule are added",
          sweep_.without(s_, {1}) - sweep_.without(s_, {0}));
      add(WrongName::term_sign, MistakeKind::sign, "the two terms of the product rule are added",
          sweep_.without(s_, {0}) - sweep_.without(s_, {1}), true);
      return;
    }
    const std::size_t j = varying_[0], other = 1 - j;
    if (matrices) {
      const Shape s = x(other).shape();
      if (s.rows != s.cols) return;
      const Expr turned = transpose(x(other));
      add(WrongName::transposed, MistakeKind::layout, "a transpose is missing or too many at " + written(x(other)),
          j == 1 ? times(turned, dx(1)) : times(dx(0), turned));
      return;
    }
    add(WrongName::constant_lost, MistakeKind::product,
        "the constant factor " + written(x(other)) + " of " + me() + " stays", dx(j), true);
    add(WrongName::constant_differentiated, MistakeKind::product,
        "the constant factor " + written(x(other)) + " of " + me() +
            " stays: the derivative of a product is not the product of the derivatives",
        dx(j) * whole(0), true);
  }

  void quotients() {
    if (varying_.size() == 2) return full_quotient();
    const std::size_t j = varying_[0];
    if (j == 0) {
      add(WrongName::constant_lost, MistakeKind::quotient,
          "the constant denominator " + written(x(1)) + " of " + me() + " stays", dx(0), true);
      add(WrongName::constant_differentiated, MistakeKind::quotient,
          "the denominator " + written(x(1)) + " of " + me() + " is a constant: it stays", dx(0) / x(1) / x(1), true);
      return;
    }
    if (!linear())
      add(WrongName::quotient_of_derivatives, MistakeKind::quotient,
          "the derivative of " + me() + " is not the numerator over the derivative of the denominator",
          x(0) / broadcast(dx(1), x(1).shape()));
    add(WrongName::quotient_square, MistakeKind::quotient,
        "the denominator of the derivative of " + me() + " is squared", -(x(0) * dx(1)) / x(1));
    inner(1);
  }

  void full_quotient() {
    const Expr top = sweep_.without(s_, {1}) * x(1) * x(1),
               bottom = sweep_.without(s_, {0}) * x(1) * x(1);  // u'v and -uv'
    const std::string rule =
        "the quotient rule is (u'v - uv')/v^2, with u = " + written(x(0)) + " and v = " + written(x(1)) + ": ";
    if (!linear())
      add(WrongName::quotient_of_derivatives, MistakeKind::quotient,
          "the derivative of the quotient " + me() + " is not the quotient of the derivatives",
          broadcast(dx(0), x(0).shape()) / broadcast(dx(1), x(1).shape()));
    add(WrongName::quotient_swapped, MistakeKind::quotient, rule + "the terms of the numerator are swapped",
        -site_.tangent);
    add(WrongName::quotient_square, MistakeKind::quotient, rule + "the denominator is squared", site_.tangent * x(1));
    add(WrongName::quotient_square, MistakeKind::quotient, rule + "the denominator is missing",
        site_.tangent * x(1) * x(1));
    add(WrongName::quotient_plus, MistakeKind::sign, rule + "it has a minus", (top - bottom) / (x(1) * x(1)));
    add(WrongName::first_term, MistakeKind::quotient, rule + "uv' is missing", sweep_.without(s_, {1}));
    add(WrongName::second_term, MistakeKind::quotient, rule + "u'v is missing", sweep_.without(s_, {0}));
  }

  void powers() {
    const Expr &u = x(0), &n = x(1);
    if (varying_.size() == 2) {
      const std::string both = "both the base and the exponent of " + me() + " vary: ";
      add(WrongName::constant_exponent, MistakeKind::power, both + "the exponent was taken as constant",
          sweep_.without(s_, {1}));
      add(WrongName::constant_base, MistakeKind::power, both + "the base was taken as constant",
          sweep_.without(s_, {0}));
      return;
    }
    if (varying_[0] == 1) {
      const std::string what = "the power rule is for x^n: the variable of " + me() + " is in the exponent";
      add(WrongName::as_power, MistakeKind::power_of_exponential, what, n * power(u, n - whole(1)) * dx(1));
      if (!linear())
        add(WrongName::as_power, MistakeKind::power_of_exponential, what, n * power(u, n - whole(1)), true);
      add(WrongName::log_missing, MistakeKind::power_of_exponential,
          "the factor log(" + written(u) + ") is missing in the derivative of " + me(), power(u, n) * dx(1));
      return inner(1);
    }
    inner(0);
    const std::string down = "the exponent of " + me() + " goes down by one";
    add(WrongName::exponent_kept, MistakeKind::power, down, n * power(u, n) * dx(0));
    add(WrongName::exponent_factor, MistakeKind::power, "the exponent of " + me() + " becomes a factor",
        power(u, n - whole(1)) * dx(0));
    add(WrongName::exponent_up, MistakeKind::power, down, n * power(u, n + whole(1)) * dx(0));
    add(WrongName::exponent_up, MistakeKind::power, down + ": this integrates", power(u, n + whole(1)) / (n + whole(1)),
        true);
    add(WrongName::exponent_factor, MistakeKind::power, "the factor is the exponent of " + me() + " itself",
        (n - whole(1)) * power(u, n - whole(1)) * dx(0));
  }

  PendingSweep& sweep_;
  std::size_t s_;
  const Site& site_;
  Graph& g_;
  Op op_;
  std::vector<std::size_t> varying_;
  std::vector<WrongRule> out_;
};

}  // namespace

std::vector<WrongRule> mistaken_rules(PendingSweep& sweep, std::size_t site) { return Wrong(sweep, site).all(); }

}  // namespace wengert::checking
