#define _GNU_SOURCE
#include "fork_events.h"

#include <linux/perf_event.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "result.h"

int nt_fork_events_open(int cpu)
{
    struct perf_event_attr attributes;

    memset(&attributes, 0, sizeof attributes);
    attributes.size = sizeof attributes;
    attributes.type = PERF_TYPE_SOFTWARE;
    attributes.config = PERF_COUNT_SW_DUMMY;
    attributes.task = 1;
    return result(syscall(SYS_perf_event_open, &attributes, -1, cpu, -1, PERF_FLAG_FD_CLOEXEC));
}

// PERF_RECORD_FORK of perf_event_open(2).
struct fork_record {
    struct perf_event_header header;
    uint32_t pid, ppid;
};

// Records are multiples of eight bytes, so that no word of them lies across the end of the ring.
static void copy(void *to, const char *data, size_t size, uint64_t at, size_t count)
{
    for (size_t done = 0; done < count; done += 8)
        memcpy((char *)to + done, data + ((at + done) & (size - 1)), 8);
}

int nt_fork_events_next(void *ring, size_t page, size_t size, struct nt_fork *fork)
{
    struct perf_event_mmap_page *head = ring;
    const char *data = (const char *)ring + page;
    uint64_t end = __atomic_load_n(&head->data_head, __ATOMIC_ACQUIRE);
    uint64_t at = head->data_tail;

    while (at < end) {
        struct fork_record record;
        int found;

        copy(&record, data, size, at, sizeof record);
        if (record.header.size < sizeof record.header)
            at = end;
        else
            at += record.header.size;
        // A thread's process is its own parent here.
        found = record.header.type == PERF_RECORD_FORK && record.pid != record.ppid;
        __atomic_store_n(&head->data_tail, at, __ATOMIC_RELEASE);
        if (!found)
            continue;
        fork->child = record.pid;
        fork->parent = record.ppid;
        return 1;
    }
    return 0;
}
