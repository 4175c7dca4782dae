// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

@testable import Translation

@Suite struct JSONWriterTests {
    private func text(_ write: (inout JSONWriter) -> Void) -> String {
        var writer = JSONWriter()
        write(&writer)
        return String(decoding: writer.bytes, as: UTF8.self)
    }

    private func decoded(_ text: String) throws -> String {
        let object = try JSONSerialization.jsonObject(with: Data(text.utf8), options: .fragmentsAllowed)
        return try #require(object as? String)
    }

    @Test func `every character below the space, the quote and the backslash are escaped`() throws {
        for value in UInt8.min..<0x80 {
            // Before, in and behind a block of sixteen.
            for before in [0, 1, 15, 16, 40] {
                let string = String(repeating: "x", count: before) + String(Unicode.Scalar(value)) + "y"
                let written = self.text { $0.string(string) }
                #expect(try self.decoded(written) == string)
                let isEscaped = value < 0x20 || value == 0x22 || value == 0x5C
                #expect(written.utf8.contains(0x5C) == isEscaped)
            }
        }
        #expect(
            self.text { $0.string("\"\\\n\r\t\u{8}\u{1F}\u{7F}/é😀") } == #""\"\\\n\r\t\u0008\u001f"# + "\u{7F}/é😀\"")
    }

    @Test func `what was escaped is decoded to the same characters`() throws {
        let strings = [
            "", "\u{0}", "a\"b", String(repeating: "\\", count: 50), "\n" + String(repeating: "é你😀\t", count: 20),
        ]
        for string in strings {
            var writer = JSONWriter()
            writer.string(string)
            let document = try JSONDocument(parsing: writer.take())
            #expect(document.string(document.root) == string)
        }
    }

    @Test func `all escapes of a string are decoded`() throws {
        let long = String(repeating: "0123456789", count: 3)
        for (spelled, string) in [
            (#"\b\f\n\r\t\"\\\/"#, "\u{8}\u{C}\n\r\t\"\\/"), (#"\u0041\u00e9\u4F60"#, "Aé你"), (#"\ud83d\ude00"#, "😀"),
            (#"\ud83d\ud83d\ude00"#, "\u{FFFD}😀"), (#"\ude00x"#, "\u{FFFD}x"), (#"\\u0041"#, #"\u0041"#),
            (#"\ud83d"#, "\u{FFFD}"), (#"\ud83d\n"#, "\u{FFFD}\n"), (#"\udbff\udfff"#, "\u{10FFFF}"),
        ] {
            let document = try JSONDocument(parsing: Array("\"\(long)\(spelled)\(long)\"".utf8))
            #expect(document.string(document.root) == long + string + long)
        }
    }

    @Test func `a value is copied as it is spelled`() throws {
        let value = #"{"b" : 1.50, "a":[1E+2 , "é"],"c":"\/"}"#
        let document = try JSONDocument(parsing: Array("[0, \(value) ]".utf8))
        let node = try #require(document.elements(of: document.root).dropFirst().first { _ in true })
        #expect(self.text { $0.value(node, of: document) } == value)
    }

    @Test func `half a surrogate pair is replaced wherever it is copied`() throws {
        let document = try JSONDocument(parsing: Array(#"{"a\ud83d" : [1, "x\ude00\n", "\ud83d\ude00" ]}"#.utf8))
        #expect(
            self.text { $0.value(document.root, of: document) }
                == "{\"a\u{FFFD}\" : [1, \"x\u{FFFD}\\n\", \"\\ud83d\\ude00\" ]}")
        let embedded = self.text { $0.embedded(document.root, of: document) }
        #expect(try self.decoded("\"\(embedded)\"") == "{\"a\u{FFFD}\":[1,\"x\u{FFFD}\\n\",\"\\ud83d\\ude00\"]}")
    }

    @Test(arguments: [
        "1", "\"\"", "[]", "{}", " [ 1 , 2 ] ", "{\"a b\" :\t\"c  d\" ,\n\"e\":[ true , null,\"\"]}",
        #"["\\","\"","\n","\u0020 "]"#,
        #"{"path":"C:\\dir\\","code":"if (a == \"b\") {\n\treturn '\\n';\n}"}"#, "[\"é\", \"你好\",\r\n\"😀 \"]",
    ])
    func `an embedded value is the same value without white space between tokens`(text: String) throws {
        let document = try JSONDocument(parsing: Array(text.utf8))
        let embedded = try self.decoded("\"" + self.text { $0.embedded(document.root, of: document) } + "\"")
        func object(_ text: String) throws -> NSObject? {
            try JSONSerialization.jsonObject(with: Data(text.utf8), options: .fragmentsAllowed) as? NSObject
        }
        #expect(try object(embedded) == object(text))
        let outsideStrings = embedded.replacing(#/"(\\.|[^"\\])*"/#, with: "\"\"")
        #expect(outsideStrings.allSatisfy { !$0.isWhitespace })
    }

    @Test func `what turned out not to be wanted is taken back`() {
        let text = self.text {
            $0.raw("[1")
            let count = $0.count
            $0.raw(",")
            $0.integer(-20)
            $0.truncate(to: count)
            $0.raw("]")
        }
        #expect(text == "[1]")
    }

    @Test func `taking the text leaves an empty writer`() {
        var writer = JSONWriter(reservingCapacity: 10)
        writer.integer(Int.min)
        #expect(writer.take() == Array("-9223372036854775808".utf8))
        #expect(writer.count == 0)
        writer.raw([0x5B, 0x5D])
        #expect(writer.bytes == Array("[]".utf8))
        writer.removeAll()
        #expect(writer.bytes == [])
    }
}
