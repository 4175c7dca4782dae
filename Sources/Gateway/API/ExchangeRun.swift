// SPDX-License-Identifier: Apache-2.0

import Configuration
import Server
import Shared
import Translation

/// How one candidate did.
enum CandidateOutcome {
    case answered
    /// The client hung up.
    case cancelled
    case failed(FailedAttempt)
}

/// What stays the same for all attempts at one request.
final class ExchangeRun: Sendable {
    /// The longest a request stands in line at an upstream with a known rate.
    static let turnPatience = Duration.seconds(30)
    /// No other upstream is asked later than this after the request arrived: a client without a single byte gives up after
    /// some 355 s.
    private static let patience = Duration.seconds(240)

    let message: MessagesRequest
    let configuration: ConfigurationStore.Snapshot
    let client: ClientHeaders
    let writer: ResponseWriter
    let record: RequestRecord

    init(
        message: MessagesRequest, configuration: ConfigurationStore.Snapshot, client: ClientHeaders,
        writer: ResponseWriter, record: RequestRecord,
    ) {
        self.message = message
        self.configuration = configuration
        self.client = client
        self.writer = writer
        self.record = record
    }

    /// How long to wait before the next attempt at the same upstream; nil when there is to be none.
    func pause(after failed: FailedAttempt, attempt: Int) -> Duration? {
        let decision = RetryPolicy(self.configuration.configuration.retry).decide(
            after: failed.outcome, attempt: attempt, elapsed: self.record.elapsed,
            hasForwardedContent: self.writer.hasWrittenContent, jitter: .random(in: 0..<1))
        return switch decision {
        case .retry(let pause): pause
        case .giveUp: nil
        }
    }

    /// Whether another upstream may be asked: not once the client has seen content, which would come twice.
    var mayMoveOn: Bool { !self.writer.hasWrittenContent && self.record.elapsed <= Self.patience }

    func cancelled(at candidate: UpstreamCandidate) -> CandidateOutcome {
        candidate.record(.abandoned)
        self.record.cancelled()
        return .cancelled
    }

    func fail(_ error: MessagesAPIError, attempts: Int) {
        self.record.failed(error, attempts: attempts)
        self.writer.fail(
            beforeHead: error.response(requestID: self.record.requestID),
            inStream: error.event(requestID: self.record.requestID))
    }
}

extension RetryPolicy {
    fileprivate init(_ configuration: Configuration.Retry) {
        self.init(maximumRetries: configuration.maxRetries, delay: configuration.delay)
    }
}

extension UpstreamHealth.Failure {
    init(_ error: MessagesAPIError) {
        self.init(time: .now(), kind: error.kind.rawValue, message: error.message)
    }
}
