// SPDX-License-Identifier: Apache-2.0

package import Configuration
import Shared
import Synchronization

/// What is known about one upstream from the requests that went there. It outlives routes and reloads.
package final class UpstreamHealth: Sendable {
    /// How an attempt there ended, as far as the upstream's health is concerned.
    enum Report: Sendable, Equatable {
        /// It answered: with what was asked, or that it does not serve this request.
        case answered
        /// It was not reached.
        case unreachable
        /// It was reached, and could not cope.
        case failed
        /// It will not serve our requests for a while: a quota, a bill, a key, or a wait that it asked for.
        case excluded(for: Duration)
        /// Nothing was learnt.
        case abandoned
    }

    /// What went wrong with an attempt.
    package struct Failure: Sendable, Equatable {
        var time: Timestamp
        /// The error's kind as the client saw it, like `overloaded_error`.
        package var kind: String
        /// Without words of the upstream, which may quote the request.
        package var message: String
    }

    /// How the upstream is at one moment.
    package struct Snapshot: Sendable, Equatable {
        var breaker = CircuitBreaker.State.closed(failures: 0)
        /// Nil when it may be asked now.
        package var rest: Duration?
        /// Requests that were sent there, retries included.
        package var attempts = 0
        /// Those of `attempts` that failed.
        package var failures = 0
        /// What the last attempt found; nil before the first.
        package var standing: Standing?
        /// Of the last attempt; nil when that succeeded.
        package var lastFailure: Failure?
    }

    /// What an attempt found.
    package enum Standing: Sendable, Equatable {
        /// It answered, with a refusal perhaps.
        case serving
        case failing
        case unreachable
    }

    private struct State {
        var breaker = CircuitBreaker()
        var bucket: TokenBucket?
        var attempts = 0
        var failures = 0
        var standing: Standing?
        var lastFailure: Failure?
    }

    private let state: Mutex<State>

    init(requestsPerMinute: Int?) {
        let bucket = requestsPerMinute.map { TokenBucket(requestsPerMinute: $0, now: .now) }
        self.state = Mutex(State(bucket: bucket))
    }

    /// A request that should go there, as long as there is another upstream to ask; nil when it should not.
    func admit() -> CircuitBreaker.Attempt? {
        self.state.withLock { state in
            // The clock is not looked at while all is well.
            if case .closed = state.breaker.state { return state.breaker.attempt }
            return state.breaker.admit(at: .now)
        }
    }

    /// A request that is sent there now, come what may.
    var attempt: CircuitBreaker.Attempt { self.state.withLock { $0.breaker.attempt } }

    /// Whether it is known that it will not serve a request now.
    var isResting: Bool {
        self.state.withLock { state in
            if case .closed = state.breaker.state { return false }
            return state.breaker.restsUntil(at: .now) != nil
        }
    }

    /// The request's place in the line; nil where no rate is known.
    func takeTurn(patience: Duration) -> TokenBucket.Turn? {
        self.state.withLock { $0.bucket?.take(at: .now, patience: patience) }
    }

    /// Waits for the place in the line of a request that is no client's. False when that takes too long, or the task is
    /// cancelled: the request is not to be sent then.
    func waitForTurn(patience: Duration) async -> Bool {
        switch self.takeTurn(patience: patience) {
        case nil: return true
        case .tooLong: return false
        case .after(let wait, let ticket):
            do {
                try await Task.sleep(for: wait)
                return true
            } catch {
                self.giveBack(ticket)
                return false
            }
        }
    }

    func giveBack(_ ticket: TokenBucket.Ticket) {
        self.state.withLock { $0.bucket?.giveBack(ticket) }
    }

    /// Returns whether it had been down until now.
    ///
    /// - Parameter attempt: what was sent; nil for something that began just now.
    func record(_ report: Report, of attempt: CircuitBreaker.Attempt? = nil, failure: Failure? = nil) -> Bool {
        self.state.withLock { state in
            let attempt = attempt ?? state.breaker.attempt
            switch report {
            case .answered: state.breaker.answered(attempt)
            case .unreachable, .failed: state.breaker.failed(attempt, at: .now)
            case .excluded(let pause): state.breaker.excluded(for: pause, at: .now)
            case .abandoned: state.breaker.abandoned(attempt, at: .now)
            }
            guard let standing = report.standing else { return false }
            let wasDown = state.standing.map { $0 != .serving } ?? false
            state.attempts += 1
            state.standing = standing
            if failure != nil { state.failures += 1 }
            state.lastFailure = failure
            return wasDown && standing == .serving
        }
    }

    /// How the upstream is now.
    package var snapshot: Snapshot {
        self.state.withLock { state in
            let now = SteadyInstant.now
            return Snapshot(
                breaker: state.breaker.state, rest: state.breaker.restsUntil(at: now).map { $0 - now },
                attempts: state.attempts, failures: state.failures, standing: state.standing,
                lastFailure: state.lastFailure)
        }
    }
}

extension UpstreamHealth.Report {
    /// Nil when nothing was learnt.
    fileprivate var standing: UpstreamHealth.Standing? {
        switch self {
        case .answered, .excluded: .serving
        case .failed: .failing
        case .unreachable: .unreachable
        case .abandoned: nil
        }
    }
}

/// The health of all upstreams, by name. One whose description has changed is judged anew.
package final class UpstreamHealthBoard: Sendable {
    private struct Entry {
        var definition: UpstreamDefinition
        var health: UpstreamHealth
    }

    private let entries = Mutex<[String: Entry]>([:])

    /// The health of this upstream, made anew when it is asked for first or its description has changed.
    package func health(of upstream: UpstreamDefinition) -> UpstreamHealth {
        self.entries.withLock { entries in
            // Another address or another key may do better, so what is known of the old one does not count.
            if let entry = entries[upstream.name], entry.definition == upstream { return entry.health }
            let health = UpstreamHealth(requestsPerMinute: upstream.requestsPerMinute)
            entries[upstream.name] = Entry(definition: upstream, health: health)
            return health
        }
    }
}
