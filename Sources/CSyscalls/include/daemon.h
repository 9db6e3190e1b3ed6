// Programs that go on in the background, and what such programs need. Each function returns 0 or more, or -errno, unless
// its comment says otherwise.
#pragma once

#include <stdint.h>
#include <sys/types.h>

// fork(2), setsid(2): returns in the child only, with a descriptor for nt_detached. The parent waits until the child
// calls nt_detached, and ends with code 0, or until the child ends, and ends with its code. For processes with one thread.
int nt_detach(void);

// Ends the parent's wait, and replaces descriptors 0 to 2 by /dev/null and the working directory by the root.
// -EPIPE if the parent was killed.
int nt_detached(int fd);

// syslog(3) with the facility of daemons, for a program without a standard error. `severity` is LOG_ERR, LOG_NOTICE ….
void nt_log(const char *program, int severity, const char *text);

// sd_notify(3): sends the text to the service manager's socket, whose name may be abstract (@…).
int nt_notify(const char *socket_name, const char *text);

// fstatfs(2): the number of the file system's type (include/uapi/linux/magic.h).
int nt_filesystem_type(int fd, uint64_t *type);

// setgroups(2), setresgid(2), setresuid(2): a user without further groups.
int nt_become_user(uid_t user, gid_t group);
