#define _GNU_SOURCE
#include "inspection.h"
#include "result.h"

#include <errno.h>
#include <linux/bpf.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

static int bpf(enum bpf_cmd command, union bpf_attr *attributes)
{
    return result(syscall(SYS_bpf, command, attributes, sizeof *attributes));
}

// `target`: a descriptor or the index of a device, depending on the type.
static int programs_at(uint32_t target, uint32_t attach_type, uint32_t *ids, uint32_t room)
{
    union bpf_attr attributes;
    int error;

    memset(&attributes, 0, sizeof attributes);
    attributes.query.target_fd = target;
    attributes.query.attach_type = attach_type;
    attributes.query.prog_ids = (uintptr_t)ids;
    attributes.query.prog_cnt = room;
    error = bpf(BPF_PROG_QUERY, &attributes);
    // If `ids` is too small, the kernel fills it and returns ENOSPC.
    if (error && error != -ENOSPC)
        return error;
    return (int)(attributes.query.prog_cnt < room ? attributes.query.prog_cnt : room);
}

int nt_cgroup_programs(int cgroup_fd, int is_egress, uint32_t *ids, uint32_t room)
{
    return programs_at((uint32_t)cgroup_fd, is_egress ? BPF_CGROUP_INET_EGRESS : BPF_CGROUP_INET_INGRESS, ids, room);
}

int nt_device_programs(uint32_t ifindex, int is_egress, uint32_t *ids, uint32_t room)
{
    // enum bpf_attach_type of Linux 6.6, which Debian's oldest headers lack.
    enum { TCX_INGRESS = 46, TCX_EGRESS = 47 };

    return programs_at(ifindex, is_egress ? TCX_EGRESS : TCX_INGRESS, ids, room);
}

int nt_borrow_descriptor(pid_t process, int fd)
{
    // Syscall numbers of Linux 5.3 and 5.6, the same on all architectures; Debian's oldest headers lack the latter.
    enum { PIDFD_OPEN = 434, PIDFD_GETFD = 438 };
    long pidfd = syscall(PIDFD_OPEN, process, 0), copy;

    if (pidfd < 0)
        return -errno;
    copy = syscall(PIDFD_GETFD, pidfd, fd, 0);
    if (copy < 0)
        copy = -errno;
    close((int)pidfd);
    return (int)copy;
}
