// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Translation

@Suite struct JSONDocumentTests {
    private func document(_ text: String) throws -> JSONDocument { try JSONDocument(parsing: Array(text.utf8)) }

    @Test func `members and elements are found in their order`() throws {
        let document = try self.document(#" {"a": [1, {"b": null}, "x"], "c": {}, "d": [] , "a\u0031": true} "#)
        let a = try #require(document.member("a", of: document.root))
        #expect(document.elements(of: a).map { document.kind(of: $0) } == [.number, .object, .string])
        #expect(document.members(of: document.root).map { document.string($0.name) } == ["a", "c", "d", "a1"])
        #expect(document.member("a1", of: document.root).flatMap { document.boolean($0) } == true)
        #expect(document.member("nothing", of: document.root) == nil)
        #expect(document.bytes[document.range(of: a)].elementsEqual(#"[1, {"b": null}, "x"]"#.utf8))
    }

    @Test func `the last of two members with one name counts`() throws {
        let document = try self.document(#"{"a":1,"a":2}"#)
        #expect(document.member("a", of: document.root).flatMap { document.integer($0) } == 2)
    }

    @Test func `escapes are decoded, halves of pairs are replaced`() throws {
        let document = try self.document(#"["\"\\\/\b\f\n\r\t\u00e9\ud83d\ude00", "\ud83d", "x\udc00y", "é你😀"]"#)
        let strings = document.elements(of: document.root).map { document.string($0) }
        #expect(strings == ["\"\\/\u{8}\u{C}\n\r\té😀", "\u{FFFD}", "x\u{FFFD}y", "é你😀"])
    }

    @Test func `a writer copies strings as they are spelled but never half a pair`() throws {
        let document = try self.document(#"["a\u0041\n\/", "\ud83d!"]"#)
        var writer = JSONWriter()
        for node in document.elements(of: document.root) { writer.contents(node, of: document) }
        #expect(String(decoding: writer.bytes, as: UTF8.self) == #"a\u0041\n\/"# + "\u{FFFD}!")
    }

    @Test func `a value inside a string loses its white space and gains escapes`() throws {
        let document = try self.document("{ \"a\" : \"x \\\"y\\\\\" ,\n \"b\":[1 , 2]}")
        var writer = JSONWriter()
        writer.embedded(document.root, of: document)
        #expect(String(decoding: writer.bytes, as: UTF8.self) == #"{\"a\":\"x \\\"y\\\\\",\"b\":[1,2]}"#)
    }

    @Test(arguments: [
        "", " ", "{", "[", "[1", "[1,", "[1,]", "[,1]", "{\"a\"}", "{\"a\":}", "{\"a\":1,}", "{,}", "{1:2}", "01", "-",
        "1.", ".1", "1e",
        "+1", "tru", "nul", "\"", "\"\\x\"", "\"\\u12g4\"", "\"\u{1}\"", "1 2", "[]]", "{]", "[}", "NaN", "[1 2]",
        "{\"a\" 1}", "'a'",
    ])
    func `what is not JSON is refused`(text: String) {
        #expect(throws: JSONError.self) { try self.document(text) }
    }

    @Test func `depth and size are bounded`() {
        #expect(throws: JSONError(.tooDeep, at: 256)) {
            try self.document(String(repeating: "[", count: 100_000))
        }
        #expect(throws: JSONError.self) {
            try JSONDocument(parsing: Array("[1,2,3]".utf8), limits: JSONLimits(values: 3))
        }
    }
}
