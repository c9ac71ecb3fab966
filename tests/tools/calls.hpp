// How to call each row in a test: one-node programs with a point in the row's range.
#pragma once
#include "program.hpp"

namespace wengert::test {

struct Call {
  const Row* row;
  Program program;
  Point at;
};

// The row's name as a test prints it; rows that share a name are told apart.
std::string name_of(const Row& row);
Shape shape_of_output(const Program& program);

// An elementwise row of scalars.
Program scalar_program(const Row& row);
// Random numbers of the row's own, so that another row in the table changes no other's points.
Random random_for(const Row& row, std::uint64_t seed);
// A random point in the row's range for scalar arguments.
Point sample(const Row& row, Random& random);

// The row at random points: elementwise rows of scalars, of arrays and of every mixture of both; array
// rows in every way that the table in calls.cpp lists.
std::vector<Call> calls_of(const Row& row, Random& random);

}  // namespace wengert::test
