#include "c_forms.hpp"

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
    {code_of<Sigmoid>, "wg_sigmoid($a)"},
    {code_of<Logit>, "wg_logit($a)"},
    {code_of<Softplus>, "wg_softplus($a)"},
    {code_of<Softsign>, "$a / (1.0 + fabs($a))"},
    {code_of<Silu>, "$a * wg_sigmoid($a)"},
    {code_of<Gelu>, "0.5 * $a * erfc(-$a / sqrt(2.0))"},
    {code_of<XLogY>, "($a == 0.0 ? 0.0 : $a * log($b))"},
};

struct Helper {
  const char* name;
  const char* text;
};

// In an order in which each is defined before it is called.
constexpr Helper definitions[] = {
    {"wg_true", "static int wg_true(double c) { return c != 0.0 && c == c; }\n"},
    {"wg_strong",
     "/* 0 where either factor is 0, whatever the other one is. */\n"
     "static double wg_strong(double a, double b) {\n"
     "  const double p = a * b;\n"
     "  return p != p && (a == 0.0 || b == 0.0) ? 0.0 : p;\n"
     "}\n"},
    {"wg_sign", "static double wg_sign(double x) { return x > 0.0 ? 1.0 : x < 0.0 ? -1.0 : x == x ? 0.0 : x; }\n"},
    {"wg_step", "static double wg_step(double x) { return x != x ? x : x >= 0.0 ? 1.0 : 0.0; }\n"},
    {"wg_max", "static double wg_max(double a, double b) { return a != a ? a : b != b ? b : a < b ? b : a; }\n"},
    {"wg_min", "static double wg_min(double a, double b) { return a != a ? a : b != b ? b : b < a ? b : a; }\n"},
    {"wg_mod",
     "static double wg_mod(double a, double b) {\n"
     "  const double r = fmod(a, b);\n"
     "  return r != 0.0 && ((r < 0.0) != (b < 0.0)) ? r + b : r;\n"
     "}\n"},
    {"wg_hinge",
     "static double wg_hinge(double a, double y) {\n"
     "  const double m = y * a;\n"
     "  return m > 1.0 ? 0.0 : 1.0 - m;\n"
     "}\n"},
    {"wg_atan2", "static double wg_atan2(double y, double x) { return y == 0.0 && x == 0.0 ? 0.0 : atan2(y, x); }\n"},
    {"wg_gamma", "static double wg_gamma(double x) { return x < 0.0 && x == floor(x) ? NAN : tgamma(x); }\n"},
    {"wg_sigmoid",
     "static double wg_sigmoid(double x) {\n"
     "  const double e = exp(-fabs(x));\n"
     "  return x >= 0.0 ? 1.0 / (1.0 + e) : e / (1.0 + e);\n"
     "}\n"},
    {"wg_softplus", "static double wg_softplus(double x) { return x > 0.0 ? x + log1p(exp(-x)) : log1p(exp(x)); }\n"},
    {"wg_logit",
     "static double wg_logit(double x) {\n"
     "  return x > 0.25 && x < 0.75 ? log1p((x - 1.0 + x) / (1.0 - x)) : log(x / (1.0 - x));\n"
     "}\n"},
    {"wg_sum",
     "static double wg_sum(const double *x, size_t n, size_t stride) {\n"
     "  double acc[8] = {0.0};\n"
     "  if (n < 8) {\n"
     "    double s = x[0];\n"
     "    for (size_t i = 1; i < n; ++i) s += x[i * stride];\n"
     "    return s;\n"
     "  }\n"
     "  for (size_t i = 0; i < n; ++i) acc[i & 7] += x[i * stride];\n"
     "  return ((acc[0] + acc[1]) + (acc[2] + acc[3])) + ((acc[4] + acc[5]) + (acc[6] + acc[7]));\n"
     "}\n"},
    {"wg_largest",
     "static double wg_largest(const double *x, size_t n, size_t stride) {\n"
     "  double best = x[0];\n"
     "  for (size_t i = 1; i < n; ++i) best = wg_max(best, x[i * stride]);\n"
     "  return best;\n"
     "}\n"},
    {"wg_smallest",
     "static double wg_smallest(const double *x, size_t n, size_t stride) {\n"
     "  double best = x[0];\n"
     "  for (size_t i = 1; i < n; ++i) best = wg_min(best, x[i * stride]);\n"
     "  return best;\n"
     "}\n"},
    {"wg_norm",
     "static double wg_norm(const double *x, size_t n) {\n"
     "  double m = 0.0, s = 0.0;\n"
     "  for (size_t i = 0; i < n; ++i) m = wg_max(m, fabs(x[i]));\n"
     "  if (m == 0.0 || m - m != 0.0) return m;\n"
     "  for (size_t i = 0; i < n; ++i) s += (x[i] / m) * (x[i] / m);\n"
     "  return m * sqrt(s);\n"
     "}\n"},
    {"wg_product",
     "/* out (m x n) = a (m x k) * b (k x n); element (i, j) of a factor is i*row + j*column. */\n"
     "static void wg_product(double *out, const double *a, size_t a_row, size_t a_column, const double *b,\n"
     "                       size_t b_row, size_t b_column, size_t m, size_t k, size_t n) {\n"
     "  for (size_t i = 0; i < m; ++i) {\n"
     "    for (size_t j = 0; j < n; ++j) out[i * n + j] = 0.0;\n"
     "    for (size_t l = 0; l < k; ++l) {\n"
     "      const double f = a[i * a_row + l * a_column];\n"
     "      for (size_t j = 0; j < n; ++j) out[i * n + j] += f * b[l * b_row + j * b_column];\n"
     "    }\n"
     "  }\n"
     "}\n"},
    {"wg_strong_product",
     "/* The product in which 0 annihilates: only where something is not a number does it differ. */\n"
     "static void wg_strong_product(double *out, const double *a, size_t a_row, size_t a_column, const double *b,\n"
     "                              size_t b_row, size_t b_column, size_t m, size_t k, size_t n) {\n"
     "  int clean = 1;\n"
     "  wg_product(out, a, a_row, a_column, b, b_row, b_column, m, k, n);\n"
     "  for (size_t i = 0; i < m * n; ++i) clean = clean && out[i] == out[i];\n"
     "  if (clean) return;\n"
     "  for (size_t i = 0; i < m; ++i)\n"
     "    for (size_t j = 0; j < n; ++j) {\n"
     "      double s = 0.0;\n"
     "      for (size_t l = 0; l < k; ++l) s += wg_strong(a[i * a_row + l * a_column], b[l * b_row + j * b_column]);\n"
     "      out[i * n + j] = s;\n"
     "    }\n"
     "}\n"},
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
    for (const Helper& h : definitions)
      if (calls(out, h.name)) helpers.insert(h.name);
    return out;
  }
  return {};
}

std::string c_helpers(const std::set<std::string>& names) {
  std::set<std::string> needed = names;
  // Those that a helper calls stand before it.
  for (std::size_t k = std::size(definitions); k-- > 0;)
    if (needed.contains(definitions[k].name))
      for (std::size_t j = 0; j < k; ++j)
        if (calls(definitions[k].text, definitions[j].name)) needed.insert(definitions[j].name);
  std::string out;
  for (const Helper& h : definitions)
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
