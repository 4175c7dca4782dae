// SPDX-License-Identifier: Apache-2.0

import Configuration
import Credentials
import Translation
import Transport

/// An attempt that did not succeed, seen from all sides: what the retry policy needs, what it says about the upstream's
/// health, whether another upstream may do better, and what the client would be told.
///
/// A class, like the boxes of `ExchangeEnd`, because what nearly never happens should take no room in every request's task.
final class FailedAttempt: Sendable {
    let outcome: RetryPolicy.Outcome
    let report: UpstreamHealth.Report
    /// Whether another upstream may serve the same request.
    let movesOn: Bool
    let error: MessagesAPIError

    /// `end` must not be `.completed`.
    convenience init(_ end: ExchangeEnd, _ message: MessagesRequest, _ route: UpstreamRoute) {
        switch end {
        case .completed:
            preconditionFailure("a completed attempt did not fail")
        case .empty:
            self.init(.empty, .failed, movesOn: true, MessagesAPIError(emptyAnswerFrom: route.identity))
        case .disconnected(let error):
            self.init(
                error.canHeal ? .transient(retryAfter: nil) : .final, error == .cancelled ? .abandoned : .failed,
                movesOn: true, MessagesAPIError(error, from: route.identity))
        case .refused(let failure, let pause):
            self.init(
                failure.isRetryable ? .transient(retryAfter: pause) : .final,
                failure.report(retryAfter: pause), movesOn: failure.movesOn,
                MessagesAPIError(failure.completed(for: message, route), retryAfter: pause, from: route.identity))
        }
    }

    /// There is nothing to present to the upstream; another one may need nothing.
    convenience init(_ error: CredentialError) {
        var outcome = RetryPolicy.Outcome.final
        if case .unavailable(_, _, let pause) = error { outcome = .transient(retryAfter: pause) }
        self.init(outcome, .abandoned, movesOn: true, MessagesAPIError(error))
    }

    /// The line at an upstream with a known rate is longer than anybody wants to wait.
    convenience init(lineAt upstream: UpstreamDefinition, wait: Duration) {
        self.init(.final, .abandoned, movesOn: true, MessagesAPIError(lineAt: upstream, wait: wait))
    }

    private init(
        _ outcome: RetryPolicy.Outcome, _ report: UpstreamHealth.Report, movesOn: Bool, _ error: MessagesAPIError,
    ) {
        self.outcome = outcome
        self.report = report
        self.movesOn = movesOn
        self.error = error
    }
}

extension UpstreamFailure {
    /// How long an upstream is left alone that will not serve us. Nobody says when a quota is reset, so it is asked from
    /// time to time.
    private static let rest = Duration.seconds(300)
    /// A wait that it asked for itself is honoured up to here.
    private static let longestRest = Duration.seconds(3600)

    fileprivate func report(retryAfter: Duration?) -> UpstreamHealth.Report {
        switch self.category {
        case .hardQuota, .billing: .excluded(for: min(retryAfter ?? Self.rest, Self.longestRest))
        case .invalidCredentials, .agentsOnly: .excluded(for: .seconds(60))
        case .rateLimited: retryAfter.map { .excluded(for: min($0, Self.longestRest)) } ?? .failed
        case .overloaded, .timedOut, .internalError, .unreadable, .interrupted: .failed
        case .permissionDenied, .modelNotFound, .contextTooLong, .outputDoesNotFit, .outputLimitTooHigh,
            .imagesRefused, .parameterRefused, .contentRejected, .invalidRequest, .requestTooLarge, .invalidOutput:
            .answered
        }
    }

    /// What is wrong with the request is wrong everywhere; the client has to hear of it.
    fileprivate var movesOn: Bool {
        switch self.category {
        case .invalidCredentials, .permissionDenied, .modelNotFound, .hardQuota, .billing, .rateLimited, .overloaded,
            .timedOut, .internalError, .invalidOutput, .unreadable, .interrupted, .agentsOnly:
            true
        case .contextTooLong, .outputDoesNotFit, .outputLimitTooHigh, .imagesRefused, .parameterRefused,
            .contentRejected, .invalidRequest, .requestTooLarge:
            false
        }
    }

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
        case .unreachable, .proxyFailed, .unresolvableHost, .interrupted, .timedOut, .stalled: true
        case .invalidURL, .insecure, .notHTTP, .redirected, .undecodable, .tooLarge, .cancelled: false
        }
    }
}
