#define _GNU_SOURCE
#include "stopping.h"

#include <errno.h>
#include <signal.h>
#include <sys/time.h>
#include <time.h>

static volatile sig_atomic_t stop_signals;

static void count_signal(int number)
{
    const struct itimerval pulse = {{0, 100000}, {0, 100000}};
    int saved = errno;

    if (stop_signals < 3)
        stop_signals++;
    if (stop_signals == 1)
        setitimer(ITIMER_REAL, &pulse, NULL);
    if (stop_signals == 3) {
        // The signal is delivered when this handler returns.
        signal(number, SIG_DFL);
        raise(number);
    }
    errno = saved;
}

// A handler without SA_RESTART is enough to interrupt a blocking call.
static void interrupt(int number)
{
    (void)number;
}

void nt_catch_stop_signals(void)
{
    static const int numbers[] = {SIGINT, SIGTERM, SIGHUP};
    struct sigaction stop = {.sa_handler = count_signal};
    struct sigaction pulse = {.sa_handler = interrupt};
    struct sigaction ignore = {.sa_handler = SIG_IGN};
    struct sigaction inherited;

    sigaddset(&stop.sa_mask, SIGINT);
    sigaddset(&stop.sa_mask, SIGTERM);
    sigaddset(&stop.sa_mask, SIGHUP);
    sigaction(SIGALRM, &pulse, NULL);
    for (unsigned i = 0; i < sizeof(numbers) / sizeof(*numbers); i++)
        if (sigaction(numbers[i], NULL, &inherited) == 0 && inherited.sa_handler != SIG_IGN)
            sigaction(numbers[i], &stop, NULL);
    sigaction(SIGPIPE, &ignore, NULL);
    sigaction(SIGXFSZ, &ignore, NULL);
}

int nt_stop_signals(void)
{
    return stop_signals;
}

void nt_sleep(int milliseconds)
{
    struct timespec rest = {milliseconds / 1000, milliseconds % 1000 * 1000000L};

    while (nanosleep(&rest, &rest) < 0 && errno == EINTR)
        ;
}
