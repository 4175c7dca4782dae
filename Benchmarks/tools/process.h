// SPDX-License-Identifier: Apache-2.0

// What the programs under test cost: processor time of all their threads, and memory.

#ifndef BENCH_PROCESS_H
#define BENCH_PROCESS_H

#include <dirent.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct process_set {
    int ids[64];
    int count;
};

static inline void process_set_add(struct process_set *set, int id) {
    if (set->count < 64) set->ids[set->count++] = id;
}

// From schedstat, in nanoseconds: the ticks of /proc/PID/stat are too coarse for a second of load.
static inline uint64_t process_set_cpu_ns(const struct process_set *set) {
    uint64_t sum = 0;
    for (int i = 0; i < set->count; i++) {
        char path[300];
        snprintf(path, sizeof path, "/proc/%d/task", set->ids[i]);
        DIR *tasks = opendir(path);
        if (!tasks) continue;
        for (struct dirent *task; (task = readdir(tasks));) {
            if (task->d_name[0] == '.') continue;
            snprintf(path, sizeof path, "/proc/%d/task/%.32s/schedstat", set->ids[i], task->d_name);
            FILE *file = fopen(path, "r");
            unsigned long long ns = 0;
            if (file && fscanf(file, "%llu", &ns) == 1) sum += ns;
            if (file) fclose(file);
        }
        closedir(tasks);
    }
    return sum;
}

// `field` is "Rss" or "Pss".
static inline long process_set_memory_kb(const struct process_set *set, const char *field) {
    long sum = 0;
    for (int i = 0; i < set->count; i++) {
        char path[64], line[256];
        snprintf(path, sizeof path, "/proc/%d/smaps_rollup", set->ids[i]);
        FILE *file = fopen(path, "r");
        size_t length = strlen(field);
        while (file && fgets(line, sizeof line, file))
            if (!strncmp(line, field, length) && line[length] == ':') sum += atol(line + length + 1);
        if (file) fclose(file);
    }
    return sum;
}

#endif
