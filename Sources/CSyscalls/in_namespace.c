#define _GNU_SOURCE
#include "in_namespace.h"
#include "inspection.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/net_namespace.h>
#include <linux/rtnetlink.h>
#include <net/if.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <spawn.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

struct work {
    int namespace_fd;
    const char *path;       // NULL: open a socket
    int domain, type, protocol; // of the socket
    char *const *arguments; // NULL: open the path
    char *const *environment;
    uint32_t *ids;          // not NULL: list the programs on the device
    uint32_t room, ifindex;
    int is_egress;
    int output_fd;
    int error_fd;
    pid_t process;
    int entered;
    int result;
};

static int spawn(struct work *work)
{
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
    sigset_t none, all;
    int error;

    sigemptyset(&none);
    sigfillset(&all);
    if (posix_spawn_file_actions_init(&actions))
        return -ENOMEM;
    if (posix_spawnattr_init(&attributes)) {
        posix_spawn_file_actions_destroy(&actions);
        return -ENOMEM;
    }
    error = posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
    error = error ? error : posix_spawn_file_actions_adddup2(&actions, work->output_fd, 1);
    error = error ? error : posix_spawn_file_actions_adddup2(&actions, work->error_fd, 2);
    error = error ? error : posix_spawn_file_actions_addclosefrom_np(&actions, 3);
    posix_spawnattr_setsigmask(&attributes, &none);
    posix_spawnattr_setsigdefault(&attributes, &all);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETPGROUP);
    if (!error)
        error = posix_spawn(&work->process, work->path, &actions, &attributes, work->arguments, work->environment);
    posix_spawnattr_destroy(&attributes);
    posix_spawn_file_actions_destroy(&actions);
    return -error;
}

static void *enter_and_work(void *argument)
{
    struct work *work = argument;

    if (work->namespace_fd >= 0 && setns(work->namespace_fd, CLONE_NEWNET) < 0) {
        work->result = -errno;
        return NULL;
    }
    work->entered = 1;
    if (work->arguments) {
        work->result = spawn(work);
    } else if (work->ids) {
        work->result = nt_device_programs(work->ifindex, work->is_egress, work->ids, work->room);
    } else {
        int fd = work->path ? open(work->path, O_RDONLY | O_CLOEXEC)
                            : socket(work->domain, work->type | SOCK_CLOEXEC, work->protocol);

        work->result = fd < 0 ? -errno : fd;
    }
    return NULL;
}

static int run(struct work *work)
{
    pthread_t thread;
    int error = pthread_create(&thread, NULL, enter_and_work, work);

    if (error)
        return -error;
    pthread_join(thread, NULL);
    return work->result;
}

int nt_spawn_in_namespace(int namespace_fd, const char *path, char *const arguments[], char *const environment[],
                          int output_fd, int error_fd, pid_t *process, int *entered)
{
    struct work work = {
        .namespace_fd = namespace_fd,
        .path = path,
        .arguments = arguments,
        .environment = environment,
        .output_fd = output_fd,
        .error_fd = error_fd,
    };
    int result = run(&work);

    *process = work.process;
    *entered = work.entered;
    return result;
}

int nt_open_in_namespace(int namespace_fd, const char *path, int *entered)
{
    struct work work = {.namespace_fd = namespace_fd, .path = path};
    int result = run(&work);

    *entered = work.entered;
    return result;
}

int nt_socket_in_namespace(int namespace_fd, int domain, int type, int protocol)
{
    struct work work = {.namespace_fd = namespace_fd, .domain = domain, .type = type, .protocol = protocol};

    return run(&work);
}

int nt_device_programs_in_namespace(int namespace_fd, uint32_t ifindex, int is_egress, uint32_t *ids, uint32_t room)
{
    struct work work = {
        .namespace_fd = namespace_fd, .ids = ids, .room = room, .ifindex = ifindex, .is_egress = is_egress};

    return run(&work);
}

int nt_interface_index(int socket, const char *name)
{
    struct ifreq request = {};

    if (strlen(name) >= sizeof(request.ifr_name))
        return -EINVAL;
    strcpy(request.ifr_name, name);
    return ioctl(socket, SIOCGIFINDEX, &request) < 0 ? -errno : request.ifr_ifindex;
}

int nt_route_socket_in_namespace(int namespace_fd)
{
    return nt_socket_in_namespace(namespace_fd, AF_NETLINK, SOCK_RAW, NETLINK_ROUTE);
}

int nt_number_of_namespace(int route_socket, int namespace_fd)
{
    struct {
        struct nlmsghdr head;
        struct rtgenmsg family;
        struct rtattr attribute __attribute__((aligned(NLMSG_ALIGNTO)));
        int fd;
    } request = {
        .head = {.nlmsg_len = sizeof(request), .nlmsg_type = RTM_GETNSID, .nlmsg_flags = NLM_F_REQUEST},
        .attribute = {.rta_len = RTA_LENGTH(sizeof(int)), .rta_type = NETNSA_FD},
        .fd = namespace_fd,
    };
    union {
        struct nlmsghdr head;
        char bytes[512];
    } answer;
    struct rtattr *attribute;
    ssize_t length;
    int left;

    if (send(route_socket, &request, sizeof(request), 0) < 0)
        return -1;
    length = recv(route_socket, &answer, sizeof(answer), 0);
    if (length < 0 || !NLMSG_OK(&answer.head, (size_t)length) || answer.head.nlmsg_type != RTM_NEWNSID)
        return -1;
    left = answer.head.nlmsg_len - NLMSG_SPACE(sizeof(struct rtgenmsg));
    attribute = (struct rtattr *)(answer.bytes + NLMSG_SPACE(sizeof(struct rtgenmsg)));
    for (; RTA_OK(attribute, left); attribute = RTA_NEXT(attribute, left)) {
        if (attribute->rta_type == NETNSA_NSID && RTA_PAYLOAD(attribute) >= sizeof(int)) {
            int number;

            memcpy(&number, RTA_DATA(attribute), sizeof(number));
            return number;
        }
    }
    return -1;
}

#ifndef SO_NETNS_COOKIE
#define SO_NETNS_COOKIE 71
#endif

int nt_namespace_cookie(int namespace_fd, uint64_t *cookie)
{
    int socket = nt_socket_in_namespace(namespace_fd, AF_UNIX, SOCK_DGRAM, 0);
    socklen_t size = sizeof(*cookie);
    int result;

    if (socket < 0)
        return socket;
    result = getsockopt(socket, SOL_SOCKET, SO_NETNS_COOKIE, cookie, &size) < 0 ? -errno : 0;
    close(socket);
    return result;
}
