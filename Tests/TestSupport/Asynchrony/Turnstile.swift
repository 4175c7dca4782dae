// SPDX-License-Identifier: Apache-2.0

import Synchronization

/// Lets a fixed number of tests through at a time. Each end-to-end test starts processes; all of them at once on two
/// cores would measure the scheduler.
public final class Turnstile: Sendable {
    private struct State {
        var free: Int
        var queue: [CheckedContinuation<Void, Never>] = []
    }

    private let state: Mutex<State>

    public init(places: Int) {
        self.state = Mutex(State(free: places))
    }

    public func pass<Value>(_ work: () async throws -> Value) async rethrows -> Value {
        await self.enter()
        defer { self.leave() }
        return try await work()
    }

    private func enter() async {
        await withCheckedContinuation { continuation in
            let isFree = self.state.withLock { state in
                guard state.free > 0 else {
                    state.queue.append(continuation)
                    return false
                }
                state.free -= 1
                return true
            }
            if isFree { continuation.resume() }
        }
    }

    private func leave() {
        let next: CheckedContinuation<Void, Never>? = self.state.withLock { state in
            guard !state.queue.isEmpty else {
                state.free += 1
                return nil
            }
            return state.queue.removeFirst()
        }
        next?.resume()
    }
}
