// Ctrl-C: ends a job with status 130, or sets a flag that the prompt looks at.
#pragma once

namespace wengert::app {

// One job: an interrupt ends the process.
void interrupts_end_the_process();
// A prompt: an interrupt only sets the flag, and ends a wait for input.
void interrupts_are_noted();
// True once for each time that Ctrl-C was pressed.
bool take_interrupt();
bool interrupted();

}  // namespace wengert::app
