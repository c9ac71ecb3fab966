#include "wengert/exec/code_memory.hpp"

#include <algorithm>

#ifdef __linux__
#include <sys/mman.h>
#include <unistd.h>

#include <cerrno>
#endif

namespace wengert::exec {

#ifdef __linux__

namespace {

constexpr std::size_t cache_line = 64;  // of the cache: where functions begin
constexpr unsigned may_be_executed =
    0x10;  // MFD_EXEC, which C libraries before 2.38 and kernels before 6.3 do not know

int unnamed_file() {
  const int file = ::memfd_create("code", MFD_CLOEXEC | may_be_executed);
  return file < 0 && errno == EINVAL ? ::memfd_create("code", MFD_CLOEXEC) : file;
}

bool write_all(int file, std::span<const std::byte> bytes, std::size_t at) {
  while (!bytes.empty()) {
    const ssize_t n = ::pwrite(file, bytes.data(), bytes.size(), static_cast<off_t>(at));
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) return false;
    bytes = bytes.subspan(static_cast<std::size_t>(n));
    at += static_cast<std::size_t>(n);
  }
  return true;
}

}  // namespace

struct CodeMemory::Chunk {
  explicit Chunk(std::size_t bytes) : size(bytes), file(unnamed_file()) {
    if (file < 0 || ::ftruncate(file, static_cast<off_t>(size)) != 0) return;
    void* p = ::mmap(nullptr, size, PROT_READ | PROT_EXEC, MAP_SHARED, file, 0);
    if (p != MAP_FAILED) begin = static_cast<const std::byte*>(p);
  }
  ~Chunk() {
    if (begin != nullptr) ::munmap(const_cast<std::byte*>(begin), size);
    if (file >= 0) ::close(file);
  }
  Chunk(const Chunk&) = delete;
  Chunk& operator=(const Chunk&) = delete;

  const std::size_t size;
  const int file;
  const pid_t owner = ::getpid();  // a forked process has the same file: it may not write there
  const std::byte* begin = nullptr;
  std::size_t used = 0;
};

// No address is given twice.
CodeMemory::Room CodeMemory::room(std::size_t bytes) {
  const std::lock_guard lock(mutex_);
  if (filling_ == nullptr || filling_->size - filling_->used < bytes || filling_->owner != ::getpid()) {
    constexpr std::size_t page = 4096;
    filling_ = std::make_shared<Chunk>((std::max(bytes, chunk_bytes_) + page - 1) / page * page);
    if (filling_->begin == nullptr) filling_ = nullptr;
  }
  if (filling_ == nullptr) return {};
  const std::size_t at = filling_->used;
  filling_->used += (bytes + cache_line - 1) / cache_line * cache_line;
  filling_->used = std::min(filling_->used, filling_->size);
  return {filling_, at};
}

std::shared_ptr<const void> CodeMemory::place(
    std::size_t bytes, const std::function<std::span<const std::byte>(const void* at)>& written) {
  Room r = room(bytes);
  if (r.chunk == nullptr) return nullptr;
  const std::byte* at = r.chunk->begin + r.at;
  const std::span<const std::byte> code = written(at);
  if (code.empty() || code.size() > bytes || !write_all(r.chunk->file, code, r.at)) return nullptr;
  return {std::move(r.chunk), at};
}

#else

struct CodeMemory::Chunk {};
CodeMemory::Room CodeMemory::room(std::size_t) { return {}; }
std::shared_ptr<const void> CodeMemory::place(std::size_t,
                                              const std::function<std::span<const std::byte>(const void* at)>&) {
  return nullptr;
}

#endif

}  // namespace wengert::exec
