#define _GNU_SOURCE
#include "csyscalls.h"
#include "result.h"

#include <errno.h>
#include <link.h>
#include <malloc.h>
#include <linux/capability.h>
#include <linux/membarrier.h>
#include <linux/mount.h>
#include <linux/nsfs.h>
#include <pthread.h>
#include <sched.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

int nt_memory_file(const char *name)
{
    return result(memfd_create(name, MFD_CLOEXEC));
}

int nt_private_mount(const char *filesystem)
{
    int context = result(syscall(SYS_fsopen, filesystem, FSOPEN_CLOEXEC));
    int mount;

    if (context < 0)
        return context;
    if (syscall(SYS_fsconfig, context, FSCONFIG_CMD_CREATE, NULL, NULL, 0) < 0)
        mount = -errno;
    else
        mount = result(syscall(SYS_fsmount, context, FSMOUNT_CLOEXEC, MOUNT_ATTR_NOSUID | MOUNT_ATTR_NODEV | MOUNT_ATTR_NOEXEC));
    close(context);
    return mount;
}

int nt_effective_capabilities(uint64_t *capabilities)
{
    struct __user_cap_header_struct header = {_LINUX_CAPABILITY_VERSION_3, 0};
    struct __user_cap_data_struct data[_LINUX_CAPABILITY_U32S_3];
    int error = result(syscall(SYS_capget, &header, data));

    if (!error)
        *capabilities = data[0].effective | (uint64_t)data[1].effective << 32;
    return error;
}

int nt_reduce_capabilities(uint64_t keep, uint64_t hand_on)
{
    struct __user_cap_header_struct header = {_LINUX_CAPABILITY_VERSION_3, 0};
    struct __user_cap_data_struct data[_LINUX_CAPABILITY_U32S_3];
    int error = result(syscall(SYS_capget, &header, data));

    if (error)
        return error;
    for (int half = 0; half < 2; half++) {
        data[half].permitted &= (uint32_t)(keep >> 32 * half);
        data[half].effective &= data[half].permitted;
        data[half].inheritable &= data[half].permitted;
        data[half].inheritable |= data[half].permitted & (uint32_t)(hand_on >> 32 * half);
    }
    error = result(prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0));
    // capset(2) also lowers the ambient capabilities, so they are raised after it.
    error = error ? error : result(syscall(SYS_capset, &header, data));
    for (int bit = 0; !error && bit < 64; bit++)
        if (hand_on & (uint64_t)(data[bit / 32].permitted & 1u << bit % 32) << (bit / 32 * 32))
            error = result(prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, bit, 0, 0));
    return error;
}

int nt_is_network_namespace(int fd)
{
    return ioctl(fd, NS_GET_NSTYPE) == CLONE_NEWNET;
}

int nt_watch(int fd)
{
    struct epoll_event wanted = {.events = EPOLLIN};
    int watch_fd = epoll_create1(EPOLL_CLOEXEC);
    int error;

    if (watch_fd < 0)
        return -errno;
    if (epoll_ctl(watch_fd, EPOLL_CTL_ADD, fd, &wanted) == 0)
        return watch_fd;
    error = errno;
    close(watch_fd);
    return -error;
}

int nt_wait_for_event(int watch_fd, int milliseconds)
{
    struct epoll_event event;

    return result(epoll_wait(watch_fd, &event, 1, milliseconds));
}

void nt_return_free_memory(void)
{
    malloc_trim(0);
}

// dl_iterate_phdr(3) calls back for the main program first; a result other than 0 ends the iteration.
static int forget_pages(struct dl_phdr_info *program, size_t size, void *data)
{
    uintptr_t page = (uintptr_t)sysconf(_SC_PAGESIZE);

    (void)size, (void)data;
    for (size_t i = 0; i < program->dlpi_phnum; i++) {
        const ElfW(Phdr) *segment = &program->dlpi_phdr[i];

        if (segment->p_type == PT_LOAD && !(segment->p_flags & PF_W)) {
            uintptr_t start = (program->dlpi_addr + segment->p_vaddr) & ~(page - 1);
            uintptr_t end = program->dlpi_addr + segment->p_vaddr + segment->p_filesz;

            madvise((void *)start, end - start, MADV_DONTNEED);
        }
    }
    return 1;
}

void nt_forget_program_pages(void)
{
    dl_iterate_phdr(forget_pages, NULL);
}

int nt_wait_for_grace_period(void)
{
    return result(syscall(SYS_membarrier, MEMBARRIER_CMD_GLOBAL, 0, 0));
}

struct closing {
    const int *fds;
    size_t count;
    size_t next;
};

static void *close_some(void *argument)
{
    struct closing *closing = argument;
    size_t index;

    while ((index = __atomic_fetch_add(&closing->next, 1, __ATOMIC_RELAXED)) < closing->count)
        close(closing->fds[index]);
    return NULL;
}

void nt_close_all(const int *fds, size_t count)
{
    enum { MOST_THREADS = 3, WORTH_A_THREAD = 16 };
    struct closing closing = {fds, count, 0};
    pthread_t threads[MOST_THREADS];
    size_t started = 0;

    while (started < MOST_THREADS && (started + 1) * WORTH_A_THREAD < count &&
           pthread_create(&threads[started], NULL, close_some, &closing) == 0)
        started++;
    close_some(&closing);
    while (started > 0)
        pthread_join(threads[--started], NULL);
}
