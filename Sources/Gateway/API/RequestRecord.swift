// SPDX-License-Identifier: Apache-2.0

import Configuration
import Logging
import Server
import Shared
import Translation

/// The bookkeeping of one request: metrics and log lines, each with its identity, none with content.
struct RequestRecord: Sendable {
    let live: LiveRequest
    let messageID = Identifier.message()
    private let metrics: RequestMetrics
    private let logger: Logger

    var requestID: String { self.live.id }
    private var isStreaming: Bool { self.live.isStreaming }

    init(_ request: InboundRequest, _ message: MessagesRequest, metrics: RequestMetrics, logger: Logger) {
        self.live = LiveRequest(id: request.id, model: message.model, isStreaming: message.isStreaming)
        self.metrics = metrics
        self.logger = logger
        metrics.began(self.live)
    }

    /// With the request's identity. Made when there is something to say, which for most requests is never.
    private var requestLogger: Logger {
        var logger = self.logger
        if logger.logLevel <= .debug {
            logger[metadataKey: "request.model"] = "\(self.live.model)"
            logger[metadataKey: "request.stream"] = "\(self.isStreaming)"
        }
        logger[metadataKey: "request.id"] = "\(self.requestID)"
        return logger
    }

    private var logsDetails: Bool { self.logger.logLevel <= .debug }

    var elapsed: Duration { ContinuousClock.now - self.live.start }

    func retrying(_ error: MessagesAPIError, attempt: Int, after pause: Duration) {
        self.metrics.retried()
        self.live.retrying()
        self.requestLogger.notice(
            "Retrying at the upstream",
            metadata: [
                "error.type": "\(error.kind.rawValue)", "error.message": "\(error.outline)",
                "retry.attempt": "\(attempt)", "retry.pause": "\(pause)",
            ])
    }

    func movingOn(_ error: MessagesAPIError, from upstream: UpstreamDefinition) {
        self.metrics.retried()
        self.live.retrying()
        self.requestLogger.notice(
            "Asking the next upstream",
            metadata: [
                "upstream.name": "\(upstream.name)", "error.type": "\(error.kind.rawValue)",
                "error.message": "\(error.outline)",
            ])
    }

    /// The request is sent once more, changed to what the upstream can take.
    func correcting(_ error: MessagesAPIError) {
        self.metrics.retried()
        self.live.retrying()
        self.requestLogger.notice(
            "Sending the request again, changed to what the upstream can take",
            metadata: ["error.type": "\(error.kind.rawValue)", "error.message": "\(error.outline)"])
    }

    func learned(_ lesson: Lesson, about route: UpstreamRoute) {
        self.requestLogger.notice(
            "Learned about the model at the upstream",
            metadata: [
                "upstream.name": "\(route.identity.name)", "upstream.model": "\(route.identity.model)",
                "lesson": "\(lesson)",
            ])
    }

    func completed(_ report: AnswerReport, route: UpstreamRoute, attempts: Int) {
        let usage = report.usage
        let interventions = report.interventions
        if let reason = report.unknownFinishReason { self.noticeUnknown(reason, of: route) }
        self.metrics.ended(
            .completed(
                inputTokens: usage.totalInputTokens, outputTokens: usage.outputTokens,
                cachedTokens: usage.cacheReadInputTokens, interventions),
            self.live)
        guard self.logsDetails else { return }
        self.requestLogger.debug(
            "Request completed",
            metadata: [
                "request.interventions": "\(interventions)",
                "upstream.name": "\(route.identity.name)", "upstream.host": "\(route.identity.host)",
                "upstream.model": "\(route.identity.model)",
                "response.status": "200",
                "usage.input": "\(usage.totalInputTokens)", "usage.output": "\(usage.outputTokens)",
                "request.attempts": "\(attempts)", "request.duration": .stringConvertible(self.elapsed),
                "request.first-byte": .stringConvertible(self.live.firstByte ?? self.elapsed),
            ])
    }

    /// Said once for each model, since every answer may end so.
    private func noticeUnknown(_ finishReason: String, of route: UpstreamRoute) {
        guard self.metrics.isNew(finishReason: finishReason, of: route.identity.model) else { return }
        self.requestLogger.notice(
            "The upstream ended an answer with an unknown finish reason, which counts as a proper end after content",
            metadata: [
                "upstream.name": "\(route.identity.name)", "upstream.model": "\(route.identity.model)",
                "answer.finish-reason": "\(finishReason)",
            ])
    }

    func failed(_ error: MessagesAPIError, attempts: Int) {
        let failure = RequestMetrics.RecordedFailure(
            time: .now(), requestID: self.requestID, kind: error.kind.rawValue, message: error.outline)
        self.metrics.ended(.failed(failure), self.live)
        self.requestLogger.warning(
            "Request failed",
            metadata: [
                "error.type": "\(error.kind.rawValue)", "response.status": "\(error.status)",
                "error.message": "\(error.outline)", "request.attempts": "\(attempts)",
                "upstream.name": "\(self.live.upstream ?? "")",
                "request.duration": .stringConvertible(self.elapsed),
            ])
    }

    /// The client hung up. Not an error.
    func cancelled() {
        self.metrics.ended(.cancelled, self.live)
        guard self.logsDetails else { return }
        self.requestLogger.debug(
            "Request cancelled by the client", metadata: ["request.duration": .stringConvertible(self.elapsed)])
    }
}

extension Usage {
    /// All that the model read, from the cache or not.
    fileprivate var totalInputTokens: Int {
        self.inputTokens + self.cacheReadInputTokens + self.cacheCreationInputTokens
    }
}
