// SPDX-License-Identifier: Apache-2.0

import Synchronization

/// What has happened so far, in order, and a way to wait for more of it. Everything a test observes from outside
/// (requests, disconnections, log lines, notifications) is one of these, so that no test has to sleep and look again.
public final class Journal<Entry: Sendable>: Sendable {
    private struct State {
        var entries: [Entry] = []
        var waiters: [Int: CheckedContinuation<Void, Never>] = [:]
        var nextWaiter = 0
        var cancelled: Set<Int> = []
    }

    private let state = Mutex(State())

    public init() {}

    public var entries: [Entry] { self.state.withLock { $0.entries } }

    public var count: Int { self.state.withLock { $0.entries.count } }

    public func append(_ entry: Entry) {
        let waiters = self.state.withLock { state in
            state.entries.append(entry)
            defer { state.waiters = [:] }
            return state.waiters.values
        }
        for waiter in waiters { waiter.resume() }
    }

    /// Looks at the entries, and again whenever there is a new one, until `find` returns something.
    public func wait<Found: Sendable>(
        for what: String,
        within limit: Duration = .seconds(30),
        until find: @escaping @Sendable ([Entry]) -> Found?,
    ) async throws -> Found {
        try await withDeadline(limit, waitingFor: what) {
            var seen = 0
            while true {
                let entries = self.entries
                if let found = find(entries) { return found }
                seen = entries.count
                await self.changed(since: seen)
                try Task.checkCancellation()
            }
        }
    }

    /// The entry at `index`, as soon as there is one.
    public func entry(
        at index: Int, _ what: String = "the next entry", within limit: Duration = .seconds(30)
    ) async throws -> Entry {
        try await self.wait(for: what, within: limit) { $0.indices.contains(index) ? $0[index] : nil }
    }

    private func changed(since count: Int) async {
        let id = self.state.withLock { state in
            state.nextWaiter += 1
            return state.nextWaiter
        }
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let isDue = self.state.withLock { state in
                    // The cancellation may come before the waiter is there to be found.
                    if state.entries.count != count || state.cancelled.remove(id) != nil { return true }
                    state.waiters[id] = continuation
                    return false
                }
                if isDue { continuation.resume() }
            }
        } onCancel: {
            let waiter = self.state.withLock { state in
                let waiter = state.waiters.removeValue(forKey: id)
                if waiter == nil { state.cancelled.insert(id) }
                return waiter
            }
            waiter?.resume()
        }
    }
}
