// SPDX-License-Identifier: Apache-2.0

import Synchronization

/// Where a task waits for the end of a transfer.
final class TransferEnd: Sendable {
    typealias Outcome = Result<Void, UpstreamError>

    private enum State {
        /// Neither has come. -> waited, reached
        case open
        /// The task waits for the end. -> reached
        case waited(CheckedContinuation<Outcome, Never>)
        case reached(Outcome)
    }

    private let state = Mutex(State.open)

    /// A transfer whose task was cancelled can end before it is started, hence before a task waits.
    func wait(_ continuation: CheckedContinuation<Outcome, Never>) {
        let early = self.state.withLock { state -> Outcome? in
            if case .reached(let outcome) = state { return outcome }
            state = .waited(continuation)
            return nil
        }
        // Outside of the lock, as below: what goes on may be anything.
        if let early { continuation.resume(returning: early) }
    }

    func reached(_ outcome: Outcome) {
        let waiter = self.state.withLock { state -> CheckedContinuation<Outcome, Never>? in
            defer { state = .reached(outcome) }
            if case .waited(let continuation) = state { return continuation }
            return nil
        }
        waiter?.resume(returning: outcome)
    }
}

/// How many transfers were started and have not ended, readable from any thread.
final class TransferCount: Sendable {
    private let count = Atomic<Int>(0)

    var value: Int {
        self.count.load(ordering: .relaxed)
    }

    func started() {
        self.count.add(1, ordering: .relaxed)
    }

    func ended() {
        self.count.subtract(1, ordering: .relaxed)
    }
}
