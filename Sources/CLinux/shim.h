// SPDX-License-Identifier: Apache-2.0

// Variadic functions do not exist in Swift.
#pragma once

#include <sys/prctl.h>

/// Forbids core dumps and other processes' looks into our memory (PR_SET_DUMPABLE, prctl(2)). 0, or -1 with errno.
static inline int qp_set_not_dumpable(void) { return prctl(PR_SET_DUMPABLE, 0L, 0L, 0L, 0L); }
