// Signals that end a run.
#pragma once

// Counts SIGINT, SIGTERM and SIGHUP from now on. A signal that is ignored when the program starts (nohup, background
// job of a script) stays ignored. SIGPIPE and SIGXFSZ are ignored, so that writes report EPIPE and EFBIG (ulimit -f).
//
// After the first signal a timer interrupts every blocking call from time to time, so that a signal that arrives just
// before such a call is not overlooked. The third signal ends the process as it would without a handler.
void nt_catch_stop_signals(void);

// Number of signals so far, at most 3.
int nt_stop_signals(void);

// Sleeps for the whole time, even if signals arrive.
void nt_sleep(int milliseconds);
