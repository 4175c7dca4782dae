// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Transport

@Suite
struct ResponseHeadParserTests {
    private func parse(_ lines: [String], limit: Int = 1_000) -> (heads: [UpstreamResponseHead], isTooLarge: Bool) {
        var parser = ResponseHeadParser(limit: limit, trailerLimit: 20)
        var heads: [UpstreamResponseHead] = []
        for line in lines {
            let output = unsafe Array(line.utf8).withUnsafeBytes { unsafe parser.lineReceived($0) }
            switch output {
            case .needsMore: break
            case .head(let head): heads.append(head)
            case .tooLarge: return (heads, true)
            }
        }
        return (heads, false)
    }

    private func text(of head: UpstreamResponseHead) -> String { String(decoding: head.lines, as: UTF8.self) }

    @Test func `names become lower case, values lose their blanks, order and repetition stay`() {
        let heads = self.parse([
            "HTTP/1.1 200 OK\r\n", "Content-Type:text/event-stream\r\n", "X-A: \t one \r\n", "x-a: two\r\n", "X-E:\r\n",
            "no colon\r\n", "\r\n",
        ]).heads
        #expect(heads.count == 1)
        #expect(heads[0].status == 200)
        #expect(self.text(of: heads[0]) == "content-type:text/event-stream\nx-a:one\nx-a:two\nx-e:\n")
        #expect(heads[0].header("content-type") == "text/event-stream")
        #expect(heads[0].header("x-a") == "one")
        #expect(heads[0].header("x-e") == "")
        #expect(heads[0].header("x") == nil)
        #expect(heads[0].header("x-a-b") == nil)
        #expect(heads[0].header("no colon") == nil)
    }

    @Test func `codings are looked for where a head of this answer names some`() {
        let heads = self.parse([
            "HTTP/1.1 103 Early\r\n", "Content-Encoding: gzip\r\n", "\r\n", "HTTP/1.1 200 OK\r\n", "X-A: -encoding\r\n",
            "\r\n",
        ]).heads
        #expect(heads.map(\.mayNameCodings) == [false])
        for name in ["Content-Encoding", "transfer-encoding", "CONTENT-ENCODING"] {
            #expect(
                self.parse(["HTTP/1.1 200 OK\r\n", "\(name): gzip\r\n", "\r\n"]).heads.map(\.mayNameCodings) == [true])
        }
    }

    @Test func `status lines of every version`() {
        #expect(self.parse(["HTTP/2 404 \r\n", "\r\n"]).heads.map(\.status) == [404])
        #expect(self.parse(["HTTP/1.0 500\r\n", "\n"]).heads.map(\.status) == [500])
        #expect(self.parse(["nonsense\r\n", "\r\n"]).heads.isEmpty)
    }

    @Test func `interim heads and trailers leave nothing behind`() {
        let heads = self.parse([
            "HTTP/1.1 103 Early\r\n", "Link: x\r\n", "\r\n", "HTTP/1.1 200 OK\r\n", "A: b\r\n", "\r\n", "T: 1\r\n",
            "\r\n",
        ]).heads
        #expect(heads.count == 1)
        #expect(self.text(of: heads[0]) == "a:b\n")
    }

    @Test func `a folded line goes on with the value before it`() {
        #expect(self.parse(["HTTP/1.1 200 OK\r\n", "A: b\r\n", "  c\r\n", "\r\n"]).heads[0].header("a") == "b c")
        #expect(self.parse(["HTTP/1.1 200 OK\r\n", " c\r\n", "\r\n"]).heads[0].lines.isEmpty)
    }

    @Test func `the limit counts interim heads too`() {
        #expect(self.parse(Array(repeating: "HTTP/1.1 100 C\r\n", count: 100), limit: 100).isTooLarge)
    }

    @Test func `trailers have a limit of their own`() {
        let head = ["HTTP/1.1 200 OK\r\n", "A: " + String(repeating: "x", count: 60) + "\r\n", "\r\n"]
        let trailers = Array(repeating: "T:1\r\n", count: 4)
        #expect(!self.parse(head + trailers, limit: 100).isTooLarge)
        #expect(self.parse(head + trailers + ["T:1\r\n"], limit: 100).isTooLarge)
    }
}
