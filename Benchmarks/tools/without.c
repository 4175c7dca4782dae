// SPDX-License-Identifier: Apache-2.0

// Preloaded into a program (LD_PRELOAD), makes the calls that WITHOUT names do nothing, so that one build is measured with
// and without what they bring: WITHOUT="mallopt sched_setscheduler".

#include <dlfcn.h>
#include <malloc.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

static int is_without(const char *call) {
    const char *calls = getenv("WITHOUT");
    return calls && strstr(calls, call);
}

/// The function behind ours.
#define NEXT(call) ((__typeof__(&call))dlsym(RTLD_NEXT, #call))

int mallopt(int parameter, int value) {
    return is_without("mallopt") ? 1 : NEXT(mallopt)(parameter, value);
}

int malloc_trim(size_t pad) {
    return is_without("malloc_trim") ? 0 : NEXT(malloc_trim)(pad);
}

int sched_setscheduler(pid_t thread, int policy, const struct sched_param *parameters) {
    return is_without("sched_setscheduler") ? 0 : NEXT(sched_setscheduler)(thread, policy, parameters);
}

int madvise(void *start, size_t size, int advice) {
    return is_without("madvise") ? 0 : NEXT(madvise)(start, size, advice);
}
