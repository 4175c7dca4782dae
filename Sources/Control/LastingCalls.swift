// SPDX-License-Identifier: Apache-2.0

import Synchronization

/// Counts the calls with several replies that run, on all connections, so that they never take the place of all others.
final class LastingCalls: Sendable {
    private let limit: Int
    private let running = Atomic<Int>(0)

    init(limit: Int) {
        self.limit = limit
    }

    /// - Returns: false when one more would be too many. Otherwise `end` has to follow.
    func begin() -> Bool {
        let (_, count) = self.running.add(1, ordering: .relaxed)
        guard count <= self.limit else {
            self.end()
            return false
        }
        return true
    }

    func end() {
        self.running.subtract(1, ordering: .relaxed)
    }
}
