// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import qwenproxyd

@Suite struct UpstreamRoutesTests {
    private static let authorization = UpstreamAuthorization(
        kind: .apiKey, baseURL: "https://one.example/v1", bearer: Secret("first"))

    private let routes = UpstreamRoutes()

    private func snapshot(model: String = "qwen3-coder-plus", generation: Int = 0) -> ConfigurationStore.Snapshot {
        var configuration = Configuration()
        configuration.upstream.model = model
        return ConfigurationStore.Snapshot(configuration: configuration, generation: generation)
    }

    private func route(
        _ model: String = "claude-x", in snapshot: ConfigurationStore.Snapshot? = nil,
        _ authorization: UpstreamAuthorization = Self.authorization,
    ) -> UpstreamRoute {
        self.routes.route(for: model, in: snapshot ?? self.snapshot(), authorization: authorization)
    }

    @Test func `a route is made once`() {
        #expect(self.route() === self.route())
        #expect(self.route("claude-y") !== self.route())
    }

    @Test func `a reload makes new routes`() {
        let before = self.route()
        let after = self.route(in: self.snapshot(model: "qwen-max", generation: 1))
        #expect(before.identity.model == "qwen3-coder-plus")
        #expect(after.identity.model == "qwen-max")
    }

    @Test func `a new token or address makes new routes`() {
        let before = self.route()
        var changed = Self.authorization
        changed.bearer = Secret("second")
        #expect(self.route(in: nil, changed) !== before)
        changed.baseURL = "https://two.example/v1"
        #expect(self.route(in: nil, changed).identity.host == "two.example")
    }

    @Test func `names that a client makes up do not pile up`() {
        let long = String(repeating: "x", count: 257)
        #expect(self.route(long) !== self.route(long))
        let first = self.route()
        for number in 0..<64 { _ = self.route("model-\(number)") }
        #expect(self.route() !== first)
    }
}
