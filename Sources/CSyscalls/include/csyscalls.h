// System calls that glibc does not wrap, or that Debian's headers are too old to declare.
// Each returns what the system call returns, or -errno.
#pragma once

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

// fsopen(2), fsconfig(2), fsmount(2): a detached mount of `filesystem`, which ends when the descriptor is closed.
int nt_private_mount(const char *filesystem);

// memfd_create(2), MFD_CLOEXEC: an anonymous file. Swift's Glibc module lacks the call.
int nt_memory_file(const char *name);

// capget(2): the effective capabilities of this process.
int nt_effective_capabilities(uint64_t *capabilities);

// capset(2), prctl(2): this thread keeps only the capabilities in `keep`; neither it nor any program that it starts can
// regain others (PR_SET_NO_NEW_PRIVS). Programs that it starts also get those in `hand_on` that the thread itself has.
int nt_reduce_capabilities(uint64_t keep, uint64_t hand_on);

// ioctl_ns(2), NS_GET_NSTYPE: whether the open file is a network namespace.
int nt_is_network_namespace(int fd);

// epoll_create1(2), epoll_ctl(2): a descriptor that reports when `fd` is readable. Swift's Glibc module lacks epoll(7).
int nt_watch(int fd);

// epoll_wait(2) on such a descriptor: the number of events, 0 on timeout.
int nt_wait_for_event(int watch_fd, int milliseconds);

// malloc_trim(3), which Swift's Glibc module lacks.
void nt_return_free_memory(void);

// madvise(2), MADV_DONTNEED: drops the read-only pages of the program's own file from the resident set. Pages that are
// needed again come back from the page cache, a few at a time.
void nt_forget_program_pages(void);

// membarrier(2), MEMBARRIER_CMD_GLOBAL: returns when every BPF program that is running now has ended
// (kernel/sched/membarrier.c calls synchronize_rcu). -EINVAL with nohz_full CPUs.
int nt_wait_for_grace_period(void);

// Closes all descriptors, with a few threads. Closing a kprobe's perf event waits for several RCU grace periods, about
// half of them outside the kernel's event_mutex: a few threads take half the time of one, and more threads gain
// nothing.
void nt_close_all(const int *fds, size_t count);
