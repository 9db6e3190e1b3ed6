#pragma once

#include <stddef.h>
#include <stdint.h>

// A new process and its parent, by their numbers in the caller's namespace.
struct nt_fork {
    uint32_t child;
    uint32_t parent;
};

// Opens an event of one processor that counts nothing and whose ring gets a record of each new process (perf_event_open(2),
// `task`). Returns a descriptor, or -errno. Needs CAP_PERFMON.
int nt_fork_events_open(int cpu);

// Takes the next new process out of the ring that is mapped at `ring`: a page with the ring's head and tail, then `size`
// bytes of records. `size` is a power of two. Returns 1, or 0 if the ring has no new process.
int nt_fork_events_next(void *ring, size_t page, size_t size, struct nt_fork *fork);
