#include "complaints.hpp"
#include "characters.hpp"
namespace wengert::grammar {
Diagnostic complain(const Situation& s) {
  Diagnostic d;
  d.kind = Kind::syntax;
  d.message = "expected " + std::string(s.expected);
  d.span = {s.source, std::uint32_t(s.at), std::uint32_t(s.at)};
  return d;
}
Diagnostic complain(const Fault& f, std::uint32_t source) {
  Diagnostic d;
  d.kind = Kind::limit;
  d.message = f.what == Fault::What::nul ? "the text contains a NUL character" : "the text is not UTF-8";
  d.span = {source, std::uint32_t(f.at), std::uint32_t(f.at) + 1};
  return d;
}
}  // namespace wengert::grammar
