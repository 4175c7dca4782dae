// SPDX-License-Identifier: Apache-2.0

// Preloaded into a program (LD_PRELOAD), makes the calls that WITHOUT names do nothing, so that one build is measured with
// and without what they bring: WITHOUT="madvise sched_setscheduler".

#include <dlfcn.h>
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

int sched_setscheduler(pid_t thread, int policy, const struct sched_param *parameters) {
    return is_without("sched_setscheduler") ? 0 : NEXT(sched_setscheduler)(thread, policy, parameters);
}

int madvise(void *start, size_t size, int advice) {
    return is_without("madvise") ? 0 : NEXT(madvise)(start, size, advice);
}
