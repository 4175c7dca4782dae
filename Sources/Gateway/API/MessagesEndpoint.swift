// SPDX-License-Identifier: Apache-2.0

package import Configuration
import Server
import Translation
package import Transport

/// `POST /v1/messages`: a request's whole story, from the parsed body to the last byte.
///
/// A class because each request hands it on from step to step.
package final class MessagesEndpoint: Sendable {
    let configuration: ConfigurationStore
    let authorizer: Authorizer
    let upstream: UpstreamClient
    let plans: UpstreamPlans
    let metrics: RequestMetrics
    let log: RequestLog
    /// Also for counting: a client counts what it sends next.
    let weights = SharedTextWeights()

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

    func respond(to request: consuming InboundRequest, writer: ResponseWriter) async {
        guard let (run, candidates, start) = self.admit(consume request, writer) else { return }
        let message = MessageForm(messageID: run.record.messageID, model: run.facts.model)
        switch (run.facts.isStreaming, isJudged: run.judge != nil) {
        case (true, false): await self.answer(run, candidates, StreamForm(opening: start))
        case (true, true): await self.answer(run, candidates, JudgedStreamForm(opening: start))
        case (false, false): await self.answer(run, candidates, message)
        case (false, true): await self.answer(run, candidates, JudgedMessageForm(form: message))
        }
    }

    private func answer<Form: AnswerForm>(
        _ run: AttemptContext, _ candidates: [UpstreamCandidate], _ form: Form,
    ) async {
        var attempts = AttemptLoop(run, form, candidates, at: self)
        await attempts.runToEnd()
    }

    /// All that comes before the first attempt; nil when the client has its answer.
    ///
    /// - Returns: also the event that a message begins with, where it goes before what the upstream sends.
    private func admit(
        _ request: consuming InboundRequest, _ writer: ResponseWriter,
    ) -> (AttemptContext, [UpstreamCandidate], start: [UInt8])? {
        // No part of the asynchronous function, whose variables would keep the request's content for as long as the
        // answer takes.
        var request = request
        let message: MessagesRequest
        do throws(InvalidRequest) {
            // Taken out of the request, so that the bytes are not copied and have one owner.
            message = try MessagesRequest(parsing: request.takeBody(), self.weights)
        } catch {
            writer.send(MessagesAPIError(error).response(requestID: request.id))
            return nil
        }
        let facts = message.facts
        // One snapshot for the whole request: a reload in the middle must not mix two configurations.
        let snapshot = self.configuration.snapshot
        let hints = ClientHints(model: facts.model, request)
        let plan = self.plans.plan(
            for: RouteQuery(facts.model, facts.features, hints), of: facts.size, in: snapshot)
        if !plan.relays, let answer = ServerToolAnswer(to: facts) {
            answer.send(to: writer, requestID: request.id)
            return nil
        }
        let record = RequestRecord(
            request, facts, consume hints, metrics: self.metrics, log: self.log,
            logLimit: snapshot.configuration.log.requestsPerMinute)
        let run = AttemptContext(
            message: message, configuration: snapshot, client: ClientHeaders(request, for: plan), writer: writer,
            record: record, judge: self.judge(of: message, plan, snapshot))
        guard facts.isStreaming else { return (run, plan.candidates(for: facts), []) }
        let start = MessageStart.event(
            id: record.messageID, model: facts.model, usageEstimate: plan.promptTokens(of: facts.size))
        // An upstream of the same API begins its message itself, so no message may have begun before.
        writer.openStream(
            preamble: plan.relays ? [] : start, keepAlive: EventStreamWriter.ping,
            interval: snapshot.configuration.server.pingInterval)
        return (run, plan.candidates(for: facts), plan.relays ? start : [])
    }
}

extension MessagesEndpoint {
    /// Nil unless the client wants calls judged, and a model is there for that.
    private func judge(
        of message: MessagesRequest, _ plan: UpstreamPlan, _ snapshot: ConfigurationStore.Snapshot,
    ) -> SafeguardJudge? {
        guard let candidate = plan.judge, let brief = SafeguardBrief(message) else { return nil }
        return SafeguardJudge(
            brief: brief, candidate: candidate, timeLimit: snapshot.configuration.autoMode.timeLimit,
            authorizer: self.authorizer, client: self.upstream)
    }
}

extension UpstreamPlan {
    /// Those that can serve the request.
    fileprivate func candidates(for request: RequestFacts) -> [UpstreamCandidate] {
        // Tools that run at Anthropic mean nothing to a translated upstream; it would make their results up.
        request.features.serverTools.isEmpty
            ? self.candidates : self.candidates.filter { $0.upstream.api == .anthropic }
    }
}

extension RouteQuery {
    init(_ model: String, _ features: RequestFeatures, _ hints: ClientHints) {
        self.init(
            model: model, images: features.containsImages, thinking: features.wantsThinking == true,
            tools: features.hasTools, requestClass: hints.requestClass, agentType: hints.agentType)
    }
}
