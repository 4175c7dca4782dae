// SPDX-License-Identifier: Apache-2.0

import Catalog
import Configuration
import Logging
import Server
import Shared
import Translation

/// The bookkeeping of one request: metrics and log lines, each with its identity, none with content.
final class RequestRecord: Sendable {
    let live: LiveRequest
    let messageID = Identifier.message()
    private let hints: ClientHints
    private let metrics: RequestMetrics
    private let log: RequestLog
    /// `log.requests_per_minute` when the request came.
    private let logLimit: Int

    var requestID: String { self.live.id }
    private var isStreaming: Bool { self.live.isStreaming }

    init(
        _ request: borrowing InboundRequest, _ facts: RequestFacts, _ hints: consuming ClientHints,
        metrics: RequestMetrics, log: RequestLog, logLimit: Int,
    ) {
        let requestClass = hints.requestClass
        self.hints = hints
        self.live = LiveRequest(id: request.id, model: facts.model, isStreaming: facts.isStreaming)
        self.metrics = metrics
        self.log = log
        self.logLimit = logLimit
        metrics.began(self.live, as: requestClass)
    }

    /// With the request's identity. Made when there is a line to write.
    private var requestLogger: Logger {
        var logger = self.log.logger
        if self.logsDetails { logger[metadataKey: "request.stream"] = "\(self.isStreaming)" }
        logger[metadataKey: "request.model"] = "\(self.live.model)"
        logger[metadataKey: "request.id"] = "\(self.requestID)"
        return logger
    }

    private var logsDetails: Bool { self.log.logger.logLevel <= .debug }

    var elapsed: Duration { SteadyInstant.now - self.live.start }

    func retrying(_ error: MessagesAPIError, attempt: Int, after pause: Duration) {
        self.metrics.retried()
        self.live.retrying()
        self.requestLogger.notice(
            "Retrying at the upstream",
            metadata: [
                "error.type": "\(error.kind.rawValue)", "error.message": "\(error.outline)",
                "retry.attempt": "\(attempt)", "retry.pause": .stringConvertible(pause),
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
        self.metrics.steppedIn(.lessonLearned)
        self.requestLogger.notice(
            "Learned about the model at the upstream",
            metadata: [
                "upstream.name": "\(route.identity.name)", "upstream.model": "\(route.identity.model)",
                "lesson": "\(lesson)",
            ])
    }

    func completed(_ report: AnswerReport, route: UpstreamRoute, attempts: Int) {
        let usage = report.usage
        if let reason = report.unknownFinishReason { self.noticeUnknown(reason, of: route) }
        self.metrics.ended(
            .completed(
                inputTokens: usage.totalInputTokens, outputTokens: usage.outputTokens,
                cachedTokens: usage.cacheReadInputTokens, cost: route.prices.cost(of: usage), report.interventions),
            self.live)
        self.metrics.judged(report.verdicts)
        // Only lines about success are rationed: a failure is always logged.
        guard self.log.admits(limit: self.logLimit) else { return }
        self.requestLogger.info(
            "Request completed", metadata: self.description(of: report, route: route, attempts: attempts))
    }

    private func description(of report: AnswerReport, route: UpstreamRoute, attempts: Int) -> Logger.Metadata {
        let usage = report.usage
        var metadata: Logger.Metadata = [
            "upstream.name": "\(route.identity.name)", "upstream.model": "\(route.identity.model)",
            "response.status": "200",
            "usage.input": "\(usage.totalInputTokens)", "usage.cached": "\(usage.cacheReadInputTokens)",
            "usage.output": "\(usage.outputTokens)",
            "request.duration": .stringConvertible(self.elapsed),
            "request.first-byte": .stringConvertible(self.live.firstByte ?? self.elapsed),
        ]
        if !report.interventions.isEmpty { metadata["request.interventions"] = "\(report.interventions)" }
        if attempts > 1 { metadata["request.attempts"] = "\(attempts)" }
        for (key, value) in self.hints.journal { metadata[key] = "\(value)" }
        if !report.verdicts.isEmpty {
            metadata["request.verdicts"] = "\(report.verdicts.map(\.name).joined(separator: ","))"
        }
        if self.logsDetails { metadata["upstream.host"] = "\(route.identity.host)" }
        return metadata
    }

    /// Tells of it once for each model.
    private func noticeUnknown(_ finishReason: String, of route: UpstreamRoute) {
        // Every answer of the model may end so.
        guard self.metrics.isNew(finishReason: finishReason, of: route.identity.model) else { return }
        self.requestLogger.notice(
            "The upstream ended an answer with an unknown finish reason, which counts as a proper end after content",
            metadata: [
                "upstream.name": "\(route.identity.name)", "upstream.model": "\(route.identity.model)",
                // Whatever else stands there may quote the conversation.
                "answer.finish-reason": "\(ErrorCode(finishReason)?.text ?? "not a single word")",
            ])
    }

    func failed(_ error: MessagesAPIError, attempts: Int) {
        let failure = RequestMetrics.RecordedFailure(
            time: .now(), requestID: self.requestID, kind: error.kind.rawValue, message: error.outline)
        self.metrics.ended(.failed(failure), self.live)
        var metadata: Logger.Metadata = [
            "error.type": "\(error.kind.rawValue)", "response.status": "\(error.status)",
            "error.message": "\(error.outline)", "request.attempts": "\(attempts)",
            "upstream.name": "\(self.live.upstream ?? "")",
            "request.duration": .stringConvertible(self.elapsed),
        ]
        for (key, value) in self.hints.journal { metadata[key] = "\(value)" }
        self.requestLogger.warning("Request failed", metadata: metadata)
    }

    /// The client hung up. Not an error.
    func cancelled() {
        self.metrics.ended(.cancelled, self.live)
        guard self.logsDetails else { return }
        self.requestLogger.debug(
            "Request cancelled by the client", metadata: ["request.duration": .stringConvertible(self.elapsed)])
    }
}
