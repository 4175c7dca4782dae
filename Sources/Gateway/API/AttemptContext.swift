// SPDX-License-Identifier: Apache-2.0

import Configuration
import Credentials
import Server
import Shared
import Synchronization
import Translation
import Transport

/// What one attempt is made with. A class, because the profile alone is larger than all the rest of a request's task.
final class UpstreamAttempt: Sendable {
    let route: UpstreamRoute
    /// The route's, or one for a request that is changed to what the upstream can take.
    let profile: ModelProfile
    let authorization: UpstreamAuthorization
    let acceptsEmptyAnswer: Bool

    init(
        route: UpstreamRoute, profile: ModelProfile, authorization: UpstreamAuthorization, acceptsEmptyAnswer: Bool,
    ) {
        self.route = route
        self.profile = profile
        self.authorization = authorization
        self.acceptsEmptyAnswer = acceptsEmptyAnswer
    }
}

/// What stays the same for all attempts at one request.
final class AttemptContext: Sendable {
    let facts: RequestFacts
    let configuration: ConfigurationStore.Snapshot
    let client: ClientHeaders
    let writer: ResponseWriter
    let record: RequestRecord
    /// Where the client wants calls judged and a model is there for that.
    let judge: SafeguardJudge?
    /// Nil once no further attempt is possible.
    private let message: Mutex<MessagesRequest?>

    init(
        message: MessagesRequest, configuration: ConfigurationStore.Snapshot, client: ClientHeaders,
        writer: ResponseWriter, record: RequestRecord, judge: SafeguardJudge?,
    ) {
        self.facts = message.facts
        self.message = Mutex(message)
        self.configuration = configuration
        self.client = client
        self.writer = writer
        self.record = record
        self.judge = judge
    }

    /// What all attempts together may cost.
    var budget: AttemptBudget {
        let configuration = self.configuration.configuration
        return AttemptBudget(
            maximumRetries: configuration.retry.maxRetries, delay: configuration.retry.delay,
            // The first ping opens the client's stream.
            silence: self.facts.isStreaming ? configuration.server.pingInterval : nil)
    }

    /// The client gets the first content of its answer, after which nothing is asked again.
    func contentBegins() {
        // A conversation of megabytes would otherwise stay in memory for as long as the answer streams.
        self.message.withLock { $0 = nil }
        // The memory of the body counts against server.max_buffered_bytes until then.
        self.writer.bodyWasReleased()
    }

    /// One attempt at one upstream, judged where the client wants that.
    func ask<Form: AnswerForm>(_ attempt: UpstreamAttempt, _ form: Form, at upstream: UpstreamClient) async
        -> AttemptOutcome
    {
        self.record.live.asking(upstream: attempt.route.identity.name, model: attempt.route.identity.model)
        guard let request = self.request(attempt.route, attempt.profile) else { return .noAnswer }
        let end: AttemptOutcome
        switch attempt.route.api {
        case .openAI:
            let receiver = AttemptReceiver<TranslatedAnswer<Form>>(
                .init(form: form, context: self.responseContext(of: attempt)), opening: form.opening, of: self)
            end = await receiver.run(consume request, at: upstream)
        case .anthropic:
            let receiver = AttemptReceiver<RelayedAnswer>(.init(self.facts), opening: [], of: self)
            end = await receiver.run(consume request, at: upstream)
        }
        guard case .completed(var report) = end, let held = report.held else { return end }
        report.verdicts = await self.conclude(held, opening: form.opening)
        return .completed(report)
    }

    private func responseContext(of attempt: UpstreamAttempt) -> ResponseContext {
        let profile = attempt.profile
        return self.facts.responseContext.sent(
            estimatedInputTokens: self.facts.inputTokens(for: profile),
            isLimitedByWindow: self.facts.isLimitedByWindow(for: profile),
            contextWindow: profile.windowIsShared ? profile.contextWindow : nil,
            acceptsEmptyAnswer: attempt.acceptsEmptyAnswer)
    }

    /// The request for one attempt; nil once no further one is possible.
    private func request(_ route: UpstreamRoute, _ profile: ModelProfile) -> UpstreamRequest? {
        // No part of the asynchronous function, which would keep the content.
        guard let message = self.message.withLock({ $0 }) else { return nil }
        return switch route.api {
        case .openAI:
            route.chatCompletions(
                body: message.chatCompletionsBody(for: profile, stream: message.isFetchedAsStream(for: profile)))
        case .anthropic:
            route.messages(
                body: message.body(naming: route.identity.model, profile.overrides),
                isStreaming: self.facts.isStreaming, clientHeaders: self.client.messagesAPI)
        }
    }

    /// Has the calls of an answer judged, and sends the rest of it with the verdicts.
    ///
    /// - Parameter opening: what goes before the end of a stream without content.
    private func conclude(_ held: HeldAnswer, opening: [UInt8]) async -> [SafeguardVerdict] {
        guard let judge = self.judge else { preconditionFailure("an answer was held, and nothing judges") }
        let results = await judge.results(on: held.calls)
        switch held {
        case .end(let end):
            if !opening.isEmpty, !self.writer.hasWrittenContent { self.writer.write(opening) }
            self.writer.write(end.events(with: results))
            self.writer.finish()
        case .message(let message, let form):
            self.writer.send(.message(form.body(of: message, results)))
        }
        return results.verdicts.map(\.verdict)
    }

    func fail(_ error: MessagesAPIError, attempts: Int) {
        self.record.failed(error, attempts: attempts)
        self.writer.fail(
            beforeHead: error.response(requestID: self.record.requestID),
            inStream: error.event(requestID: self.record.requestID))
    }
}

extension UpstreamHealth.Failure {
    init(_ error: MessagesAPIError) {
        self.init(time: .now(), kind: error.kind.rawValue, message: error.outline)
    }
}

extension MessagesRequest {
    /// Whether the upstream is asked for a stream, whatever the client asked for.
    fileprivate func isFetchedAsStream(for profile: ModelProfile) -> Bool {
        // A long answer that is not streamed leaves the upstream silent for minutes, and some cut it off (DashScope
        // after 300 s). Short ones are cheaper in one piece.
        (self.facts.maximumTokens ?? .max) > 8192 || self.needsUpstreamStream(for: profile)
    }
}
