// SPDX-License-Identifier: Apache-2.0

/// Characters as they stand inside a JSON string, worked on without making strings of them.
enum EscapedText {
    /// The characters themselves, as UTF-8. `text` must be valid contents of a JSON string.
    static func appendUnescaped(_ text: ArraySlice<UInt8>, to bytes: inout [UInt8]) {
        var runStart = text.startIndex
        var index = runStart
        while index < text.endIndex {
            guard text[index] == UInt8(ascii: "\\") else {
                index += 1
                continue
            }
            bytes.append(contentsOf: text[runStart..<index])
            index += Self.appendEscape(at: index, of: text, to: &bytes)
            runStart = index
        }
        bytes.append(contentsOf: text[runStart...])
    }

    /// Returns how many bytes the escape has.
    private static func appendEscape(at index: Int, of text: ArraySlice<UInt8>, to bytes: inout [UInt8]) -> Int {
        switch text[index + 1] {
        case UInt8(ascii: "b"): bytes.append(0x08)
        case UInt8(ascii: "f"): bytes.append(0x0C)
        case UInt8(ascii: "n"): bytes.append(0x0A)
        case UInt8(ascii: "r"): bytes.append(0x0D)
        case UInt8(ascii: "t"): bytes.append(0x09)
        case UInt8(ascii: "u"):
            let (scalar, length) = JSONEscapes.scalar(text, at: index)
            bytes.append(contentsOf: UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter)
            return length
        case let byte: bytes.append(byte)
        }
        return 2
    }

    /// UTF-8 as it stands inside a JSON string.
    static func appendEscaped(_ bytes: some Collection<UInt8>, to text: inout [UInt8]) {
        for byte in bytes {
            switch byte {
            case UInt8(ascii: "\""), UInt8(ascii: "\\"): text.append(contentsOf: [UInt8(ascii: "\\"), byte])
            case 0x0A: text.append(contentsOf: [UInt8(ascii: "\\"), UInt8(ascii: "n")])
            case 0x0D: text.append(contentsOf: [UInt8(ascii: "\\"), UInt8(ascii: "r")])
            case 0x09: text.append(contentsOf: [UInt8(ascii: "\\"), UInt8(ascii: "t")])
            case 0..<0x20:
                text.append(contentsOf: #"\u00"#.utf8)
                text.append(byte < 16 ? UInt8(ascii: "0") : UInt8(ascii: "1"))
                let digit = byte & 15
                text.append(digit < 10 ? UInt8(ascii: "0") + digit : UInt8(ascii: "a") + digit - 10)
            default: text.append(byte)
            }
        }
    }

    static func escaped(_ bytes: some Collection<UInt8>) -> [UInt8] {
        var text: [UInt8] = []
        text.reserveCapacity(bytes.count + 16)
        Self.appendEscaped(bytes, to: &text)
        return text
    }

    /// The part behind the white space at the beginning.
    static func withoutLeadingWhitespace(_ text: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        var index = text.startIndex
        while index < text.endIndex {
            if text[index] == 0x20 {
                index += 1
            } else if text[index] == UInt8(ascii: "\\"), Self.isWhitespaceEscape(text[index + 1]) {
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
        var index = text.startIndex
        while index < text.endIndex {
            switch text[index] {
            case UInt8(ascii: "<"):
                return true
            case UInt8(ascii: "\\"):
                // Two bytes at least, so that the second backslash of a pair is not taken for the first of another.
                if Self.isEscapedLessThan(text[index...]) { return true }
                index += 2
            default:
                index += 1
            }
        }
        return false
    }

    private static func isEscapedLessThan(_ text: ArraySlice<UInt8>) -> Bool {
        guard text.count >= 6 else { return false }
        let start = text.startIndex
        return text[start + 1] == UInt8(ascii: "u") && text[start + 2] == UInt8(ascii: "0")
            && text[start + 3] == UInt8(ascii: "0") && text[start + 4] == UInt8(ascii: "3")
            && text[start + 5] | 0x20 == UInt8(ascii: "c")
    }
}

extension UInt8 {
    /// White space as JSON has it.
    var isJSONWhitespace: Bool { self == 0x20 || self == 0x0A || self == 0x0D || self == 0x09 }
}
