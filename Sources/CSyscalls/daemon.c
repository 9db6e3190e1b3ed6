#define _GNU_SOURCE
#include "daemon.h"
#include "result.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/vfs.h>
#include <sys/wait.h>
#include <syslog.h>
#include <unistd.h>

// The parent: ends when the child has started, or with the code of the child that could not.
static _Noreturn void wait_for_start(pid_t child, int fd)
{
    char report;
    int status = 0;
    ssize_t count;

    do
        count = read(fd, &report, 1);
    while (count < 0 && errno == EINTR);
    if (count == 1)
        _exit(0);
    while (waitpid(child, &status, 0) < 0 && errno == EINTR)
        ;
    _exit(WIFEXITED(status) ? WEXITSTATUS(status) : 1);
}

int nt_detach(void)
{
    int ends[2];
    pid_t child;

    if (pipe2(ends, O_CLOEXEC) < 0)
        return -errno;
    child = fork();
    if (child < 0) {
        int error = errno;

        close(ends[0]);
        close(ends[1]);
        return -error;
    }
    if (child > 0) {
        close(ends[1]);
        wait_for_start(child, ends[0]);
    }
    close(ends[0]);
    setsid();
    return ends[1];
}

int nt_detached(int fd)
{
    int null, error = result(write(fd, "", 1));

    close(fd);
    if (error < 0)
        return error;
    null = open("/dev/null", O_RDWR | O_CLOEXEC);
    if (null >= 0) {
        for (int standard = 0; standard <= 2; standard++)
            dup2(null, standard);
        if (null > 2)
            close(null);
    }
    return result(chdir("/"));
}

void nt_log(const char *program, int severity, const char *text)
{
    openlog(program, LOG_PID, LOG_DAEMON);
    syslog(severity, "%s", text);
    closelog();
}

int nt_notify(const char *socket_name, const char *text)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    size_t length = strlen(socket_name);
    int fd, error;

    if (length == 0 || length >= sizeof(address.sun_path))
        return -EINVAL;
    memcpy(address.sun_path, socket_name, length);
    if (socket_name[0] == '@')
        address.sun_path[0] = '\0';
    fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (fd < 0)
        return -errno;
    error = result(sendto(fd, text, strlen(text), MSG_NOSIGNAL, (const struct sockaddr *)&address,
                          (socklen_t)(offsetof(struct sockaddr_un, sun_path) + length)));
    close(fd);
    return error;
}

int nt_filesystem_type(int fd, uint64_t *type)
{
    struct statfs status;

    if (fstatfs(fd, &status) < 0)
        return -errno;
    *type = (uint32_t)status.f_type;
    return 0;
}

int nt_become_user(uid_t user, gid_t group)
{
    if (setgroups(0, NULL) < 0 || setresgid(group, group, group) < 0)
        return -errno;
    return result(setresuid(user, user, user));
}
