#include "app/line_reader.hpp"

#include <fcntl.h>
#include <histedit.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <clocale>
#include <cstdio>
#include <cstring>

#include "app/files.hpp"
#include "app/interrupt.hpp"
#include "app/layout.hpp"

namespace wengert::app {

std::string common_beginning(const std::vector<std::string>& words) {
  if (words.empty()) return {};
  std::string common = words.front();
  for (const std::string& word : words) {
    std::size_t same = 0;
    while (same < std::min(common.size(), word.size()) && common[same] == word[same]) ++same;
    common.resize(same);
  }
  return common;
}

struct EditedLines::Editor {
  EditLine* line = nullptr;
  History* history = nullptr;
  std::string prompt;
  std::string history_file;
  Completer completer;
  bool interrupted = false;
};

namespace {

// libedit hands back what it was given: this is the one place that turns it into an editor again.
template <class Editor>
Editor& editor_of(EditLine* line) {
  void* data = nullptr;
  el_get(line, EL_CLIENTDATA, &data);
  return *static_cast<Editor*>(data);
}

// One byte; -1 on Ctrl-C (with errno EINTR) or an error, 0 at the end.
template <class Editor>
int next_byte(Editor& editor, unsigned char& byte) {
  while (true) {
    const ssize_t n = ::read(STDIN_FILENO, &byte, 1);
    if (n >= 0) return static_cast<int>(n);
    if (errno != EINTR) return -1;
    if (interrupted()) {
      editor.interrupted = true;
      errno = EINTR;
      return -1;
    }
  }
}

// One character of UTF-8 from the terminal. libedit's own reader would go on after a signal.
template <class Editor>
int next_character(EditLine* line, wchar_t* character) {
  Editor& editor = editor_of<Editor>(line);
  unsigned char byte = 0;
  if (const int n = next_byte(editor, byte); n <= 0) return n;
  const int more = byte >= 0xf0 ? 3 : byte >= 0xe0 ? 2 : byte >= 0xc0 ? 1 : 0;
  unsigned code = more == 0 ? byte : byte & (0x3fu >> more);
  for (int k = 0; k < more; ++k) {
    if (const int n = next_byte(editor, byte); n <= 0) return n;
    code = (code << 6) | (byte & 0x3fu);
  }
  *character = static_cast<wchar_t>(code);
  return 1;
}

bool in_name(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_' || (static_cast<unsigned char>(c) & 0x80) != 0;
}

template <class Editor>
unsigned char complete(EditLine* line, int) {
  const LineInfo* info = el_line(line);
  const char* begin = info->cursor;
  while (begin > info->buffer && in_name(begin[-1])) --begin;
  const std::string before(info->buffer, begin), word(begin, info->cursor);
  const std::vector<std::string> candidates = editor_of<Editor>(line).completer(before, word);
  if (candidates.empty()) return CC_ERROR;
  std::string rest = common_beginning(candidates).substr(word.size());
  if (candidates.size() == 1 && before.ends_with(':')) rest += ' ';
  if (!rest.empty()) return el_insertstr(line, rest.c_str()) == 0 ? CC_REFRESH : CC_ERROR;
  if (candidates.size() == 1) return CC_NORM;
  std::string all;
  for (const std::string& candidate : candidates) all += (all.empty() ? "" : " ") + candidate;
  std::fprintf(stdout, "\n%s\n", wrapped(all, 80).c_str());
  std::fflush(stdout);
  return CC_REDISPLAY;
}

template <class Editor>
char* prompt_text(EditLine* line) {
  return editor_of<Editor>(line).prompt.data();
}

void use_utf8() {
  const char* set = std::setlocale(LC_CTYPE, "");
  if (set == nullptr || std::strstr(set, "UTF-8") == nullptr) std::setlocale(LC_CTYPE, "C.UTF-8");
}

}  // namespace

EditedLines::EditedLines(std::string history_file, Completer completer) : editor_(std::make_unique<Editor>()) {
  use_utf8();
  Editor& e = *editor_;
  e.history_file = std::move(history_file);
  e.completer = std::move(completer);
  e.line = el_init("wengert", stdin, stdout, stderr);
  e.history = history_init();
  HistEvent event;
  history(e.history, &event, H_SETSIZE, 5000);
  history(e.history, &event, H_SETUNIQUE, 1);
  if (!e.history_file.empty()) history(e.history, &event, H_LOAD, e.history_file.c_str());
  el_set(e.line, EL_CLIENTDATA, &e);
  el_set(e.line, EL_EDITOR, "emacs");
  el_set(e.line, EL_SIGNAL, 0);
  el_set(e.line, EL_PROMPT, prompt_text<Editor>);
  el_set(e.line, EL_HIST, history, e.history);
  el_set(e.line, EL_ADDFN, "wengert-complete", "complete a name", complete<Editor>);
  el_set(e.line, EL_BIND, "^I", "wengert-complete", nullptr);
  el_set(e.line, EL_BIND, "^R", "em-inc-search-prev", nullptr);
  el_set(e.line, EL_GETCFN, next_character<Editor>);
}

EditedLines::~EditedLines() {
  el_end(editor_->line);
  history_end(editor_->history);
}

LineRead EditedLines::read(const std::string& prompt) {
  Editor& e = *editor_;
  e.prompt = prompt;
  e.interrupted = false;
  int count = 0;
  const char* text = el_gets(e.line, &count);
  if (e.interrupted) {
    take_interrupt();
    std::fputs("^C\n", stdout);
    el_reset(e.line);
    return {LineRead::Outcome::interrupted, {}};
  }
  if (text == nullptr || count <= 0) {
    std::fputs("\n", stdout);
    return {LineRead::Outcome::end, {}};
  }
  std::string line(text, static_cast<std::size_t>(count));
  while (!line.empty() && (line.back() == '\n' || line.back() == '\r')) line.pop_back();
  return {LineRead::Outcome::line, std::move(line)};
}

void EditedLines::remember(const std::string& entry) {
  Editor& e = *editor_;
  HistEvent event;
  history(e.history, &event, H_ENTER, entry.c_str());
  if (e.history_file.empty() || !make_folder_of(e.history_file)) return;
  const int file = ::open(e.history_file.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
  if (file < 0) return;
  ::fchmod(file, 0600);
  std::FILE* stream = ::fdopen(file, "a");
  if (stream == nullptr) return;
  std::fseek(stream, 0, SEEK_END);
  history(e.history, &event, H_NSAVE_FP, std::size_t{1}, stream);
  std::fclose(stream);
}

LineRead PlainLines::read(const std::string& prompt) {
  std::fputs(prompt.c_str(), stdout);
  std::fflush(stdout);
  std::string line;
  while (true) {
    char c = 0;
    const ssize_t n = ::read(STDIN_FILENO, &c, 1);
    if (n < 0 && errno == EINTR && take_interrupt()) return {LineRead::Outcome::interrupted, {}};
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) return {line.empty() ? LineRead::Outcome::end : LineRead::Outcome::line, line};
    if (c == '\n') return {LineRead::Outcome::line, line};
    line += c;
  }
}

}  // namespace wengert::app
