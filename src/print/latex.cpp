#include "wengert/print/latex.hpp"

#include <algorithm>
#include <array>
#include <string_view>

#include "latex_notation.hpp"

namespace wengert {

namespace {

struct Greek {
  std::string_view letter, name;
};
constexpr std::array greek{
    Greek{"α", "alpha"}, Greek{"β", "beta"},  Greek{"γ", "gamma"}, Greek{"δ", "delta"}, Greek{"ε", "epsilon"}, Greek{"ζ", "zeta"},
    Greek{"η", "eta"},   Greek{"θ", "theta"}, Greek{"κ", "kappa"}, Greek{"λ", "lambda"}, Greek{"μ", "mu"},     Greek{"ν", "nu"},
    Greek{"ξ", "xi"},    Greek{"ρ", "rho"},   Greek{"σ", "sigma"}, Greek{"τ", "tau"},   Greek{"φ", "phi"},     Greek{"χ", "chi"},
    Greek{"ψ", "psi"},   Greek{"ω", "omega"}, Greek{"Γ", "Gamma"}, Greek{"Δ", "Delta"}, Greek{"Θ", "Theta"},   Greek{"Λ", "Lambda"},
    Greek{"Σ", "Sigma"}, Greek{"Φ", "Phi"},   Greek{"Ψ", "Psi"},   Greek{"Ω", "Omega"}, Greek{"π", "pi"},
};

bool is_letter_start(char c) { return (static_cast<unsigned char>(c) & 0xc0u) != 0x80u; }

std::string word(std::string_view w) {
  for (const Greek& g : greek)
    if (w == g.letter || w == g.name) return "\\" + std::string(g.name);
  if (std::count_if(w.begin(), w.end(), is_letter_start) <= 1) return std::string(w);
  std::string out = "\\mathrm{";
  for (char c : w) out += c == '_' ? "\\_" : std::string(1, c);
  return out + "}";
}

}  // namespace

std::string latex_name(const std::string& name) {
  const auto underscore = name.find('_');
  if (underscore != std::string::npos && underscore > 0 && underscore + 1 < name.size()) {
    const std::string below = name.substr(underscore + 1);
    const bool digits = below.find_first_not_of("0123456789") == std::string::npos;
    return word(name.substr(0, underscore)) + "_{" + (digits ? below : word(below)) + "}";
  }
  const auto last = name.find_last_not_of("0123456789");
  if (last != std::string::npos && last + 1 < name.size()) return word(name.substr(0, last + 1)) + "_{" + name.substr(last + 1) + "}";
  return word(name);
}

std::string latex_text(const std::string& text) {
  std::string out;
  for (std::size_t k = 0; k < text.size(); ++k) {
    const auto letter = std::find_if(greek.begin(), greek.end(), [&](const Greek& g) { return text.compare(k, g.letter.size(), g.letter) == 0; });
    if (letter != greek.end()) {
      out += "$\\" + std::string(letter->name) + "$";
      k += letter->letter.size() - 1;
      continue;
    }
    const char c = text[k];
    if (c == '^')
      out += "\\textasciicircum{}";
    else if (c == '~')
      out += "\\textasciitilde{}";
    else if (c == '\\')
      out += "\\textbackslash{}";
    else if (std::string_view("#$%&_{}").find(c) != std::string_view::npos)
      out += std::string("\\") + c;
    else if (text.compare(k, 3, "…") == 0)
      out += "\\dots{}", k += 2;
    else
      out += c;
  }
  return out;
}

Text to_latex(const Expr& e, const TextOptions& options) {
  const print::Plan plan(e, {.on = options.share,
                             .above = options.share_above,
                             .whole_above = options.share_whole_above,
                             .definitions = options.definitions,
                             .pending = options.pending,
                             .marked = options.marked});
  const print::LatexNotation notation(plan);
  Text text;
  std::size_t left = options.limit;
  const auto write = [&](NodeId id) {
    std::string line = print::write(notation, id, left, text.cut);
    left -= std::min(left, line.size());
    return line;
  };
  for (NodeId id : plan.named()) {
    if (text.cut) break;
    text.definitions.emplace_back(latex_name(*plan.name(id)), write(id));
  }
  text.expression = text.cut ? "\\dots" : write(e.id);
  return text;
}

std::string latex(const Expr& e, const TextOptions& options) {
  const Text text = to_latex(e, options);
  if (text.definitions.empty()) return text.expression;
  std::string out = "\\begin{aligned}\n";
  for (const auto& [name, line] : text.definitions) out += name + " &= " + line + " \\\\\n";
  return out + "& " + text.expression + "\n\\end{aligned}";
}

}  // namespace wengert
