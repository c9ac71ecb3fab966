#include "app/exercises.hpp"

#include "app/check.hpp"
#include "app/usage.hpp"

namespace wengert::app {

Result<Exercise> chosen_exercise(const Options& options) {
  if (options.level < 1 || options.level > exercise_levels)
    return usage("`--level` takes a number from 1 to " + std::to_string(exercise_levels) + ", not " +
                 std::to_string(options.level));
  return exercise(options.level, options.seed);
}

Lesson posed(const Exercise& e, const Options& options) {
  std::string text = "Differentiate by " + e.by + ":   " + e.text + "\n";
  if (!e.program.empty()) text += "  where " + e.program + "\n";
  text +=
      "  (" + e.goal + "; level " + std::to_string(options.level) + ", seed " + std::to_string(options.seed) + ")\n";
  Json json;
  json.open('{')
      .key("schema")
      .number(std::uint64_t{1})
      .key("exercise")
      .string(e.text)
      .key("by")
      .string(e.by)
      .key("program")
      .string(e.program);
  json.key("goal")
      .string(e.goal)
      .key("level")
      .number(static_cast<std::uint64_t>(options.level))
      .key("seed")
      .number(options.seed);
  return {std::move(text), std::move(json)};
}

Result<Lesson> marked(const Exercise& e, const std::string& answer) {
  Session session;
  if (const auto error = session.run("exercise", e.program, [](Result<Query>) { return true; })) return *error;
  const Result<Query> query = session.query("exercise", e.text);
  if (!query) return query.error();
  const Result<Query> mine = session.query("answer", answer);
  if (!mine) return mine.error();
  Options options;
  options.by = e.by;
  return checked(session, *query, *mine, options);
}

}  // namespace wengert::app
