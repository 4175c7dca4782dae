// SPDX-License-Identifier: Apache-2.0

/// Puts characters together whose halves came in two pieces: servers cut a text between tokens, and a token can end
/// between the two escapes of a surrogate pair.
///
/// In plain text a half is three bytes, which are no UTF-8: what UTF-8 would make of its number. Half a character that
/// is never completed becomes U+FFFD.
struct SurrogateJoiner: Sendable {
    /// The first half of a character, whose second one the next piece may begin with.
    private var held: UInt32?

    var isHolding: Bool { self.held != nil }

    /// - Parameter text: plain text with halves in it.
    /// - Returns: plain UTF-8, without a first half at the end.
    mutating func join(_ text: ArraySlice<UInt8>) -> [UInt8] {
        var joined: [UInt8] = []
        joined.reserveCapacity(text.count + 3)
        var index = text.startIndex
        while index < text.endIndex {
            guard let half = Self.half(text, at: index) else {
                self.release(into: &joined)
                joined.append(text[index])
                index += 1
                continue
            }
            index += 3
            if let high = self.held, half >= 0xDC00 {
                self.held = nil
                Self.append(0x10000 + ((high & 0x3FF) << 10) + (half & 0x3FF), to: &joined)
            } else {
                self.release(into: &joined)
                if half < 0xDC00 { self.held = half } else { Self.append(0xFFFD, to: &joined) }
            }
        }
        return joined
    }

    /// Nothing follows that could complete a character.
    mutating func finish() -> [UInt8] {
        var rest: [UInt8] = []
        self.release(into: &rest)
        return rest
    }

    private mutating func release(into text: inout [UInt8]) {
        if self.held != nil { Self.append(0xFFFD, to: &text) }
        self.held = nil
    }

    private static func half(_ text: ArraySlice<UInt8>, at index: Int) -> UInt32? {
        // U+D800 to U+DFFF would be ED A0 80 to ED BF BF; whole UTF-8 never has A0 or more after ED.
        guard text[index] == 0xED, index + 2 < text.endIndex, text[index + 1] >= 0xA0 else { return nil }
        return 0xD000 | UInt32(text[index + 1] & 0x3F) << 6 | UInt32(text[index + 2] & 0x3F)
    }

    private static func append(_ value: UInt32, to text: inout [UInt8]) {
        text.append(contentsOf: Unicode.Scalar(value).flatMap { UTF8.encode($0) } ?? UTF8.encodedReplacementCharacter)
    }
}
