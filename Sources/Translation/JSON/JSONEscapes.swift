// SPDX-License-Identifier: Apache-2.0

/// How a JSON string spells what it cannot hold as it is, in both directions.
enum JSONEscapes {
    /// The characters of a string that the parser has validated; half a surrogate pair becomes U+FFFD.
    static func decode(_ contents: ArraySlice<UInt8>) -> String {
        var decoded: [UInt8] = []
        decoded.reserveCapacity(contents.count)
        Self.appendDecoded(contents, to: &decoded)
        return String(decoding: decoded, as: UTF8.self)
    }

    /// The same as UTF-8.
    /// - Parameter keepsHalves: half a surrogate pair becomes three bytes for a `SurrogateJoiner`.
    static func appendDecoded(
        _ contents: ArraySlice<UInt8>, to decoded: inout [UInt8], keepsHalves: Bool = false
    ) {
        let text = contents.span
        var index = 0
        // Quotes and control characters are not in there any more: only backslashes are found.
        while let backslash = text.firstToEscape(from: index) {
            decoded.append(text, in: index..<backslash)
            index = backslash + 2
            switch text[backslash + 1] {
            case UInt8(ascii: "u"):
                let (scalar, length) = Self.scalar(text, at: backslash)
                index = backslash + length
                if keepsHalves, length == 6, scalar == "\u{FFFD}", let half = Self.half(text, at: backslash) {
                    decoded += half
                } else {
                    decoded.append(contentsOf: UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter)
                }
            case let letter: decoded.append(Self.character(of: letter))
            }
        }
        decoded.append(text, in: index..<text.count)
    }

    /// The character that a letter behind a backslash means.
    @inline(__always)
    private static func character(of letter: UInt8) -> UInt8 {
        switch letter {
        case UInt8(ascii: "b"): 0x08
        case UInt8(ascii: "f"): 0x0C
        case UInt8(ascii: "n"): 0x0A
        case UInt8(ascii: "r"): 0x0D
        case UInt8(ascii: "t"): 0x09
        // The quote, the backslash and the slash stand for themselves.
        default: letter
        }
    }

    /// Whether the characters of a string are those of `text`, which must be plain ASCII. Reads no further than they agree: a
    /// name is compared with every one that is looked for.
    static func isSpelling(_ contents: ArraySlice<UInt8>, of text: StaticString) -> Bool {
        let spelled = contents.span
        var index = 0
        for position in 0..<text.utf8CodeUnitCount {
            guard index < spelled.count else { return false }
            var character = UInt32(spelled[index])
            index += 1
            if character == UInt32(UInt8(ascii: "\\")) {
                switch spelled[index] {
                case UInt8(ascii: "u"):
                    character = Self.codeUnit(spelled, at: index - 1)
                    index += 4
                case let letter: character = UInt32(Self.character(of: letter))
                }
                index += 1
            }
            // In bounds: the position is below the count.
            guard unsafe character == UInt32(text.utf8Start[position]) else { return false }
        }
        return index == spelled.count
    }

    /// Writes U+FFFD over each half of a surrogate pair in the characters of a string. Both spellings have six bytes.
    /// - Parameter contents: where they are, up to the closing quote.
    static func replaceHalves(in bytes: inout [UInt8], within contents: Range<Int>) {
        var text = bytes.mutableSpan
        var index = contents.lowerBound
        while let backslash = text.span.firstToEscape(from: index), backslash < contents.upperBound {
            guard text[backslash + 1] == UInt8(ascii: "u") else {
                index = backslash + 2
                continue
            }
            index = backslash + 6
            guard let surrogate = SurrogateDigits(text[backslash + 2], text[backslash + 3]) else { continue }
            // The closing quote comes before the end of the bytes, and is no backslash.
            if surrogate == .high, text[index] == UInt8(ascii: "\\"), text[index + 1] == UInt8(ascii: "u"),
                SurrogateDigits(text[index + 2], text[index + 3]) == .low
            {
                index += 6
                continue
            }
            text[backslash + 2] = UInt8(ascii: "f")
            text[backslash + 3] = UInt8(ascii: "f")
            text[backslash + 4] = UInt8(ascii: "f")
            text[backslash + 5] = UInt8(ascii: "d")
        }
    }

    /// The character of a `\u` escape or of a pair of them, and how many bytes it took.
    private static func scalar(_ text: Span<UInt8>, at index: Int) -> (scalar: Unicode.Scalar, length: Int) {
        let unit = Self.codeUnit(text, at: index)
        if let scalar = Unicode.Scalar(unit) { return (scalar, 6) }
        if unit < 0xDC00, index + 12 <= text.count, text[index + 6] == UInt8(ascii: "\\"),
            text[index + 7] == UInt8(ascii: "u")
        {
            let low = Self.codeUnit(text, at: index + 6)
            if low & 0xFC00 == 0xDC00, let scalar = Unicode.Scalar(0x10000 + ((unit & 0x3FF) << 10) + (low & 0x3FF)) {
                return (scalar, 12)
            }
        }
        return ("\u{FFFD}", 6)
    }

    /// What UTF-8 would make of a surrogate. Nil for any other character.
    private static func half(_ text: Span<UInt8>, at index: Int) -> [UInt8]? {
        let unit = Self.codeUnit(text, at: index)
        guard 0xD800...0xDFFF ~= unit else { return nil }
        return [0xED, UInt8(0x80 | unit >> 6 & 0x3F), UInt8(0x80 | unit & 0x3F)]
    }

    /// Of four digits that the parser has validated.
    private static func codeUnit(_ text: Span<UInt8>, at index: Int) -> UInt32 {
        var unit: UInt32 = 0
        for position in index + 2..<index + 6 {
            let digit = UInt32(text[position])
            // Those above 9 are letters, whose lower halves begin with 1.
            unit = unit << 4 | ((digit & 0x0F) + 9 * (digit >> 6))
        }
        return unit
    }
}

/// Half of a surrogate pair, as the first two digits of an escape tell it.
enum SurrogateDigits {
    case high
    case low

    /// Nil for any other character.
    @inline(__always)
    init?(_ first: UInt8, _ second: UInt8) {
        guard first | 0x20 == UInt8(ascii: "d") else { return nil }
        switch second | 0x20 {
        case UInt8(ascii: "8"), UInt8(ascii: "9"), UInt8(ascii: "a"), UInt8(ascii: "b"): self = .high
        case UInt8(ascii: "c")...UInt8(ascii: "f"): self = .low
        default: return nil
        }
    }
}

extension Span<UInt8> {
    /// The offset of the first quote, backslash or control character at or after `start`.
    func firstToEscape(from start: Int) -> Int? {
        var position = start
        while position + ByteBlock.count <= self.count {
            let found = ByteBlock(self, at: position).toEscape
            if found != 0 { return position + found.trailingZeroBitCount }
            position += ByteBlock.count
        }
        while position < self.count {
            let byte = self[position]
            if byte < 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") { return position }
            position += 1
        }
        return nil
    }
}

extension [UInt8] {
    /// Appends the bytes of `text` that lie in `range`.
    mutating func append(_ text: Span<UInt8>, in range: Range<Int>) {
        unsafe text.extracting(range).withUnsafeBufferPointer { bytes in
            guard let start = bytes.baseAddress else { return }
            unsafe self.append(start, count: bytes.count)
        }
    }

    /// The same as `append(contentsOf:)`, which costs more than a few bytes are worth.
    mutating func append(_ start: UnsafePointer<UInt8>, count: Int) {
        // To an array without storage the library writes that it is empty, into the one such storage that all threads share:
        // the thread sanitizer sees it.
        guard count > 0 else { return }
        self.append(addingCapacity: count) { output in
            unsafe output.withUnsafeMutableBufferPointer { room, used in
                // In bounds: this much has just been added.
                unsafe (room.baseAddress! + used).initialize(from: start, count: count)
                used += count
            }
        }
    }
}

/// The value of a hexadecimal digit in either case.
func hexadecimalDigit(_ byte: UInt8) -> UInt8? {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
    case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
    case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - UInt8(ascii: "A") + 10
    default: nil
    }
}
