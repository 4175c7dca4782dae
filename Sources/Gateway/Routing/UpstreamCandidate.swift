// SPDX-License-Identifier: Apache-2.0

import Configuration
import Credentials
import Knowledge
import Shared
import Synchronization
import Translation

/// One upstream and model that a request can be sent to. It is made for the first request of its kind and serves all
/// that follow: addresses, names and header lines are taken apart once.
final class UpstreamCandidate: Sendable {
    /// What a route is made for beside the candidate itself.
    private struct Made {
        var authorization: UpstreamAuthorization
        var userAgent: String
        /// Of the knowledge that the route was last held against.
        var generation: Int
        var learned: LearnedTraits
        var route: UpstreamRoute
    }

    let upstream: UpstreamDefinition
    let model: String
    let health: UpstreamHealth
    private let parameters: ParameterOverrides
    private let snapshot: ConfigurationStore.Snapshot
    private let memory: UpstreamMemory
    private let prompts: PromptCounter
    /// Nil when the server is not to be asked about the model.
    private let inspection: InspectionQueue.Entry?
    /// When the schedule of inspections is worth asking again, in nanoseconds of `SteadyInstant`.
    private let nextInspection = Atomic<Int64>(.min)
    private let made = Mutex<Made?>(nil)

    init(
        _ candidate: RouteDecision.Candidate, parameters: ParameterOverrides, memory: UpstreamMemory,
        snapshot: ConfigurationStore.Snapshot,
    ) {
        self.upstream = candidate.upstream
        self.model = candidate.model
        self.health = memory.health.health(of: candidate.upstream)
        self.parameters = parameters
        self.snapshot = snapshot
        self.memory = memory
        self.prompts = memory.prompts.counter(for: .init(upstream: candidate.upstream.name, model: candidate.model))
        self.inspection =
            snapshot.configuration.upstream.discoversLimits
            ? InspectionQueue.Entry(candidate.upstream, model: candidate.model) : nil
    }

    /// Made anew when the upstream has taught us something since. A request that was made for another route than this may
    /// succeed when it is made for this one.
    /// - Parameter clientAgent: the client's own `User-Agent`, for an upstream that wants it.
    func route(authorization: UpstreamAuthorization, clientAgent: String?) -> UpstreamRoute {
        let userAgent = self.userAgent(of: clientAgent)
        let generation = self.memory.knowledge.generation
        // Held while the route is made, so that requests that come at once share one.
        return self.made.withLock { made in
            var learned: LearnedTraits?
            // Asked part by part: to take it out whole would copy all of it for every request.
            if let route = made?.route, made?.authorization == authorization, made?.userAgent == userAgent {
                // One number tells that nothing was learned about any model since; only then is this model looked up.
                if made?.generation == generation { return route }
                learned = self.learned(at: authorization)
                if made?.learned == learned {
                    made?.generation = generation
                    return route
                }
            }
            let traits = learned ?? self.learned(at: authorization)
            let route = UpstreamRoute(
                upstream: self.upstream, model: self.model, parameters: self.parameters, userAgent: userAgent,
                configuration: self.snapshot.configuration, authorization: authorization, learned: traits)
            made = Made(
                authorization: authorization, userAgent: userAgent, generation: generation, learned: traits,
                route: route)
            return route
        }
    }

    /// Tells how an attempt ended to all that want to know.
    func record(
        _ report: UpstreamHealth.Report, of attempt: CircuitBreaker.Attempt? = nil,
        failure: UpstreamHealth.Failure? = nil,
    ) {
        let cameBack = self.health.record(report, of: attempt, failure: failure)
        // A server that does not answer is not asked about its models either.
        guard report == .answered, let inspection = self.inspection else { return }
        // No pause of the schedule is shorter, and to look it up for each answer costs more than the clock.
        let now = SteadyInstant.now
        guard cameBack || now.nanoseconds >= self.nextInspection.load(ordering: .relaxed) else { return }
        self.nextInspection.store((now + InspectionSchedule.shortest).nanoseconds, ordering: .relaxed)
        self.memory.inspections.add(inspection, cameBack ? .cameBack : .answered)
    }

    /// Takes in what a refusal teaches. Returns whether it was new.
    func learn(_ lesson: Lesson, from route: UpstreamRoute) -> Bool {
        self.memory.knowledge.observe(lesson, of: route.knowledgeKey, origin: .errorMessage)
    }

    /// What the model will count for the prompt, before a route is made for it.
    func promptTokens(of size: PromptSize) -> Int {
        self.promptTokens(of: size, for: self.profile)
    }

    /// - Parameter profile: with which the request is made.
    func promptTokens(of size: PromptSize, for profile: ModelProfile) -> Int {
        self.prompts.tokens(of: size, for: profile, learned: self.knownScale)
    }

    /// Takes in what the model counted for the prompt.
    func counted(_ tokens: Int, of size: PromptSize, for profile: ModelProfile, at route: UpstreamRoute) {
        guard let scale = self.prompts.counted(tokens, of: size, for: profile, learned: self.knownScale) else { return }
        self.memory.knowledge.observe(.tokenScale(scale), of: route.knowledgeKey, origin: .usage)
    }

    /// The last route's; before there is one, what the configuration says.
    private var profile: ModelProfile {
        self.made.withLock { $0?.route.profile }
            ?? self.snapshot.configuration.profile(
                of: self.model, at: self.upstream.baseURL, learned: LearnedTraits())
    }

    private var knownScale: Int? { self.made.withLock { $0?.learned.tokenScale } }

    /// The route's identity for a text about a refusal, with what the server said it has.
    func identity(of route: UpstreamRoute) -> UpstreamIdentity {
        var identity = route.identity
        identity.offeredModels = self.memory.offers.some(of: identity.name, at: route.knowledgeKey.baseURL)
        return identity
    }

    private func learned(at authorization: UpstreamAuthorization) -> LearnedTraits {
        self.memory.knowledge.traits(
            for: KnowledgeKey(upstream: self.upstream.name, baseURL: authorization.baseURL, model: self.model))
    }

    private func userAgent(of clientAgent: String?) -> String {
        guard self.upstream.forwardsUserAgent, let clientAgent, !clientAgent.isEmpty, clientAgent.utf8.count <= 256,
            // It becomes a header line: a line break in it would begin another one.
            clientAgent.utf8.allSatisfy({ $0 >= 0x20 && $0 < 0x7f })
        else { return self.upstream.userAgent }
        return clientAgent
    }
}
