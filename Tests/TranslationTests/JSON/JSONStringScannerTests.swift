// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Translation

@Suite struct JSONStringScannerTests {
    private struct Outcome: Equatable {
        var end: Int?
        var error: JSONError?
        var hasEscapes = false
        var hasLoneSurrogate = false
    }

    private static func scan(_ bytes: [UInt8], skipsCommon: Bool) -> Outcome {
        var outcome = Outcome()
        var scanner = JSONStringScanner(bytes.span, at: 0)
        do throws(JSONError) {
            outcome.end = try scanner.scan(skipsCommon: skipsCommon)
        } catch {
            outcome.error = error
            return outcome
        }
        outcome.hasEscapes = scanner.hasEscapes
        outcome.hasLoneSurrogate = scanner.hasLoneSurrogate
        return outcome
    }

    /// Where the string ends, told by the standard library's own UTF-8 and one character after the other.
    private static func isWellFormed(_ bytes: [UInt8]) -> Bool {
        guard let text = String(validating: bytes, as: UTF8.self) else { return false }
        var rest = Substring(text).unicodeScalars
        while let scalar = rest.popFirst() {
            switch scalar {
            case "\"": return rest.isEmpty
            case "\\":
                guard let code = rest.popFirst() else { return false }
                if code == "u" {
                    guard rest.prefix(4).count == 4, rest.prefix(4).allSatisfy({ $0.properties.isASCIIHexDigit }) else {
                        return false
                    }
                    rest = rest.dropFirst(4)
                } else if !#""\/bfnrt"#.unicodeScalars.contains(code) {
                    return false
                }
            case "\0"..<" ": return false
            default: break
            }
        }
        return false
    }

    /// Pieces of everything that matters, in any order and at any place in a block.
    @Test(arguments: 0..<16)
    func `all processors read a string the same way`(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        let pieces: [[UInt8]] =
            ["a", "plain text ", "é", "ю", "中", "日本", "😀", #"\n"#, #"\t"#, #"\r"#, #"\\"#, #"\""#, #"\/"#, #"\u00e9"#]
            .map { Array($0.utf8) }
        let rare: [[UInt8]] = [
            [0xC0, 0x80], [0xC1, 0xBF], [0xE0, 0x80, 0x80], [0xED, 0xA0, 0x80], [0xEF, 0xBF, 0xBF],
            [0xF0, 0x80, 0x80, 0x80],
            [0xF4, 0x90, 0x80, 0x80], [0xF4, 0x8F, 0xBF, 0xBF], [0xF5, 0x80, 0x80, 0x80], [0xFF], [0x80], [0xC3],
            [0xE2, 0x82],
            [0xF0, 0x9F, 0x98], [0x1F], [0x0A], [0x7F], Array(#"\x"#.utf8), Array(#"\ud83d"#.utf8),
            Array(#"\ud83d\ude00"#.utf8),
            Array(#"\u12"#.utf8), [0x22],
        ]
        for _ in 0..<3_000 {
            var text: [UInt8] = []
            let count = Int.random(in: 0...60, using: &generator)
            let rareOnes = Int.random(in: 0...2, using: &generator)
            for _ in 0..<count { text += pieces.randomElement(using: &generator) ?? [] }
            for _ in 0..<rareOnes {
                text.insert(
                    contentsOf: rare.randomElement(using: &generator) ?? [],
                    at: Int.random(in: 0...text.count, using: &generator))
            }
            text.append(UInt8(ascii: "\""))
            // What follows the string is no part of it, and keeps its end away from the end of the bytes.
            let tail = [UInt8](repeating: 0xFF, count: Int.random(in: 0...130, using: &generator))
            let fast = Self.scan(text + tail, skipsCommon: true)
            #expect(fast == Self.scan(text + tail, skipsCommon: false))
            if let end = fast.end {
                #expect(Self.isWellFormed(Array(text[..<end])))
            } else {
                #expect(!Self.isWellFormed(text))
            }
        }
    }

    /// Each of two, three and four bytes, at each place of a block: exactly what the standard library takes.
    @Test func `what is not UTF-8 is refused wherever it stands`() {
        let leads: [UInt8] = [
            0x7F, 0x80, 0xBF, 0xC0, 0xC1, 0xC2, 0xDF, 0xE0, 0xE1, 0xEC, 0xED, 0xEE, 0xEF, 0xF0, 0xF1, 0xF3, 0xF4, 0xF5,
            0xFF,
        ]
        let followers: [UInt8] = [0x20, 0x7F, 0x80, 0x8F, 0x90, 0x9F, 0xA0, 0xBF, 0xC2, 0xE1]
        for lead in leads {
            for second in followers {
                for third in followers {
                    for fourth in followers {
                        let characters = [lead, second, third, fourth]
                        let isValid = String(validating: characters, as: UTF8.self) != nil
                        for place in [0, 29, 30, 31, 60, 61, 62, 63] {
                            var text = [UInt8](repeating: 0x78, count: place)
                            text += characters
                            text.append(UInt8(ascii: "\""))
                            text += [UInt8](repeating: 0x20, count: 130)
                            let outcome = Self.scan(text, skipsCommon: true)
                            guard outcome.end == (isValid ? place + 5 : nil) else {
                                Issue.record("\(characters) at \(place): \(outcome)")
                                return
                            }
                        }
                    }
                }
            }
        }
    }
}
