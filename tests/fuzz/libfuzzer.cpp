// The same play with feedback from the program, where clang's libFuzzer is there.
#include <cstddef>
#include <cstdint>

#include "play.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  wengert::fuzz::play_parser(bytes);
  wengert::fuzz::play_modes(bytes);
  return 0;
}
