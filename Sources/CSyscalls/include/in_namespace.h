// Work in another network namespace. It runs in a short-lived thread, so that no other thread changes its namespace.
// namespace_fd = -1 stands for the namespace of the caller, which needs no privileges.
#pragma once

#include <stdint.h>
#include <sys/types.h>

// Starts the program at `path` in the network namespace open at `namespace_fd`: standard input is /dev/null, standard
// output and error are the given descriptors, all others are closed, signal handlers are at their defaults. The process
// leads its own process group. Returns 0 or -errno; *entered says whether the namespace could be entered.
int nt_spawn_in_namespace(int namespace_fd, const char *path, char *const arguments[], char *const environment[],
                          int output_fd, int error_fd, pid_t *process, int *entered);

// open(2), O_RDONLY | O_CLOEXEC, in that namespace, which determines what files below /proc/thread-self/net and
// /proc/sys/net show. Returns the descriptor or -errno.
int nt_open_in_namespace(int namespace_fd, const char *path, int *entered);

// socket(2), SOCK_CLOEXEC, in that namespace; the socket stays in it. Returns the descriptor or -errno.
int nt_socket_in_namespace(int namespace_fd, int domain, int type, int protocol);

// nt_device_programs (inspection.h) in that namespace.
int nt_device_programs_in_namespace(int namespace_fd, uint32_t ifindex, int is_egress, uint32_t *ids, uint32_t room);

// ioctl(2), SIOCGIFINDEX: the index of the device of that name in the socket's namespace, or -errno.
int nt_interface_index(int socket, const char *name);

// A rtnetlink socket (routes and devices) of that namespace, without the options that nt_netlink_open (netlink.h) sets.
// Returns the descriptor or -errno.
int nt_route_socket_in_namespace(int namespace_fd);

// RTM_GETNSID: the id that the socket's namespace has for the namespace open at `namespace_fd`; -1 if it has none.
int nt_number_of_namespace(int route_socket, int namespace_fd);
