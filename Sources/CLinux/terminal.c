// SPDX-License-Identifier: Apache-2.0

#define _GNU_SOURCE
#include "shim.h"

#include <signal.h>
#include <sys/ioctl.h>
#include <sys/signalfd.h>
#include <unistd.h>

char **qp_environment(void) { return environ; }

int qp_terminal_size(int descriptor, unsigned short *rows, unsigned short *columns) {
    struct winsize size;
    if (ioctl(descriptor, TIOCGWINSZ, &size) < 0) return -1;
    *rows = size.ws_row;
    *columns = size.ws_col;
    return 0;
}

int qp_screen_signal_descriptor(void) {
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

static void end_signals(sigset_t *signals) {
    sigemptyset(signals);
    sigaddset(signals, SIGHUP);
    sigaddset(signals, SIGINT);
    sigaddset(signals, SIGQUIT);
    sigaddset(signals, SIGTERM);
    sigaddset(signals, SIGTSTP);
}

int qp_hold_end_signals(int is_held) {
    sigset_t signals, before;
    end_signals(&signals);
    if (sigprocmask(is_held ? SIG_BLOCK : SIG_UNBLOCK, &signals, &before) < 0) return -1;
    return sigismember(&before, SIGINT);
}

int qp_pending_end_signal(void) {
    static const int ends[] = {SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGTSTP};
    sigset_t pending;
    if (sigpending(&pending) < 0) return 0;
    for (unsigned index = 0; index < sizeof ends / sizeof *ends; index++) {
        if (sigismember(&pending, ends[index]) == 1) return ends[index];
    }
    return 0;
}

int qp_next_signal(int descriptor) {
    struct signalfd_siginfo info;
    return read(descriptor, &info, sizeof info) == (ssize_t)sizeof info ? (int)info.ssi_signo : 0;
}
