// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

@testable import Shared

/// A secret, spelled in the ways in which servers and programs spell what they were given.
@Suite struct RedactorTests {
    private static let key = "sk-aB3/x+Yz=9\"q\\w'&-end"
    private let redactor = Redactor()

    init() { self.redactor.add(Self.key) }

    private static func percentEncoded(_ text: String, uppercase: Bool = true) -> String {
        text.utf8.map { byte in
            byte.isLetterOrDigit ? String(UnicodeScalar(byte)) : String(format: uppercase ? "%%%02X" : "%%%02x", byte)
        }.joined()
    }

    private static func json(_ text: String) throws -> String {
        String(decoding: try JSONEncoder().encode([text]), as: UTF8.self).dropFirst(2).dropLast(2).description
    }

    private static func base64(_ text: String) -> String { Data(text.utf8).base64EncodedString() }

    private static func spellings() throws -> [String] {
        let twice = Self.percentEncoded(Self.percentEncoded(Self.key))
        let entities = Self.key.replacing("&", with: "&amp;").replacing("\"", with: "&quot;").replacing(
            "'", with: "&#39;")
        let points = Self.key.unicodeScalars.map { "\\u" + String(format: "%04x", $0.value) }.joined()
        let bytes = Self.key.utf8.map { String(format: "\\x%02x", $0) }.joined()
        return [
            Self.key, Self.key.uppercased(), Self.key.lowercased(), Self.percentEncoded(Self.key),
            Self.percentEncoded(Self.key, uppercase: false), twice, try Self.json(Self.key),
            try Self.json(try Self.json(Self.key)), entities, points, bytes, Self.key.replacing("/", with: "&#x2F;"),
        ]
    }

    @Test(arguments: ["", "\"", "'", "`", "(", "key=", "key: ", "https://host/v1?key=", "Bearer "])
    func `a whole secret is found however it is spelled and whatever stands around it`(before: String) throws {
        let after = ["\"": "\"", "'": "'", "`": "`", "(": ")"][before] ?? " and more"
        for spelling in try Self.spellings() {
            #expect(
                self.redactor.hiding("x \(before)\(spelling)\(after)") == "x \(before)***\(after)", "\(spelling)")
        }
    }

    @Test func `a secret in Base64 is found wherever it begins, with all that was encoded with it`() {
        for before in ["", "B", "Be", "Bearer ", "user:", ":"] {
            for after in ["", "\n", "xx"] {
                let text = Self.base64(before + Self.key + after)
                #expect(self.redactor.hiding("Basic \(text), no") == "Basic ***, no", "\(before) \(after)")
                let other = text.replacing("+", with: "-").replacing("/", with: "_")
                #expect(self.redactor.hiding("Basic \(other), no") == "Basic ***, no", "\(before) \(after)")
            }
        }
    }

    @Test(arguments: [
        ("sk-aB3/x+", "***"), ("Yz=9\"q\\w'&-end", "***"), ("sk-aB***nd", "***"), ("sk-aB...end", "***"),
        ("sk-aB3/x…&-end", "***"), ("sk-a••••••••", "***"), ("****-end", "***"), ("sk-aB3/x+Yz****", "***"),
        ("sk-ab%2Fx", "sk-ab%2Fx"), ("sk-***", "sk-***"), ("the end", "the end"), ("... and so on", "... and so on"),
        ("sk-aB3%2Fx%2B", "***"), ("B3/x+Yz=9\"q\\w'&-", "***"), ("B3/x+Yz=9", "B3/x+Yz=9"),
    ])
    func `a shortened secret is found in the words of others, and there alone`(text: String, expected: String) {
        #expect(self.redactor.hidingTraces("key \(text), no") == "key \(expected), no")
        #expect(self.redactor.hiding("key \(text), no") == "key \(text), no")
    }

    @Test func `several secrets are hidden, the longer one first`() {
        self.redactor.add("another-key-1")
        self.redactor.add("another-key-1-longer")
        #expect(
            self.redactor.hiding("another-key-1-longer, \(Self.key)another-key-1.") == "***, ***.")
    }

    @Test func `JSON stays JSON`() throws {
        let texts = [
            "a \(Self.key) b", "\(Self.key)\(Self.key)", "\n\(Self.key)\"", "\u{1F600}\(Self.key)\u{7}\\",
            "\\\(Self.key)", "\(Self.percentEncoded(Self.key))", "\(Self.base64("Bearer " + Self.key))",
        ]
        let frame = try JSONEncoder().encode(["a": texts, Self.key: []])
        let hidden = Data(self.redactor.hiding(json: Array(frame)))
        let decoded = try JSONDecoder().decode([String: [String]].self, from: hidden)
        #expect(
            decoded == ["a": ["a *** b", "***", "\n***\"", "\u{1F600}***\u{7}\\", "***", "***", "***"], "***": []])
    }

    @Test(arguments: ["nabcdefgh", "u00e9abc", "\"],[\"abc", "abcdefg\\"])
    func `no secret makes JSON anything else`(secret: String) throws {
        self.redactor.add(secret)
        for text in ["\nabcdefgh", "\u{7}\u{e9}abc", "é" + secret, secret + "\"", secret + "\\", "x\\" + secret] {
            let frame = try JSONEncoder().encode([text, "],[", "abc"])
            let hidden = self.redactor.hiding(json: Array(frame))
            #expect(try JSONDecoder().decode([String].self, from: Data(hidden)).count == 3, "\(text)")
        }
    }

    @Test func `what is short or stands in manuals is not hidden, and nothing is after the last user has gone`() {
        for word in ["short", "lm-studio", "qwenproxyd", ClientSettings.placeholderKey] {
            self.redactor.add(word)
            #expect(self.redactor.hiding(word) == word)
        }
        self.redactor.add(Self.key)
        self.redactor.remove(Self.key)
        #expect(self.redactor.hiding(Self.key) == "***")
        self.redactor.remove(Self.key)
        #expect(self.redactor.hiding(Self.key) == Self.key)
        self.redactor.remove(Self.key)
    }

    @Test func `a code is a word that quotes nothing`() {
        for code in ["invalid_grant", "Throttling.RateQuota", "429"] { #expect(ErrorCode(code)?.text == code) }
        for code in ["", "two words", "sk-***", String(repeating: "a", count: 65), "k\"ey"] {
            #expect(ErrorCode(code) == nil)
        }
    }
}
