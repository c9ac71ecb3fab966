#include "app/ask.hpp"

#include <algorithm>
#include <cmath>
#include <thread>

#include "app/command_line.hpp"
#include "app/layout.hpp"
#include "app/usage.hpp"
#include "wengert/modes/price.hpp"
#include "wengert/explain/cost.hpp"
#include "wengert/lower/lower.hpp"

namespace wengert::app {

namespace {

// What is asked once is worth a formula that is written soon and saves a tenth of the operations; eliminating
// vertices takes longer than the sweeps that it saves.
Mode for_one_question(const Problem& problem) {
  constexpr double soon = 5e-4;  // seconds
  const Mode mode = cheapest(problem, soon), sweep = cheapest(problem, 0);
  const auto operations = [&](Mode m) { return prepare(m, problem).operations().total(); };
  return mode == Mode::symbolic && 10 * operations(mode) <= 9 * operations(sweep) ? mode : sweep;
}

constexpr double most_seconds = 600;            // of a mode that was named alone
constexpr std::uint64_t many_elements = 1000;   // fewer are not worth predicting

std::uint64_t elements(const std::vector<Variable>& variables) {
  std::uint64_t n = 0;
  for (const Variable& v : variables) n += v.shape.size();
  return n;
}

std::vector<Variable> variables(const std::vector<Session::ByName>& names) {
  std::vector<Variable> list;
  for (const Session::ByName& n : names) list.push_back({n.name, n.shape});
  return list;
}

// The same warning from two problems of one question is said once.
void add(std::vector<Diagnostic>& all, const std::vector<Diagnostic>& more) {
  for (const Diagnostic& d : more) {
    const bool known = std::any_of(all.begin(), all.end(), [&](const Diagnostic& old) {
      return old.kind == d.kind && old.span == d.span && old.message == d.message;
    });
    if (!known) all.push_back(d);
  }
}

// A linear system without a solution has no value at all, unlike a NaN.
std::optional<Diagnostic> singular(const std::vector<Diagnostic>& warnings) {
  for (const Diagnostic& warning : warnings)
    if (warning.kind == Kind::singular) return warning;
  return std::nullopt;
}

}  // namespace

std::uint64_t DerivativeAnswer::inputs() const { return elements(by); }

Diagnostic Asker::missing_values(const Query& query) const {
  if (!query.abstract.empty()) return without_numbers(query.abstract.front(), query.span);
  std::string help = query.missing_help;
  if (help.empty()) {
    help = "give ";
    for (std::size_t i = 0; i < query.missing.size() && i < 4; ++i)
      help += (i > 0 ? ", " : "") + query.missing[i] + "=...";
    help += query.missing.size() == 1 ? " its value, such as " : " their values, such as ";
    help += query.missing.front() + "=2";
  }
  Diagnostic error{.kind = Kind::name, .message = "no value for " + enumerated(query.missing), .help = std::move(help)};
  for (const NodeId input : query.all_inputs)
    if (session_.graph().input_of(input).name == query.missing.front()) error.span = session_.graph().span(input);
  if (!error.span.known()) error.span = query.span;
  return error;
}

Result<Asker::ByNames> Asker::names(const Query& query) const {
  if (!options_.wrt.empty()) return session_.by_names(query, options_.wrt);
  ByNames list;
  const Graph& graph = session_.graph();
  for (const NodeId input : query.inputs)
    list.push_back({graph.input_of(input).name, query.expression, input, graph[input].shape});
  return list;
}

std::size_t threads_of(const Options& options) {
  const std::size_t processors = std::max(1u, std::thread::hardware_concurrency());
  return std::clamp<std::size_t>(static_cast<std::size_t>(std::max(options.threads, 1)), 1, processors);
}

std::vector<Asker::Group> Asker::groups(const Query& query, const ByNames& names) const {
  std::vector<Group> all;
  for (std::size_t i = 0; i < names.size(); ++i) {
    auto group = std::find_if(all.begin(), all.end(),
                              [&](const Group& g) { return g.problem.output == names[i].expression.id; });
    if (group == all.end())
      group = all.insert(all.end(), Group{{names[i].expression.graph, names[i].expression.id, {}}, {}});
    group->problem.wrt.push_back(names[i].input);
    group->places.push_back(i);
  }
  if (all.empty()) all.push_back({{query.expression.graph, query.expression.id, {}}, {}});
  for (Group& group : all) group.problem.threads = threads_of(options_);
  return all;
}

Mode Asker::one_mode(const Problem& problem, Mode otherwise) const {
  if (!options_.mode || options_.mode->every) return otherwise;
  if (options_.mode->automatic || options_.mode->named.empty()) return cheapest(problem);
  return options_.mode->named.front();
}

AgreementOptions Asker::agreement_options(bool every, const Problem& problem, Mode otherwise) const {
  AgreementOptions o;
  if (options_.mode && !options_.mode->every) {
    o.modes = options_.mode->named;
    if (options_.mode->automatic) o.modes = {cheapest(problem)};
  } else if (!every) {
    o.modes = {otherwise};
  }
  if (options_.budget_seconds) o.budget_seconds = *options_.budget_seconds;
  if (options_.budget_bytes) o.budget_bytes = *options_.budget_bytes;
  if (options_.digits > 0) {
    o.reference_digits = options_.digits;
    o.literals_as_written = true;
  }
  return o;
}

Result<ValueAnswer> Asker::value(const Query& query) const {
  if (query.formula_only()) return missing_values(query);
  ValueAnswer answer;
  answer.shape = query.expression.shape();
  const Problem problem{query.expression.graph, query.expression.id, {}};
  if (options_.digits > 0) {
    Agreement agreement = compare(problem, session_.point(), agreement_options(false, problem, Mode::reverse));
    answer.value = std::move(agreement.value);
    answer.digits = std::move(agreement.value_digits);
    answer.warnings = std::move(agreement.warnings);
  } else {
    answer.value = value_at(session_.graph(), query.expression.id, session_.point());
    answer.warnings = warnings_at(problem, session_.point());
  }
  if (std::optional<Diagnostic> error = singular(answer.warnings)) return *error;
  return answer;
}

namespace {

// Into the places of the whole answer; the results of a jvp by several problems add up.
template <class Number>
void put_blocks(std::vector<std::vector<Number>>& all, Quantity what, std::vector<std::vector<Number>>&& part,
                const std::vector<std::size_t>& places) {
  for (std::size_t k = 0; k < part.size(); ++k) {
    if (what == Quantity::jvp && !all[0].empty()) {
      if constexpr (std::is_same_v<Number, double>)
        for (std::size_t i = 0; i < part[k].size(); ++i) all[0][i] += part[k][i];
      continue;
    }
    all[what == Quantity::jvp ? 0 : places[k]] = std::move(part[k]);
  }
}

void merge_report(ModeReport& to, ModeReport&& from, bool first) {
  if (first) return;
  to.operations += from.operations;
  to.prepare_seconds += from.prepare_seconds;
  to.evaluate_seconds += from.evaluate_seconds;
  if (from.ulp) to.ulp = std::max(to.ulp.value_or(0), *from.ulp);
  if (from.relative_error) to.relative_error = std::max(to.relative_error.value_or(0), *from.relative_error);
  if (from.skipped_seconds) to.skipped_seconds = to.skipped_seconds.value_or(0) + *from.skipped_seconds;
  if (from.skipped_bytes) to.skipped_bytes = to.skipped_bytes.value_or(0) + *from.skipped_bytes;
  if (from.product_error) to.product_error = std::max(to.product_error.value_or(0), *from.product_error);
  if (to.derivative.unavailable.empty()) to.derivative.unavailable = from.derivative.unavailable;
}

// Several problems of one question (names that are defined have an expression each) reported as one.
void merge(Agreement& all, Quantity what, Agreement&& part, const std::vector<std::size_t>& places, std::size_t blocks) {
  const bool first = all.modes.empty();
  if (first) {
    all = part;
    all.block_digits.clear();
    for (ModeReport& mode : all.modes) mode.derivative.blocks.assign(blocks, {});
    for (ModeReport& mode : all.modes) mode.derivative.estimates.clear();
  }
  if (!part.block_digits.empty()) {
    all.block_digits.resize(blocks);
    put_blocks(all.block_digits, what, std::move(part.block_digits), places);
  }
  for (std::size_t m = 0; m < part.modes.size() && m < all.modes.size(); ++m) {
    put_blocks(all.modes[m].derivative.blocks, what, std::move(part.modes[m].derivative.blocks), places);
    merge_report(all.modes[m], std::move(part.modes[m]), first);
  }
  if (first) return;
  all.value_operations += part.value_operations;
  all.reference_done = all.reference_done && part.reference_done;
  all.verdict = std::max(all.verdict, part.verdict);
  if (all.disagreement.empty()) all.disagreement = part.disagreement;
  add(all.warnings, part.warnings);
}

bool usable(const ModeReport& report) { return !report.skipped_seconds && report.derivative.unavailable.empty(); }

// The report whose numbers are shown: the first that has any, reverse and forward before the others.
const ModeReport* shown_report(const Agreement& agreement) {
  const ModeReport* best = nullptr;
  for (const ModeReport& report : agreement.modes)
    if (usable(report) && (best == nullptr || report.mode < best->mode)) best = &report;
  return best;
}

}  // namespace

std::optional<Diagnostic> Asker::too_large(const char* what, std::uint64_t rows, std::uint64_t columns, const Span& span) const {
  const std::uint64_t most = options_.bounds.text.elements;
  if (rows == 0 || columns <= most / rows) return std::nullopt;
  return Diagnostic{.kind = Kind::limit,
                    .message = std::string(what) + " of " + std::to_string(rows) + "x" + std::to_string(columns) +
                               " is larger than the limit of " + std::to_string(most) + " elements",
                    .span = span,
                    .help = "jvp and vjp give its products"};
}

// A mode that was named alone may take its time, but nobody waits for a million sweeps unawares.
std::optional<Diagnostic> Asker::too_long(Mode mode, const Problem& problem, Quantity what) const {
  if (std::max(problem.inputs(), problem.outputs()) < many_elements) return std::nullopt;
  const double seconds = predicted_seconds(mode, problem, what);
  if (seconds <= std::max(most_seconds, options_.budget_seconds.value_or(0))) return std::nullopt;
  return Diagnostic{.kind = Kind::limit,
                    .message = std::string(to_string(mode)) + " is predicted to take " + duration(seconds) + " for " +
                               std::to_string(problem.inputs()) + " inputs and " + std::to_string(problem.outputs()) +
                               (problem.outputs() == 1 ? " output" : " outputs"),
                    .help = "`wengert cost` compares the modes; to wait for it, raise the limit: --budget " +
                            std::to_string(static_cast<std::uint64_t>(std::min(2 * seconds, 1e15))) + "s"};
}

std::optional<Diagnostic> Asker::answered(DerivativeAnswer& answer, std::vector<Group> groups, bool every, Mode otherwise,
                                          const std::function<Wanted(const Group&)>& wanted) const {
  const bool several = every || (options_.mode && (options_.mode->every || options_.mode->named.size() > 1));
  const bool comparing = (several && !answer.by.empty()) || options_.digits > 0;
  if (comparing) answer.agreement.emplace();
  for (Group& group : groups) {
    const Wanted what = wanted(group);
    if (comparing) {
      AgreementOptions options = agreement_options(several, group.problem, otherwise);
      options.wanted = what;
      merge(*answer.agreement, answer.what, compare(group.problem, session_.point(), options), group.places, answer.blocks.size());
      continue;
    }
    answer.mode = one_mode(group.problem, otherwise);
    if (std::optional<Diagnostic> endless = too_long(answer.mode, group.problem, answer.what)) return endless;
    Derivative derivative = derivative_by(prepare(answer.mode, group.problem), what, session_.point());
    if (!derivative.unavailable.empty())
      return Diagnostic{.kind = Kind::domain,
                        .message = derivative.unavailable,
                        .span = derivative.where,
                        .help = "another mode has an answer: `--mode reverse`"};
    if (answer.value.empty()) answer.value = std::move(derivative.value);
    put_blocks(answer.blocks, answer.what, std::move(derivative.blocks), group.places);
    add(answer.warnings, warnings_at(group.problem, session_.point()));
  }
  if (!comparing) return {};
  answer.value = answer.agreement->value;
  answer.warnings = answer.agreement->warnings;
  if (const ModeReport* report = shown_report(*answer.agreement)) {
    answer.mode = report->mode;
    answer.blocks = report->derivative.blocks;
  } else if (!answer.by.empty()) {
    return Diagnostic{.kind = Kind::limit,
                      .message = "every mode is predicted to exceed the budget",
                      .help = "raise it: --budget 60s"};
  }
  return {};
}

Result<DerivativeAnswer> Asker::derivative(const Query& query, bool every) const {
  if (query.formula_only()) return missing_values(query);
  const Result<ByNames> by = names(query);
  if (!by) return by.error();
  if (auto error = too_large("a Jacobian", query.expression.shape().size(), elements(variables(*by)), query.span)) return *error;
  DerivativeAnswer answer;
  answer.shape = query.expression.shape();
  answer.by = variables(*by);
  answer.blocks.resize(by->size());
  if (by->empty() && options_.digits == 0) {
    Result<ValueAnswer> plain = value(query);
    if (!plain) return plain.error();
    answer.value = std::move(plain->value);
    answer.warnings = std::move(plain->warnings);
    return answer;
  }
  const std::vector<Group> all = groups(query, *by);
  const Mode otherwise = options_.mode ? Mode::reverse : for_one_question(all.front().problem);
  if (std::optional<Diagnostic> error = answered(answer, all, every, otherwise, [](const Group&) { return Wanted{}; })) return *error;
  if (std::optional<Diagnostic> error = singular(answer.warnings)) return *error;
  return answer;
}

Result<Problem> Asker::one_problem(const Query& query, const ByNames& names) const {
  const std::vector<Group> all = groups(query, names);
  if (all.size() > 1)
    return usage("several names at once are only there where none of them is a definition",
                 "ask for one name: --wrt " + names.front().name);
  return all.front().problem;
}

Result<Problem> Asker::problem(const Query& query) const {
  const Result<ByNames> by = names(query);
  if (!by) return by.error();
  return one_problem(query, *by);
}

Result<DerivativeAnswer> Asker::hessian(const Query& query) const {
  if (!query.expression.shape().scalar())
    return Diagnostic{.kind = Kind::shape,
                      .message = "a Hessian needs a scalar, this value is " + to_string(query.expression.shape()),
                      .span = query.span,
                      .help = "take an element or a sum of it"};
  if (query.formula_only()) return missing_values(query);
  const Result<ByNames> by = names(query);
  if (!by) return by.error();
  const Result<Problem> problem = one_problem(query, *by);
  if (!problem) return problem.error();
  DerivativeAnswer answer;
  answer.what = Quantity::hessian;
  answer.shape = query.expression.shape();
  answer.by = variables(*by);
  answer.blocks.resize(1);
  if (auto error = too_large("a Hessian", answer.inputs(), answer.inputs(), query.span)) return *error;
  const auto wanted = [](const Group&) { return Wanted{Quantity::hessian, {}}; };
  if (std::optional<Diagnostic> error = answered(answer, {{*problem, {0}}}, false, Mode::reverse, wanted)) return *error;
  if (std::optional<Diagnostic> error = singular(answer.warnings)) return *error;
  if (!std::all_of(answer.blocks[0].begin(), answer.blocks[0].end(), [](double x) { return std::isfinite(x); }))
    add(answer.warnings, second_warnings_at(*problem, session_.point()));
  return answer;
}

}  // namespace wengert::app
