// SPDX-License-Identifier: Apache-2.0

import Configuration
import Server
import Shared
import Translation
import Transport

/// What stays the same for all attempts at one request.
final class AttemptContext: Sendable {
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

    /// What all attempts together may cost.
    var budget: AttemptBudget {
        let configuration = self.configuration.configuration
        return AttemptBudget(
            maximumRetries: configuration.retry.maxRetries, delay: configuration.retry.delay,
            silence: self.message.isStreaming ? configuration.server.pingInterval : nil)
    }

    /// One attempt at one upstream.
    ///
    /// - Parameter profile: the route's, or one for a request that is changed to what the upstream can take.
    func ask<Form: AnswerForm>(
        _ route: UpstreamRoute, _ profile: ModelProfile, _ form: Form, acceptsEmptyAnswer: Bool,
        at upstream: UpstreamClient,
    ) async -> AttemptOutcome {
        let message = self.message
        self.record.live.asking(upstream: route.identity.name, model: route.identity.model)
        switch route.api {
        case .openAI:
            var context = message.responseContext
            context.acceptsEmptyAnswer = acceptsEmptyAnswer
            if profile.windowIsShared { context.contextWindow = profile.contextWindow }
            context.isLimitedByWindow = message.isLimitedByWindow(for: profile)
            let exchange = AttemptReceiver<TranslatedAnswer<Form>>(
                .init(form: form, context: context), opening: form.opening, writer: self.writer,
                live: self.record.live)
            return await exchange.run(
                route.chatCompletions(
                    body: message.chatCompletionsBody(for: profile, stream: message.isFetchedAsStream(for: profile))),
                at: upstream)
        case .anthropic:
            let exchange = AttemptReceiver<RelayedAnswer>(
                .init(message), opening: [], writer: self.writer, live: self.record.live)
            return await exchange.run(
                route.messages(
                    body: message.body(naming: route.identity.model, profile.overrides),
                    isStreaming: message.isStreaming, version: self.client.version, beta: self.client.beta),
                at: upstream)
        }
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
    /// A long answer that is not streamed leaves the upstream silent for minutes, and some cut it off (DashScope after
    /// 300 s): it is fetched as a stream whatever the client asked for. Short ones are cheaper in one piece.
    fileprivate func isFetchedAsStream(for profile: ModelProfile) -> Bool {
        self.needsUpstreamStream(for: profile) || (self.maximumTokens ?? .max) > 8192
    }
}
