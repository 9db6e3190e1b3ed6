#include "netlink.h"
#include "in_namespace.h"

#include <errno.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

int nt_netlink_open(int namespace_fd, int protocol)
{
    // Listings wait for locks of the kernel that other processes may hold for seconds.
    const struct timeval patience = {.tv_sec = 10};
    // Room for several parts of a listing, so that none is lost.
    const int room = 1 << 20, on = 1;
    int fd = nt_socket_in_namespace(namespace_fd, AF_NETLINK, SOCK_RAW, protocol);

    if (fd < 0)
        return fd;
    setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &room, sizeof(room));
    setsockopt(fd, SOL_NETLINK, NETLINK_EXT_ACK, &on, sizeof(on));
    setsockopt(fd, SOL_NETLINK, NETLINK_CAP_ACK, &on, sizeof(on));
    // Listings by device, and without cached routes (Linux 4.20).
    setsockopt(fd, SOL_NETLINK, NETLINK_GET_STRICT_CHK, &on, sizeof(on));
    if (setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience)) < 0) {
        int error = errno;

        close(fd);
        return -error;
    }
    return fd;
}

int nt_link_notices_open(void)
{
    const struct sockaddr_nl address = {.nl_family = AF_NETLINK, .nl_groups = RTMGRP_LINK};
    int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK, NETLINK_ROUTE);
    int error;

    if (fd < 0)
        return -errno;
    if (bind(fd, (const struct sockaddr *)&address, sizeof(address)) == 0)
        return fd;
    error = errno;
    close(fd);
    return -error;
}
