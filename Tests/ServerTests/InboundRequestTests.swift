// SPDX-License-Identifier: Apache-2.0

import NIOHTTP1
import Testing

@testable import Server

@Suite struct InboundRequestTests {
    @Test func `headers are found without case, the first one counts`() {
        let request = InboundRequest(
            method: "GET",
            path: "/",
            query: nil,
            headers: HTTPHeaders([("X-Api-Key", "a"), ("x-api-key", "b"), ("Größe", "c")]),
            body: [],
            id: "req_1",
        )
        let found = ["x-API-key", "x-api-ke", "größe", "[-api-key"].map { request.header($0) }
        #expect(found == ["a", nil, "c", nil])
    }
    @Test func `headers are found by the beginnings of their names`() {
        let request = InboundRequest(
            method: "POST",
            path: "/",
            query: nil,
            headers: HTTPHeaders([
                ("Anthropic-Beta", "a"), ("x-api-key", "b"), ("anthropic-unheard-of", "c"),
                ("X-Claude-Code-Agent-Id", "d"),
                ("anthropic", "e"), ("x-anthropic-other", "f"), ("anthropic-beta", "g"),
            ]),
            body: [],
            id: "req_1",
        )
        let headers = request.headers(withPrefixes: ["anthropic-", "x-claude-code-"])
        #expect(
            headers.map(\.name) == [
                "anthropic-beta", "anthropic-unheard-of", "x-claude-code-agent-id", "anthropic-beta",
            ])
        #expect(headers.map(\.value) == ["a", "c", "d", "g"])
    }
}
