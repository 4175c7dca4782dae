// SPDX-License-Identifier: Apache-2.0

import NIOCore
import Synchronization

/// Knows what is open, so that the server can wait until nothing is.
final class ConnectionRegistry: Sendable {
    private struct State {
        var channels: [ObjectIdentifier: any Channel] = [:]
        var activeRequests = 0
        /// Connections that were one too many.
        var refusals = 0
        var isStopping = false
        var retirementGrace: Duration?
        /// The deadline has passed: a responder that does not end is not waited for.
        var isCut = false
        var waiters: [CheckedContinuation<Void, Never>] = []

        /// The continuations to resume now.
        mutating func takeWaiters() -> [CheckedContinuation<Void, Never>] {
            guard self.channels.isEmpty, self.activeRequests == 0 || self.isCut else { return [] }
            defer { self.waiters = [] }
            return self.waiters
        }
    }

    private let state = Mutex(State())
    private let limit: Int

    init(limit: Int) {
        self.limit = limit
    }

    var connections: Int { self.state.withLock { $0.channels.count } }
    var refusals: Int { self.state.withLock { $0.refusals } }
    var activeRequests: Int { self.state.withLock { $0.activeRequests } }

    /// False when the connection is one too many, or too late.
    func connectionOpened(_ channel: any Channel) -> Bool {
        self.state.withLock { state in
            guard !state.isStopping else { return false }
            guard state.channels.count < self.limit else {
                state.refusals += 1
                return false
            }
            state.channels[ObjectIdentifier(channel)] = channel
            return true
        }
    }

    func connectionClosed(_ channel: any Channel) {
        self.update { $0.channels[ObjectIdentifier(channel)] = nil }
    }

    func requestBegan() {
        self.state.withLock { $0.activeRequests += 1 }
    }

    func requestEnded() {
        self.update { $0.activeRequests -= 1 }
    }

    /// Set when another process accepts in our stead: for how long a connection may stay idle then.
    var retirementGrace: Duration? { self.state.withLock { $0.retirementGrace } }

    /// Those that come late are still served. Returns the connections that are open.
    func retire(idleGrace: Duration) -> [any Channel] {
        self.state.withLock { state in
            state.retirementGrace = idleGrace
            return Array(state.channels.values)
        }
    }

    /// No connection is taken from now on. Returns those that are open.
    func stop() -> [any Channel] {
        self.state.withLock { state in
            state.isStopping = true
            return Array(state.channels.values)
        }
    }

    /// Returns the connections that must be closed now.
    func cut() -> [any Channel] {
        self.update { $0.isCut = true }
        return self.state.withLock { Array($0.channels.values) }
    }

    func waitUntilEmpty() async {
        await withCheckedContinuation { continuation in
            self.update { $0.waiters.append(continuation) }
        }
    }

    private func update(_ change: (inout sending State) -> Void) {
        let waiters = self.state.withLock { state in
            change(&state)
            return state.takeWaiters()
        }
        // Outside of the lock: what goes on may ask the registry at once.
        for waiter in waiters { waiter.resume() }
    }
}
