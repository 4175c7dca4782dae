// SPDX-License-Identifier: Apache-2.0

import Logging
import Translation

/// `POST /v1/messages`: a request's whole story, from the parsed body to the last byte.
struct MessagesEndpoint: Sendable {
    let configuration: ConfigurationStore
    let authorizer: Authorizer
    let upstream: UpstreamClient
    let routes = UpstreamRoutes()
    let metrics: RequestMetrics
    let logger: Logger

    func respond(to request: InboundRequest, writer: ResponseWriter) async {
        let message: MessagesRequest
        do throws(InvalidRequest) {
            message = try MessagesRequest(parsing: request.body)
        } catch {
            return writer.send(MessagesAPIError(error).response(requestID: request.id))
        }
        if let answer = ServerToolAnswer(to: message) {
            return answer.send(to: writer, requestID: request.id)
        }
        let record = RequestRecord(request, message, metrics: self.metrics, logger: self.logger)
        if message.isStreaming {
            writer.openStream(
                preamble: MessageStart.event(
                    id: record.messageID, model: message.model, usageEstimate: message.estimatedInputTokens),
                keepAlive: EventStreamWriter.ping,
                interval: self.configuration.snapshot.configuration.server.pingInterval)
            await self.exchange(message, StreamDelivery(writer: writer), writer, record)
        } else {
            let delivery = WholeDelivery(writer: writer, messageID: record.messageID, model: message.model)
            await self.exchange(message, delivery, writer, record)
        }
    }

    /// Attempt after attempt, until one succeeds or the policy gives up.
    private func exchange<Delivery: AnswerDelivery>(
        _ message: MessagesRequest, _ delivery: Delivery, _ writer: ResponseWriter, _ record: RequestRecord
    ) async {
        let snapshot = self.configuration.snapshot
        var attempt = 1
        var isRenewed = false
        while true {
            let failed: FailedAttempt
            do throws(CredentialError) {
                let authorization = try await self.authorizer.authorization()
                let route = self.routes.route(for: message.model, in: snapshot, authorization: authorization)
                let end = await self.attempt(message, route, delivery, writer, record.live)
                if case .completed(let usage) = end {
                    self.authorizer.accepted(authorization)
                    return record.completed(usage, route: route, attempts: attempt)
                }
                if case .refused(let failure, _) = end, failure.refusesToken, !isRenewed, !writer.hasWrittenContent,
                    await self.authorizer.renewed(afterRefusalOf: authorization)
                {
                    // A token may end before its time; the new one gets one try, which does not count as a retry.
                    isRenewed = true
                    continue
                }
                failed = FailedAttempt(end, message, route)
            } catch {
                failed = FailedAttempt(error)
            }
            guard !Task.isCancelled else { return record.cancelled() }
            let decision = RetryPolicy(snapshot.configuration.retry).decide(
                after: failed.outcome, attempt: attempt, elapsed: record.elapsed,
                hasForwardedContent: writer.hasWrittenContent, jitter: .random(in: 0..<1))
            switch decision {
            case .retry(let pause):
                record.retrying(failed.error, attempt: attempt, after: pause)
                do { try await Task.sleep(for: pause) } catch { return record.cancelled() }
                attempt += 1
            case .giveUp:
                record.failed(failed.error, attempts: attempt)
                return writer.fail(
                    beforeHead: failed.error.response(requestID: record.requestID),
                    inStream: failed.error.event(requestID: record.requestID))
            }
        }
    }

    private func attempt<Delivery: AnswerDelivery>(
        _ message: MessagesRequest, _ route: UpstreamRoute, _ delivery: Delivery, _ writer: ResponseWriter,
        _ live: LiveRequest
    ) async -> ExchangeEnd {
        live.asking(upstream: route.identity.host, model: route.identity.model)
        let exchange = MessageExchange(
            delivery: delivery, writer: writer, context: message.responseContext, live: live)
        writer.onDrained { [weak exchange] in exchange?.resume() }
        do throws(UpstreamError) {
            try await self.upstream.run(
                route.chatCompletions(
                    body: message.chatCompletionsBody(for: route.profile, stream: message.wantsUpstreamStream)),
                receiver: exchange, starting: exchange.starting)
        } catch {
            // The receiver was told too, and knows what came before.
            return exchange.end ?? .disconnected(error)
        }
        return exchange.end ?? .disconnected(.interrupted(reason: "no answer"))
    }
}

extension RetryPolicy {
    fileprivate init(_ configuration: Configuration.Retry) {
        self.init(maximumRetries: configuration.maxRetries, delay: configuration.delay)
    }
}

extension MessagesRequest {
    /// A long answer that is not streamed leaves the upstream silent for minutes, and some cut it off (DashScope after
    /// 300 s): it is fetched as a stream whatever the client asked for. Short ones are cheaper in one piece.
    fileprivate var wantsUpstreamStream: Bool { self.isStreaming || (self.maximumTokens ?? .max) > 8192 }
}
