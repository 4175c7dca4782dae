// SPDX-License-Identifier: Apache-2.0

import Configuration
package import Knowledge
import Synchronization
import Translation

/// The plans that were made so far. The requests of a session differ in their bodies only, so routing decides once for
/// all of one kind.
package final class UpstreamPlans: Sendable {
    /// What the rules can tell apart.
    fileprivate struct Kind: Hashable {
        var model: String
        var features: UInt8
        /// How many of the configuration's thresholds the request has reached.
        var size: Int
        /// Only where a rule asks for it, like the next.
        var requestClass: RequestClass?
        var agentType: String?
    }

    fileprivate struct State {
        var generation = -1
        var hasRules = false
        var distinguishesClasses = false
        var distinguishesAgents = false
        var thresholds: [Int] = []
        var plans: [Kind: UpstreamPlan] = [:]
        /// What a client asks for, it asks for again.
        var lastKind: Kind?
        var lastPlan: UpstreamPlan?
    }

    /// The client chooses the names: neither many nor long ones may pile up.
    private static let limit = 64
    private static let nameLimit = 256

    private let memory: UpstreamMemory
    private let state = Mutex(State())

    /// - Parameter memory: what outlives reloads of the configuration.
    package init(memory: UpstreamMemory = UpstreamMemory()) {
        self.memory = memory
    }

    /// What was learned about models.
    var knowledge: KnowledgeStore { self.memory.knowledge }

    /// By the size as the upstream will count it, which is known better once it is clear which one would be asked.
    /// - Parameter query: says another size, or none.
    func plan(
        for query: RouteQuery, of size: PromptSize, in snapshot: ConfigurationStore.Snapshot,
    ) -> UpstreamPlan {
        var query = query
        guard snapshot.configuration.distinguishesSizes else { return self.plan(for: query, in: snapshot) }
        // The upstream depends on the size, and how the size is counted on the upstream: the estimate decides first.
        query.inputTokens = size.estimate
        let plan = self.plan(for: query, in: snapshot)
        query.inputTokens = plan.promptTokens(of: size)
        return self.plan(for: query, in: snapshot)
    }

    func plan(for query: RouteQuery, in snapshot: ConfigurationStore.Snapshot) -> UpstreamPlan {
        self.state.withLock { state in
            if state.generation != snapshot.generation {
                state = State(
                    generation: snapshot.generation, hasRules: !snapshot.configuration.rules.isEmpty,
                    distinguishesClasses: snapshot.configuration.distinguishesClasses,
                    distinguishesAgents: snapshot.configuration.distinguishesAgents,
                    thresholds: snapshot.configuration.tokenThresholds)
            }
            let kind = state.kind(of: query)
            if state.lastKind == kind, let plan = state.lastPlan { return plan }
            if let plan = state.plans[kind] {
                (state.lastKind, state.lastPlan) = (kind, plan)
                return plan
            }
            let plan = UpstreamPlan(snapshot.configuration.route(query), in: snapshot, memory: self.memory)
            guard query.model.utf8.count <= Self.nameLimit else { return plan }
            // A client that invents names is rare, so it is not worth to keep the order in which plans were used.
            if state.plans.count >= Self.limit { state.plans.removeAll() }
            state.plans[kind] = plan
            return plan
        }
    }
}

extension UpstreamPlans.State {
    /// Without rules, the model alone decides.
    fileprivate func kind(of query: RouteQuery) -> UpstreamPlans.Kind {
        guard self.hasRules else { return .init(model: query.model, features: 0, size: 0) }
        let features = (query.images ? 1 : 0) | (query.thinking ? 2 : 0) | (query.tools ? 4 : 0) as UInt8
        let size = self.thresholds.count { $0 <= query.inputTokens }
        return .init(
            model: query.model, features: features, size: size,
            requestClass: self.distinguishesClasses ? query.requestClass : nil,
            agentType: self.distinguishesAgents ? query.agentType : nil)
    }
}

/// What routing decided for one kind of request, ready to be used.
final class UpstreamPlan: Sendable {
    /// In the order in which they are asked. Never empty.
    let candidates: [UpstreamCandidate]
    /// What judges calls where the client wants that; nil where nothing does.
    let judge: UpstreamCandidate?
    /// Some of them want the client's own `User-Agent`.
    let forwardsUserAgent: Bool
    /// Some of them speak the Messages API themselves.
    let relays: Bool

    init(_ decision: RouteDecision, in snapshot: ConfigurationStore.Snapshot, memory: UpstreamMemory) {
        self.candidates = decision.candidates.map { candidate in
            UpstreamCandidate(
                candidate, parameters: decision.parameters, memory: memory, snapshot: snapshot)
        }
        self.judge = decision.judge.map { judge in
            UpstreamCandidate(judge, parameters: ParameterOverrides(), memory: memory, snapshot: snapshot)
        }
        self.relays = self.candidates.contains { $0.upstream.api == .anthropic }
        self.forwardsUserAgent = self.candidates.contains { $0.upstream.forwardsUserAgent }
    }
}

extension UpstreamPlan {
    /// What the first upstream will count for the prompt.
    func promptTokens(of size: PromptSize) -> Int {
        self.candidates.first.map { $0.promptTokens(of: size) } ?? size.estimate
    }
}

/// What is known about upstreams from using them. It outlives routes and reloads.
package final class UpstreamMemory: Sendable {
    /// How every upstream is.
    package let health = UpstreamHealthBoard()
    /// What was learned about models.
    package let knowledge: KnowledgeStore
    let offers = OfferedModels()
    /// How prompts are counted.
    let prompts = PromptLedger()
    /// What to ask servers about themselves.
    package let inspections = InspectionQueue()

    package init(knowledge: KnowledgeStore = KnowledgeStore()) {
        self.knowledge = knowledge
    }
}
