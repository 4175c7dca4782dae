// SPDX-License-Identifier: Apache-2.0

internal import Shared
internal import Synchronization

/// Wakes the tasks that wait for a change. It carries no value: a task that wakes up reads the state again.
///
/// Read `count` before the look, and wait for a change since then: no change in between can be missed.
final class ChangeSignal: Sendable {
    private struct State {
        var count = 0
        var nextIdentifier = 0
        var waiters: [Int: CheckedContinuation<Void, Never>] = [:]
        /// Waits that were cancelled before they had begun.
        var cancelled: Set<Int> = []
    }

    private let state = Mutex(State())

    var count: Int { self.state.withLock { $0.count } }

    func ring() {
        let waiters = self.state.withLock { state in
            state.count += 1
            defer { state.waiters = [:] }
            return state.waiters.values
        }
        // Outside of the lock: a task that goes on may look at `count` at once.
        for waiter in waiters { waiter.resume() }
    }

    /// Returns when there was a change after `count`, or when the task is cancelled.
    func wait(since count: Int) async {
        let identifier = self.state.withLock { state in
            state.nextIdentifier += 1
            return state.nextIdentifier
        }
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let isDue = self.state.withLock { state in
                    if state.cancelled.remove(identifier) != nil || state.count != count { return true }
                    state.waiters[identifier] = continuation
                    return false
                }
                if isDue { continuation.resume() }
            }
            // A cancellation that came too late to matter must leave nothing behind.
            _ = self.state.withLock { $0.cancelled.remove(identifier) }
        } onCancel: {
            let waiter = self.state.withLock { state in
                let waiter = state.waiters.removeValue(forKey: identifier)
                // The handler may run before the task has begun to wait, which then must not wait.
                if waiter == nil { state.cancelled.insert(identifier) }
                return waiter
            }
            waiter?.resume()
        }
    }

    /// The same, for at most `limit`.
    func wait(since count: Int, upTo limit: Duration) async {
        await withTimeLimit(limit) { await self.wait(since: count) }
    }
}
