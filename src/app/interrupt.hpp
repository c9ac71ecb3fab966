// What stops a computation. Ctrl-C: ends a job with status 130, or sets a flag that the prompt looks at.
#pragma once

namespace wengert::app {

// One job: an interrupt ends the process.
void interrupts_end_the_process();
// A prompt: an interrupt only sets the flag, and ends a wait for input.
void interrupts_are_noted();
// True once for each time that Ctrl-C was pressed.
bool take_interrupt();
bool interrupted();

// Whether a line of progress stands on the terminal, which an interrupt takes away.
void line_is_shown(bool shown);

// From now on, so many seconds; 0: for ever. Where nothing asks, a job's process is ended some time after.
enum class Overrun : unsigned char { is_asked_for, ends_the_process };
void limit_time(double seconds, Overrun overrun, bool json);
bool out_of_time();
// An interrupt, or the end of the time.
bool asked_to_stop();
double time_limit();

}  // namespace wengert::app
