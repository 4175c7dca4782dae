// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Configuration

@Suite struct ModelRoutesTests {
    @Test func `the most specific route wins, wherever it stands`() {
        var routes = ModelRoutes()
        routes.add("*", model: "all")
        routes.add("claude-haiku-4-5", model: "exact")
        routes.add("claude-haiku-*", model: "haiku")
        #expect(routes.route(for: "claude-haiku-4-5")?.model == "exact")
        #expect(routes.route(for: "claude-haiku-9")?.model == "haiku")
        #expect(routes.route(for: "gpt")?.model == "all")
    }

    @Test func `without a route everything goes to the one model, unless names are passed through`() {
        var configuration = Configuration()
        #expect(configuration.upstreamModel(for: "claude-opus-4") == "qwen3-coder-plus")
        #expect(configuration.upstreamModel(for: "qwen3-max") == "qwen3-coder-plus")
        configuration.upstream.passThroughModels = true
        #expect(configuration.upstreamModel(for: "qwen3-max") == "qwen3-max")
        #expect(configuration.upstreamModel(for: "Claude-opus-4") == "qwen3-coder-plus")
        #expect(configuration.upstreamModel(for: "anthropic/x") == "qwen3-coder-plus")
    }
}
