// SPDX-License-Identifier: Apache-2.0

import NIOCore
import NIOHTTP1
import Testing

@testable import Server

@Suite struct ResponseEncoderTests {
    private func framing(method: String = "GET", isKeepAlive: Bool = true) -> ResponseFraming {
        let head = RequestHead(
            method: method, target: "/", headers: HTTPHeaders(), isKeepAlive: isKeepAlive, isVersionZero: false)
        return ResponseFraming(head: head, isLast: false)
    }

    private func encode(_ response: OutboundResponse, framing: ResponseFraming) -> [String] {
        var encoder = ResponseEncoder()
        let buffer = encoder.encode(response, requestID: "req_1", framing: framing)
        return String(buffer: buffer).replacing("\r\n", with: "\n").split(
            separator: "\n", omittingEmptySubsequences: false
        )
        .map(String.init)
        .filter { !$0.hasPrefix("date: ") }
    }

    @Test func `a response is a head and its body`() {
        let response = OutboundResponse(status: 404, headers: [("X-A", "b")], body: Array("gone".utf8))
        let expected = [
            "HTTP/1.1 404 Not Found", "X-A: b", "request-id: req_1", "content-length: 4", "connection: keep-alive", "",
            "gone",
        ]
        #expect(self.encode(response, framing: self.framing()) == expected)
        #expect(self.encode(response, framing: self.framing(isKeepAlive: false)).contains("connection: close"))
    }

    @Test func `HEAD has the length of what it leaves out, 204 has none`() {
        let head = self.encode(
            OutboundResponse(status: 200, headers: [], body: [0x61]),
            framing: self.framing(method: "HEAD"),
        )
        #expect(head.contains("content-length: 1"))
        #expect(head.suffix(2) == ["", ""])
        let empty = self.encode(OutboundResponse(status: 204, headers: [], body: []), framing: self.framing())
        #expect(!empty.contains { $0.hasPrefix("content-length") })
    }

    @Test func `a line break in a value does not make a header`() {
        let response = OutboundResponse(status: 200, headers: [("retry-after", "1\r\nset-cookie: x")], body: [])
        let lines = self.encode(response, framing: self.framing())
        #expect(lines.contains("retry-after: 1  set-cookie: x"))
    }

    @Test func `an unknown status is still a status line`() {
        let response = OutboundResponse(status: 529, headers: [], body: [])
        #expect(self.encode(response, framing: self.framing())[0].hasPrefix("HTTP/1.1 529"))
    }
}
