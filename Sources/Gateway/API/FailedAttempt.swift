// SPDX-License-Identifier: Apache-2.0

import Configuration
import Credentials
import Translation
import Transport

/// An attempt that did not succeed: what the attempt machine needs to know, what there is to learn from it, and what the
/// client would be told.
///
/// A class, like the boxes of `AttemptOutcome`, because what nearly never happens should take no room in every request's task.
final class FailedAttempt: Sendable {
    typealias Failure = AttemptFailure<RequestCorrection>

    let failure: Failure
    let error: MessagesAPIError
    /// What a refusal teaches about the model at this upstream.
    let lesson: Lesson?

    /// - Parameters:
    ///   - end: must not be `.completed`.
    ///   - profile: with which the request was made.
    ///   - identity: of the upstream, for the text.
    convenience init(
        _ end: AttemptOutcome, _ request: RequestFacts, _ route: UpstreamRoute, _ profile: ModelProfile,
        _ identity: UpstreamIdentity,
    ) {
        switch end {
        case .completed:
            preconditionFailure("a completed attempt did not fail")
        case .empty:
            self.init(
                Failure(remedy: .chance, report: .failed, movesOn: true),
                MessagesAPIError(emptyAnswerFrom: identity))
        case .disconnected(let error):
            self.init(
                Failure(
                    remedy: error.canHeal ? .time(retryAfter: nil) : .none,
                    report: error.report, movesOn: true),
                MessagesAPIError(error, from: identity))
        case .refused(let failure, let pause):
            self.init(
                Failure(
                    remedy: failure.remedy(retryAfter: pause, for: request, route, profile),
                    report: failure.report(retryAfter: pause), movesOn: failure.movesOn),
                MessagesAPIError(
                    failure.completed(for: request, profile), retryAfter: pause, from: identity,
                    asked: request.maximumTokens),
                lesson: failure.lesson)
        }
    }

    /// There is nothing to present to the upstream; another one may need nothing.
    convenience init(_ error: CredentialError) {
        var remedy = Failure.Remedy.none
        if case .unavailable(_, _, let pause) = error { remedy = .time(retryAfter: pause) }
        self.init(Failure(remedy: remedy, report: .abandoned, movesOn: true), MessagesAPIError(error))
    }

    /// The line at an upstream with a known rate is longer than a request waits.
    convenience init(lineAt upstream: UpstreamDefinition, wait: Duration) {
        self.init(
            Failure(remedy: .none, report: .abandoned, movesOn: true), MessagesAPIError(lineAt: upstream, wait: wait))
    }

    private init(_ failure: Failure, _ error: MessagesAPIError, lesson: Lesson? = nil) {
        self.failure = failure
        self.error = error
        self.lesson = lesson
    }
}

extension UpstreamFailure {
    /// How long an upstream is left alone that will not serve us. No upstream says when a quota is reset, so it is asked from
    /// time to time.
    private static let rest = Duration.seconds(300)
    /// A wait that it asked for itself is honoured up to here.
    private static let longestRest = Duration.seconds(3600)

    fileprivate func report(retryAfter: Duration?) -> UpstreamHealth.Report {
        switch self.category {
        case .hardQuota, .billing: .excluded(for: min(retryAfter ?? Self.rest, Self.longestRest))
        case .invalidCredentials, .agentsOnly: .excluded(for: .seconds(60))
        // Without a time, a limit of the minute may be over soon: one refusal alone does not exclude the upstream.
        case .rateLimited: retryAfter.map { .excluded(for: min($0, Self.longestRest)) } ?? .failed
        case .overloaded, .timedOut, .internalError, .unreadable, .interrupted: .failed
        // These are about the request; the upstream itself is well.
        case .permissionDenied, .modelNotFound, .contextTooLong, .outputDoesNotFit, .outputLimitTooHigh,
            .imagesRefused, .parameterRefused, .contentRejected, .invalidRequest, .requestTooLarge, .invalidOutput:
            .answered
        }
    }

    /// Whether another upstream may serve the request.
    fileprivate var movesOn: Bool {
        switch self.category {
        case .invalidCredentials, .permissionDenied, .modelNotFound, .hardQuota, .billing, .rateLimited, .overloaded,
            .timedOut, .internalError, .invalidOutput, .unreadable, .interrupted, .agentsOnly:
            true
        // What is wrong with the request is wrong everywhere; the client has to hear of it.
        case .contextTooLong, .outputDoesNotFit, .outputLimitTooHigh, .imagesRefused, .parameterRefused,
            .contentRejected, .invalidRequest, .requestTooLarge:
            false
        }
    }

    fileprivate func remedy(
        retryAfter: Duration?, for request: RequestFacts, _ route: UpstreamRoute, _ profile: ModelProfile,
    ) -> FailedAttempt.Failure.Remedy {
        if self.refusesToken { return .token }
        // An upstream that speaks the Messages API gets the client's own request.
        if route.api == .openAI, let correction = RequestCorrection(self, for: request, profile) {
            return .correction(correction)
        }
        return self.isRetryable ? .time(retryAfter: retryAfter) : .none
    }

    /// Fills in what the upstream left out of a message that the client reads figures from.
    func completed(for request: RequestFacts, _ profile: ModelProfile) -> UpstreamFailure {
        var failure = self
        switch self.category {
        case .contextTooLong(let tokens, let maximum):
            failure.category = .contextTooLong(
                tokens: tokens ?? request.inputTokens(for: profile), maximum: maximum ?? profile.contextWindow)
        case .outputDoesNotFit(let promptTokens, let window):
            // A client that is told a smaller answer asks for it. Where none of any use fits, only a smaller prompt helps.
            failure.category =
                RequestCorrection.room(self, for: request, profile).map { .outputLimitTooHigh(maximum: $0) }
                ?? .contextTooLong(
                    tokens: (promptTokens ?? request.inputTokens(for: profile)) + RequestCorrection.smallestOutput,
                    maximum: window ?? profile.contextWindow)
        case .invalidCredentials, .permissionDenied, .modelNotFound, .hardQuota, .billing, .rateLimited,
            .outputLimitTooHigh, .imagesRefused, .parameterRefused, .contentRejected, .invalidRequest,
            .requestTooLarge, .overloaded, .timedOut, .internalError, .invalidOutput, .unreadable, .interrupted,
            .agentsOnly:
            break
        }
        return failure
    }
}

extension UpstreamError {
    /// What it says about the upstream's health.
    fileprivate var report: UpstreamHealth.Report {
        switch self {
        case .invalidURL, .proxyFailed, .unresolvableHost, .unreachable, .insecure, .notHTTP, .redirected: .unreachable
        case .undecodable, .timedOut, .stalled, .interrupted, .tooLarge: .failed
        case .cancelled: .abandoned
        }
    }

    /// Whether a later attempt may find things changed.
    fileprivate var canHeal: Bool {
        switch self {
        case .unreachable, .proxyFailed, .unresolvableHost, .interrupted, .timedOut, .stalled: true
        case .invalidURL, .insecure, .notHTTP, .redirected, .undecodable, .tooLarge, .cancelled: false
        }
    }
}
