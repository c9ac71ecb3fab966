// Pictures of programs: nothing overlaps, arrows lead forwards, large programs collapse.
#include "wengert/explain/drawing.hpp"

#include <doctest/doctest.h>

#include "../rewrite/random_programs.hpp"

using namespace wengert;
using namespace wengert::test;

namespace {

Trace traced(const Program& p) {
  wengert::Point at;
  std::vector<NodeId> wrt;
  for (const Expr& x : p.inputs) {
    at[x.id] = std::vector<double>(x.shape().size(), 1.5);
    wrt.push_back(x.id);
  }
  return trace({p.graph.get(), p.output.id, wrt}, at);
}

void check_layout(const Drawing& d) {
  for (std::size_t a = 0; a < d.boxes.size(); ++a) {
    const DrawnBox& b = d.boxes[a];
    CHECK(b.x - b.width / 2 >= 0);
    CHECK(b.x + b.width / 2 <= d.width);
    CHECK(b.y - b.height / 2 >= 0);
    CHECK(b.y + b.height / 2 <= d.height);
    for (std::size_t c = a + 1; c < d.boxes.size(); ++c) {
      const DrawnBox& o = d.boxes[c];
      const bool apart =
          std::abs(b.x - o.x) >= (b.width + o.width) / 2 || std::abs(b.y - o.y) >= (b.height + o.height) / 2 - 1e-6;
      CHECK(apart);
    }
  }
  for (const DrawnArrow& a : d.arrows) {
    CHECK(d.boxes[a.from].layer < d.boxes[a.to].layer);
    REQUIRE(a.points.size() >= 2);
    for (std::size_t k = 1; k < a.points.size(); ++k) CHECK(a.points[k - 1].first < a.points[k].first);
  }
}

std::size_t count(const std::string& text, const std::string& what) {
  std::size_t n = 0;
  for (std::size_t at = text.find(what); at != std::string::npos; at = text.find(what, at + 1)) ++n;
  return n;
}

}  // namespace

TEST_CASE("boxes of random programs stay apart and arrows lead from left to right") {
  Random random(21);
  for (int k = 0; k < 60; ++k) {
    const Program p = k % 3 == 0 ? random_arrays(random) : random_scalars(random);
    INFO(p.text);
    check_layout(draw(traced(p)));
  }
}

TEST_CASE("boxes hold value, tangents and adjoint, and arrows the local partial") {
  Program p;
  const Expr x = p.input("x"), z = p.input("z");
  p.output = exp(x * z);
  wengert::Point at{{x.id, {2}}, {z.id, {3}}};
  const Drawing d = draw(trace({p.graph.get(), p.output.id, {x.id, z.id}}, at));
  REQUIRE(d.boxes.size() == 4);
  CHECK(d.boxes[2].title == "v1 = x*z");
  CHECK(d.boxes[2].lines == std::vector<std::string>{"value 6", "d/dx 3", "d/dz 2", "adjoint 403.429"});
  CHECK(d.arrows[0].label == "3");
  const Drawing bare = draw(trace({p.graph.get(), p.output.id, {x.id, z.id}}, at), {.numbers = false});
  CHECK(bare.boxes[2].lines.empty());
  CHECK(bare.arrows[0].label.empty());
}

TEST_CASE("a large program collapses to as many boxes as were asked for") {
  Program p;
  const Expr x = p.input("x");
  Expr y = x;
  for (int k = 0; k < 300; ++k) {
    y = k % 2 == 0 ? sin(y) + x : y * y;
    if (k % 50 == 49) p.graph->name(y.id, "layer" + std::to_string(k / 50));
  }
  p.output = y;
  const Drawing d = draw(traced(p));
  check_layout(d);
  CHECK(d.boxes.size() <= 61);
  std::size_t rows = 0;
  for (const DrawnBox& b : d.boxes) rows += b.rows.size();
  CHECK(rows == traced(p).rows.size());
  const Drawing whole = draw(traced(p), {.most = 1000});
  CHECK(whole.boxes.size() == rows);
  check_layout(whole);
}

TEST_CASE("a focus keeps what is near") {
  Program p;
  const Expr x = p.input("x"), z = p.input("z");
  const Expr a = sin(x), b = exp(z);
  p.graph->name(a.id, "a");
  p.graph->name(b.id, "b");
  p.output = sin(sin(sin(a))) + b;
  const Drawing d = draw(traced(p), {.focus = "a"});
  std::vector<std::string> names;
  for (const DrawnBox& box : d.boxes) names.push_back(box.name);
  CHECK(std::find(names.begin(), names.end(), "x") != names.end());
  CHECK(std::find(names.begin(), names.end(), "b") == names.end());
  CHECK(names.size() == 4);
}

TEST_CASE("SVG, DOT and TikZ have every box and every arrow, and escape what they must") {
  Program p;
  const Expr x = p.input("x"), z = p.input("z");
  p.output = select(less(x, z), x * z, z);
  const Drawing d = draw(traced(p));
  const std::string svg = to_svg(d), dot = to_dot(d), tikz = to_tikz(d);
  CHECK(count(svg, "<g id=\"box-") == d.boxes.size());
  CHECK(count(svg, "class=\"arrow\"") == d.arrows.size());
  CHECK(svg.find("x &lt; z") != std::string::npos);
  CHECK(svg.find("prefers-color-scheme") != std::string::npos);
  CHECK(to_svg(d, Theme::light).find("prefers-color-scheme") == std::string::npos);
  CHECK(count(dot, " -> ") == d.arrows.size());
  CHECK(count(tikz, "\\node[box") == d.boxes.size());
  CHECK(count(tikz, "\\draw") == d.arrows.size());
}
