#define _GNU_SOURCE
#include "starting.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <unistd.h>

static int argument_count;
static char **arguments;
static int root_is_ours;
static unsigned closed_descriptors;

// Swift's runtime looks for its own folder as soon as it is initialised (for a helper that prints backtraces): it reads
// /proc/self/exe and aborts if that is missing. SWIFT_ROOT stops the search. Constructors with a priority run before
// those without; glibc passes them the arguments of main, in a static program too.
__attribute__((constructor(101))) static void start(int count, char **values, char **environment)
{
    (void)environment;
    argument_count = count;
    arguments = values;
    if (!getenv("SWIFT_ROOT"))
        root_is_ours = setenv("SWIFT_ROOT", "/nonexistent", 0) == 0;
}

int nt_argument_count(void)
{
    return argument_count;
}

const char *nt_argument(int index)
{
    return index >= 0 && index < argument_count ? arguments[index] : "";
}

void nt_tidy_environment(void)
{
    if (root_is_ours)
        unsetenv("SWIFT_ROOT");
}

void nt_prepare_descriptors(void)
{
    struct rlimit limit;

    for (int fd = 0; fd <= 2; fd++) {
        if (fcntl(fd, F_GETFD) >= 0 || errno != EBADF)
            continue;
        closed_descriptors |= 1u << fd;
        // The root directory always exists, /dev/full may not; writing to either fails.
        if (open("/dev/full", fd == 0 ? O_RDONLY : O_WRONLY) < 0)
            (void)!open("/", O_RDONLY | O_DIRECTORY);
    }
    if (getrlimit(RLIMIT_NOFILE, &limit) == 0) {
        struct rlimit raised = {1 << 16, limit.rlim_max > 1 << 16 ? limit.rlim_max : 1 << 16};

        if (setrlimit(RLIMIT_NOFILE, &raised) < 0) {
            limit.rlim_cur = limit.rlim_max;
            setrlimit(RLIMIT_NOFILE, &limit);
        }
    }
}

int nt_was_closed(int fd)
{
    return fd >= 0 && fd <= 2 && closed_descriptors & 1u << fd;
}
