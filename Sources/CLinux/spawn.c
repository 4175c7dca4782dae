// SPDX-License-Identifier: Apache-2.0

#define _GNU_SOURCE
#include "shim.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#define QP_MAXIMUM_PASSED_DESCRIPTORS 64

/// Becomes `path` in a child of fork(2), where only what is async-signal-safe may be called. Writes the negative errno to
/// `report` when that fails.
static void qp_become(const char *path, char *const *arguments, char *const *environment,
                      const int *descriptors, int count, int report) {
    int above = 3 + count, moved[QP_MAXIMUM_PASSED_DESCRIPTORS];
    // Out of the way first: what is to become 4 may be 3 now.
    for (int i = 0; i < count; i++)
        if ((moved[i] = fcntl(descriptors[i], F_DUPFD, above)) < 0) goto failed;
    if ((report = fcntl(report, F_DUPFD_CLOEXEC, above)) < 0) _exit(127);
    for (int i = 0; i < count; i++)
        if (dup2(moved[i], 3 + i) < 0) goto failed;
    // CLOSE_RANGE_CLOEXEC, so that the report stays open until the new program runs.
    if (syscall(SYS_close_range, (unsigned)above, ~0u, 4u) != 0) goto failed;
    // Ignored signals would stay ignored in the new program, and a blocked SIGTERM blocked.
    for (int number = 1; number < 65; number++) signal(number, SIG_DFL);
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
    execve(path, arguments, environment);
failed:;
    int failure = -errno;
    (void)!write(report, &failure, sizeof failure);
    _exit(127);
}

int qp_spawn_orphan(const char *path, char *const *arguments, char *const *environment,
                    const int *descriptors, int count) {
    int report[2];
    if (count > QP_MAXIMUM_PASSED_DESCRIPTORS) return errno = EINVAL, -1;
    if (pipe2(report, O_CLOEXEC) != 0) return -1;
    // No handler of ours may run in the children.
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    pid_t between = fork();
    if (between == 0) {
        pid_t child = fork();
        if (child == 0) qp_become(path, arguments, environment, descriptors, count, report[1]);
        int result = child > 0 ? child : -errno;
        (void)!write(report[1], &result, sizeof result);
        _exit(0);
    }
    int failure = between < 0 ? errno : 0;
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    close(report[1]);
    // The process id, and a negative errno if the program could not be started, in either order.
    int child = -1, number;
    while (between > 0) {
        ssize_t size = read(report[0], &number, sizeof number);
        if (size < 0 && errno == EINTR) continue;
        if (size != sizeof number) break;
        if (number > 0) child = number; else failure = -number;
    }
    close(report[0]);
    while (between > 0 && waitpid(between, NULL, 0) < 0 && errno == EINTR) {}
    if (failure == 0) return child;
    errno = failure;
    return -1;
}

int qp_open_process(int process) { return (int)syscall(SYS_pidfd_open, process, 0); }

int qp_signal_process(int descriptor, int number) {
    return (int)syscall(SYS_pidfd_send_signal, descriptor, number, NULL, 0);
}
