// SPDX-License-Identifier: Apache-2.0

package import Configuration
import Credentials
import Knowledge
package import Shared
import Translation
package import Transport

/// Makes one tiny request to an upstream, the way a client's request would be made, and explains what came back.
package struct UpstreamProbe: Sendable {
    let authorizer: Authorizer
    let client: UpstreamClient

    package init(authorizer: Authorizer, client: UpstreamClient) {
        self.authorizer = authorizer
        self.client = client
    }

    private static let limit = 1 << 20

    /// Sends the request and returns when its answer is complete. What goes wrong is part of the report.
    package func ask(
        _ upstream: UpstreamDefinition, in snapshot: ConfigurationStore.Snapshot, memory: UpstreamMemory,
    ) async -> UpstreamTestReport {
        var report = UpstreamTestReport(upstream: upstream.name, model: upstream.model)
        guard
            let (candidate, authorization) = await self.authorizer.subject(
                of: &report, upstream, in: snapshot, memory: memory)
        else { return report }
        let route = candidate.route(authorization: authorization, clientAgent: nil)
        guard let message = Self.message(model: upstream.model) else { return report }
        // Not by `admit`: a person wants to know now, also while the upstream rests.
        let attempt = candidate.health.attempt
        let start = SteadyInstant.now
        let end = await self.exchange(message, route, &report)
        report.duration = SteadyInstant.now.milliseconds(since: start)
        if case .completed = end {
            report.succeeded = true
            // Not by `record`, which would have the server asked later: a test asks at once.
            _ = candidate.health.record(.answered, of: attempt)
            return report
        }
        let failed = FailedAttempt(end, message.facts, route, route.profile, candidate.identity(of: route))
        candidate.record(failed.failure.report, of: attempt, failure: .init(failed.error))
        report.problem = failed.error.message
        if case .refused(let failure, _) = end, failure.category == .agentsOnly {
            report.problem? +=
                "\nThis test says honestly that it is none; requests of Claude Code may well be admitted."
        }
        return report
    }

    private func exchange(
        _ message: MessagesRequest, _ route: UpstreamRoute, _ report: inout UpstreamTestReport,
    ) async -> AttemptOutcome {
        do throws(UpstreamError) {
            let (head, body) = try await self.client.fetch(route.request(for: message), limit: Self.limit)
            let answer = ExaminationAnswer(status: head.status, contentType: head.header("content-type"), body: body)
            guard answer.failure == nil else { return .refused(head, body: body) }
            report.answeredBy = answer.model
            report.inputTokens = answer.inputTokens
            report.outputTokens = answer.outputTokens
            // A test is no client's request: its tokens are reported, and not counted with the others.
            return .completed(AnswerReport(usage: Usage(), isCounted: false))
        } catch {
            return .disconnected(error)
        }
    }

    private static func message(model: String) -> MessagesRequest? {
        var writer = JSONWriter()
        writer.raw(#"{"model":"#)
        writer.string(model)
        writer.raw(#","max_tokens":16,"messages":[{"role":"user","content":"Answer with the word OK."}]}"#)
        return try? MessagesRequest(parsing: writer.take())
    }
}

extension Authorizer {
    /// What a test asks, and with what. Nil when nothing can be asked, which the report says then.
    func subject(
        of report: inout UpstreamTestReport, _ upstream: UpstreamDefinition, in snapshot: ConfigurationStore.Snapshot,
        memory: UpstreamMemory,
    ) async -> (UpstreamCandidate, UpstreamAuthorization)? {
        do throws(CredentialError) {
            let authorization = try await self.authorization(for: upstream)
            let candidate = UpstreamCandidate(
                .init(upstream: upstream, model: upstream.model), parameters: ParameterOverrides(), memory: memory,
                snapshot: snapshot)
            return (candidate, authorization)
        } catch {
            report.problem = MessagesAPIError(error).message
            return nil
        }
    }
}
