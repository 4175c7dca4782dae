// SPDX-License-Identifier: Apache-2.0
#ifndef QWENPROXY_CINOTIFYTOOLS_SHIM_H
#define QWENPROXY_CINOTIFYTOOLS_SHIM_H

// inotifytools.h uses `bool` without asking for it, and names `struct inotify_event` without defining it.
#include <stdbool.h>
#include <stddef.h>
#include <sys/eventfd.h>
#include <sys/inotify.h>
#include <sys/prctl.h>
#include <inotifytools/inotifytools.h>

/// The name in an event of a directory, or NULL. Swift does not import flexible array members.
static inline const char *qwenproxy_inotify_event_name(const struct inotify_event *event) {
    return event->len > 0 ? event->name : NULL;
}

/// For the thread that owns the library: Swift's module of the C library leaves these two headers out.
static inline int qwenproxy_inotify_eventfd(void) {
    return eventfd(0, EFD_CLOEXEC);
}

/// Names the calling thread, for `ps -L` and debuggers.
static inline void qwenproxy_inotify_name_thread(const char *name) {
    (void)prctl(PR_SET_NAME, name, 0, 0, 0);
}

#endif
