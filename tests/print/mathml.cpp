// MathML: the forms people write, and well-formed elements for everything.
#include "wengert/print/mathml.hpp"

#include <doctest/doctest.h>

#include "../rewrite/random_programs.hpp"

using namespace wengert;
using namespace wengert::test;

namespace {

// Every element is closed by its own name, and nothing else than elements, entities and text is there.
bool well_formed(const std::string& xml) {
  std::vector<std::string> open;
  for (std::size_t k = 0; k < xml.size(); ++k) {
    if (xml[k] != '<') {
      if (xml[k] == '&' && xml.find(';', k) > k + 8) return false;
      continue;
    }
    const std::size_t end = xml.find('>', k);
    if (end == std::string::npos) return false;
    const std::string tag = xml.substr(k + 1, end - k - 1), name = tag.substr(0, tag.find(' '));
    if (name[0] == '/') {
      if (open.empty() || "/" + open.back() != name) return false;
      open.pop_back();
    } else {
      open.push_back(name);
    }
    k = end;
  }
  return open.empty();
}

}  // namespace

TEST_CASE("fractions, powers, roots and functions are elements of their own") {
  Graph g;
  const Expr x = variable(g, "x"), z = variable(g, "z2");
  const Expr two{g, g.constant(Constant::integer(2))};
  CHECK(mathml(power(x, two) / (x + two)) ==
        "<math><mfrac><mrow><msup><mrow><mi>x</mi></mrow><mrow><mn>2</mn></mrow></msup></mrow><mrow><mi>x</mi><mo>+</mo><mn>2</mn></mrow></mfrac></math>");
  CHECK(mathml(sqrt(x)) == "<math><msqrt><mi>x</mi></msqrt></math>");
  CHECK(mathml(sin(z)) == "<math><mrow><mi>sin</mi><mo>&#x2061;</mo><mo>(</mo><msub><mi>z</mi><mn>2</mn></msub><mo>)</mo></mrow></math>");
  CHECK(mathml(exp(x)) == "<math><msup><mi>e</mi><mrow><mi>x</mi></mrow></msup></math>");
  CHECK(mathml((x + two) * x).find("<mrow><mo>(</mo><mi>x</mi><mo>+</mo><mn>2</mn><mo>)</mo></mrow>") != std::string::npos);
  CHECK(mathml(less(x, two)).find("<mo>&lt;</mo>") != std::string::npos);
}

TEST_CASE("random expressions are well-formed") {
  Random random(31);
  for (int k = 0; k < 400; ++k) {
    const Program p = k % 2 == 0 ? random_scalars(random) : random_arrays(random);
    const std::string xml = mathml(p.output);
    INFO(p.text);
    INFO(xml);
    CHECK(well_formed(xml));
    CHECK(well_formed(mathml(p.output, {.limit = 50})));
  }
}
