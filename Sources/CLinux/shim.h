// SPDX-License-Identifier: Apache-2.0

// Variadic functions do not exist in Swift.
#pragma once

#include <malloc.h>
#include <sys/prctl.h>

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

/// Gives freed memory back to the system (malloc_trim(3)).
static inline void qp_release_freed_memory(void) {
#ifdef __GLIBC__
    malloc_trim(0);
#endif
}
