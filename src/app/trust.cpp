#include "app/trust.hpp"

#include <algorithm>

#include "app/answer_json.hpp"
#include "app/ask.hpp"
#include "app/chart.hpp"
#include "app/command_line.hpp"
#include "app/report.hpp"
#include "app/usage.hpp"
#include "wengert/explain/agree.hpp"
#include "wengert/explain/blame.hpp"
#include "wengert/explain/kinks.hpp"
#include "wengert/explain/stability.hpp"
#include "wengert/print/text.hpp"

namespace wengert::app {

namespace {

void put_place(Json& json, const Span& span, const Sources& sources) {
  if (!span.known()) return;
  const Position p = sources.position(span);
  json.key("line").number(std::uint64_t{p.line}).key("column").number(std::uint64_t{p.column});
  json.key("length").number(std::uint64_t{p.length});
}

class Examiner {
 public:
  Examiner(Session& session, const Query& query, const Options& options, const Problem& problem)
      : session_(session), query_(query), options_(options), problem_(problem) {
    json_.open('{').key("schema").number(std::uint64_t{1}).key("input").string(query.text);
  }

  Result<Examination> kinks() {
    const std::vector<KinkReport> found = wengert::kinks(problem_, session_.point(), options_.tolerance.value_or(1e-9));
    put_value();
    json_.key("kinks").open('[');
    for (const KinkReport& k : found) {
      json_.open('{').key("name").string(k.name).key("left").number(k.left).key("right").number(k.right);
      json_.key("used").number(k.used).key("convention").string(k.convention).key("exact").boolean(k.exact);
      json_.key("at").number(k.at).key("jump").boolean(k.jump).key("elements").number(std::uint64_t{k.elements});
      if (k.jump) json_.key("value_left").number(k.value_left).key("value_right").number(k.value_right);
      if (!k.note.empty()) json_.key("note").string(k.note);
      put_place(json_, k.span, session_.sources());
      json_.close('}');
    }
    json_.close(']');
    return done(kinks_text(found, session_.sources()), Kind::kink);
  }

  Result<Examination> blame() {
    std::vector<Mode> modes(std::begin(all_modes), std::end(all_modes));
    if (options_.mode && !options_.mode->every) modes = options_.mode->named;
    if (options_.mode && options_.mode->automatic) modes = {cheapest(problem_)};
    const Blame found = wengert::blame(problem_, session_.point(), modes);
    put_value();
    json_.key("origin");
    if (found.origins.empty())
      json_.null();
    else
      put_origin(found.origins.front());
    json_.key("origins").open('[');
    for (const Origin& o : found.origins) put_origin(o);
    json_.close(']').key("skipped").open('[');
    for (const std::string& s : found.skipped) json_.string(s);
    json_.close(']');
    return done(blame_text(found, session_.sources()), Kind::domain);
  }

  Result<Examination> stability() {
    const Stability found = wengert::stability(problem_, session_.point());
    put_value();
    json_.key("digits_lost").number(found.digits_lost).key("overflowed").boolean(found.overflowed);
    json_.key("nodes").open('[');
    for (const NodeStability& n : found.nodes) put_node(n);
    json_.close(']');
    std::string text = stability_text(found, session_.sources());
    if (options_.fix) text = repaired(text);
    return done(std::move(text), {});
  }

  Result<Examination> gradcheck(const std::vector<Block>& supplied) {
    const GradCheck found = wengert::gradcheck(problem_, session_.point(), supplied);
    put_value();
    json_.key("right").boolean(found.right).key("culprit");
    if (found.culprit.empty())
      json_.null();
    else
      json_.string(found.culprit);
    json_.key("wrong").string(to_string(found.wrong)).key("verdict").string(found.verdict);
    json_.key("inputs").open('[');
    for (const InputCheck& i : found.inputs) put_input(i);
    json_.close(']').key("curve").open('[');
    for (const CurvePoint& p : found.curve)
      json_.open('{')
          .key("h")
          .number(p.h)
          .key("error")
          .number(p.central)
          .key("one_sided")
          .number(p.one_sided)
          .close('}');
    json_.close(']');
    Result<Examination> result = done(gradcheck_text(found), Kind::kink);
    if (!options_.svg.empty()) result->picture = v_curve(found);
    return result;
  }

 private:
  void put_value() {
    const Shape shape = query_.expression.shape();
    json_.key("value").array(shape, value_at(session_.graph(), problem_.output, session_.point()));
    json_.key("shape").open('[').number(std::uint64_t{shape.rows}).number(std::uint64_t{shape.cols}).close(']');
    json_.key("kind").string("value");
  }

  // `told`: warnings of this kind are what the text is about.
  Result<Examination> done(std::string text, std::optional<Kind> told) {
    std::vector<Diagnostic> warnings = warnings_at(problem_, session_.point());
    JsonAnswers(session_.sources()).warnings(json_, warnings);
    json_.close('}');
    if (told) std::erase_if(warnings, [&](const Diagnostic& d) { return d.kind == *told; });
    return Examination{std::move(text), std::move(json_), std::move(warnings), {}};
  }

  void put_origin(const Origin& o) {
    json_.open('{').key("operation").string(o.operation).key("operands").open('[');
    for (const double x : o.operands) json_.number(x);
    json_.close(']').key("made").number(o.made).key("result").string(o.result).key("came_out").number(o.came_out);
    json_.key("in_value").boolean(o.in_value).key("modes").open('[');
    for (const Mode m : o.modes) json_.string(to_string(m));
    json_.close(']').key("message").string(o.message).key("element").number(std::uint64_t{o.element + 1});
    put_place(json_, o.span, session_.sources());
    if (!o.help.empty()) json_.key("help").string(o.help);
    json_.close('}');
  }

  void put_cure(const Cure& cure) {
    json_.open('{').key("name").string(cure.name).key("before").string(cure.before_text);
    json_.key("after").string(cure.after_text);
    if (!cure.condition.empty()) json_.key("condition").string(cure.condition);
    json_.key("lost_before").number(cure.lost_before).key("lost_after").number(cure.lost_after).close('}');
  }

  void put_node(const NodeStability& n) {
    json_.open('{').key("name").string(n.name).key("digits_lost").number(n.digits_lost);
    json_.key("lost_here").number(n.lost_here).key("cause");
    if (n.cause.empty())
      json_.null();
    else
      json_.string(n.cause);
    json_.key("rewrite");
    if (n.cure)
      put_cure(*n.cure);
    else
      json_.null();
    json_.key("value").number(n.value).key("exact").string(n.exact);
    if (!n.hint.empty()) json_.key("help").string(n.hint);
    put_place(json_, n.span, session_.sources());
    json_.close('}');
  }

  void put_input(const InputCheck& i) {
    json_.open('{').key("name").string(i.name).key("right").boolean(i.wrong != Wrong::supplied);
    json_.key("wrong").string(to_string(i.wrong)).key("supplied").number(i.supplied).key("derivative").number(i.truth);
    json_.key("left").number(i.left).key("right_side").number(i.right).key("finite").number(i.finite);
    json_.key("estimate").number(i.estimate).key("noise").number(i.noise).key("best_h").number(i.best_h);
    if (i.complex_step) json_.key("complex").number(*i.complex_step);
    if (i.slope) json_.key("slope").number(*i.slope);
    if (!i.why.empty()) json_.key("why").string(i.why);
    json_.close('}');
  }

  // The program with every rewrite made that is nowhere worse, after what was found.
  std::string repaired(const std::string& text) {
    std::vector<Cure> cures;
    FixOptions how;
    how.point = &session_.point();
    const std::string written = to_text(fix(query_.expression, how, &cures)).all();
    json_.key("fixed").string(written).key("cures").open('[');
    for (const Cure& cure : cures) put_cure(cure);
    json_.close(']');
    if (cures.empty()) return text + "\nNo rewrite is better somewhere and worse nowhere.\n" + written + "\n";
    std::string names;
    for (const Cure& cure : cures)
      if (names.find(cure.name) == std::string::npos) names += (names.empty() ? "" : ", ") + cure.name;
    return text + "\nRepaired (" + names + "):\n" + written + "\n";
  }

  std::string v_curve(const GradCheck& found) const {
    Chart chart{"Error of finite differences by " + found.inputs.front().name + ", " + query_.text,
                "step h",
                found.inputs.front().truth == 0 ? "error" : "relative error",
                {{"central", {}}, {"one-sided", {}}}};
    for (const CurvePoint& p : found.curve) {
      chart.curves[0].points.emplace_back(p.h, p.central);
      chart.curves[1].points.emplace_back(p.h, p.one_sided);
    }
    return log_chart(chart);
  }

  Session& session_;
  const Query& query_;
  const Options& options_;
  const Problem& problem_;
  Json json_;
};

// The derivatives of `--gradient x=2*x`, at the point; the problem's inputs become those that are given.
struct Supplied {
  std::vector<std::string> names;
  std::vector<Value> values;
};
Result<Supplied> supplied_gradient(Session& session, const Options& options) {
  Supplied out;
  for (const std::string& text : options.gradients) {
    NamedText given = named_value(text);
    if (given.name.empty())
      return usage("`--gradient` takes NAME=DERIVATIVE, not `" + text + "`", "write --gradient x=2*x");
    const Result<Query> query = session.query("--gradient " + given.name + "=", given.text);
    if (!query) return query.error();
    if (query->formula_only()) return Asker(session, options).missing_values(*query);
    out.values.push_back({query->expression.shape(), value_at(session.graph(), query->expression.id, session.point())});
    out.names.push_back(std::move(given.name));
  }
  return out;
}

Diagnostic wrong_shape(const std::string& name, Shape given, Shape wanted) {
  return {
      .kind = Kind::shape,
      .message = "the derivative by `" + name + "` given is " + to_string(given) + ", and it is " + to_string(wanted),
      .help = wanted.scalar() ? ""
                              : "a gradient has the shape of its input; of a value that is no scalar, the Jacobian is "
                                "wanted: elements of the value by elements of the input"};
}

}  // namespace

Result<Examination> examine(Session& session, const Query& query, const Options& options, Task task) {
  Options asked = options;
  Supplied supplied;
  if (task == Task::gradcheck) {
    Result<Supplied> given = supplied_gradient(session, options);
    if (!given) return given.error();
    supplied = std::move(*given);
    if (!supplied.names.empty()) asked.wrt = supplied.names;
  }
  const Result<Problem> problem = Asker(session, asked).problem(query);
  if (!problem) return problem.error();
  Examiner examiner(session, query, options, *problem);
  if (task == Task::kinks) return examiner.kinks();
  if (task == Task::blame) return examiner.blame();
  if (task == Task::stability) return examiner.stability();
  if (problem->wrt.empty())
    return usage("there is nothing to differentiate by", "a gradient is checked by the inputs of an expression");
  std::vector<Block> blocks;
  const Shape shape = query.expression.shape();
  for (std::size_t k = 0; k < supplied.values.size(); ++k) {
    const Shape input = session.graph()[problem->wrt[k]].shape;
    const Shape wanted =
        shape.scalar() ? input
                       : Shape{static_cast<std::uint32_t>(shape.size()), static_cast<std::uint32_t>(input.size())};
    if (supplied.values[k].shape != wanted) return wrong_shape(supplied.names[k], supplied.values[k].shape, wanted);
    blocks.push_back(supplied.values[k].numbers);
  }
  return examiner.gradcheck(blocks);
}

}  // namespace wengert::app
