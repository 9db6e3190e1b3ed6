// Questions to the kernel about what others have set up. Nothing is changed. Each returns 0 or more, or -errno.
#pragma once

#include <stdint.h>
#include <sys/types.h>

// bpf(2), BPF_PROG_QUERY: how many programs of that type (BPF_CGROUP_INET_INGRESS, …) are attached to the cgroup whose
// directory is open at `cgroup_fd`, to itself and not to those above it. Their ids go to `ids`, at most `room` of them.
int nt_cgroup_programs(int cgroup_fd, int is_egress, uint32_t *ids, uint32_t room);

// NFT_MSG_GETGEN in the network namespace that is open at `namespace_fd`; -1: our own.
int nt_nf_tables_generation(int namespace_fd, uint32_t *generation);

// pidfd_getfd(2): what is open at descriptor `fd` of a process, at a descriptor of our own. It shares offsets and flags
// with the process: look, and close it.
int nt_borrow_descriptor(pid_t process, int fd);
