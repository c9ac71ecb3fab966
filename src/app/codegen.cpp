#include "app/codegen.hpp"

#include <algorithm>

#include "app/usage.hpp"
#include "wengert/exec/c_source.hpp"

namespace wengert::app {

namespace {

bool identifier(const std::string& s) {
  const auto letter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; };
  return !s.empty() && letter(s[0]) &&
         std::all_of(s.begin(), s.end(), [&](char c) { return letter(c) || (c >= '0' && c <= '9'); });
}

}  // namespace

Result<Lesson> generated(Session& session, const Query& query, const Options& options) {
  if (options.lang != "c") return usage("`--lang` takes c, not `" + options.lang + "`");
  if (!identifier(options.name)) return usage("`--name` takes a name that C allows, not `" + options.name + "`");
  const Graph& graph = session.graph();
  exec::CSource source{.name = options.name, .output = query.expression, .text = query.text, .check = options.check};
  std::vector<std::string> unknown = options.wrt;
  for (NodeId id : query.all_inputs) {
    const std::string& name = graph.input_of(id).name;
    const bool named = std::erase(unknown, name) > 0;
    const bool free = std::find(query.inputs.begin(), query.inputs.end(), id) != query.inputs.end();
    exec::CInput in{.input = {session.graph(), id}, .name = name, .by = options.wrt.empty() ? free : named};
    if (const auto value = session.value_of(id)) in.check = value->numbers;
    source.inputs.push_back(std::move(in));
  }
  if (!unknown.empty())
    return Diagnostic{
        .kind = Kind::name, .message = "`" + unknown[0] + "` is not an input of this expression", .span = query.span};
  Result<std::string> text = exec::write_c(source);
  if (!text) return text.error();
  Json json;
  json.open('{').key("schema").number(std::uint64_t{1}).key("input").string(query.text).key("kind").string("formula");
  json.key("language").string("c").key("code").string(*text);
  return Lesson{std::move(*text), std::move(json)};
}

}  // namespace wengert::app
