// SPDX-License-Identifier: Apache-2.0

import Foundation
import Synchronization

/// Receives a watcher's calls, and lets a test wait for them.
final class ChangeCounter: Sendable {
    private let semaphore = DispatchSemaphore(value: 0)
    private let total = Atomic<Int>(0)

    var count: Int { self.total.load(ordering: .acquiring) }

    func changed() {
        self.total.add(1, ordering: .releasing)
        self.semaphore.signal()
    }

    /// Waits for calls until `condition` holds, for ten seconds at most.
    func wait(until condition: () -> Bool) -> Bool {
        let deadline = DispatchTime.now() + .seconds(10)
        while !condition() {
            if self.semaphore.wait(timeout: deadline) == .timedOut { return condition() }
        }
        return true
    }

    /// Waits for a call that has not been waited for yet.
    func waitForChange() -> Bool {
        self.semaphore.wait(timeout: .now() + .seconds(60)) == .success
    }

    /// Forgets the calls so far.
    func forget() {
        while self.semaphore.wait(timeout: .now()) == .success {}
    }
}
