// SPDX-License-Identifier: Apache-2.0

import Configuration
import Credentials
import Gateway
import Knowledge
import Shared
import Translation

/// What the control interface has to say about upstreams and routes.
struct UpstreamOperations: Sendable {
    let configuration: ConfigurationStore
    let credentials: CredentialStore
    let memory: UpstreamMemory
    let metrics: RequestMetrics
    let probe: UpstreamProbe
    let examiner: UpstreamExaminer
    let inspector: UpstreamInspector

    var list: UpstreamList {
        let configuration = self.configuration.current
        guard configuration.mistakes.isEmpty else {
            return UpstreamList(
                directory: configuration.directory, upstreams: [],
                mistakes: configuration.mistakes.map(\.description), described: configuration.describedUpstreams)
        }
        return UpstreamList(
            directory: configuration.directory,
            upstreams: Self.list(configuration) { upstream in self.status(of: upstream, configuration) })
    }

    /// With mistakes, the configuration names no upstream. What is there in their place would answer, and mean nothing.
    private static func requireNoMistakes(in configuration: Configuration) throws(ControlError) {
        guard configuration.mistakes.isEmpty else {
            throw .configurationMistaken(configuration.mistakes.map(\.description))
        }
    }

    /// The one that answers by itself first, then the others in their order. One that describes nothing is left out.
    static func list(
        _ configuration: Configuration, _ status: (UpstreamDefinition) -> UpstreamStatus,
    ) -> [UpstreamStatus] {
        let primary = configuration.primaryUpstream
        let others = configuration.upstreams.filter { $0.name != primary.name }
        return ([primary] + others).map(status).filter { $0.name == primary.name || $0.kind != .demo }
    }

    private func status(of upstream: UpstreamDefinition, _ configuration: Configuration) -> UpstreamStatus {
        var status = UpstreamStatus(
            upstream, self.credentials, self.memory.health.health(of: upstream).snapshot,
            answers: self.metrics.isAnswering(upstream: upstream.name))
        if status.kind != .demo {
            status.limits = self.limits(of: upstream.model, at: upstream, status.baseURL, configuration)
        }
        return status
    }

    private func limits(
        of model: String, at upstream: UpstreamDefinition, _ baseURL: String?, _ configuration: Configuration,
    ) -> ModelLimits {
        ModelLimits(of: model, at: upstream, baseURL: baseURL, configuration, self.memory.knowledge)
    }

    /// - Parameter name: nil for the one that answers by itself.
    func test(_ name: String?, deep: Bool) async throws(ControlError) -> UpstreamTestReport {
        let configuration = self.configuration.snapshot
        try Self.requireNoMistakes(in: configuration.configuration)
        let primary = configuration.configuration.primaryUpstream
        guard let upstream = name.map({ configuration.configuration.upstream(named: $0) }) ?? primary else {
            throw .invalidParameter("upstream")
        }
        var report =
            deep
            ? await self.examiner.examine(upstream, in: configuration, memory: self.memory)
            : await self.probe.ask(upstream, in: configuration, memory: self.memory)
        // After the request, for which some servers load the model.
        if report.succeeded { await self.inspector.inspect(upstream) }
        report.limits = self.status(of: upstream, configuration.configuration).limits
        return report
    }

    /// - Parameter name: nil for the upstream and the model that would answer a request for `model`.
    func explain(_ model: String, at name: String?) throws(ControlError) -> ModelExplanation {
        let configuration = self.configuration.current
        try Self.requireNoMistakes(in: configuration)
        // A route has at least one candidate: the primary upstream answers what no rule names.
        let route = configuration.route(RouteQuery(model: model)).candidates[0]
        // A name that is not asked for by clients is a model's own.
        let isOwn = !ModelRoutes.isAnthropic(model)
        guard let upstream = name.map({ configuration.upstream(named: $0) }) ?? route.upstream else {
            throw .invalidParameter("upstream")
        }
        return ModelExplanation(
            of: name != nil || isOwn ? model : route.model, at: upstream,
            baseURL: self.status(of: upstream, configuration).baseURL, configuration, self.memory.knowledge)
    }

    func route(_ query: RouteQuery) throws(ControlError) -> RouteReport {
        let configuration = self.configuration.current
        try Self.requireNoMistakes(in: configuration)
        let decision = configuration.route(query)
        return RouteReport(
            reason: decision.reason, parameters: decision.parameters.descriptions,
            candidates: decision.candidates.map { candidate in
                let status = self.status(of: candidate.upstream, configuration)
                let key = KnowledgeKey(
                    upstream: candidate.upstream.name, baseURL: status.baseURL ?? "", model: candidate.model)
                let profile = configuration.profile(
                    of: candidate.model, at: status.baseURL, learned: self.memory.knowledge.traits(for: key))
                return RouteReport.Candidate(
                    upstream: status, model: candidate.model, contextWindow: profile.contextWindow,
                    maxOutputTokens: profile.maximumOutputTokens, vision: profile.acceptsImages,
                    thinking: profile.thinking.rawValue, toolChoice: profile.toolChoice.rawValue,
                    limits: status.kind == .demo
                        ? nil
                        : self.limits(of: candidate.model, at: candidate.upstream, status.baseURL, configuration))
            })
    }
}

extension ParameterOverrides {
    fileprivate var descriptions: [String] {
        [
            self.thinking.map { "thinking \($0 ? "on" : "off")" }, self.temperature.map { "temperature \($0)" },
            self.topP.map { "top_p \($0)" }, self.topK.map { "top_k \($0)" },
            self.maximumTokens.map { "at most \($0) tokens" },
        ].compactMap(\.self)
    }
}
