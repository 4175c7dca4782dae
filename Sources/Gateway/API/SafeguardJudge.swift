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
        let verdicts = await withTimeLimit(self.timeLimit) {
            await self.answer(to: question).map { SafeguardReply.verdicts(of: $0, count: calls.count) }
                ?? Array(repeating: .unavailable(.error), count: calls.count)
        }
        return verdicts ?? none(.timeout)
    }

    /// The body of a message of the Messages API; nil when there is none.
    private func answer(to question: MessagesRequest) async -> [UInt8]? {
        guard let authorization = try? await self.authorizer.authorization(for: self.candidate.upstream) else {
            return nil
        }
        let route = self.candidate.route(authorization: authorization, clientAgent: nil)
        let request =
            switch route.api {
            case .openAI:
                route.chatCompletions(
                    body: question.chatCompletionsBody(
                        for: route.profile, stream: question.needsUpstreamStream(for: route.profile)))
            case .anthropic:
                route.messages(
                    body: question.body(naming: route.identity.model), isStreaming: false, clientHeaders: [])
            }
        guard let (head, body) = try? await self.client.fetch(request, limit: Self.answerLimit), head.isSuccess else {
            return nil
        }
        switch route.api {
        case .openAI: return Self.translated(body, head, question)
        case .anthropic: return body
        }
    }

    private static func translated(
        _ body: [UInt8], _ head: UpstreamResponseHead, _ question: MessagesRequest,
    ) -> [UInt8]? {
        var translator = MessageStreamTranslator(
            context: question.facts.responseContext, identifiers: ToolUseIdentifiers(source: ProcessRandom()),
            sink: MessageAccumulator(), contentType: head.header("content-type"))
        unsafe body.withUnsafeBytes { unsafe translator.receive($0) }
        translator.finish(.complete)
        guard case .completed = translator.outcome else { return nil }
        return translator.sink.message(id: "", model: question.facts.model)
    }
}
