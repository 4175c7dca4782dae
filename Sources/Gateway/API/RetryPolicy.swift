// SPDX-License-Identifier: Apache-2.0

/// Decides whether one more attempt is worth it. Pure: time and chance come in.
struct RetryPolicy: Sendable, Equatable {
    /// How an attempt ended that did not succeed.
    enum Outcome: Sendable, Equatable {
        /// It can heal by itself: throttling, overload, a broken connection.
        case transient(retryAfter: Duration?)
        /// The upstream answered 200 and then said nothing at all.
        case empty
        /// Asking again brings the same answer.
        case final
    }

    enum Decision: Sendable, Equatable {
        case retry(after: Duration)
        case giveUp
    }

    /// Attempts beyond the first.
    var maximumRetries: Int
    /// Before the first retry; doubled for each further one.
    var delay: Duration
    var maximumDelay: Duration = .seconds(20)
    /// No retry may begin later than this after the request arrived. The client waits about 355 s for a head and has
    /// retries of its own: what did not heal by then is better decided there.
    var budget: Duration = .seconds(90)

    /// `attempt` counts from 1. `jitter` is in 0..<1 and spreads clients that failed together.
    func decide(
        after outcome: Outcome, attempt: Int, elapsed: Duration, hasForwardedContent: Bool, jitter: Double
    ) -> Decision {
        // Once content has reached the client a retry would repeat text that it has already shown.
        guard !hasForwardedContent else { return .giveUp }
        switch outcome {
        case .final:
            return .giveUp
        case .empty:
            // Once, whatever the setting: an empty stream is an accident of the upstream, not a refusal.
            return attempt == 1 ? .retry(after: .zero) : .giveUp
        case .transient(let retryAfter):
            guard attempt <= self.maximumRetries else { return .giveUp }
            let backoff = self.backoff(attempt: attempt, jitter: jitter)
            let pause = max(retryAfter ?? .zero, backoff)
            return elapsed + pause <= self.budget ? .retry(after: pause) : .giveUp
        }
    }

    /// Exponential, the upper half of each step random.
    private func backoff(attempt: Int, jitter: Double) -> Duration {
        let full = min(self.delay * (1 << min(attempt - 1, 16)), self.maximumDelay)
        return full / 2 + full / 2 * jitter
    }
}
