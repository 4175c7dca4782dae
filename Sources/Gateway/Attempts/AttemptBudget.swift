// SPDX-License-Identifier: Apache-2.0

/// All the attempts and all the time that one request may cost, in one place. Durations that are not said to be
/// otherwise count from the arrival of the request.
struct AttemptBudget: Sendable, Equatable {
    /// Attempts at one upstream beyond the first, for failures that can pass by themselves.
    var maximumRetries: Int
    /// The pause before the first retry. Each further pause is twice as long.
    var delay: Duration
    /// The longest pause between two attempts, unless the upstream asks for a longer one.
    var maximumDelay: Duration = .seconds(20)
    /// No retry begins later than this. The client waits about 355 s for a head and retries by itself: what did not pass
    /// by then is better decided there.
    var retries: Duration = .seconds(90)
    /// After so long without a sign of the upstream the client's stream is opened, and an error can no longer be a status.
    /// Nil for an answer that is not streamed, which is not opened before it is whole.
    var silence: Duration?
    /// The longest wait in the line of an upstream with a known rate, from the moment when the request joins it.
    var line: Duration = .seconds(30)
    /// No other upstream is asked later than this. A client without a single byte gives up after about 355 s.
    var moves: Duration = .seconds(240)
    /// How often one upstream is sent a request that was changed to what the upstream can take.
    var corrections = 3

    /// The pause before the retry number `retry`, counted from 1. It is exponential, and the upper half of it is
    /// chance. `jitter` is in 0..<1.
    func pause(beforeRetry retry: Int, jitter: Double) -> Duration {
        // The power is bounded, because the number of retries is the user's and the product must not overflow.
        let full = min(self.delay * (1 << min(max(retry, 1) - 1, 16)), self.maximumDelay)
        // So requests that failed together do not come back together.
        return full / 2 + full / 2 * jitter
    }
}

/// An attempt that did not succeed, as far as the next decision depends on it.
struct AttemptFailure<Correction: Sendable & Equatable>: Sendable, Equatable {
    /// What may make the next attempt at the same upstream succeed.
    enum Remedy: Sendable, Equatable {
        /// Nothing: the same request brings the same answer.
        case none
        /// Time: a limit, an overload, a broken connection. `retryAfter` is what the upstream asked for.
        case time(retryAfter: Duration?)
        /// Chance: the upstream ended its answer without having said anything.
        case chance
        /// Another access token.
        case token
        /// The same request, changed to what the upstream can take.
        case correction(Correction)
    }

    var remedy: Remedy
    /// What the failure says about the upstream's health.
    var report: UpstreamHealth.Report
    /// Whether another upstream may serve the same request. What is wrong with the request is wrong everywhere.
    var movesOn: Bool
}
