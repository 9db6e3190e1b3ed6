// Netlink sockets (netlink(7)).
#pragma once

// A netlink socket in the network namespace open at `namespace_fd` (-1: that of the caller), with extended
// acknowledgements and strict checks of requests, and a time limit for receiving. Returns the descriptor or -errno.
int nt_netlink_open(int namespace_fd, int protocol);

// A netlink socket of the caller's network namespace that receives a message when a device comes, goes or changes
// (RTMGRP_LINK), without blocking. Returns the descriptor or -errno.
int nt_link_notices_open(void);
