// `repeat n { ... }`: the body is prepared once, no graph is built in the loop.
//
// The first round runs statement by statement: names that the body makes are there after it. Then
// every right side is lowered once and recorded as a tape, and the rounds that remain only run tapes:
// a stored value goes into the point and into the frames of the tapes that read it. A body whose
// shapes change from round to round, or that uses a stored value as a size, runs statement by
// statement throughout.
#include <algorithm>
#include <memory>
#include <unordered_set>

#include "statements.hpp"
#include "wengert/sweep/propagate.hpp"

namespace wengert::session {

using ast::Does;
using Failure = std::optional<Diagnostic>;

namespace {

constexpr std::uint64_t rounds_between_questions = 256;

}  // namespace

// The right sides of one statement, and where their values go.
struct PreparedStatement {
  const ast::Statement* statement = nullptr;
  std::unique_ptr<Tape> tape;                          // of a store, or of a nested repeat's count
  std::unique_ptr<NumericFrame<double>> frame;
  std::vector<std::vector<double>*> targets;           // in the point
  std::vector<NodeId> stored;
  std::vector<PreparedStatement> body;                 // of a nested repeat
  std::optional<Query> query;                          // of an expression
};

struct FrameReader {
  NumericFrame<double>* frame;
  std::size_t offset;
};

class Repetition {
 public:
  Repetition(Runner& runner, const ast::Statement& loop) : run_(runner), program_(runner.program_), loop_(loop) {}

  Failure operator()() {
    auto n = count(loop_.values[0]);
    if (!n) return n.error();
    if (*n == 0) return {};
    if (Failure f = round()) return f;
    if (*n == 1 || run_.stopped_) return {};
    std::vector<PreparedStatement> body;
    if (prepare(loop_.body, body)) {
      collect_readers(body);
      load();
      return run_body(body, *n - 1);
    }
    for (std::uint64_t k = 1; k < *n && !run_.stopped_; ++k) {
      if (Failure f = interrupted(k)) return f;
      if (Failure f = round()) return f;
    }
    return {};
  }

 private:
  Result<std::uint64_t> count(ast::Id root) {
    const auto e = lower(program_, run_.piece(root));
    if (!e) return e.error();
    const Span where = run_.text_->tree.span(root);
    const auto n = integer_of(program_, e->id, where, "the number of repetitions");
    if (!n) return n.error();
    return checked(*n, where);
  }

  Result<std::uint64_t> checked(std::int64_t n, const Span& where) {
    if (n < 0) return Diagnostic{Kind::shape, "the number of repetitions must not be negative, and this is " + std::to_string(n), where, {}, {}};
    run_.repetitions_ += static_cast<std::uint64_t>(n);
    if (run_.repetitions_ > run_.state_.limits.repetitions)
      return Diagnostic{Kind::limit, "more than " + std::to_string(run_.state_.limits.repetitions) + " repetitions", where, {}, {}};
    return static_cast<std::uint64_t>(n);
  }

  Failure interrupted(std::uint64_t round) const {
    if (run_.state_.stop && round % rounds_between_questions == 0 && run_.state_.stop())
      return Diagnostic{Kind::interrupted, "interrupted after " + std::to_string(round) + " repetitions", run_.span(loop_), {}, {}};
    return {};
  }

  // Statement by statement.
  Failure round() {
    for (const ast::Statement& s : loop_.body) {
      if (Failure f = run_.execute(s)) return f;
      if (run_.stopped_) return {};
    }
    return {};
  }

  // --- preparing

  bool prepare(const std::vector<ast::Statement>& statements, std::vector<PreparedStatement>& out) {
    for (const ast::Statement& s : statements) {
      PreparedStatement p;
      p.statement = &s;
      switch (s.does) {
        case Does::store: if (!prepare_store(s, p)) return false; break;
        case Does::repeat:
          if (!record({s.values[0]}, p) || !p.frame) return false;
          if (!p.tape->shape(p.tape->outputs()[0]).scalar() || !prepare(s.body, p.body)) return false;
          break;
        case Does::expression: {
          if (!run_.answer_) continue;
          auto q = make_query(program_, {run_.text_, s.values[0], run_.span(s), s.silent});
          if (!q) return false;
          p.query = std::move(*q);
          break;
        }
        case Does::define:
          // A definition holds from the first round on; `x = 2` is a value each time it is reached.
          if (program_.variable(run_.symbol(s.declared[0])).role != Role::definition) return false;
          continue;
        case Does::function: case Does::abstract: continue;
        case Does::input: case Does::constant: return false;
      }
      out.push_back(std::move(p));
    }
    return true;
  }

  bool record(const std::vector<ast::Id>& roots, PreparedStatement& p) {
    std::vector<NodeId> outputs;
    for (ast::Id root : roots) {
      const auto e = lower(program_, run_.piece(root));
      if (!e) return false;
      outputs.push_back(e->id);
    }
    p.tape = std::make_unique<Tape>(Tape::record(program_.graph, outputs, {}, Keep::outputs));
    if (p.tape->elements() > 4 * program_.limits.elements || p.tape->elements() > 0xffffffffu) return false;
    for (const Tape::Given& g : p.tape->inputs())
      if (!program_.point.contains(g.node)) return false;
    p.frame = std::make_unique<NumericFrame<double>>(*p.tape);
    return true;
  }

  bool prepare_store(const ast::Statement& s, PreparedStatement& p) {
    if (!record(s.values, p)) return false;
    for (std::size_t k = 0; k < s.declared.size(); ++k) {
      const Variable& v = program_.variable(run_.symbol(s.declared[k]));
      if (v.role == Role::definition || v.role == Role::free || v.input == no_node) return false;
      if (program_.graph[v.input].shape != p.tape->shape(p.tape->outputs()[k]) || program_.is_size_of_something(v.input)) return false;
      program_.set_value(v.input, std::vector<double>(program_.point.at(v.input)));  // into the journal
      p.stored.push_back(v.input);
      p.targets.push_back(&program_.point.at(v.input));
    }
    return true;
  }

  // --- running

  void collect_readers(std::vector<PreparedStatement>& body) {
    for (PreparedStatement& p : body) {
      if (p.frame)
        for (const Tape::Given& g : p.tape->inputs()) readers_[g.node].push_back({p.frame.get(), p.tape->offset(g.slot)});
      collect_readers(p.body);
    }
  }

  void load() {
    for (const auto& [node, readers] : readers_) tell(readers, program_.point.at(node));
  }

  static void tell(const std::vector<FrameReader>& readers, const std::vector<double>& numbers) {
    for (const FrameReader& r : readers)
      for (std::size_t k = 0; k < numbers.size(); ++k) r.frame->values.set(r.offset + k, numbers[k]);
  }

  Failure run_body(std::vector<PreparedStatement>& body, std::uint64_t rounds) {
    for (std::uint64_t k = 0; k < rounds; ++k) {
      if (Failure f = interrupted(k + 1)) return f;
      for (PreparedStatement& p : body) {
        if (p.query) {
          run_.stopped_ = !run_.answer_(Query(*p.query));
          if (run_.stopped_) return {};
          continue;
        }
        evaluate(*p.frame);
        if (p.statement->does == Does::repeat) {
          const double x = p.frame->values.get(p.tape->offset(p.tape->outputs()[0]));
          const Span where = run_.text_->tree.span(p.statement->values[0]);
          if (x != std::floor(x) || std::fabs(x) > 9e15) return Diagnostic{Kind::shape, "the number of repetitions must be an integer", where, {}, {}};
          const auto n = checked(static_cast<std::int64_t>(x), where);
          if (!n) return n.error();
          if (Failure f = run_body(p.body, *n)) return f;
          if (run_.stopped_) return {};
          continue;
        }
        // Every right side is evaluated by now: one after the other is simultaneous.
        const auto values = p.frame->values.all();
        for (std::size_t t = 0; t < p.targets.size(); ++t) {
          const SlotId out = p.tape->outputs()[t];
          const auto from = values.begin() + p.tape->offset(out);
          std::copy(from, from + static_cast<std::ptrdiff_t>(p.targets[t]->size()), p.targets[t]->begin());
        }
        for (std::size_t t = 0; t < p.targets.size(); ++t)
          if (const auto it = readers_.find(p.stored[t]); it != readers_.end()) tell(it->second, *p.targets[t]);
      }
    }
    return {};
  }

  Runner& run_;
  Program& program_;
  const ast::Statement& loop_;
  std::unordered_map<NodeId, std::vector<FrameReader>> readers_;
};

std::optional<Diagnostic> Runner::repeat(const ast::Statement& s) { return Repetition(*this, s)(); }

}  // namespace wengert::session
