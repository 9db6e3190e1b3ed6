// Attaches programs in ways that libbpf before 1.5 does not support. Each function returns a descriptor, which detaches
// when it is closed, 0, or -errno.
#pragma once

#include <stdint.h>

// bpf(2), BPF_RAW_TRACEPOINT_OPEN. `cookie` needs Linux 6.10 (include/uapi/linux/bpf.h, raw_tracepoint.cookie);
// pass has_cookie = 0 on older kernels, which reject the longer attribute.
int nt_raw_tracepoint_open(const char *name, int prog_fd, int has_cookie, uint64_t cookie);

// perf_event_open(2) on the kprobe PMU of type `pmu_type`: a probe at the function at `address`, or at its return. The
// probe ends when the descriptor is closed.
int nt_kprobe_event_open(uint32_t pmu_type, uint64_t address, int at_return);

// bpf(2) BPF_LINK_CREATE, kprobe_multi of union bpf_attr: one link for `count` functions. libbpf before 1.5 does not
// pass these attributes on for attach types that it does not know.
int nt_kprobe_multi_link(int prog_fd, uint32_t attach_type, uint32_t flags, const uint64_t *addresses,
                         const uint64_t *cookies, uint32_t count);

// Number of times that a probe of such a link was hit and could not run (kprobe_multi.missed of struct bpf_link_info,
// since 6.7; 0 before).
int nt_kprobe_multi_missed(int link_fd, uint64_t *missed);

// The same at the function of this name, which the kernel looks up.
int nt_named_kprobe_event_open(uint32_t pmu_type, const char *function, int at_return);

// PERF_EVENT_IOC_SET_BPF and PERF_EVENT_IOC_ENABLE on an event of nt_kprobe_event_open.
int nt_perf_event_set_program(int event_fd, int prog_fd);

// The same by bpf(2) BPF_LINK_CREATE, perf_event of union bpf_attr, since 5.15, with a cookie. The link holds the
// event.
int nt_perf_event_link(int event_fd, int prog_fd, uint64_t cookie);

// perf_event_open(2), PERF_COUNT_SW_CPU_CLOCK: an event on one CPU, every `value` nanoseconds, or as many times a second
// if `is_frequency`.
int nt_clock_event_open(int cpu, int is_frequency, uint64_t value);
