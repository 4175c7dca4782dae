// SPDX-License-Identifier: Apache-2.0

#pragma once

/// Starts a program as the leader of a process group, with no signal blocked, in `directory` unless that is NULL. The
/// descriptors `streams` become its 0, 1 and 2; it gets no others.
/// Returns 0 and its process id, or what posix_spawn(3) returns.
int qp_spawn_program(const char *path, char *const *arguments, char *const *environment, const char *directory,
                     const int streams[3], int *process);
