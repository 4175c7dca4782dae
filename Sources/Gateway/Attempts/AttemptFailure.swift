// SPDX-License-Identifier: Apache-2.0

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
