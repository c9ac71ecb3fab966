// Families of programs: each is written once, for any number of inputs and outputs.
//
// A program of a family is a text of the language over one vector x of n inputs; everything else that it
// mentions is a constant with numbers of its own, the same on every machine.
#pragma once
#include <cstddef>
#include <string>
#include <vector>

#include "wengert/modes/mode.hpp"
#include "wengert/session/session.hpp"

namespace wengert::mode_costs {

struct Size {
  std::size_t inputs = 1, outputs = 1;
  // Where a family has them: hidden layers or steps, and how often the next step uses a value. 0: the family's own.
  std::size_t depth = 0, uses = 0;
  bool operator==(const Size&) const = default;
};

struct Family {
  const char* name;
  const char* about;
  // The text, whose constants are given to the session.
  std::string (*write)(Session& session, Size size);
  double low, high;                   // between which inputs lie
  bool deep = false, shares = false;  // whether it has a depth, and a number of uses
  bool halves = false;                // inputs must be a power of two
};

const std::vector<Family>& families();

// A program that is read and ready to be differentiated. The problem points into the session.
struct Program {
  Program(const Family& family, Size size);

  Session session;
  std::string text;
  Problem problem;
  double parse_seconds = 0;  // from the text to the tree
  double build_seconds = 0;  // from the tree to the graph
  const Point& point() const { return session.point(); }
};

}  // namespace wengert::mode_costs
