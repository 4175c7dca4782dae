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
        #expect(request.header("x-API-key") == "a")
        #expect(request.header("x-api-ke") == nil)
        #expect(request.header("größe") == "c")
        #expect(request.header("[-api-key") == nil)
    }
}
