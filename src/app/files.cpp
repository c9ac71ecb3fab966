#include "app/files.hpp"

#include <sys/stat.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <memory>

#include "app/usage.hpp"

namespace wengert::app {

namespace {

struct Close {
  void operator()(std::FILE* file) const {
    if (file != stdin) std::fclose(file);
  }
};
using File = std::unique_ptr<std::FILE, Close>;

Diagnostic trouble(const std::string& verb, const std::string& path, int error) {
  return usage("cannot " + verb + " " + (path == "-" ? "standard input" : path) + ": " + std::strerror(error));
}

std::string folder(const char* variable, const std::string& below_home) {
  if (const char* given = std::getenv(variable); given != nullptr && *given == '/')
    return std::string(given) + "/wengert/";
  const char* home = std::getenv("HOME");
  return home == nullptr || *home == '\0' ? "" : std::string(home) + below_home + "/wengert/";
}

}  // namespace

Result<std::string> read_file(const std::string& path) {
  struct stat about {};
  if (path != "-" && stat(path.c_str(), &about) == 0 && S_ISDIR(about.st_mode))
    return usage("cannot read " + path + ": it is a folder");
  const File file(path == "-" ? stdin : std::fopen(path.c_str(), "rb"));
  if (!file) return trouble("read", path, errno);
  std::string text;
  char block[1 << 14];
  while (const std::size_t n = std::fread(block, 1, sizeof block, file.get())) text.append(block, n);
  if (std::ferror(file.get()) != 0) return trouble("read", path, errno);
  return text;
}

std::optional<Diagnostic> write_file(const std::string& path, const std::string& text) {
  File file(std::fopen(path.c_str(), "wb"));
  if (!file) return trouble("write", path, errno);
  const bool written = std::fwrite(text.data(), 1, text.size(), file.get()) == text.size();
  if (std::fclose(file.release()) != 0 || !written) return trouble("write", path, errno);
  return std::nullopt;
}

std::string start_up_file() {
  const std::string where = folder("XDG_CONFIG_HOME", "/.config");
  return where.empty() ? where : where + "init.wen";
}

std::string history_file() {
  const std::string where = folder("XDG_STATE_HOME", "/.local/state");
  return where.empty() ? where : where + "history";
}

bool make_folder_of(const std::string& path) {
  for (std::size_t slash = path.find('/', 1); slash != std::string::npos; slash = path.find('/', slash + 1))
    if (mkdir(path.substr(0, slash).c_str(), 0700) != 0 && errno != EEXIST) return false;
  return true;
}

}  // namespace wengert::app
