// SPDX-License-Identifier: Apache-2.0

import Configuration
import Credentials
import Shared
import Translation
import Transport

/// Asks the model that the user named whether the calls in an answer are safe. What is not plainly said within the time is
/// no verdict, and then the client decides in its own way: a pass is never made up.
struct SafeguardJudge: Sendable {
    let brief: SafeguardBrief
    let candidate: UpstreamCandidate
    /// For all of it.
    let timeLimit: Duration
    let authorizer: Authorizer
    let client: UpstreamClient

    private static let answerLimit = 1 << 20

    /// On these calls and no others.
    func results(on calls: [AnsweredCall]) async -> SafeguardResults {
        guard !calls.isEmpty else { return SafeguardResults([]) }
        let verdicts = await self.verdicts(on: calls)
        return SafeguardResults(zip(calls, verdicts).map { (toolUseID: $0.id, verdict: $1) })
    }

    private func verdicts(on calls: [AnsweredCall]) async -> [SafeguardVerdict] {
        let none = { Array(repeating: SafeguardVerdict.unavailable($0), count: calls.count) }
        guard let body = self.brief.question(about: calls), let question = try? MessagesRequest(parsing: body)
        else { return none(.inputTooLong) }
        let answer = await withTimeLimit(self.timeLimit) { await self.answer(to: question) }
        switch answer {
        case .message(let body): return SafeguardReply.verdicts(of: body, count: calls.count)
        case .obstacle(let obstacle): return none(obstacle)
        case nil: return none(.timeout)
        }
    }

    private enum Answer {
        /// The body of a message of the Messages API.
        case message([UInt8])
        case obstacle(SafeguardVerdict.Obstacle)
    }

    /// Like a request of a client: not while the upstream rests, in its turn, and told to its health.
    private func answer(to question: MessagesRequest) async -> Answer {
        let health = self.candidate.health
        // What is known to be down is not waited for: then there is no verdict.
        guard let attempt = health.admit() else { return .obstacle(.error) }
        guard await health.waitForTurn(patience: self.timeLimit) else {
            self.candidate.record(.abandoned, of: attempt)
            return .obstacle(.timeout)
        }
        guard let authorization = try? await self.authorizer.authorization(for: self.candidate.upstream) else {
            self.candidate.record(.abandoned, of: attempt)
            return .obstacle(.error)
        }
        let route = self.candidate.route(authorization: authorization, clientAgent: nil)
        switch await self.exchange(question, route) {
        case .answered(let body):
            self.candidate.record(.answered, of: attempt)
            return .message(body)
        case .failed(let end):
            let failed = FailedAttempt(end, question.facts, route, route.profile, self.candidate.identity(of: route))
            self.candidate.record(failed.failure.report, of: attempt, failure: .init(failed.error))
            return .obstacle(.error)
        }
    }

    private enum Exchange {
        case answered([UInt8])
        case failed(AttemptOutcome)
    }

    private func exchange(_ question: MessagesRequest, _ route: UpstreamRoute) async -> Exchange {
        do throws(UpstreamError) {
            let (head, body) = try await self.client.fetch(route.request(for: question), limit: Self.answerLimit)
            guard head.isSuccess else { return .failed(.refused(head, body: body)) }
            switch route.api {
            case .openAI: return Self.translated(body, head, question)
            case .anthropic: return .answered(body)
            }
        } catch {
            return .failed(.disconnected(error))
        }
    }

    private static func translated(
        _ body: [UInt8], _ head: UpstreamResponseHead, _ question: MessagesRequest,
    ) -> Exchange {
        var translator = MessageStreamTranslator(
            context: question.facts.responseContext, identifiers: ToolUseIdentifiers(source: ProcessRandom()),
            sink: MessageAccumulator(), contentType: head.header("content-type"))
        unsafe body.withUnsafeBytes { unsafe translator.receive($0) }
        // The answer was fetched whole; a cut one has thrown already.
        translator.finish(.complete)
        return switch translator.outcome {
        case .completed: .answered(translator.sink.message(id: "", model: question.facts.model))
        case .failed(let failure): .failed(.refused(failure, by: head))
        case .empty, .streaming: .failed(.empty)
        }
    }
}
