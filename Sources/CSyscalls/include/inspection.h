// Reads settings that other programs made in the kernel, and changes nothing. Each returns 0 or more, or -errno.
#pragma once

#include <stdint.h>
#include <sys/types.h>

// bpf(2), BPF_PROG_QUERY: the number of BPF_CGROUP_INET_INGRESS or _EGRESS programs that are attached to the cgroup
// whose directory is open at `cgroup_fd`, without those of its ancestors. Fills `ids` with their ids, at most `room`.
int nt_cgroup_programs(int cgroup_fd, int is_egress, uint32_t *ids, uint32_t room);

// The same for programs that tcx runs on a device of the caller's network namespace (Linux 6.6).
int nt_device_programs(uint32_t ifindex, int is_egress, uint32_t *ids, uint32_t room);

// SO_NETNS_COOKIE (include/uapi/asm-generic/socket.h, since 5.14) of the network namespace open at `namespace_fd`; -1: the
// caller's. No other namespace has the same until the machine starts anew.
int nt_namespace_cookie(int namespace_fd, uint64_t *cookie);

// NFT_MSG_GETGEN in the network namespace open at `namespace_fd`; -1: the caller's.
int nt_nf_tables_generation(int namespace_fd, uint32_t *generation);

// pidfd_getfd(2): duplicates descriptor `fd` of another process. The copy shares file offset and flags with that
// process: only look at it, and close it.
int nt_borrow_descriptor(pid_t process, int fd);
