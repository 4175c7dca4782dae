// SPDX-License-Identifier: Apache-2.0

// A program that has this target allocates with jemalloc instead of with the C library: its functions have the same names,
// and come first.
#pragma once

#include <stdbool.h>

/// Gives freed memory back to the system (`arena.<i>.purge`, jemalloc(3)). false when jemalloc does not know the call.
bool qp_release_freed_memory(void);
