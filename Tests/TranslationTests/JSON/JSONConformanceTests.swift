// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

@testable import Translation

@Suite struct JSONConformanceTests {
    private func accepts(_ bytes: [UInt8]) -> Bool { (try? JSONDocument(parsing: bytes)) != nil }

    private func foundation(_ bytes: [UInt8]) -> NSObject? {
        (try? JSONSerialization.jsonObject(with: Data(bytes), options: .fragmentsAllowed)) as? NSObject
    }

    /// The value as Foundation would have read it.
    private func object(_ node: JSONNode, of document: JSONDocument) -> NSObject {
        switch document.kind(of: node) {
        case .null: NSNull()
        case .boolean: NSNumber(value: document.boolean(node)!)
        case .number: document.integer(node).map { NSNumber(value: $0) } ?? NSNumber(value: document.double(node)!)
        case .string: NSString(string: document.string(node)!)
        case .array: NSArray(array: document.elements(of: node).map { self.object($0, of: document) })
        case .object:
            NSDictionary(
                dictionary: Dictionary(
                    document.members(of: node).map { (document.string($0.name)!, self.object($0.value, of: document)) },
                    uniquingKeysWith: { $1 }))
        }
    }

    @Test func `there are enough cases, and none twice`() {
        let all =
            JSONConformanceCases.accepted + JSONConformanceCases.refused + JSONConformanceCases.choices.map(\.text)
        #expect(all.count > 500)
        // Compared as bytes: `==` of String takes what is canonically equivalent for the same.
        #expect(Set(all.map { Array($0.utf8) }).count == all.count)
    }

    @Test(arguments: JSONConformanceCases.accepted)
    func `what is JSON is accepted and read as Foundation reads it`(text: String) throws {
        let document = try JSONDocument(parsing: Array(text.utf8))
        #expect(self.object(document.root, of: document) == self.foundation(Array(text.utf8)))
    }

    @Test(arguments: JSONConformanceCases.refused)
    func `what is not JSON is refused`(text: String) {
        #expect(!self.accepts(Array(text.utf8)))
    }

    @Test func `what the RFC leaves open is decided`() {
        for (text, isAccepted) in JSONConformanceCases.choices {
            #expect(self.accepts(Array(text.utf8)) == isAccepted, "\(text)")
        }
    }

    @Test func `other encodings are refused`() {
        for encoding in [String.Encoding.utf16LittleEndian, .utf16BigEndian, .utf32LittleEndian, .utf16] {
            #expect(!self.accepts(Array("[\"a\"]".data(using: encoding)!)))
        }
    }

    @Test func `malformed UTF-8 is refused wherever it stands`() {
        for (what, bytes) in JSONConformanceCases.malformed {
            for before in [0, 1, 12, 13, 14, 15, 16, 31] {
                for after in [0, 1, 2, 3, 4, 16] {
                    let text =
                        [0x22] + Array(repeating: 0x61, count: before) + bytes
                        + Array(repeating: 0x61, count: after) + [0x22]
                    #expect(throws: JSONError.self, "\(what), \(before) before, \(after) after") {
                        try JSONDocument(parsing: text)
                    }
                }
            }
            #expect(!self.accepts(bytes))
            #expect(!self.accepts([0x5B] + bytes + [0x5D]))
            #expect(!self.accepts(Array("{\"".utf8) + bytes + Array("\":1}".utf8)))
        }
    }

    @Test func `every sequence of bytes at a boundary of UTF-8 is judged as Swift judges it`() {
        let leads: [UInt8] = [
            0x61, 0x7F, 0x80, 0xBF, 0xC0, 0xC1, 0xC2, 0xDF, 0xE0, 0xE1, 0xEC, 0xED, 0xEE, 0xEF, 0xF0, 0xF1, 0xF3, 0xF4,
            0xF5,
            0xFF,
        ]
        let followers: [UInt8] = [0x61, 0x80, 0x8F, 0x90, 0x9F, 0xA0, 0xBF, 0xC0]
        var differing: [[UInt8]] = []
        for lead in leads {
            for second in followers {
                for third in followers {
                    for fourth in followers {
                        let bytes = [lead, second, third, fourth]
                        let isText = String(validating: bytes, as: UTF8.self) != nil
                        if self.accepts([0x22] + bytes + [0x22]) != isText { differing.append(bytes) }
                        if self.accepts([0x22] + bytes + Array("a long tail of ASCII\"".utf8)) != isText {
                            differing.append(bytes)
                        }
                    }
                }
            }
        }
        #expect(differing == [])
    }

    @Test func `every byte is judged alike at every place of a string`() {
        var differing: [String] = []
        for byte in UInt8.min...UInt8.max {
            let isPlain = (0x20..<0x80).contains(byte) && byte != UInt8(ascii: "\"") && byte != UInt8(ascii: "\\")
            var text = [0x22] + Array(repeating: UInt8(ascii: "x"), count: 34) + [0x22]
            for place in 1...34 {
                text[place] = byte
                if self.accepts(text) != isPlain { differing.append("\(byte) at \(place)") }
                text[place] = UInt8(ascii: "x")
            }
        }
        #expect(differing == [])
    }

    @Test func `no beginning of a text is a text`() throws {
        let text = Array(#"{"a":[1,-2.5e+3,{"b":"x\n\u00e9\ud83d\ude00"}],"é你😀":[true,false,null,[],{}],"":""}"#.utf8)
        #expect(self.accepts(text))
        for end in 0..<text.count {
            let error = #expect(throws: JSONError.self) { try JSONDocument(parsing: Array(text[..<end])) }
            // A cut inside a character is malformed UTF-8; every other is an end that came too early.
            let isCharacterCut = text[end] & 0xC0 == 0x80
            #expect(error?.reason == (isCharacterCut ? .invalidUTF8 : .unexpectedEnd), "cut at \(end)")
        }
    }

    @Test func `an error says where`() {
        let cases: [(String, JSONError)] = [
            ("[1,x]", JSONError(.unexpectedByte, at: 3)), ("[\"a\nb\"]", JSONError(.controlCharacterInString, at: 3)),
            ("[\"\\q\"]", JSONError(.invalidEscape, at: 2)), ("[\"\\u00x0\"]", JSONError(.invalidEscape, at: 6)),
            ("[01]", JSONError(.invalidNumber, at: 1)), ("[1.]", JSONError(.invalidNumber, at: 3)),
            ("[] 1", JSONError(.trailingBytes, at: 3)), ("[", JSONError(.unexpectedEnd, at: 1)),
            ("\"abc", JSONError(.unexpectedEnd, at: 4)), ("{\"a\" 1}", JSONError(.unexpectedByte, at: 5)),
        ]
        for (text, expected) in cases {
            #expect(throws: expected, "\(text)") { try JSONDocument(parsing: Array(text.utf8)) }
        }
    }
}
