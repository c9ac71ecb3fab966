#include "c_forms.hpp"

#include "c_helpers.hpp"

#include <cmath>
#include <cstdio>

namespace wengert::exec {

namespace {

// $a, $b, $c are the operands; a word before a bracket that has a definition is a helper.
std::string_view form_of(Code code) {
  switch (code) {
    case copy_code:
      return "$a";
    case square_code:
      return "$a * $a";
    case cube_code:
      return "$a * $a * $a";
    default:
      return code >= static_cast<Code>(Op::first_row) && code < first_own ? row_of(static_cast<Op>(code)).info->c
                                                                          : std::string_view{};
  }
}

bool calls(const std::string& text, const std::string& name) { return text.find(name + "(") != std::string::npos; }

// An operand within an expression: a literal below 0 or the like in brackets.
std::string grouped(const std::string& x) { return x[0] == '-' ? "(" + x + ")" : x; }

}  // namespace

std::string c_expression(Code code, const std::string& a, const std::string& b, const std::string& c,
                         std::set<std::string>& helpers) {
  const std::string_view form = form_of(code);
  std::string out;
  for (std::size_t i = 0; i < form.size(); ++i) {
    if (form[i] != '$') {
      out += form[i];
      continue;
    }
    ++i;
    out += grouped(form[i] == 'a' ? a : form[i] == 'b' ? b : c);
  }
  for (const CHelper& h : c_helper_list())
    if (calls(out, h.name)) helpers.insert(h.name);
  return out;
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
      "size_t",   "out",    "wrong",    "j",      "k",      "end",      "seed",    "column", "entries"};
  std::string s;
  for (char ch : name)
    s += std::isalnum(static_cast<unsigned char>(ch)) != 0 && static_cast<unsigned char>(ch) < 128 ? ch : '_';
  const bool temporary = s.size() > 1 && (s[0] == 'v' || s[0] == 'a' || s[0] == 'i') &&
                         std::isdigit(static_cast<unsigned char>(s[1])) != 0;
  if (s.empty() || std::isdigit(static_cast<unsigned char>(s[0])) != 0 || s[0] == '_') s = "in" + s;
  if (temporary || reserved.contains(s) || s.starts_with("wg_")) s += "_";
  while (!taken.insert(s).second) s += "_";
  return s;
}

}  // namespace wengert::exec
