#include "wengert/print/mathml.hpp"

#include "mathml_notation.hpp"

namespace wengert {

std::string escaped_xml(const std::string& text) {
  std::string out;
  for (const char c : text) {
    if (c == '&')
      out += "&amp;";
    else if (c == '<')
      out += "&lt;";
    else if (c == '>')
      out += "&gt;";
    else if (c == '"')
      out += "&quot;";
    else
      out += c;
  }
  return out;
}

std::string mathml_name(const std::string& name) {
  static const std::unordered_map<std::string, std::string> greek{
      {"alpha", "α"}, {"beta", "β"},   {"gamma", "γ"}, {"delta", "δ"}, {"epsilon", "ε"}, {"eta", "η"}, {"theta", "θ"},
      {"kappa", "κ"}, {"lambda", "λ"}, {"mu", "μ"},    {"nu", "ν"},    {"xi", "ξ"},      {"rho", "ρ"}, {"sigma", "σ"},
      {"tau", "τ"},   {"phi", "φ"},    {"chi", "χ"},   {"psi", "ψ"},   {"omega", "ω"}};
  const auto word = [](const std::string& w) {
    const auto it = greek.find(w);
    return "<mi>" + escaped_xml(it == greek.end() ? w : it->second) + "</mi>";
  };
  const auto underscore = name.find('_');
  if (underscore != std::string::npos && underscore > 0 && underscore + 1 < name.size())
    return "<msub>" + word(name.substr(0, underscore)) + word(name.substr(underscore + 1)) + "</msub>";
  const auto last = name.find_last_not_of("0123456789");
  if (last != std::string::npos && last + 1 < name.size())
    return "<msub>" + word(name.substr(0, last + 1)) + "<mn>" + name.substr(last + 1) + "</mn></msub>";
  return word(name);
}

Text to_mathml(const Expr& e, const TextOptions& options) {
  const print::Plan plan(e, {.on = options.share,
                             .above = options.share_above,
                             .whole_above = options.share_whole_above,
                             .definitions = options.definitions,
                             .pending = options.pending,
                             .marked = options.marked});
  const print::MathmlNotation notation(plan);
  Text text;
  // Elements cannot be cut in the middle: what is too long is left out as a whole.
  const auto write = [&](NodeId id) {
    bool cut = false;
    std::string line = print::write(notation, id, options.limit, cut);
    text.cut = text.cut || cut;
    return cut ? std::string("<mi>&#x2026;</mi>") : line;
  };
  for (NodeId id : plan.named()) text.definitions.emplace_back(mathml_name(*plan.name(id)), write(id));
  text.expression = write(e.id);
  return text;
}

std::string mathml(const Expr& e, const TextOptions& options) {
  const Text text = to_mathml(e, options);
  if (text.definitions.empty()) return "<math>" + text.expression + "</math>";
  std::string out = "<math><mtable columnalign=\"right left\">";
  for (const auto& [name, line] : text.definitions)
    out += "<mtr><mtd>" + name + "</mtd><mtd><mo>=</mo>" + line + "</mtd></mtr>";
  return out + "<mtr><mtd></mtd><mtd>" + text.expression + "</mtd></mtr></mtable></math>";
}

}  // namespace wengert
