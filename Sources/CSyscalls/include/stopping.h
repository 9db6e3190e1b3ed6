// Signals that end a run.
#pragma once

// From now on SIGINT, SIGTERM and SIGHUP are counted, unless whoever started the program has them ignored (nohup, a job in
// the background of a script): then they stay ignored. SIGPIPE and SIGXFSZ are ignored, so that writes report EPIPE and EFBIG (ulimit -f).
//
// After the first, every blocking call is interrupted from time to time, so that a signal that comes just before such a
// call is not overlooked. The third ends the process as it would without a handler.
void nt_catch_stop_signals(void);

// How many have come.
int nt_stop_signals(void);

// Sleeps all of it, whatever signals come.
void nt_sleep(int milliseconds);
