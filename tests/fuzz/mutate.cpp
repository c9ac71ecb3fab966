#include "mutate.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>

namespace wengert::fuzz {

namespace {

// A dictionary line in libFuzzer's form: "word", with \xHH, \\ and \".
std::string unquoted(const std::string& line) {
  const std::size_t begin = line.find('"'), end = line.rfind('"');
  std::string out;
  for (std::size_t k = begin + 1; k < end; ++k) {
    if (line[k] != '\\')
      out += line[k];
    else if (line[k + 1] == 'x')
      out += static_cast<char>(std::stoi(line.substr(k + 2, 2), nullptr, 16)), k += 3;
    else
      out += line[++k];
  }
  return out;
}

std::vector<Material::Program> files_of(const std::string& folder) {
  std::vector<std::filesystem::path> paths;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) paths.push_back(entry.path());
  std::sort(paths.begin(), paths.end());
  std::vector<Material::Program> files;
  for (const auto& path : paths) {
    std::ifstream file(path, std::ios::binary);
    std::ostringstream text;
    text << file.rdbuf();
    files.push_back({path.stem().string(), text.str()});
  }
  return files;
}

}  // namespace

Material load_material(const std::string& folder) {
  Material m;
  for (auto& file : files_of(folder + "/seeds")) m.seeds.push_back(std::move(file.text));
  m.found = files_of(folder + "/found");
  std::ifstream dictionary(folder + "/dictionary.txt");
  for (std::string line; std::getline(dictionary, line);)
    if (!line.empty() && line[0] != '#') m.words.push_back(unquoted(line));
  return m;
}

std::string mutated(const Material& material, Random& random) {
  const std::string& whole = random.pick(material.seeds);
  std::string text;
  if (random.chance(60)) {  // a piece: short texts are many more a second
    const std::size_t from = random.below(whole.size() + 1);
    text = whole.substr(from, 4 + random.below(40));
  } else {
    text = whole;
  }
  text.reserve(text.size() + 200);
  for (std::size_t rounds = 1 + random.below(6); rounds-- > 0;) {
    const std::size_t at = random.below(text.size() + 1), length = std::min(text.size() - at, 1 + random.below(8));
    switch (random.below(9)) {
      case 0:
        text.erase(at, length);
        break;
      case 1:
      case 2:
      case 3:
        text.insert(at, random.pick(material.words));
        break;
      case 4: {  // a piece of another seed
        const std::string& other = random.pick(material.seeds);
        const std::size_t from = random.below(other.size() + 1);
        text.insert(at, other, from, 1 + random.below(24));
        break;
      }
      case 5:
        text.insert(at, text.substr(at, length));
        break;
      case 6:
        text.insert(at, 1, static_cast<char>(random.below(256)));
        break;
      case 7:
        if (at < text.size()) text[at] = static_cast<char>(text[at] ^ (1 << random.below(8)));
        break;
      default:
        text.replace(at, length, random.pick(material.words));
        break;
    }
  }
  text.resize(std::min<std::size_t>(text.size(), 2000));
  return text;
}

}  // namespace wengert::fuzz
