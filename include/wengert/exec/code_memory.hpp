// Room for the machine code of many plans, so that each does not have to ask the system for pages of its own:
//
//   exec::PlanOptions o{.native = true, .code_memory = std::make_shared<exec::CodeMemory>()};
//   exec::Plan f(graph, {y.id}, {x.id}, o), g(graph, {z.id}, {x.id}, o);
//
// The pages are mapped for reading and executing, never for writing: code is written through the file that they show,
// which has no name. An address is written once: what a forked process shares with this one stays as it is.
#pragma once
#include <cstddef>
#include <functional>
#include <memory>
#include <mutex>
#include <span>

namespace wengert::exec {

// From many threads at once. Pages go back to the system with the last plan whose code they hold; those that are being
// filled, with the memory itself.
class CodeMemory {
 public:
  explicit CodeMemory(std::size_t chunk_bytes = std::size_t{1} << 20) : chunk_bytes_(chunk_bytes) {}

  // Room for so many bytes; `written` is told its address and says what comes there, or nothing to give up. Null then,
  // and where the system has no such memory (Linux alone has it) or gives no more.
  std::shared_ptr<const void> place(std::size_t bytes,
                                    const std::function<std::span<const std::byte>(const void* at)>& written);

 private:
  struct Chunk;
  struct Room {
    std::shared_ptr<Chunk> chunk;  // null: there is none
    std::size_t at = 0;
  };
  Room room(std::size_t bytes);
  std::size_t chunk_bytes_;
  std::mutex mutex_;
  std::shared_ptr<Chunk> filling_;
};

}  // namespace wengert::exec
