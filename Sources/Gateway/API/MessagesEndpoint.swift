// SPDX-License-Identifier: Apache-2.0

package import Configuration
import Credentials
package import Logging
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
    let logger: Logger

    package init(
        configuration: ConfigurationStore,
        authorizer: Authorizer,
        upstream: UpstreamClient,
        plans: UpstreamPlans,
        metrics: RequestMetrics,
        logger: Logger,
    ) {
        self.configuration = configuration
        self.authorizer = authorizer
        self.upstream = upstream
        self.plans = plans
        self.metrics = metrics
        self.logger = logger
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
        let record = RequestRecord(request, message, metrics: self.metrics, logger: self.logger)
        let run = ExchangeRun(
            message: message, configuration: snapshot, client: ClientHeaders(request, for: plan), writer: writer,
            record: record)
        if message.isStreaming {
            let start = MessageStart.event(
                id: record.messageID, model: message.model, usageEstimate: message.estimatedInputTokens)
            // An upstream of the same API begins its message itself, so nobody may have begun one before.
            writer.openStream(
                preamble: plan.relays ? [] : start, keepAlive: EventStreamWriter.ping,
                interval: snapshot.configuration.server.pingInterval)
            await self.exchange(run, plan, StreamForm(opening: plan.relays ? start : []))
        } else {
            await self.exchange(run, plan, MessageForm(messageID: record.messageID, model: message.model))
        }
    }

    /// Upstream after upstream, until one answers or nobody is left to ask.
    private func exchange<Form: AnswerForm>(
        _ run: ExchangeRun, _ plan: UpstreamPlan, _ form: Form,
    ) async {
        var order = CandidateOrder(plan.candidates(for: run.message))
        var failures = FailedCandidates()
        var attempts = 0
        while let candidate = order.next(admits: { $0.health.admits() }) {
            let outcome = await self.ask(candidate, run, form, hasAlternative: order.hasMore, attempts: &attempts)
            guard case .failed(let failed) = outcome else { return }
            failures.append(failed, of: candidate.upstream)
            guard failed.movesOn, order.hasMore, run.mayMoveOn else { break }
            run.record.movingOn(failed.error, from: candidate.upstream)
        }
        run.fail(failures.error, attempts: attempts)
    }

    /// Attempt after attempt at one upstream, until one succeeds or the policy gives up.
    private func ask<Form: AnswerForm>(
        _ candidate: UpstreamCandidate, _ run: ExchangeRun, _ form: Form, hasAlternative: Bool,
        attempts: inout Int,
    ) async -> CandidateOutcome {
        var attempt = 1
        var isRenewed = false
        while true {
            if let turn = candidate.health.takeTurn(patience: ExchangeRun.turnPatience) {
                switch turn {
                case .tooLong(let wait): return .failed(FailedAttempt(lineAt: candidate.upstream, wait: wait))
                case .after(.zero, _): break
                case .after(let wait, let ticket):
                    do { try await Task.sleep(for: wait) } catch {
                        candidate.health.giveBack(ticket)
                        return run.cancelled(at: candidate)
                    }
                }
            }
            attempts += 1
            let failed: FailedAttempt
            do throws(CredentialError) {
                let authorization = try await self.authorizer.authorization(for: candidate.upstream)
                let route = candidate.route(authorization: authorization, clientAgent: run.client.userAgent)
                let end = await self.attempt(run, route, form)
                if case .completed(let usage) = end {
                    self.authorizer.accepted(authorization)
                    candidate.record(.answered)
                    run.record.completed(usage, route: route, attempts: attempts)
                    return .answered
                }
                if case .refused(let failure, _) = end, failure.refusesToken, !isRenewed,
                    !run.writer.hasWrittenContent, await self.authorizer.renewed(afterRefusalOf: authorization)
                {
                    // A token may end before its time; the new one gets one try, which does not count as a retry.
                    isRenewed = true
                    continue
                }
                failed = FailedAttempt(end, run.message, route)
            } catch {
                failed = FailedAttempt(error)
            }
            guard !Task.isCancelled else { return run.cancelled(at: candidate) }
            candidate.record(failed.report, failure: .init(failed.error))
            guard let pause = run.pause(after: failed, attempt: attempt) else { return .failed(failed) }
            // Others found it down in the meantime: nobody waits for it who can be served elsewhere.
            if hasAlternative, candidate.health.isResting { return .failed(failed) }
            run.record.retrying(failed.error, attempt: attempt, after: pause)
            do { try await Task.sleep(for: pause) } catch { return run.cancelled(at: candidate) }
            attempt += 1
        }
    }

    private func attempt<Form: AnswerForm>(
        _ run: ExchangeRun, _ route: UpstreamRoute, _ form: Form,
    ) async -> ExchangeEnd {
        let message = run.message
        run.record.live.asking(upstream: route.identity.name, model: route.identity.model)
        switch route.api {
        case .openAI:
            let exchange = UpstreamExchange<TranslatedAnswer<Form>>(
                .init(form: form, context: message.responseContext), opening: form.opening, writer: run.writer,
                live: run.record.live)
            return await exchange.run(
                route.chatCompletions(
                    body: message.chatCompletionsBody(for: route.profile, stream: message.wantsUpstreamStream)),
                at: self.upstream)
        case .anthropic:
            let exchange = UpstreamExchange<RelayedAnswer>(
                .init(message), opening: [], writer: run.writer, live: run.record.live)
            return await exchange.run(
                route.messages(
                    body: message.body(naming: route.identity.model, route.profile.overrides),
                    isStreaming: message.isStreaming, version: run.client.version, beta: run.client.beta),
                at: self.upstream)
        }
    }
}

extension UpstreamPlan {
    /// Tools that run at Anthropic mean nothing to a translated upstream; it would make their results up.
    fileprivate func candidates(for message: MessagesRequest) -> [UpstreamCandidate] {
        message.features.serverTools.isEmpty
            ? self.candidates : self.candidates.filter { $0.upstream.api == .anthropic }
    }
}

extension MessagesRequest {
    /// A long answer that is not streamed leaves the upstream silent for minutes, and some cut it off (DashScope after
    /// 300 s): it is fetched as a stream whatever the client asked for. Short ones are cheaper in one piece.
    fileprivate var wantsUpstreamStream: Bool { self.isStreaming || (self.maximumTokens ?? .max) > 8192 }
}

extension RouteQuery {
    init(_ message: MessagesRequest) {
        self.init(
            model: message.model, images: message.features.containsImages,
            thinking: message.features.wantsThinking == true, tools: message.features.hasTools,
            inputTokens: message.estimatedInputTokens)
    }
}
