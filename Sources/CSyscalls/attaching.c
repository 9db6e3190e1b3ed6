#define _GNU_SOURCE
#include "attaching.h"
#include "result.h"

#include <errno.h>
#include <linux/bpf.h>
#include <linux/perf_event.h>
#include <stddef.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <unistd.h>

int nt_raw_tracepoint_open(const char *name, int prog_fd, int has_cookie, uint64_t cookie)
{
    struct {
        uint64_t name;
        uint32_t prog_fd;
        uint32_t reserved;
        uint64_t cookie;
    } attributes = {(uint64_t)(uintptr_t)name, (uint32_t)prog_fd, 0, cookie};
    size_t size = has_cookie ? sizeof attributes : offsetof(__typeof__(attributes), reserved);

    return result(syscall(SYS_bpf, BPF_RAW_TRACEPOINT_OPEN, &attributes, size));
}

static int open_kprobe(uint32_t pmu_type, const char *function, uint64_t address, int at_return)
{
    struct perf_event_attr attributes;

    memset(&attributes, 0, sizeof attributes);
    attributes.type = pmu_type;
    attributes.size = sizeof attributes;
    attributes.kprobe_func = (uint64_t)(uintptr_t)function;
    attributes.kprobe_addr = address; // an offset if there is a name
    attributes.config = at_return ? 1 : 0; // kernel/events/core.c, PERF_PROBE_CONFIG_IS_RETPROBE
    // The kernel runs a kprobe's programs once per hit, whatever CPU and task the event is bound to (perf_kprobe is not
    // sampled).
    return result(syscall(SYS_perf_event_open, &attributes, -1, 0, -1, PERF_FLAG_FD_CLOEXEC));
}

int nt_kprobe_event_open(uint32_t pmu_type, uint64_t address, int at_return)
{
    return open_kprobe(pmu_type, NULL, address, at_return);
}

int nt_named_kprobe_event_open(uint32_t pmu_type, const char *function, int at_return)
{
    return open_kprobe(pmu_type, function, 0, at_return);
}

int nt_kprobe_multi_link(int prog_fd, uint32_t attach_type, uint32_t flags, const uint64_t *addresses,
                         const uint64_t *cookies, uint32_t count)
{
    struct {
        uint32_t prog_fd;
        uint32_t target_fd;
        uint32_t attach_type;
        uint32_t link_flags;
        uint32_t flags;
        uint32_t count;
        uint64_t symbols;
        uint64_t addresses;
        uint64_t cookies;
    } attributes = {
        .prog_fd = (uint32_t)prog_fd,
        .attach_type = attach_type,
        .flags = flags,
        .count = count,
        .addresses = (uint64_t)(uintptr_t)addresses,
        .cookies = (uint64_t)(uintptr_t)cookies,
    };

    return result(syscall(SYS_bpf, BPF_LINK_CREATE, &attributes, sizeof attributes));
}

int nt_kprobe_multi_missed(int link_fd, uint64_t *missed)
{
    // The leading fields of struct bpf_link_info; headers older than 6.7 lack `missed`.
    struct {
        uint32_t type, id, prog_id, padding;
        uint64_t addresses;
        uint32_t count, flags;
        uint64_t missed;
    } info = {0};
    struct {
        uint32_t fd, size;
        uint64_t info;
    } attributes = {(uint32_t)link_fd, sizeof info, (uint64_t)(uintptr_t)&info};
    int error = result(syscall(SYS_bpf, BPF_OBJ_GET_INFO_BY_FD, &attributes, sizeof attributes));

    if (!error)
        *missed = info.missed;
    return error;
}

int nt_perf_event_set_program(int event_fd, int prog_fd)
{
    int error = result(ioctl(event_fd, PERF_EVENT_IOC_SET_BPF, prog_fd));

    return error ? error : result(ioctl(event_fd, PERF_EVENT_IOC_ENABLE, 0));
}

int nt_perf_event_link(int event_fd, int prog_fd, uint64_t cookie)
{
    struct {
        uint32_t prog_fd;
        uint32_t target_fd;
        uint32_t attach_type;
        uint32_t link_flags;
        uint64_t cookie;
    } attributes = {(uint32_t)prog_fd, (uint32_t)event_fd, BPF_PERF_EVENT, 0, cookie};
    int link = result(syscall(SYS_bpf, BPF_LINK_CREATE, &attributes, sizeof attributes));

    if (link >= 0)
        ioctl(event_fd, PERF_EVENT_IOC_ENABLE, 0);
    return link;
}

int nt_clock_event_open(int cpu, int is_frequency, uint64_t value)
{
    struct perf_event_attr attributes;

    memset(&attributes, 0, sizeof attributes);
    attributes.type = PERF_TYPE_SOFTWARE;
    attributes.size = sizeof attributes;
    attributes.config = PERF_COUNT_SW_CPU_CLOCK;
    attributes.freq = is_frequency ? 1 : 0;
    attributes.sample_period = value; // a union with sample_freq
    return result(syscall(SYS_perf_event_open, &attributes, -1, cpu, -1, PERF_FLAG_FD_CLOEXEC));
}
