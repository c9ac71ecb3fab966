#include "site.hpp"

#include <cmath>

#include "machine.hpp"

namespace wengert::lowering {

using ast::Tag;

ast::Id Site::operand(std::size_t k) const {
  const ast::Node& n = node();
  switch (n.tag) {
    case Tag::call: {
      const auto& arguments = tree().calls[n.a].arguments;
      return k < arguments.size() ? arguments[k] : id;
    }
    case Tag::list: return tree().lists[n.a][k];
    case Tag::index: return k == 0 ? n.a : tree().lists[n.b][k - 1];
    default: return k == 0 ? n.a : n.b;
  }
}

std::string Site::written(std::size_t k, bool as_argument) const {
  const ast::Id o = operand(k);
  std::string words(program.sources.text(span(o)));
  if (words.size() > 24 || words.find('\n') != std::string::npos) return "...";
  switch (tree().nodes[o].tag) {
    case Tag::number: case Tag::name: case Tag::call: case Tag::index: case Tag::list: case Tag::transpose: case Tag::comprehension: return words;
    default: return as_argument ? words : "(" + words + ")";
  }
}

bool Site::shown() const { return machine_.form() == Form::shown; }

std::string Site::callee() const { return tree().names[tree().calls[node().a].name]; }

void Site::refuse(Kind kind, std::string message, const Span& where, std::string help, std::vector<Label> labels) const {
  machine_.refuse({kind, std::move(message), where, std::move(help), std::move(labels)});
}

void Site::refuse_shapes(std::string message, Args x, std::string help) const {
  std::vector<Label> labels;
  for (std::size_t k = 0; k < x.size(); ++k) labels.push_back({operand_span(k), to_string(x[k].shape())});
  refuse(Kind::shape, std::move(message), span(), std::move(help), std::move(labels));
}

std::int64_t Site::integer(const Value& v, const Span& where, std::string_view what) const {
  const double x = machine_.closed(v, where, what);
  if (std::isnan(x) || x != std::floor(x))
    refuse(Kind::shape, std::string(what) + " must be an integer, and this is " + shortest_text(x), where);
  if (std::fabs(x) >= 9007199254740992.0) refuse(Kind::limit, std::string(what) + " is too large", where);
  return static_cast<std::int64_t>(x);
}

std::uint32_t Site::size(const Value& v, const Span& where, std::string_view what) const {
  const std::int64_t n = integer(v, where, what);
  if (n < 1) refuse(Kind::shape, std::string(what) + " must be at least 1, and this is " + std::to_string(n), where);
  if (n > static_cast<std::int64_t>(program.limits.elements) || n > 0xfffffffe)
    refuse(Kind::limit, std::string(what) + " is " + std::to_string(n) + ", more than the limit of " + std::to_string(program.limits.elements) + " elements", where);
  return static_cast<std::uint32_t>(n);
}

Shape Site::shape(std::uint64_t rows, std::uint64_t cols) const {
  if (rows > 0xfffffffe || cols > 0xfffffffe || (rows != 0 && cols > program.limits.elements / rows))
    refuse(Kind::limit, "an array of " + std::to_string(rows) + "x" + std::to_string(cols) + " is larger than the limit of " +
                            std::to_string(program.limits.elements) + " elements");
  return {static_cast<std::uint32_t>(rows), static_cast<std::uint32_t>(cols)};
}

std::string counted(std::size_t n, std::string_view noun) {
  return std::to_string(n) + " " + std::string(noun) + (n == 1 ? "" : "s");
}

}  // namespace wengert::lowering
