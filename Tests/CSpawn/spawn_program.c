// SPDX-License-Identifier: Apache-2.0

// For the file actions whose names end with _np, which Swift's Glibc does not show.
#define _GNU_SOURCE

#include "include/spawn_program.h"

#include <signal.h>
#include <spawn.h>

int qp_spawn_program(const char *path, char *const *arguments, char *const *environment, const char *directory,
                     const int streams[3], int *process) {
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
    sigset_t none;
    int code = posix_spawn_file_actions_init(&actions);
    if (code != 0)
        return code;
    code = posix_spawnattr_init(&attributes);
    if (code != 0) {
        posix_spawn_file_actions_destroy(&actions);
        return code;
    }
    // The threads of a pool block most signals, and a child would inherit that.
    sigemptyset(&none);
    code = posix_spawnattr_setsigmask(&attributes, &none);
    if (code == 0)
        code = posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK);
    for (int target = 0; code == 0 && target < 3; target++)
        code = posix_spawn_file_actions_adddup2(&actions, streams[target], target);
    if (code == 0 && directory != 0)
        code = posix_spawn_file_actions_addchdir_np(&actions, directory);
    if (code == 0)
        code = posix_spawn_file_actions_addclosefrom_np(&actions, 3);
    if (code == 0)
        code = posix_spawn(process, path, &actions, &attributes, arguments, environment);
    posix_spawnattr_destroy(&attributes);
    posix_spawn_file_actions_destroy(&actions);
    return code;
}
