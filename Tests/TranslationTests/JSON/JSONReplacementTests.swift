// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Translation

/// A document that takes another text in must be the one that is parsed from that text.
@Suite struct JSONReplacementTests {
    private static let texts = [
        #"{"choices":[{"delta":{"content":"The fu"},"index":0}],"usage":null,"id":"chatcmpl-1"}"#,
        #"{"choices":[{"delta":{"content":"a longer text, of several blocks: größer 你好 😀"},"index":0}],"id":"x"}"#,
        #" [ "a" , {"b":"c\n\"d\\"} , [[""]], -1.5e3, true ] "#,
        #""only one""#, #""""#, "12", "[]", #"{"":""}"#,
        #"["\ud83d","half"]"#,
    ]

    private static let contents = [
        "", "x", "The fx", "nction", #"\n"#, #"\\\""#, #"\u00e9"#, "é", "你好", #"\ud83d"#, #"\ud83d\ude00"#, #"\x"#,
        "\u{1}", #"","more":""#, #"\"#, "a text that is longer than one block has room for",
    ]

    private struct Token: Equatable {
        var (start, end, next): (UInt32, UInt32, Int)
        var (hasEscapes, hasLoneSurrogate): (Bool, Bool)

        static func tape(of document: JSONDocument) -> [Token] {
            document.tape[..<document.tokenCount].map {
                Token(
                    start: $0.start, end: $0.end, next: $0.next, hasEscapes: $0.hasEscapes,
                    hasLoneSurrogate: $0.hasLoneSurrogate)
            }
        }
    }

    private func replace(_ document: inout JSONDocument, with text: [UInt8]) -> JSONDocument.Replacement? {
        var outcome: JSONDocument.Replacement?
        do throws(JSONError) {
            outcome = try document.replace(with: text.span)
        } catch {
            #expect(throws: error) { try JSONDocument(parsing: text) }
            #expect(document.isNull(document.root))
            return nil
        }
        guard let parsed = try? JSONDocument(parsing: text) else {
            Issue.record("accepted: \(String(decoding: text, as: UTF8.self))")
            return nil
        }
        #expect(document.bytes == text)
        #expect(Token.tape(of: document) == Token.tape(of: parsed), "\(String(decoding: text, as: UTF8.self))")
        #expect(document.hasLoneSurrogate == parsed.hasLoneSurrogate)
        return outcome
    }

    @Test func `a string that is changed is found`() throws {
        for text in Self.texts {
            let document = try JSONDocument(parsing: Array(text.utf8))
            for index in 0..<document.tokenCount where document.kind(of: JSONNode(index: index)) == .string {
                for contents in Self.contents {
                    var changed = document
                    let range = document.contents(of: JSONNode(index: index))
                    var bytes = document.bytes
                    bytes.replaceSubrange(range, with: contents.utf8)
                    let outcome = self.replace(&changed, with: bytes)
                    if bytes == document.bytes {
                        #expect(outcome == .kept(changed: nil))
                    } else if ["x", "nction", "é", #"\n"#].contains(contents), !document.hasLoneSurrogate {
                        #expect(outcome == .kept(changed: JSONNode(index: index)))
                    }
                }
            }
        }
    }

    @Test func `any byte may change, come or go`() throws {
        for text in Self.texts {
            let document = try JSONDocument(parsing: Array(text.utf8))
            for index in document.bytes.indices {
                for byte in [UInt8](#""\{}[],:0a "#.utf8) + [0, 0x80, 0xC3] {
                    var changed = document.bytes
                    changed[index] = byte
                    var (one, other, third) = (document, document, document)
                    _ = self.replace(&one, with: changed)
                    changed.insert(document.bytes[index], at: index)
                    _ = self.replace(&other, with: changed)
                    changed.removeSubrange(index...index + 1)
                    _ = self.replace(&third, with: changed)
                }
            }
        }
    }

    @Test func `one text follows another, whatever they are`() {
        var generator = SeededGenerator(seed: 11)
        var document = JSONDocument()
        #expect(document.isNull(document.root))
        for _ in 0..<5_000 {
            let text = Self.texts.randomElement(using: &generator) ?? ""
            let contents = Self.contents.randomElement(using: &generator) ?? ""
            let parts = text.split(separator: "\"", omittingEmptySubsequences: false).map(String.init)
            var changed = parts
            changed[Int.random(in: parts.indices, using: &generator)] = contents
            _ = self.replace(&document, with: Array(changed.joined(separator: "\"").utf8))
        }
    }

    @Test func `a document is replaced by another, and is null after an error`() throws {
        var document = JSONDocument()
        #expect(document.isNull(document.root))
        for count in [0, 300, 3, 70, 1] {
            let list = "[" + Array(repeating: "1", count: count).joined(separator: ",") + "]"
            #expect(self.replace(&document, with: Array(list.utf8)) == .parsed)
            #expect(
                document.elements(of: document.root).map { document.integer($0) } == Array(repeating: 1, count: count))
        }
        let cut = Array("[1,".utf8)
        #expect(throws: JSONError(.unexpectedEnd, at: 3)) { try document.replace(with: cut.span) }
        #expect(document.isNull(document.root))
        let part = Array("x{\"a\":true}".utf8)[1...]
        try document.replace(with: part.span)
        #expect(document.member("a", of: document.root).flatMap { document.boolean($0) } == true)
    }
}
