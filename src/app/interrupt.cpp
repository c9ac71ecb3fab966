#include "app/interrupt.hpp"

#include <sys/time.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>

#include <csignal>

#include "app/report.hpp"

namespace wengert::app {

namespace {

volatile std::sig_atomic_t pressed = 0;  // the one thing that a signal handler may write

using Clock = std::chrono::steady_clock;
double allowed = 0;  // seconds
Clock::time_point begun;
volatile std::sig_atomic_t json_wanted = 0;
volatile std::sig_atomic_t line_shown = 0;

// Only what may be called in a signal handler.
extern "C" void end_late(int) {
  constexpr char people[] = "error: this takes longer than the time limit\n";
  constexpr char programs[] =
      "{\"schema\":1,\"input\":\"\",\"error\":{\"kind\":\"limit\",\"message\":\"this takes longer than the time "
      "limit\"}}\n";
  const auto written = json_wanted != 0 ? write(1, programs, sizeof programs - 1) : write(2, people, sizeof people - 1);
  _exit(written < 0 ? status::no_number : status::text);
}

extern "C" void end_process(int) {
  if (line_shown != 0 && write(2, "\r\x1b[K", 4) < 0) _exit(status::interrupted);
  _exit(status::interrupted);
}
extern "C" void note_it(int) { pressed = 1; }

void install(void (*handler)(int)) {
  struct sigaction action {};
  action.sa_handler = handler;  // without SA_RESTART: a read returns
  sigemptyset(&action.sa_mask);
  sigaction(SIGINT, &action, nullptr);
}

}  // namespace

void limit_time(double seconds, Overrun overrun, bool json) {
  allowed = seconds;
  begun = Clock::now();
  json_wanted = json ? 1 : 0;
  struct sigaction action {};
  action.sa_handler = end_late;
  sigemptyset(&action.sa_mask);
  sigaction(SIGALRM, &action, nullptr);
  const double hard = seconds > 0 && overrun == Overrun::ends_the_process ? std::min(2 * seconds + 1, 1e6) : 0;
  const auto whole = static_cast<time_t>(hard);
  const itimerval timer{{0, 0}, {whole, static_cast<suseconds_t>((hard - static_cast<double>(whole)) * 1e6)}};
  setitimer(ITIMER_REAL, &timer, nullptr);
}
double time_limit() { return allowed; }
bool out_of_time() { return allowed > 0 && std::chrono::duration<double>(Clock::now() - begun).count() > allowed; }
bool asked_to_stop() { return interrupted() || out_of_time(); }

void line_is_shown(bool shown) { line_shown = shown ? 1 : 0; }

void interrupts_end_the_process() { install(end_process); }
void interrupts_are_noted() { install(note_it); }
bool interrupted() { return pressed != 0; }

bool take_interrupt() {
  const bool was = pressed != 0;
  pressed = 0;
  return was;
}

}  // namespace wengert::app
