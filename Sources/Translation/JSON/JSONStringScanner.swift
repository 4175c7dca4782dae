// SPDX-License-Identifier: Apache-2.0

import CJSONStrings

/// Finds the end of a string and validates what is in it: escapes, control characters, UTF-8. Nearly every byte of a
/// conversation is read here, so it goes sixty-four bytes at a time, however many common escapes are among them.
struct JSONStringScanner: ~Copyable, ~Escapable {
    private let bytes: Span<UInt8>
    private var position: Int
    private(set) var hasEscapes = false
    private(set) var hasLoneSurrogate = false

    /// `position` is the offset of the first byte after the opening quote.
    @_lifetime(copy bytes)
    init(_ bytes: Span<UInt8>, at position: Int) {
        self.bytes = bytes
        self.position = position
    }

    /// The offset after the closing quote.
    /// - Parameter skipsCommon: use what only some processors have; the result is the same.
    @_lifetime(self: copy self)
    @inline(__always)
    mutating func scan(skipsCommon: Bool = true) throws(JSONError) -> Int {
        // Names and most values end within a few bytes.
        if self.position &+ ByteBlock.count <= self.bytes.count {
            let specials = ByteBlock(self.bytes, at: self.position).specials
            self.position &+= min(specials.trailingZeroBitCount, ByteBlock.count)
            if self.byte(at: self.position) == UInt8(ascii: "\"") { return self.position &+ 1 }
        }
        return try self.scanRest(skipsCommon: skipsCommon)
    }

    @_lifetime(self: copy self)
    @inline(never)
    private mutating func scanRest(skipsCommon: Bool) throws(JSONError) -> Int {
        while self.position &+ StringMasks.count <= self.bytes.count {
            if skipsCommon {
                if self.skipCommon() { return self.position }
                // The fast way may have come near the end of the text.
                guard self.position &+ StringMasks.count <= self.bytes.count else { break }
            }
            if try self.scanBlock() { return self.position }
        }
        while self.position < self.bytes.count {
            if try self.scanCharacter() { return self.position }
        }
        throw JSONError(.unexpectedEnd, at: self.position)
    }

    /// Goes over what needs no closer look, where the processor can do that fast. True after the closing quote.
    @_lifetime(self: copy self)
    @inline(__always)
    private mutating func skipCommon() -> Bool {
        let scanned = unsafe self.bytes.withUnsafeBufferPointer { bytes in
            unsafe qp_scan_string(bytes.baseAddress, self.position, bytes.count)
        }
        if scanned.has_escapes { self.hasEscapes = true }
        self.position = scanned.is_closed ? scanned.position &+ 1 : scanned.position
        return scanned.is_closed
    }

    /// Goes over the next block, and further where a character goes on after it. True after the closing quote.
    @_lifetime(self: copy self)
    @inline(__always)
    private mutating func scanBlock() throws(JSONError) -> Bool {
        let start = self.position
        let masks = StringMasks(self.bytes, at: start)
        let closing = masks.closingQuotes
        // All bits below the first quote, or all there are.
        let inside = (closing &- 1) & ~closing
        if masks.escapes & inside != 0 { self.hasEscapes = true }
        let rare = masks.rare & inside
        if rare != 0 {
            try self.scanRare(rare, escaped: masks.escaped)
            // No character goes on over a quote, so there was none.
            if self.position &- start >= StringMasks.count { return false }
        }
        guard closing == 0 else {
            self.position = start &+ closing.trailingZeroBitCount &+ 1
            return true
        }
        // The next block begins with an escape that this one would cut.
        self.position = start &+ StringMasks.count &- Int(truncatingIfNeeded: masks.escapes &>> 63)
        return false
    }

    /// Reads what the masks of the block here leave open, and stops after the last of it.
    @_lifetime(self: copy self)
    @inline(never)
    private mutating func scanRare(_ rare: UInt64, escaped: UInt64) throws(JSONError) {
        let start = self.position
        var rare = rare
        while rare != 0 {
            let index = rare.trailingZeroBitCount
            let isEscaped = escaped &>> UInt64(truncatingIfNeeded: index) & 1 != 0
            self.position = start &+ index &- (isEscaped ? 1 : 0)
            // The closing quote is none of these.
            _ = try self.scanCharacter()
            let length = self.position &- start
            guard length < StringMasks.count else { return }
            // What was read as part of the character is no longer rare.
            rare &= ~0 &<< UInt64(truncatingIfNeeded: length)
        }
    }

    /// Reads one character, or several that are not ASCII. True after the closing quote.
    @_lifetime(self: copy self)
    @inline(__always)
    private mutating func scanCharacter() throws(JSONError) -> Bool {
        switch self.bytes[self.position] {
        case UInt8(ascii: "\\"):
            self.hasEscapes = true
            try self.scanEscape()
        case UInt8(ascii: "\""):
            self.position &+= 1
            return true
        case 0x80...:
            try self.scanMultibyteRun()
        case 0..<0x20:
            throw JSONError(.controlCharacterInString, at: self.position)
        default:
            self.position &+= 1
        }
        return false
    }

    @_lifetime(self: copy self)
    @inline(__always)
    private mutating func scanEscape() throws(JSONError) {
        switch self.byte(at: self.position + 1) {
        case UInt8(ascii: "n"), UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "t"), UInt8(ascii: "/"),
            UInt8(ascii: "b"), UInt8(ascii: "f"), UInt8(ascii: "r"):
            self.position += 2
        case UInt8(ascii: "u"):
            try self.scanUnicodeEscape()
        case .none:
            throw JSONError(.unexpectedEnd, at: self.position + 1)
        default:
            throw JSONError(.invalidEscape, at: self.position)
        }
    }

    @_lifetime(self: copy self)
    private mutating func scanUnicodeEscape() throws(JSONError) {
        let unit = try self.codeUnit(at: self.position + 2)
        self.position += 6
        guard unit & 0xF800 == 0xD800 else { return }
        let isHigh = unit & 0xFC00 == 0xD800
        if isHigh, self.byte(at: self.position) == UInt8(ascii: "\\"),
            self.byte(at: self.position + 1) == UInt8(ascii: "u"),
            let first = self.byte(at: self.position + 2), let second = self.byte(at: self.position + 3),
            // Looked at before it is read: another escape is read when its turn comes.
            SurrogateDigits(first, second) == .low, try self.codeUnit(at: self.position + 2) & 0xFC00 == 0xDC00
        {
            self.position += 6
        } else {
            self.hasLoneSurrogate = true
        }
    }

    private func codeUnit(at offset: Int) throws(JSONError) -> UInt16 {
        var unit: UInt16 = 0
        for index in offset..<offset + 4 {
            guard let byte = self.byte(at: index) else { throw JSONError(.unexpectedEnd, at: self.bytes.count) }
            guard let digit = hexadecimalDigit(byte) else { throw JSONError(.invalidEscape, at: index) }
            unit = unit << 4 | UInt16(digit)
        }
        return unit
    }

    /// Characters of two and three bytes as long as they follow each other: nearly all text that is not ASCII.
    @_lifetime(self: copy self)
    @inline(never)
    private mutating func scanMultibyteRun() throws(JSONError) {
        // A local variable stays in a register, which makes this loop twice as fast.
        var position = self.position
        while position + 4 <= self.bytes.count {
            let word = unsafe UInt32(
                littleEndian: self.bytes.bytes.unsafeLoadUnaligned(fromByteOffset: position, as: UInt32.self))
            // Three bytes at once: the marks of the lead byte and of the two that must follow it.
            if word & 0x00C0_C0F0 == 0x0080_80E0 {
                // The five highest bits of the code point: none set is an overlong form, 11011 is a surrogate.
                let high = word & 0x200F
                guard high != 0, high != 0x200D else { throw JSONError(.invalidUTF8, at: position) }
                position += 3
            } else if word & 0xC0E0 == 0x80C0, word & 0x1E != 0 {
                // Two bytes; none of the four bits set is an overlong form.
                position += 2
            } else if word & 0x80 == 0 {
                self.position = position
                return
            } else {
                self.position = position
                try self.scanMultibyteCharacter()
                position = self.position
            }
        }
        self.position = position
        // What is left at the end of the document is too short for a word.
        if let byte = self.byte(at: position), byte >= 0x80 { try self.scanMultibyteCharacter() }
    }

    /// RFC 3629: no overlong forms, no surrogates, nothing above U+10FFFF.
    @_lifetime(self: copy self)
    private mutating func scanMultibyteCharacter() throws(JSONError) {
        let start = self.position
        guard let lead = self.byte(at: start) else { return }
        let second: ClosedRange<UInt8>
        let length: Int
        switch lead {
        case 0xC2...0xDF: (second, length) = (0x80...0xBF, 2)
        case 0xE0: (second, length) = (0xA0...0xBF, 3)
        case 0xE1...0xEC, 0xEE, 0xEF: (second, length) = (0x80...0xBF, 3)
        case 0xED: (second, length) = (0x80...0x9F, 3)
        case 0xF0: (second, length) = (0x90...0xBF, 4)
        case 0xF1...0xF3: (second, length) = (0x80...0xBF, 4)
        case 0xF4: (second, length) = (0x80...0x8F, 4)
        default: throw JSONError(.invalidUTF8, at: start)
        }
        guard let next = self.byte(at: start + 1), second.contains(next) else {
            throw JSONError(.invalidUTF8, at: start)
        }
        for offset in 2..<max(length, 2) {
            guard let next = self.byte(at: start + offset), next & 0xC0 == 0x80 else {
                throw JSONError(.invalidUTF8, at: start)
            }
        }
        self.position = start + length
    }

    private func byte(at offset: Int) -> UInt8? {
        offset < self.bytes.count ? self.bytes[offset] : nil
    }
}
