// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Gateway

@Suite struct RouteTests {
    @Test func `endpoints are found by method and path`() {
        #expect(Route(method: "POST", path: "/v1/messages") == .messages)
        #expect(Route(method: "POST", path: "/v1/messages/count_tokens") == .countTokens)
        #expect(Route(method: "GET", path: "/v1/models") == .models)
        #expect(Route(method: "GET", path: "/v1/models/claude-x") == .model(id: "claude-x"))
        #expect(Route(method: "HEAD", path: "/api/hello") == .hello)
        #expect(Route(method: "GET", path: "/") == .hello)
        #expect(Route(method: "GET", path: "/healthz") == .liveness)
        #expect(Route(method: "GET", path: "/readyz") == .readiness)
        #expect(Route(method: "GET", path: "/metrics") == .metrics)
    }

    @Test func `another method is told which ones there are`() {
        #expect(Route(method: "GET", path: "/v1/messages") == .methodNotAllowed(["POST"]))
        #expect(Route(method: "DELETE", path: "/v1/models") == .methodNotAllowed(["GET", "HEAD"]))
    }

    @Test(arguments: ["/v1/message", "/v1/messages/", "/v1/models/", "/v1/v1/messages", "", "//"])
    func `other paths are unknown`(path: String) {
        #expect(Route(method: "POST", path: path) == .unknown)
    }
}
