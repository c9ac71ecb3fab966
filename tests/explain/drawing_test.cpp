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

TEST_CASE("sixty equal layers are one box that tells the operations of one, and the weights of their own are in it") {
  for (const bool shared_weights : {true, false}) {
    Program p;
    const Expr x = p.input("x", {2, 1});
    Expr W = p.input("W", {2, 2}), b = p.input("b", {2, 1}), h = x;
    for (int k = 1; k <= 60; ++k) {
      h = row<Tanh>(matmul(W, h) + b);
      p.graph->name(h.id, "h" + std::to_string(k));
      if (!shared_weights) W = p.input("W" + std::to_string(k), {2, 2}), b = p.input("b" + std::to_string(k), {2, 1});
    }
    p.output = total(h * h, along::all);
    const Trace t = traced(p);
    const Drawing d = draw(t);
    check_layout(d);
    const auto repeated =
        std::find_if(d.boxes.begin(), d.boxes.end(), [](const DrawnBox& box) { return box.times > 1; });
    REQUIRE(repeated != d.boxes.end());
    CHECK(repeated->times == 60);
    CHECK(repeated->title == "h1 to h60, 60 times");
    CHECK(repeated->lines[0] == "v1 = W*x");
    CHECK(repeated->lines[2] == "h1 = tanh(v2)");
    CHECK(d.boxes.size() == 6);  // x, two weights or two inputs that nothing uses, the layers, the sum of squares
    std::size_t rows = 0;
    for (const DrawnBox& box : d.boxes) rows += box.rows.size();
    CHECK(rows == t.rows.size());
  }
}

TEST_CASE("what only looks alike is no repetition") {
  Program p;
  const Expr x = p.input("x");
  Expr y = x;
  for (int k = 0; k < 80; ++k) y = k % 2 == 0 ? sin(y) : y * static_cast<double>(k);  // another constant in each
  p.output = y;
  for (const DrawnBox& box : draw(traced(p), {.most = 20}).boxes) CHECK(box.times == 1);
}

TEST_CASE("two stacks of different layers are two boxes") {
  Program p;
  const Expr x = p.input("x"), w = p.input("w");
  Expr y = x;
  for (int k = 0; k < 30; ++k) y = sin(y * w);
  for (int k = 0; k < 20; ++k) y = exp(-(y * y));
  p.output = y;
  std::vector<std::size_t> times;
  for (const DrawnBox& box : draw(traced(p)).boxes)
    if (box.times > 1) times.push_back(box.times);
  CHECK(times == std::vector<std::size_t>{30, 20});
}

TEST_CASE("a picture in words has every box with its numbers and arrows") {
  Program p;
  const Expr x = p.input("x");
  p.output = x * sin(x);
  wengert::Point at{{x.id, {0}}};
  CHECK(to_text(draw(trace({p.graph.get(), p.output.id, {x.id}}, at))) ==
        "x: value 0, d/dx 1, adjoint 0\n    -> v1 (1)  -> v2 (0)\n"
        "v1 = sin(x): value 0, d/dx 1, adjoint 0\n    -> v2 (0)\n"
        "v2 = x*v1: value 0, d/dx 0, adjoint 1\n");
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
