// SPDX-License-Identifier: Apache-2.0

// Variadic functions do not exist in Swift, and not every header is a part of its Glibc.
#pragma once

#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include <errno.h>
#include <fcntl.h>
#include <malloc.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#define QP_MAXIMUM_PASSED_DESCRIPTORS 64

/// Forbids core dumps and other processes' looks into our memory (PR_SET_DUMPABLE, prctl(2)). 0, or -1 with errno.
static inline int qp_set_not_dumpable(void) { return prctl(PR_SET_DUMPABLE, 0L, 0L, 0L, 0L); }

/// Keeps freed memory for the next request instead of giving it back at once (mallopt(3)). A conversation of some
/// megabytes otherwise costs thousands of page faults each time it is read, translated and sent.
static inline void qp_keep_freed_memory(void) {
#ifdef __GLIBC__
    // One arena: two threads allocate, and what one frees the other can use.
    mallopt(M_ARENA_MAX, 1);
    // The largest threshold glibc takes.
    mallopt(M_MMAP_THRESHOLD, 32 << 20);
    mallopt(M_TRIM_THRESHOLD, 256 << 20);
    mallopt(M_TOP_PAD, 1 << 20);
#endif
}

/// Becomes `path` in a child of fork(2), where only what is async-signal-safe may be called. Writes the negative errno to
/// `report` when that fails.
static inline void qp_become(const char *path, char *const *arguments, char *const *environment,
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

/// Starts a program that is not our child but, as an orphan, the service manager's, which can then watch it like one that
/// it started itself. `descriptors` become its 3, 4, ...; of the others only the first three stay open.
/// Returns its process id, or -1 with errno.
static inline pid_t qp_spawn_orphan(const char *path, char *const *arguments, char *const *environment,
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

/// Gives freed memory back to the system (malloc_trim(3)).
static inline void qp_release_freed_memory(void) {
#ifdef __GLIBC__
    malloc_trim(0);
#endif
}

/// This process's environment, which Swift does not trust as a variable.
static inline char **qp_environment(void) { return environ; }

/// The size of the terminal behind a descriptor (TIOCGWINSZ). 0, or -1 with errno.
static inline int qp_terminal_size(int descriptor, unsigned short *rows, unsigned short *columns) {
    struct winsize size;
    if (ioctl(descriptor, TIOCGWINSZ, &size) < 0) return -1;
    *rows = size.ws_row;
    *columns = size.ws_col;
    return 0;
}

/// A descriptor from which the signals that end, stop or resize a full-screen program are read, instead of being
/// delivered (signalfd(2)). -1 with errno.
static inline int qp_screen_signal_descriptor(void) {
    sigset_t signals;
    sigemptyset(&signals);
    sigaddset(&signals, SIGHUP);
    sigaddset(&signals, SIGINT);
    sigaddset(&signals, SIGTERM);
    sigaddset(&signals, SIGTSTP);
    sigaddset(&signals, SIGWINCH);
    if (sigprocmask(SIG_BLOCK, &signals, NULL) < 0) return -1;
    return signalfd(-1, &signals, SFD_CLOEXEC | SFD_NONBLOCK);
}

/// The next signal's number; 0 when there is none.
static inline int qp_next_signal(int descriptor) {
    struct signalfd_siginfo info;
    return read(descriptor, &info, sizeof info) == (ssize_t)sizeof info ? (int)info.ssi_signo : 0;
}
