// SPDX-License-Identifier: Apache-2.0

import Glibc
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

    @Test(arguments: [
        #"\u0069nput"#, #"\u0049nput"#, #"inpu\u0074"#, #"inpu\u0074s"#, #"inpu"#, #"inpu\n"#, #"in\u00e9put"#,
        #"in\u0170ut"#,
        #"\ud83dnput"#, #"\ud83d\ude00nput"#, #"\u0069\u006e\u0070\u0075\u0074"#, #"\u0069\u006E\u0070\u0075"#,
        #"\u0000"#,
        #"input\u0000"#, #"inp\"ut"#, #"\\input"#, #"input"#, "",
    ])
    func `a name is found however it is spelled`(name: String) throws {
        let document = try self.document("{\"\(name)\":1}")
        let decoded = document.members(of: document.root).map { document.string($0.name) }.first
        #expect((document.member("input", of: document.root) != nil) == (decoded == "input"))
    }

    @Test func `a name is read no further than it is like one that is looked for`() throws {
        let document = try self.document("{\"\(String(repeating: #"\u0069"#, count: 200_000))\":1}")
        // A debug build decodes it in some tenths of a second. By the thread's processor time, which others do not change.
        let start = Self.processorSeconds
        for _ in 0..<2_000 {
            #expect(document.member("input_schema", of: document.root) == nil)
            document.forEachMember(of: document.root) { name, _ in #expect(name != ShortString("input_schema")) }
        }
        #expect(Self.processorSeconds - start < 30)
    }

    private static var processorSeconds: Int {
        var time = timespec()
        unsafe clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
        return time.tv_sec
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

    @Test func `a number is an integer when it has no fraction and fits`() throws {
        let cases: [(String, Int?)] = [
            ("0", 0), ("-0", 0), ("-17", -17), ("1.0", 1), ("1e3", 1000), ("-2.50e1", -25), ("1.5", nil), ("1e-1", nil),
            ("9223372036854775807", .max), ("-9223372036854775808", .min), ("9223372036854775808", nil), ("1e400", nil),
            ("-1e19", nil), ("-9.223372036854775808e18", .min), ("\"1\"", nil), ("null", nil), ("true", nil),
        ]
        for (text, integer) in cases {
            let document = try self.document(text)
            #expect(document.integer(document.root) == integer, "\(text)")
        }
    }

    @Test func `a name is found however it is spelled, and only as a whole`() throws {
        let document = try self.document(#"{"na":1,"names":2,"n\u0061me":3,"nam\u00e9":4,"x":{"name":5},"NAME":6}"#)
        #expect(document.member("name", of: document.root).flatMap { document.integer($0) } == 3)
        #expect(document.member("nam", of: document.root) == nil)
        #expect(document.member("", of: document.root) == nil)
    }

    @Test func `asking a value for what it is not gives nothing`() throws {
        let document = try self.document(#"[[1], {"a": 2}, "s", 3, true, null]"#)
        let nodes = Array(document.elements(of: document.root))
        #expect(nodes.map { document.string($0) } == [nil, nil, "s", nil, nil, nil])
        #expect(nodes.map { document.integer($0) } == [nil, nil, nil, 3, nil, nil])
        #expect(nodes.map { document.double($0) } == [nil, nil, nil, 3, nil, nil])
        #expect(nodes.map { document.boolean($0) } == [nil, nil, nil, nil, true, nil])
        #expect(nodes.map { document.isNull($0) } == [false, false, false, false, false, true])
        #expect(nodes.map { Array(document.elements(of: $0)).count } == [1, 0, 0, 0, 0, 0])
        #expect(nodes.map { Array(document.members(of: $0)).count } == [0, 1, 0, 0, 0, 0])
        #expect(nodes.map { document.member("a", of: $0) != nil } == [false, true, false, false, false, false])
        #expect(nodes.map { document.isString($0, "s") } == [false, false, true, false, false, false])
        #expect(nodes.map { document.isEmptyString($0) } == [false, false, false, false, false, false])
    }
}
