// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Translation

@Suite struct JSONLimitsTests {
    private func nested(_ depth: Int, open: String, close: String) -> [UInt8] {
        Array((String(repeating: open, count: depth) + "0" + String(repeating: close, count: depth)).utf8)
    }

    @Test func `containers may be as deep as the limit`() throws {
        for (open, close) in [("[", "]"), ("{\"a\":", "}"), ("[[],{\"b\":", ",\"c\":1}]")] {
            let perRound = open.count(where: { $0 == "[" || $0 == "{" }) - open.count(where: { $0 == "]" })
            let limits = JSONLimits(depth: 40 * perRound)
            #expect(throws: Never.self) {
                try JSONDocument(parsing: self.nested(40, open: open, close: close), limits: limits)
            }
            let error = #expect(throws: JSONError.self) {
                try JSONDocument(parsing: self.nested(41, open: open, close: close), limits: limits)
            }
            #expect(error?.reason == .tooDeep)
        }
    }

    @Test func `a hundred thousand open containers do not exhaust the stack`() {
        for text in ["[", "{\"a\":", "[{\"a\":[1,"] {
            let bytes = Array(String(repeating: text, count: 100_000).utf8)
            let error = #expect(throws: JSONError.self) { try JSONDocument(parsing: bytes) }
            #expect(error?.reason == .tooDeep)
            let unlimited = #expect(throws: JSONError.self) {
                try JSONDocument(parsing: bytes, limits: JSONLimits(depth: .max))
            }
            #expect(unlimited?.reason == .unexpectedEnd)
        }
    }

    @Test func `values and names count, up to the limit exactly`() throws {
        for (text, count) in [("1", 1), ("[1,2,3]", 4), ("{\"a\":1,\"b\":[]}", 5), ("[[],[]]", 3), ("{}", 1)] {
            let bytes = Array(text.utf8)
            #expect(throws: Never.self) { try JSONDocument(parsing: bytes, limits: JSONLimits(values: count)) }
            let error = #expect(throws: JSONError.self) {
                try JSONDocument(parsing: bytes, limits: JSONLimits(values: count - 1))
            }
            #expect(error?.reason == .tooLarge, "\(text)")
        }
    }

    /// The tape grows in steps; whatever is being read at a step must go on as if it had not happened.
    @Test(arguments: ["1", "\"s\"", "[]", "{}", "{\"a\":1}", "{\"a\":{}}", "[[1],[]]", "{\"a\":[{\"b\":2,\"c\":[]}]}"])
    func `a document of any length has every value at its place`(element: String) throws {
        for count in 0..<200 {
            let text =
                "{\"list\":[" + Array(repeating: element, count: count).joined(separator: ",") + "],\"end\":[-7]}"
            let document = try JSONDocument(parsing: Array(text.utf8))
            let list = try #require(document.member("list", of: document.root))
            let elements = document.elements(of: list).map {
                String(decoding: document.bytes[document.range(of: $0)], as: UTF8.self)
            }
            #expect(elements == Array(repeating: element, count: count))
            let end = try #require(document.member("end", of: document.root))
            #expect(document.elements(of: end).map { document.integer($0) } == [-7])
        }
    }
}
