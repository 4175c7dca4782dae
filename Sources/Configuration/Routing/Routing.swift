// SPDX-License-Identifier: Apache-2.0

import Translation

extension Configuration {
    /// Where a request goes: the first `[[routes]]` table that matches, else the most specific pattern of the `[routes]`
    /// table, else the upstream that answers by itself. A pure function of the configuration and the query.
    package func route(_ query: RouteQuery) -> RouteDecision {
        guard let index = self.rules.firstIndex(where: { $0.matches(query) }) else { return self.unruledRoute(query) }
        let rule = self.rules[index]
        let upstream = rule.upstream.flatMap { self.upstream(named: $0) } ?? self.primaryUpstream
        let first = RouteDecision.Candidate(
            upstream: upstream, model: rule.model ?? self.ownName(of: query.model) ?? upstream.model)
        return RouteDecision(
            candidates: self.candidates(first, rule.fallbacks ?? self.fallbacks),
            judge: rule.judgesCalls ? self.judge : nil,
            parameters: rule.parameters,
            reason: "route \(index + 1) (\(rule.conditions))")
    }

    private func unruledRoute(_ query: RouteQuery) -> RouteDecision {
        let upstream = self.primaryUpstream
        let (model, reason): (String, String) =
            if let route = self.routes.route(for: query.model) {
                (route.model, "the pattern \"\(route.pattern.pattern)\" in [routes]")
            } else if let own = self.ownName(of: query.model) {
                (own, "the name is passed through (upstream.pass_through_models)")
            } else {
                (upstream.model, "no route matches, so it goes to \(upstream.name)")
            }
        return RouteDecision(
            candidates: self.candidates(.init(upstream: upstream, model: model), self.fallbacks),
            judge: self.judge,
            parameters: ParameterOverrides(),
            reason: reason)
    }

    /// The upstream's model for the model a client asked for.
    package func upstreamModel(for requested: String) -> String {
        self.route(RouteQuery(model: requested)).candidates[0].model
    }

    /// What the rules can tell apart by size, in ascending order: below the first and between two of them, nothing changes.
    package var tokenThresholds: [Int] { Set(self.rules.compactMap(\.minimumInputTokens)).sorted() }

    /// Whether a rule asks how large a request is.
    package var distinguishesSizes: Bool { self.rules.contains { $0.minimumInputTokens != nil } }

    /// Whether a rule asks what a request is for.
    package var distinguishesClasses: Bool { self.rules.contains { !$0.classes.isEmpty } }

    /// Whether a rule asks which kind of agent sends a request.
    package var distinguishesAgents: Bool { self.rules.contains { !$0.agents.isEmpty } }

    private var judge: RouteDecision.Candidate? {
        guard let target = self.autoMode.classifier.map({ RouteTarget($0) }),
            let upstream = self.upstream(named: target.upstream)
        else { return nil }
        return .init(upstream: upstream, model: target.model ?? upstream.model)
    }

    private var fallbacks: [RouteTarget] { self.upstream.fallbacks.map { RouteTarget($0) } }

    private func ownName(of requested: String) -> String? {
        self.upstream.passThroughModels && !ModelRoutes.isAnthropic(requested) ? requested : nil
    }

    /// No upstream is asked twice for the same model.
    private func candidates(
        _ first: RouteDecision.Candidate, _ fallbacks: [RouteTarget],
    ) -> [RouteDecision.Candidate] {
        var candidates = [first]
        for target in fallbacks {
            // Cannot be: a reload with such a name is refused.
            guard let upstream = self.upstream(named: target.upstream) else { continue }
            let candidate = RouteDecision.Candidate(upstream: upstream, model: target.model ?? upstream.model)
            let isKnown = candidates.contains {
                $0.upstream.name == candidate.upstream.name && $0.model == candidate.model
            }
            if !isKnown { candidates.append(candidate) }
        }
        return candidates
    }
}
