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

Diagnostic refused(const std::string& verb, const std::string& path) {
  return usage("cannot " + verb + " " + path + ": there are no files in a sandbox");
}

std::string folder(const char* variable, const std::string& below_home) {
  if (const char* given = std::getenv(variable); given != nullptr && *given == '/')
    return std::string(given) + "/wengert/";
  const char* home = std::getenv("HOME");
  return home == nullptr || *home == '\0' ? "" : std::string(home) + below_home + "/wengert/";
}

}  // namespace

Result<std::string> read_file(const std::string& path, const FileAccess& access) {
  if (path != "-" && !access.allowed) return refused("read", path);
  struct stat about {};
  if (path != "-" && stat(path.c_str(), &about) == 0 && S_ISDIR(about.st_mode))
    return usage("cannot read " + path + ": it is a folder");
  const File file(path == "-" ? stdin : std::fopen(path.c_str(), "rb"));
  if (!file) return trouble("read", path, errno);
  const auto too_long = [&] {
    return Diagnostic{.kind = Kind::limit,
                      .message = (path == "-" ? "standard input" : path) + " is longer than the limit of " +
                                 std::to_string(access.most_bytes) + " bytes",
                      .help = "raise it: --limit text=1GB"};
  };
  if (path != "-" && S_ISREG(about.st_mode) && static_cast<std::uint64_t>(about.st_size) > access.most_bytes)
    return too_long();
  std::string text;
  char block[1 << 14];
  while (const std::size_t n = std::fread(block, 1, sizeof block, file.get())) {
    text.append(block, n);
    if (text.size() > access.most_bytes) return too_long();
  }
  if (std::ferror(file.get()) != 0) return trouble("read", path, errno);
  return text;
}

std::optional<Diagnostic> write_file(const std::string& path, const std::string& text, const FileAccess& access) {
  if (!access.allowed) return refused("write", path);
  File file(std::fopen(path.c_str(), "wb"));
  if (!file) return trouble("write", path, errno);
  const bool written = std::fwrite(text.data(), 1, text.size(), file.get()) == text.size();
  const int error = errno;
  if (std::fclose(file.release()) != 0) return trouble("write", path, errno);
  if (!written) return trouble("write", path, error);
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
