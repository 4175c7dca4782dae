// SPDX-License-Identifier: Apache-2.0

package import Configuration
import Credentials
import Knowledge
package import Shared
import Translation
package import Transport

/// Finds out what a server and a model really do, with a tiny request for each question, and keeps what it found out.
package struct UpstreamExaminer: Sendable {
    private let authorizer: Authorizer
    private let client: UpstreamClient

    package init(authorizer: Authorizer, client: UpstreamClient) {
        self.authorizer = authorizer
        self.client = client
    }

    private static let limit = 1 << 20
    /// For the place of one question in the line of an upstream with a known rate.
    private static let patience = Duration.seconds(120)

    /// Asks one question after the other, in its turn where a rate is known, and returns when all are answered or the
    /// upstream is gone. What goes wrong is part of the report.
    package func examine(
        _ upstream: UpstreamDefinition, in snapshot: ConfigurationStore.Snapshot, memory: UpstreamMemory,
    ) async -> UpstreamTestReport {
        var report = UpstreamTestReport(upstream: upstream.name, model: upstream.model, findings: [])
        guard
            let (candidate, authorization) = await self.authorizer.subject(
                of: &report, upstream, in: snapshot, memory: memory)
        else { return report }
        var examination = Examination(of: upstream.api.examined, isOwn: upstream.product == .local)
        // The prompts of an earlier test may be in the server's cache; these are others.
        let seed = String(UInt64.random(in: 0 ... .max), radix: 36)
        if !examination.passedOver.isEmpty { report.untested = examination.passedOver.map(\.name) }
        let start = SteadyInstant.now
        while let question = examination.next() {
            // Made anew each time: an answer may have taught how the next question has to be asked.
            let route = candidate.route(authorization: authorization, clientAgent: nil)
            guard await candidate.health.waitForTurn(patience: Self.patience) else {
                report.problem = "Other requests wait in line there, so that not all was asked."
                break
            }
            guard let answer = await self.ask(question, seed, route, candidate, &report) else { break }
            let finding = examination.answered(question, answer)
            memory.knowledge.observe(finding.lessons, of: route.knowledgeKey, origin: .examination)
            report.findings?.append(.init(finding))
        }
        report.duration = SteadyInstant.now.milliseconds(since: start)
        report.succeeded = report.problem == nil && !examination.isHopeless
        if report.succeeded {
            let key = candidate.route(authorization: authorization, clientAgent: nil).knowledgeKey
            memory.knowledge.observe(.examined, of: key, origin: .examination)
        } else if report.problem == nil {
            report.problem = report.findings?.last?.detail
        }
        return report
    }

    /// Nil when there is no upstream any more, which the report says then.
    private func ask(
        _ question: ExaminationQuestion, _ seed: String, _ route: UpstreamRoute, _ candidate: UpstreamCandidate,
        _ report: inout UpstreamTestReport,
    ) async -> ExaminationAnswer? {
        do throws(UpstreamError) {
            let request = route.request(for: question, seed: seed)
            let (head, body) = try await self.client.fetch(request, limit: Self.limit)
            return ExaminationAnswer(status: head.status, contentType: head.header("content-type"), body: body)
        } catch {
            report.problem = MessagesAPIError(error, from: candidate.identity(of: route)).message
            return nil
        }
    }
}

extension UpstreamTestReport.Observation {
    fileprivate init(_ finding: Examination.Finding) {
        let outcome: Outcome =
            switch finding.outcome {
            case .yes: .yes
            case .no: .no
            case .unclear: .unclear
            }
        self.init(name: finding.name, outcome: outcome, detail: finding.detail)
    }
}
