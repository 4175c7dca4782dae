// SPDX-License-Identifier: Apache-2.0

#include "heap.h"

#include <jemalloc/jemalloc.h>

#define TEXT_OF(number) #number
#define ARENA(number) "arena." TEXT_OF(number)

bool qp_release_freed_memory(void) {
    return mallctl(ARENA(MALLCTL_ARENAS_ALL) ".purge", NULL, NULL, NULL, 0) == 0;
}
