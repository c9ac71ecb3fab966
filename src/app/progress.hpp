// A line on the terminal that says what is being worked on, for work that lasts.
#pragma once
#include <memory>
#include <string>
#include <string_view>

namespace wengert::app {

// Shows "<what> ... 3 s (Ctrl-C stops)" on standard error from the first second of the work on, from a thread of its
// own. Where standard error is no terminal nothing is shown and no thread is started.
class Progress {
 public:
  Progress();
  ~Progress();
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  void allow(bool shown);             // nothing is shown before
  void begin(std::string_view what);  // inside what was begun before
  void end();                         // what was begun last
  void clear();                       // takes the line away, because something else is about to be written

 private:
  struct Watch;
  std::unique_ptr<Watch> watch_;
  bool allowed_ = false;
};

// What a scope works on.
class Work {
 public:
  Work(Progress& progress, std::string_view what) : progress_(progress) { progress_.begin(what); }
  ~Work() { progress_.end(); }
  Work(const Work&) = delete;
  Work& operator=(const Work&) = delete;

 private:
  Progress& progress_;
};

}  // namespace wengert::app
