// SPDX-License-Identifier: Apache-2.0

/// Characters as they stand inside a JSON string, worked on without making strings of them.
enum EscapedText {
    /// The part after the white space at the beginning.
    static func withoutLeadingWhitespace(_ text: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        var index = text.startIndex
        while index < text.endIndex {
            if text[index] == 0x20 {
                index += 1
            } else if text[index] == UInt8(ascii: "\\"), Self.isWhitespaceEscape(text[index + 1]) {
                // The parser has validated the string, so a backslash is never its last byte.
                index += 2
            } else {
                break
            }
        }
        return text[index...]
    }

    private static func isWhitespaceEscape(_ letter: UInt8) -> Bool {
        letter == UInt8(ascii: "n") || letter == UInt8(ascii: "r") || letter == UInt8(ascii: "t")
    }

    /// Whether the characters hold a `<`, as it is or as the `\u003c` that Go and others write for it.
    static func containsTagStart(_ text: ArraySlice<UInt8>) -> Bool {
        let bytes = text.span
        // The vector search for the plain spelling decides nearly every chunk; the slower one runs only without a
        // hit.
        if bytes.first(UInt8(ascii: "<"), from: 0) != nil { return true }
        var index = 0
        while let backslash = bytes.first(UInt8(ascii: "\\"), from: index) {
            if Self.isEscapedLessThan(text[(text.startIndex + backslash)...]) { return true }
            // Two bytes at least, so that the second backslash of a pair is not taken for the first of another.
            index = backslash + 2
        }
        return false
    }

    private static func isEscapedLessThan(_ text: ArraySlice<UInt8>) -> Bool {
        guard text.count >= 6 else { return false }
        let start = text.startIndex
        return text[start + 1] == UInt8(ascii: "u") && text[start + 2] == UInt8(ascii: "0")
            && text[start + 3] == UInt8(ascii: "0") && text[start + 4] == UInt8(ascii: "3")
            // Hexadecimal digits may be of either case.
            && text[start + 5] | 0x20 == UInt8(ascii: "c")
    }
}

extension UInt8 {
    /// White space as JSON has it.
    var isJSONWhitespace: Bool { self == 0x20 || self == 0x0A || self == 0x0D || self == 0x09 }
}
