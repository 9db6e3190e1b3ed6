// System calls that glibc does not wrap, or that Debian's headers are too old to spell.
// Each returns what the system call returns, or -errno.
#pragma once

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

// fsopen(2), fsconfig(2), fsmount(2): a mount of `filesystem` that no path leads to and that goes with its fd.
int nt_private_mount(const char *filesystem);

// memfd_create(2), closed on exec: a file that no path leads to. Swift's Glibc module does not have it.
int nt_memory_file(const char *name);

// capget(2): the effective capabilities of this process.
int nt_effective_capabilities(uint64_t *capabilities);

// capset(2), prctl(2): this thread keeps no other capability than those in `keep`, and neither it nor what it starts gets any
// back (PR_SET_NO_NEW_PRIVS). Programs that it starts have those in `hand_on`, too, if it has them itself.
int nt_reduce_capabilities(uint64_t keep, uint64_t hand_on);

// ioctl_ns(2), NS_GET_NSTYPE: whether the open file is a network namespace.
int nt_is_network_namespace(int fd);

// epoll_create1(2), epoll_ctl(2): a descriptor that watches `fd` for something to read. epoll(7) is not in Swift's Glibc
// module.
int nt_watch(int fd);

// epoll_wait(2) on such a descriptor: the number of events, 0 when the time is up.
int nt_wait_for_event(int watch_fd, int milliseconds);

// malloc_trim(3), which Swift's Glibc module does not have.
void nt_return_free_memory(void);

// madvise(2), MADV_DONTNEED: the pages of the program's own file that nobody can have written to leave the resident set.
// What is needed again comes back from the page cache, a few pages at a time.
void nt_forget_program_pages(void);

// membarrier(2), MEMBARRIER_CMD_GLOBAL: returns when every BPF program that runs now has ended (kernel/sched/membarrier.c
// calls synchronize_rcu). -EINVAL with nohz_full CPUs.
int nt_wait_for_grace_period(void);

// Closes all of them. Closing a kprobe's perf event waits for several RCU grace periods, about half of them outside the
// kernel's event_mutex, so that a few threads take half the time of one; more gain nothing.
void nt_close_all(const int *fds, size_t count);
