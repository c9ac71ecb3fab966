#include "app/interrupt.hpp"

#include <unistd.h>

#include <csignal>

#include "app/report.hpp"

namespace wengert::app {

namespace {

volatile std::sig_atomic_t pressed = 0;  // the one thing that a signal handler may write

extern "C" void end_process(int) { _exit(status::interrupted); }
extern "C" void note_it(int) { pressed = 1; }

void install(void (*handler)(int)) {
  struct sigaction action {};
  action.sa_handler = handler;  // without SA_RESTART: a read returns
  sigemptyset(&action.sa_mask);
  sigaction(SIGINT, &action, nullptr);
}

}  // namespace

void interrupts_end_the_process() { install(end_process); }
void interrupts_are_noted() { install(note_it); }
bool interrupted() { return pressed != 0; }

bool take_interrupt() {
  const bool was = pressed != 0;
  pressed = 0;
  return was;
}

}  // namespace wengert::app
