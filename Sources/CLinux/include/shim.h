// SPDX-License-Identifier: Apache-2.0

// Variadic functions do not exist in Swift, and not every header is a part of its Glibc. What needs more headers than these
// is in a source file of its own: a type of Glibc's that is seen here first would count as ours.
#pragma once

#include <sys/prctl.h>

/// Forbids core dumps and other processes' looks into our memory (PR_SET_DUMPABLE, prctl(2)). 0, or -1 with errno.
static inline int qp_set_not_dumpable(void) { return prctl(PR_SET_DUMPABLE, 0L, 0L, 0L, 0L); }

/// Has this thread, and all that it will start, not interrupt a running one when it wakes (SCHED_BATCH, sched(7)), unless a
/// policy was chosen for it. 0, or -1 with errno.
int qp_schedule_in_batches(void);

/// Starts a program that is not our child but, as an orphan, the service manager's, which can then watch it like one that
/// it started itself. `descriptors` become its 3, 4, ...; of the others only the first three stay open.
/// Returns its process id, or -1 with errno.
int qp_spawn_orphan(const char *path, char *const *arguments, char *const *environment, const int *descriptors, int count);

/// A descriptor for a running process, by which it is meant even after its number was given to another (pidfd_open(2)).
/// -1 with errno.
int qp_open_process(int process);

/// Sends a signal to the process of that descriptor (pidfd_send_signal(2)). 0, or -1 with errno.
int qp_signal_process(int descriptor, int number);

/// This process's environment, which Swift does not trust as a variable.
char **qp_environment(void);

/// The size of the terminal behind a descriptor (TIOCGWINSZ). 0, or -1 with errno.
int qp_terminal_size(int descriptor, unsigned short *rows, unsigned short *columns);

/// A descriptor from which the signals that end, stop or resize a full-screen program are read, instead of being
/// delivered (signalfd(2)). -1 with errno.
int qp_screen_signal_descriptor(void);

/// The next signal's number; 0 when there is none.
int qp_next_signal(int descriptor);

/// Holds back the signals that end or stop a program at a terminal, or lets them come: those that came meanwhile take effect
/// then. 1 when they were held before, else 0; -1 with errno.
int qp_hold_end_signals(int is_held);

/// One of these signals that has come and is held back, those that end the program first; 0 when there is none.
int qp_pending_end_signal(void);

/// A descriptor for `qp_tcp_owner` (NETLINK_SOCK_DIAG, sock_diag(7)), or -1 where the kernel does not tell: it is tried once
/// with a connection of this process to itself.
int qp_open_socket_diagnostics(void);

/// The user whose process holds the socket of this machine with the address `own` and the peer `other`, each a `sockaddr`.
/// `sequence` differs from call to call. 1; 0 when there is no such socket, or no process holds it any more; -1 with errno.
int qp_tcp_owner(int diagnostics, const void *own, const void *other, unsigned sequence, unsigned *user);
