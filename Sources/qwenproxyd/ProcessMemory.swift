// SPDX-License-Identifier: Apache-2.0

import CJemalloc
import Gateway

/// Freed memory is kept while requests come, because each next one needs as much again, and given back when they stop.
struct ProcessMemory: Sendable {
    let metrics: RequestMetrics
    /// How long after the last request of a busy time.
    var pause = Duration.seconds(10)
    /// How long after the start, most of which is over when this begins to run.
    var settling = Duration.seconds(1)

    /// Returns when the task is cancelled.
    func run() async throws {
        try await Task.sleep(for: self.settling)
        Self.release()
        var total = 0
        var isReleased = true
        while true {
            try await Task.sleep(for: self.pause)
            let snapshot = self.metrics.snapshot
            // A request that began and ended since the last look counts as well.
            if snapshot.total != total || snapshot.inFlight > 0 {
                total = snapshot.total
                isReleased = false
            } else if !isReleased {
                Self.release()
                isReleased = true
            }
        }
    }

    /// Gives all freed memory back to the system.
    static func release() {
        precondition(qp_release_freed_memory(), "jemalloc has the call that gives memory back")
    }
}
