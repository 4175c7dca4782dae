// SPDX-License-Identifier: Apache-2.0

package import Configuration
import Credentials
import Knowledge
package import Logging
import Shared
import Translation
package import Transport

/// Asks servers what they say about their models, beside the requests and never before one.
package final class UpstreamInspector: Sendable {
    private let configuration: ConfigurationStore
    private let authorizer: Authorizer
    private let client: UpstreamClient
    private let memory: UpstreamMemory
    private let logger: Logger

    /// OpenRouter's list has more than a megabyte.
    private static let limit = 16 << 20
    /// For all questions to one server. One that loads a model may be slow, and is asked again later.
    private static let patience = Duration.seconds(10)

    package init(
        configuration: ConfigurationStore, authorizer: Authorizer, client: UpstreamClient, memory: UpstreamMemory,
        logger: Logger,
    ) {
        self.configuration = configuration
        self.authorizer = authorizer
        self.client = client
        self.memory = memory
        self.logger = logger
    }

    /// Asks the servers of the configuration, and then those from which requests were answered, until it is cancelled.
    package func run() async {
        self.configurationChanged()
        for await _ in self.memory.inspections.wakeups {
            // One after the other, so that no server is asked twice at once.
            while let entry = self.memory.inspections.next() { await self.inspect(entry) }
        }
    }

    /// Has the servers of the configuration asked.
    package func configurationChanged() {
        let configuration = self.configuration.current
        guard configuration.upstream.discoversLimits else { return }
        for upstream in configuration.upstreams {
            guard let entry = InspectionQueue.Entry(upstream, model: upstream.model) else { continue }
            self.memory.inspections.add(entry, .configured)
        }
    }

    /// Asks now, unless it was done a moment ago. One that goes on already is waited for.
    package func inspect(_ upstream: UpstreamDefinition) async {
        guard self.configuration.current.upstream.discoversLimits,
            let entry = InspectionQueue.Entry(upstream, model: upstream.model)
        else { return }
        if self.memory.inspections.begins(entry, .configured) {
            await self.inspect(entry)
        } else {
            let end = SteadyInstant.now + Self.patience
            // Looked at now and then: it is rare, and a list of waiting tasks would have to be kept for it.
            while self.memory.inspections.isUnderWay(entry), SteadyInstant.now < end {
                do { try await Task.sleep(for: .milliseconds(50)) } catch { return }
            }
        }
    }

    private func inspect(_ entry: InspectionQueue.Entry) async {
        let foundWindow = await withTimeLimit(Self.patience) { await self.interview(entry) }
        self.memory.inspections.ended(entry, foundWindow: foundWindow ?? false)
    }

    /// Returns whether the server told the window.
    private func interview(_ entry: InspectionQueue.Entry) async -> Bool {
        // A login can lead to another address than the configured one, whose answers must not be kept under this
        // one's key.
        guard let authorization = try? await self.authorizer.authorization(for: entry.upstream),
            authorization.baseURL == entry.upstream.baseURL
        else { return false }
        let route = UpstreamCandidate(
            .init(upstream: entry.upstream, model: entry.model), parameters: ParameterOverrides(), memory: self.memory,
            snapshot: self.configuration.snapshot
        ).route(authorization: authorization, clientAgent: nil)
        var interview = ServerInterview(about: entry.model, isOwn: entry.upstream.product == .local)
        var foundWindow = false
        while let question = interview.next() {
            let answer: [UInt8]?
            do throws(UpstreamError) {
                let (head, body) = try await self.client.fetch(route.request(for: question), limit: Self.limit)
                // Another status is an answer, too: it is no server of the kind that has this path.
                answer = head.status == 200 ? body : nil
            } catch {
                // A server that is down now does not answer the next question either.
                self.logger.debug(
                    "A server was not asked about its models",
                    metadata: ["upstream.name": "\(entry.upstream.name)", "error.message": "\(error)"])
                return foundWindow
            }
            if question == .modelList, let answer {
                let names = ModelList(parsing: answer).names
                self.memory.offers.remember(names, of: entry.upstream.name, at: route.knowledgeKey.baseURL)
            }
            let lessons = interview.answered(question, answer)
            if lessons.contains(where: { $0.subject == .window }) { foundWindow = true }
            self.learn(lessons, entry, question.origin)
        }
        return foundWindow
    }

    private func learn(_ lessons: [Lesson], _ entry: InspectionQueue.Entry, _ origin: FactOrigin) {
        guard self.memory.knowledge.observe(lessons, of: entry.key, origin: origin) else { return }
        let traits = self.memory.knowledge.traits(for: entry.key)
        self.logger.info(
            "A server told about its model",
            metadata: [
                "upstream.name": "\(entry.upstream.name)", "upstream.model": "\(entry.model)",
                "model.server": "\(traits.server.rawValue)", "model.origin": "\(origin.rawValue)",
                "model.window": "\(traits.contextWindow.map(String.init) ?? "")",
                "model.output": "\(traits.maximumOutputTokens.map(String.init) ?? "")",
            ])
    }
}
