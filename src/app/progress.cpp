#include "app/progress.hpp"

#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <cstdio>
#include <mutex>
#include <thread>
#include <vector>

#include "app/interrupt.hpp"
#include "app/json.hpp"

namespace wengert::app {

namespace {

using Clock = std::chrono::steady_clock;
constexpr std::chrono::milliseconds patience{1000}, between_lines{200};
constexpr std::size_t widest = 48;

// The first line of it, at most `widest` bytes, cut between characters. What would command the terminal is a blank.
std::string shortened(std::string_view text) {
  const std::string_view first = text.substr(0, text.find('\n'));
  std::size_t end = std::min(first.size(), widest);
  while (end > 0 && end < first.size() && (static_cast<unsigned char>(first[end]) & 0xC0u) == 0x80u) --end;
  std::string line = repaired(first.substr(0, end));
  std::replace_if(
      line.begin(), line.end(), [](unsigned char c) { return c < ' ' || c == 0x7F; }, ' ');
  return end < text.size() ? line + "..." : line;
}

}  // namespace

struct Progress::Watch {
  std::mutex mutex;
  std::condition_variable changed;
  std::vector<std::string> works;  // the innermost last
  Clock::time_point begun;
  bool shown = false, over = false;
  std::thread thread{[this] { run(); }};

  ~Watch() {
    {
      const std::lock_guard lock(mutex);
      erase();
      over = true;
    }
    changed.notify_one();
    thread.join();
  }

  void run() {
    std::unique_lock lock(mutex);
    while (!over) {
      if (works.empty()) {
        changed.wait(lock);
        continue;
      }
      changed.wait_for(lock, shown ? between_lines : patience);
      if (!works.empty() && !over && Clock::now() - begun >= patience) show();
    }
  }

  void show() {
    const auto seconds = std::chrono::duration<double>(Clock::now() - begun).count();
    char line[160];
    const int n = std::snprintf(line, sizeof line, "\r\x1b[K%s  %.1f s (Ctrl-C stops)", works.back().c_str(), seconds);
    shown = n > 0 && write(2, line, std::min<std::size_t>(static_cast<std::size_t>(n), sizeof line - 1)) > 0;
    line_is_shown(shown);
  }

  void erase() {
    if (!shown) return;
    shown = write(2, "\r\x1b[K", 4) < 0;
    line_is_shown(shown);
  }
};

Progress::Progress() = default;
Progress::~Progress() = default;

void Progress::allow(bool shown) { allowed_ = shown && isatty(2) != 0; }

void Progress::begin(std::string_view what) {
  if (!allowed_) return;
  if (!watch_) watch_ = std::make_unique<Watch>();
  {
    const std::lock_guard lock(watch_->mutex);
    watch_->erase();
    watch_->works.push_back(shortened(what));
    watch_->begun = Clock::now();
  }
  watch_->changed.notify_one();
}

void Progress::end() {
  if (!watch_) return;
  const std::lock_guard lock(watch_->mutex);
  watch_->erase();
  watch_->works.pop_back();
  watch_->begun = Clock::now();
}

void Progress::clear() {
  if (!watch_) return;
  const std::lock_guard lock(watch_->mutex);
  watch_->erase();
}

}  // namespace wengert::app
