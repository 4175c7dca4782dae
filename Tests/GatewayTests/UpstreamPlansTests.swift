// SPDX-License-Identifier: Apache-2.0

import Testing
import Translation

@testable import Configuration
@testable import Credentials
@testable import Gateway
@testable import Knowledge

@Suite struct UpstreamPlansTests {
    private static let authorization = UpstreamAuthorization(
        kind: .apiKey, baseURL: "https://one.example/v1", bearer: Secret("first"))

    private let memory = UpstreamMemory()
    private let plans: UpstreamPlans

    init() { self.plans = UpstreamPlans(memory: self.memory) }

    private func snapshot(
        model: String = "qwen3-coder-plus", rules: [RoutingRule] = [], generation: Int = 0,
    ) -> ConfigurationStore.Snapshot {
        var configuration = Configuration()
        configuration.upstream.model = model
        configuration.rules = rules
        return ConfigurationStore.Snapshot(configuration: configuration, generation: generation)
    }

    private func plan(
        _ query: RouteQuery = RouteQuery(model: "claude-x"), in snapshot: ConfigurationStore.Snapshot? = nil,
    ) -> UpstreamPlan {
        self.plans.plan(for: query, in: snapshot ?? self.snapshot())
    }

    private func route(
        _ plan: UpstreamPlan, _ authorization: UpstreamAuthorization = Self.authorization, agent: String? = nil,
    ) -> UpstreamRoute {
        plan.candidates[0].route(authorization: authorization, clientAgent: agent)
    }

    @Test func `a plan is made once, and so is its route`() {
        #expect(self.plan() === self.plan())
        #expect(self.route(self.plan()) === self.route(self.plan()))
        #expect(self.plan(RouteQuery(model: "claude-y")) !== self.plan())
    }

    @Test func `without rules, only the model makes a difference`() {
        #expect(self.plan(RouteQuery(model: "claude-x", images: true, inputTokens: 900_000)) === self.plan())
    }

    @Test func `with rules, requests share a plan as long as no rule can tell them apart`() {
        let snapshot = self.snapshot(rules: [RoutingRule(minimumInputTokens: 1000, model: "long")], generation: 1)
        let short = self.plan(RouteQuery(model: "m", inputTokens: 10), in: snapshot)
        #expect(self.plan(RouteQuery(model: "m", inputTokens: 999), in: snapshot) === short)
        #expect(self.plan(RouteQuery(model: "m", images: true, inputTokens: 10), in: snapshot) !== short)
        let long = self.plan(RouteQuery(model: "m", inputTokens: 1000), in: snapshot)
        #expect(long.candidates[0].model == "long")
        #expect(self.plan(RouteQuery(model: "m", inputTokens: 5000), in: snapshot) === long)
        let agent = RouteQuery(model: "m", inputTokens: 10, requestClass: .subagent, agentType: "Explore")
        #expect(self.plan(agent, in: snapshot) === short)
    }

    @Test func `rules about classes and agents tell requests apart`() {
        let rules = [RoutingRule(classes: [.subagent], agents: [Glob("Ex*")], model: "small")]
        let snapshot = self.snapshot(rules: rules, generation: 1)
        let explorer = self.plan(
            RouteQuery(model: "m", requestClass: .subagent, agentType: "Explore"), in: snapshot)
        #expect(explorer.candidates[0].model == "small")
        for query in [
            RouteQuery(model: "m"), RouteQuery(model: "m", requestClass: .subagent),
            RouteQuery(model: "m", requestClass: .main, agentType: "Explore"),
            RouteQuery(model: "m", requestClass: .subagent, agentType: "Plan"),
        ] {
            #expect(self.plan(query, in: snapshot).candidates[0].model == "qwen3-coder-plus")
        }
    }

    @Test func `a reload makes new plans, and keeps the health of an upstream that stayed the same`() {
        let before = self.plan()
        let after = self.plan(in: self.snapshot(generation: 1))
        #expect(before !== after)
        #expect(before.candidates[0].health === after.candidates[0].health)
        let changed = self.plan(in: self.snapshot(model: "qwen-max", generation: 2))
        #expect(changed.candidates[0].model == "qwen-max")
        #expect(changed.candidates[0].health !== after.candidates[0].health)
    }

    @Test func `a new token or address makes a new route`() {
        let plan = self.plan()
        let before = self.route(plan)
        var changed = Self.authorization
        changed.bearer = Secret("second")
        #expect(self.route(plan, changed) !== before)
        changed.baseURL = "https://two.example/v1"
        #expect(self.route(plan, changed).identity.host == "two.example")
    }

    @Test func `what is learned about the model makes a new route, and nothing else does`() {
        let plan = self.plan()
        let before = self.route(plan)
        #expect(before.profile.contextWindow != 8192)
        let other = KnowledgeKey(upstream: "default", baseURL: Self.authorization.baseURL, model: "other")
        self.memory.knowledge.observe(.contextWindow(4096), of: other, origin: .modelList)
        #expect(self.route(plan) === before)
        #expect(plan.candidates[0].learn(.contextWindow(8192), from: before))
        let after = self.route(plan)
        #expect(after.profile.contextWindow == 8192)
        #expect(after === self.route(plan))
        #expect(!plan.candidates[0].learn(.contextWindow(8192), from: before))
    }

    @Test func `the user's word goes before what was learned`() {
        var configuration = Configuration()
        configuration.models["qwen3-coder-plus"].contextWindow = 65_536
        let snapshot = ConfigurationStore.Snapshot(configuration: configuration, generation: 1)
        let plan = self.plan(in: snapshot)
        let before = self.route(plan)
        #expect(plan.candidates[0].learn(.contextWindow(8192), from: before))
        #expect(plan.candidates[0].learn(.maximumOutputTokens(4096), from: before))
        #expect(self.route(plan).profile.contextWindow == 65_536)
        #expect(self.route(plan).profile.maximumOutputTokens == 4096)
    }

    @Test func `names that a client makes up do not pile up`() {
        let long = RouteQuery(model: String(repeating: "x", count: 257))
        #expect(self.plan(long) !== self.plan(long))
        let first = self.plan()
        for number in 0..<64 { _ = self.plan(RouteQuery(model: "model-\(number)")) }
        #expect(self.plan() !== first)
    }
}
