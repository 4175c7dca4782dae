// SPDX-License-Identifier: Apache-2.0

package import Configuration
import Server
import Translation
package import Transport

/// `POST /v1/messages`: a request's whole story, from the parsed body to the last byte.
package struct MessagesEndpoint: Sendable {
    let configuration: ConfigurationStore
    let authorizer: Authorizer
    let upstream: UpstreamClient
    let plans: UpstreamPlans
    let metrics: RequestMetrics
    let log: RequestLog

    package init(
        configuration: ConfigurationStore,
        authorizer: Authorizer,
        upstream: UpstreamClient,
        plans: UpstreamPlans,
        metrics: RequestMetrics,
        log: RequestLog,
    ) {
        self.configuration = configuration
        self.authorizer = authorizer
        self.upstream = upstream
        self.plans = plans
        self.metrics = metrics
        self.log = log
    }

    func respond(to request: InboundRequest, writer: ResponseWriter) async {
        let message: MessagesRequest
        do throws(InvalidRequest) {
            message = try MessagesRequest(parsing: request.body)
        } catch {
            return writer.send(MessagesAPIError(error).response(requestID: request.id))
        }
        let snapshot = self.configuration.snapshot
        let plan = self.plans.plan(for: RouteQuery(message), in: snapshot)
        if !plan.relays, let answer = ServerToolAnswer(to: message) {
            return answer.send(to: writer, requestID: request.id)
        }
        let record = RequestRecord(
            request, message, metrics: self.metrics, log: self.log,
            logLimit: snapshot.configuration.log.requestsPerMinute)
        let run = AttemptContext(
            message: message, configuration: snapshot, client: ClientHeaders(request, for: plan), writer: writer,
            record: record)
        if message.isStreaming {
            let start = MessageStart.event(
                id: record.messageID, model: message.model, usageEstimate: message.estimatedInputTokens)
            // An upstream of the same API begins its message itself, so no message may have begun before.
            writer.openStream(
                preamble: plan.relays ? [] : start, keepAlive: EventStreamWriter.ping,
                interval: snapshot.configuration.server.pingInterval)
            await self.answer(run, plan, StreamForm(opening: plan.relays ? start : []))
        } else {
            await self.answer(run, plan, MessageForm(messageID: record.messageID, model: message.model))
        }
    }

    private func answer<Form: AnswerForm>(_ run: AttemptContext, _ plan: UpstreamPlan, _ form: Form) async {
        var attempts = AttemptLoop(run, form, plan.candidates(for: run.message), at: self)
        await attempts.runToEnd()
    }
}

extension UpstreamPlan {
    /// Tools that run at Anthropic mean nothing to a translated upstream; it would make their results up.
    fileprivate func candidates(for message: MessagesRequest) -> [UpstreamCandidate] {
        message.features.serverTools.isEmpty
            ? self.candidates : self.candidates.filter { $0.upstream.api == .anthropic }
    }
}

extension RouteQuery {
    init(_ message: MessagesRequest) {
        self.init(
            model: message.model, images: message.features.containsImages,
            thinking: message.features.wantsThinking == true, tools: message.features.hasTools,
            inputTokens: message.estimatedInputTokens)
    }
}
