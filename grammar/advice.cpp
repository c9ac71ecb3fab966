#include "advice.hpp"

#include <array>

namespace wengert::grammar {

namespace {

constexpr auto strange_tokens = std::to_array<Advice>({
    {"&&", "write and"},
    {"&", "write and"},
    {"||", "write or"},
    {"|", "write or between conditions, abs(x) for a magnitude"},
    {"!", "write not before a condition; n! is gamma(n + 1)"},
    {"~=", "write !="},
    {"~", "write not"},
    {"%", "a comment begins with #; the remainder is mod(a, b)"},
    {"@", "a product of matrices is written *; a function is written f(u) = u^2"},
    {"\\", "A\\b is written solve(A, b)"},
    {"?", "write if(c, a, b)"},
    {"$", "names consist of letters, digits and _"},
    {"`", ""},
    {"\"", "the language has no texts, only numbers and arrays"},
    // Signs as they are printed.
    {"×", "write *"},
    {"·", "write *"},
    {"⋅", "write *"},
    {"∗", "write *"},
    {"∙", "write *"},
    {"•", "write *"},
    {"⊙", "write .*"},
    {"∘", "write .*"},
    {"⊗", "write kron(A, B)"},
    {"÷", "write /"},
    {"∕", "write /"},
    {"⁄", "write /"},
    {"−", "write -"},
    {"–", "write -"},
    {"—", "write -"},
    {"‐", "write -"},
    {"‑", "write -"},
    {"＋", "write +"},
    {"±", "there is no such operator; write the two expressions"},
    {"≤", "write <="},
    {"⩽", "write <="},
    {"≥", "write >="},
    {"⩾", "write >="},
    {"≠", "write !="},
    {"≈", "write abs(a - b) < 1e-9"},
    {"≡", "write =="},
    {"≔", "write :="},
    {"←", "write :="},
    {"→", "a function is written f(u) = u^2"},
    {"↦", "a function is written f(u) = u^2"},
    {"⇒", ""},
    {"∧", "write and"},
    {"∨", "write or"},
    {"¬", "write not"},
    {"¹", "write ^1"},
    {"²", "write ^2"},
    {"³", "write ^3"},
    {"⁰", "write ^0"},
    {"⁴", "write ^4"},
    {"⁵", "write ^5"},
    {"⁶", "write ^6"},
    {"⁷", "write ^7"},
    {"⁸", "write ^8"},
    {"⁹", "write ^9"},
    {"⁻", "write ^-"},
    {"½", "write 1/2"},
    {"⅓", "write 1/3"},
    {"¼", "write 1/4"},
    {"¾", "write 3/4"},
    {"√", "write sqrt(x)"},
    {"∛", "write cbrt(x)"},
    {"∞", "write inf"},
    {"∂", "write diff(e, x)"},
    {"∇", "write grad(e, x)"},
    {"∑", "write sum(i in 1..n, ...)"},
    {"∏", "write prod(i in 1..n, ...)"},
    {"∫", "there are no integrals"},
    {"∈", "write in"},
    {"‖", "write norm(x)"},
    {"∥", "write norm(x)"},
    {"…", "write .. for a range"},
    {"‥", "write .."},
    {"°", "angles are in radians: x*pi/180"},
    {"⌊", "write floor(x)"},
    {"⌈", "write ceil(x)"},
    {"⟨", "write dot(a, b)"},
    {"′", "write '"},
    {"″", "write ''"},
    {"’", "write '"},
    {"‘", "write '"},
    {"´", "write '"},
    {"“", "the language has no texts, only numbers and arrays"},
    {"”", "the language has no texts, only numbers and arrays"},
    {"„", "the language has no texts, only numbers and arrays"},
    {"（", "write ("},
    {"）", "write )"},
    {"，", "write ,"},
    {"；", "write ;"},
    {"＝", "write ="},
});

constexpr auto habits = std::to_array<Advice>({
    {"let", "a name is given its value by x = 2"},
    {"var", "a name is given its value by x = 2"},
    {"double", "a name is given its value by x = 2"},
    {"float", "a name is given its value by x = 2"},
    {"real", "a name is given its value by x = 2"},
    {"int", "a name is given its value by x = 2"},
    {"def", "a function is written f(u) = u^2"},
    {"fn", "a function is written f(u) = u^2"},
    {"func", "a function is written f(u) = u^2"},
    {"lambda", "a function is written f(u) = u^2"},
    {"return", "a function is one expression: f(u) = u^2"},
    {"print", "an expression alone prints its value"},
    {"while", "statements are repeated with repeat n { ... }"},
    {"d", "a derivative is written diff(y, x)"},
});

struct Misspelt {
  std::string_view before, after, help;
};
constexpr auto misspelt_operators = std::to_array<Misspelt>({
    {"<", ">", "write !="},
    {"=", "<", "write <="},
    {"=", ">", "write >=; a function is written f(u) = u^2"},
    {"==", "=", "write == to compare"},
    {"!=", "=", "write != to compare"},
    {"=", "=", "write == to compare"},
    {"-", ">", "a function is written f(u) = u^2"},
    {"/", "/", "a comment begins with #"},
    {"/", "*", "a comment begins with #"},
    {"+", "=", "write x := x + ..."},
    {"-", "=", "write x := x - ..."},
    {"*", "=", "write x := x*..."},
    {"/", "=", "write x := x/..."},
    {"^", "=", "write x := x^..."},
});

}  // namespace

const Advice* strange(std::string_view text) {
  const Advice* longest = nullptr;
  for (const Advice& entry : strange_tokens)
    if (text.starts_with(entry.token) && (!longest || entry.token.size() > longest->token.size())) longest = &entry;
  return longest;
}

std::string_view habit(std::string_view word) {
  for (const Advice& entry : habits)
    if (entry.token == word) return entry.help;
  return {};
}

std::string_view misspelt_operator(std::string_view before, std::string_view after) {
  for (const Misspelt& entry : misspelt_operators)
    if (before.ends_with(entry.before) && after.starts_with(entry.after)) return entry.help;
  return {};
}

}  // namespace wengert::grammar
