// Bytes from seeds: pieces exchanged, words of a dictionary put in, bytes flipped; without feedback from the program.
#pragma once
#include <string>
#include <vector>

#include "random.hpp"

namespace wengert::fuzz {

struct Material {
  std::vector<std::string> seeds, words;
  struct Program {
    std::string name, text;
  };
  std::vector<Program> found;
};
// The files of tests/fuzz/seeds and tests/fuzz/found, and the words of tests/fuzz/dictionary.txt.
Material load_material(const std::string& folder);

std::string mutated(const Material& material, Random& random);

}  // namespace wengert::fuzz
