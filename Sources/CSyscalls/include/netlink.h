// Netlink sockets (netlink(7)).
#pragma once

// A netlink socket in the network namespace open at `namespace_fd` (-1: that of the caller), with extended
// acknowledgements and strict checks of requests, and a time limit for receiving. Returns the descriptor or -errno.
int nt_netlink_open(int namespace_fd, int protocol);
