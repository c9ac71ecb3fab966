#include "c_forms.hpp"

#include "c_helpers.hpp"

#include <cmath>
#include <cstdio>

namespace wengert::exec {

namespace {

// $a, $b, $c are the operands; a word before a bracket that has a definition below is a helper.
struct Form {
  Code code;
  const char* text;
};

constexpr Form forms[] = {
    {copy_code, "$a"},
    {square_code, "$a * $a"},
    {cube_code, "$a * $a * $a"},
    {code_of<Add>, "$a + $b"},
    {code_of<Sub>, "$a - $b"},
    {code_of<Mul>, "$a * $b"},
    {code_of<StrongMul>, "wg_strong($a, $b)"},
    {code_of<Div>, "$a / $b"},
    {code_of<Neg>, "-$a"},
    {code_of<Pow>, "pow($a, $b)"},
    {code_of<Less>, "($a < $b ? 1.0 : 0.0)"},
    {code_of<LessEqual>, "($a <= $b ? 1.0 : 0.0)"},
    {code_of<Greater>, "($a > $b ? 1.0 : 0.0)"},
    {code_of<GreaterEqual>, "($a >= $b ? 1.0 : 0.0)"},
    {code_of<Equal>, "($a == $b ? 1.0 : 0.0)"},
    {code_of<NotEqual>, "($a == $b ? 0.0 : 1.0)"},
    {code_of<And>, "(wg_true($a) && wg_true($b) ? 1.0 : 0.0)"},
    {code_of<Or>, "(wg_true($a) || wg_true($b) ? 1.0 : 0.0)"},
    {code_of<Not>, "(wg_true($a) ? 0.0 : 1.0)"},
    {code_of<Select>, "(wg_true($a) ? $b : $c)"},
    {code_of<Exp>, "exp($a)"},
    {code_of<Expm1>, "expm1($a)"},
    {code_of<Log>, "log($a)"},
    {code_of<Log2>, "log2($a)"},
    {code_of<Log10>, "log10($a)"},
    {code_of<Log1p>, "log1p($a)"},
    {code_of<Sqrt>, "sqrt($a)"},
    {code_of<Cbrt>, "cbrt($a)"},
    {code_of<Sinh>, "sinh($a)"},
    {code_of<Cosh>, "cosh($a)"},
    {code_of<Tanh>, "tanh($a)"},
    {code_of<Asinh>, "asinh($a)"},
    {code_of<Acosh>, "acosh($a)"},
    {code_of<Atanh>, "atanh($a)"},
    {code_of<Sin>, "sin($a)"},
    {code_of<Cos>, "cos($a)"},
    {code_of<Tan>, "tan($a)"},
    {code_of<Sec>, "1.0 / cos($a)"},
    {code_of<Csc>, "1.0 / sin($a)"},
    {code_of<Cot>, "1.0 / tan($a)"},
    {code_of<Asin>, "asin($a)"},
    {code_of<Acos>, "acos($a)"},
    {code_of<Atan>, "atan($a)"},
    {code_of<Atan2>, "wg_atan2($a, $b)"},
    {code_of<Hypot>, "hypot($a, $b)"},
    {code_of<Abs>, "fabs($a)"},
    {code_of<Sign>, "wg_sign($a)"},
    {code_of<Step>, "wg_step($a)"},
    {code_of<Floor>, "floor($a)"},
    {code_of<Ceil>, "ceil($a)"},
    {code_of<Round>, "round($a)"},
    {code_of<Mod>, "wg_mod($a, $b)"},
    {code_of<Max>, "wg_max($a, $b)"},
    {code_of<Min>, "wg_min($a, $b)"},
    {code_of<Relu>, "($a <= 0.0 ? 0.0 : $a)"},
    {code_of<Elu>, "($a > 0.0 ? $a : $b * expm1($a))"},
    {code_of<LeakyRelu>, "($a > 0.0 ? $a : $b * $a)"},
    {code_of<Hinge>, "wg_hinge($a, $b)"},
    {code_of<Erf>, "erf($a)"},
    {code_of<Erfc>, "erfc($a)"},
    {code_of<Gamma>, "wg_gamma($a)"},
    {code_of<Lgamma>, "lgamma($a)"},
    {code_of<Digamma>, "wg_digamma($a)"},
    {code_of<Polygamma>, "wg_polygamma($a, $b)"},
    {code_of<PolygammaRise>, "wg_polygamma_rise($a, $b, $c)"},
    {code_of<Beta>, "wg_beta($a, $b)"},
    {code_of<Sigmoid>, "wg_sigmoid($a)"},
    {code_of<Logit>, "wg_logit($a)"},
    {code_of<Softplus>, "wg_softplus($a)"},
    {code_of<Softsign>, "$a / (1.0 + fabs($a))"},
    {code_of<Silu>, "$a * wg_sigmoid($a)"},
    {code_of<Gelu>, "0.5 * $a * erfc(-$a / sqrt(2.0))"},
    {code_of<XLogY>, "($a == 0.0 ? 0.0 : $a * log($b))"},
};

bool calls(const std::string& text, const std::string& name) { return text.find(name + "(") != std::string::npos; }

// An operand within an expression: a literal below 0 or the like in brackets.
std::string grouped(const std::string& x) { return x[0] == '-' ? "(" + x + ")" : x; }

}  // namespace

std::string c_expression(Code code, const std::string& a, const std::string& b, const std::string& c,
                         std::set<std::string>& helpers) {
  for (const Form& f : forms) {
    if (f.code != code) continue;
    std::string out;
    for (const char* p = f.text; *p != 0; ++p) {
      if (*p != '$') {
        out += *p;
        continue;
      }
      ++p;
      out += grouped(*p == 'a' ? a : *p == 'b' ? b : c);
    }
    for (const CHelper& h : c_helper_list())
      if (calls(out, h.name)) helpers.insert(h.name);
    return out;
  }
  return {};
}

std::string c_helpers(const std::set<std::string>& names) {
  std::set<std::string> needed = names;
  // Those that a helper calls stand before it.
  for (std::size_t k = c_helper_list().size(); k-- > 0;)
    if (needed.contains(c_helper_list()[k].name))
      for (std::size_t j = 0; j < k; ++j)
        if (calls(c_helper_list()[k].text, c_helper_list()[j].name)) needed.insert(c_helper_list()[j].name);
  std::string out;
  for (const CHelper& h : c_helper_list())
    if (needed.contains(h.name)) out += std::string(h.text) + "\n";
  return out;
}

std::string c_number(double x) {
  if (x != x) return "NAN";
  if (std::isinf(x)) return x > 0 ? "INFINITY" : "-INFINITY";
  char text[40];
  for (int digits = 15; digits <= 17; ++digits) {
    std::snprintf(text, sizeof text, "%.*g", digits, x);
    if (std::strtod(text, nullptr) == x) break;
  }
  std::string s = text;
  if (s.find_first_of(".e") == std::string::npos) s += ".0";
  return s;
}

std::string c_name(const std::string& name, std::set<std::string>& taken) {
  static const std::set<std::string> reserved = {
      "auto",     "break",  "case",     "char",   "const",  "continue", "default", "do",     "double",  "else",
      "enum",     "extern", "float",    "for",    "goto",   "if",       "inline",  "int",    "long",    "register",
      "restrict", "return", "short",    "signed", "sizeof", "static",   "struct",  "switch", "typedef", "union",
      "unsigned", "void",   "volatile", "while",  "i",      "n",        "work",    "value",  "main",    "exp",
      "expm1",    "log",    "log2",     "log10",  "log1p",  "sqrt",     "cbrt",    "sin",    "cos",     "tan",
      "sinh",     "cosh",   "tanh",     "asin",   "acos",   "atan",     "atan2",   "asinh",  "acosh",   "atanh",
      "erf",      "erfc",   "tgamma",   "lgamma", "pow",    "hypot",    "floor",   "ceil",   "round",   "fabs",
      "fmod",     "gamma",  "j0",       "j1",     "jn",     "y0",       "y1",      "yn",     "NAN",     "INFINITY",
      "size_t",   "out"};
  std::string s;
  for (char ch : name)
    s += std::isalnum(static_cast<unsigned char>(ch)) != 0 && static_cast<unsigned char>(ch) < 128 ? ch : '_';
  const bool temporary =
      s.size() > 1 && (s[0] == 'v' || s[0] == 'a') && std::isdigit(static_cast<unsigned char>(s[1])) != 0;
  if (s.empty() || std::isdigit(static_cast<unsigned char>(s[0])) != 0 || s[0] == '_') s = "in" + s;
  if (temporary || reserved.contains(s) || s.starts_with("wg_")) s += "_";
  while (!taken.insert(s).second) s += "_";
  return s;
}

}  // namespace wengert::exec
