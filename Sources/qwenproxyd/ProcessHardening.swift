// SPDX-License-Identifier: Apache-2.0

import CLinux
import Glibc

/// What the process gives up and takes at its start.
enum ProcessHardening {
    /// No core dump, and no other process of the user may read our memory. Comes after everything that looks into
    /// /proc/self, which belongs to root from then on.
    static func protectMemory() {
        // The memory holds keys and code.
        qp_set_not_dumpable()
        // Programs that are started from here inherit the limit, but not the flag.
        var none = rlimit(rlim_cur: 0, rlim_max: 0)
        unsafe setrlimit(__rlimit_resource_t(RLIMIT_CORE.rawValue), &none)
    }

    /// Each stream takes two descriptors, and the usual soft limit of 1024 is for programs that use select().
    static func raiseDescriptorLimit() {
        var limit = rlimit()
        guard unsafe getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return }
        limit.rlim_cur = limit.rlim_max
        unsafe setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
    }

    /// A thread of ours that wakes does not interrupt one that runs (SCHED_BATCH, sched(7)). The event loop and libcurl's
    /// thread wake each other for every request: on one processor each of sixty answers would interrupt the collecting of
    /// the others, which takes a fifth more processor time. Where a processor is idle this makes no difference; where all
    /// are busy with other programs it lets them finish their slices, some milliseconds.
    ///
    /// Threads that are started later inherit it. A policy that was chosen for us from outside stays.
    static func yieldToRunningThreads() { qp_schedule_in_batches() }

    /// A client that hangs up is an error of one write, not the end of the process.
    static func ignoreBrokenPipes() {
        // With CURLOPT_NOSIGNAL libcurl leaves this to us: its TLS library may write to a closed connection.
        _ = signal(SIGPIPE, SIG_IGN)
    }
}
