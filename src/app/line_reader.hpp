// Where the prompt gets its lines: libedit on a terminal, plain lines otherwise.
#pragma once
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace wengert::app {

struct LineRead {
  enum class Outcome : unsigned char { line, end, interrupted };
  Outcome outcome = Outcome::end;
  std::string text;
};

// The words that could stand where `word` ends, given what stands before it in the line.
using Completer = std::function<std::vector<std::string>(const std::string& before, const std::string& word)>;

// Line editing with history and completion.
class EditedLines {
 public:
  EditedLines(std::string history_file, Completer completer);
  ~EditedLines();
  EditedLines(const EditedLines&) = delete;
  EditedLines& operator=(const EditedLines&) = delete;
  LineRead read(const std::string& prompt);
  void remember(const std::string& entry);  // into the history, on disk too

 private:
  struct Editor;
  std::unique_ptr<Editor> editor_;
};

// Lines as they come, with a prompt before them.
class PlainLines {
 public:
  LineRead read(const std::string& prompt);
  void remember(const std::string&) {}
};

// The longest beginning that all have.
std::string common_beginning(const std::vector<std::string>& words);

}  // namespace wengert::app
