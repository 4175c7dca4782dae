// SPDX-License-Identifier: Apache-2.0

import Shared
import Translation

/// An attempt that did not succeed, seen from both sides: what the retry policy needs and what the client would be told.
struct FailedAttempt: Sendable {
    let outcome: RetryPolicy.Outcome
    let error: MessagesAPIError

    /// `end` must not be `.completed`.
    init(_ end: ExchangeEnd, _ message: MessagesRequest, _ route: UpstreamRoute) {
        switch end {
        case .completed:
            preconditionFailure("a completed attempt did not fail")
        case .empty:
            self.outcome = .empty
            self.error = MessagesAPIError(emptyAnswerFrom: route.identity)
        case .disconnected(let error):
            self.outcome = error.canHeal ? .transient(retryAfter: nil) : .final
            self.error = MessagesAPIError(error, from: route.identity)
        case .refused(let failure, let retryAfter):
            let pause = retryAfter.flatMap { RetryAfter.duration($0, now: .now()) }
            self.outcome = failure.isRetryable ? .transient(retryAfter: pause) : .final
            self.error = MessagesAPIError(
                failure.completed(for: message, route), retryAfter: pause, from: route.identity)
        }
    }

    init(_ error: CredentialError) {
        if case .unavailable(_, _, let pause) = error {
            self.outcome = .transient(retryAfter: pause)
        } else {
            self.outcome = .final
        }
        self.error = MessagesAPIError(error)
    }
}

extension UpstreamFailure {
    /// Fills in what the upstream left out of a message that the client reads figures from.
    fileprivate func completed(for message: MessagesRequest, _ route: UpstreamRoute) -> UpstreamFailure {
        var failure = self
        if case .contextTooLong(let tokens, let maximum) = self.category {
            failure.category = .contextTooLong(
                tokens: tokens ?? message.estimatedInputTokens, maximum: maximum ?? route.profile.contextWindow)
        }
        return failure
    }
}

extension UpstreamError {
    /// Whether a later attempt may find things changed.
    fileprivate var canHeal: Bool {
        switch self {
        case .unreachable, .unresolvableHost, .interrupted, .timedOut, .stalled: true
        case .invalidURL, .insecure, .tooLarge, .cancelled: false
        }
    }
}
