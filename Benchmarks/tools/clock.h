// SPDX-License-Identifier: Apache-2.0

// What both tools share: the clock, and how a streamed delta says its number and its time of birth.

#ifndef BENCH_CLOCK_H
#define BENCH_CLOCK_H

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

// In the text of each delta: "<" 8 digits of its number, ":" and 16 hexadecimal digits of CLOCK_MONOTONIC, ">".
#define MARK_LENGTH 27

static inline uint64_t now_ns(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (uint64_t)time.tv_sec * 1000000000u + (uint64_t)time.tv_nsec;
}

static inline void die(const char *what) {
    perror(what);
    exit(1);
}

#endif
