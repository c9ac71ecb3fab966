// Files of text and the folders of the XDG convention.
#pragma once
#include <cstdint>
#include <string>

#include "wengert/core/diagnostic.hpp"

namespace wengert::app {

// What a job may do with files; standard input and output are always there.
struct FileAccess {
  bool allowed = true;
  std::uint64_t most_bytes = 100'000'000;  // of one text
};

// "-" is standard input. A missing file, a folder, an unreadable file: an error of kind usage; a text
// beyond the limit: of kind limit, before it is read.
Result<std::string> read_file(const std::string& path, const FileAccess& access);
std::optional<Diagnostic> write_file(const std::string& path, const std::string& text, const FileAccess& access);

// ~/.config/wengert/init.wen and ~/.local/state/wengert/history, or where XDG_CONFIG_HOME and XDG_STATE_HOME say;
// empty if there is no home.
std::string start_up_file();
std::string history_file();
// Makes the folders above a path, for the user alone.
bool make_folder_of(const std::string& path);

}  // namespace wengert::app
