// SPDX-License-Identifier: Apache-2.0

/// How much each byte of a text adds to its number of tokens, in 1/64 of a token. A byte's weight depends on its class
/// and on the byte before it, which is enough to tell where words begin, and little enough to weigh sixteen at a time.
enum TokenWeights {
    static let unit = 64

    private static let letter: UInt8 = 10
    /// On top, for the first letter of a word.
    private static let wordStart: UInt8 = 31
    /// On top, for a capital after a small letter (`camelCase`).
    private static let hump: UInt8 = 23
    /// Qwen's tokenizers never join digits.
    private static let digit: UInt8 = 85
    private static let punctuation: UInt8 = 9
    private static let backslash: UInt8 = 39
    /// A space after a space: indentation.
    private static let indentation: UInt8 = 5
    /// The first byte of a Latin letter with an accent, which breaks its word in two.
    private static let latinLead: UInt8 = 150
    /// The first byte of a Greek or Cyrillic letter, of a dash or a quotation mark.
    private static let otherLead: UInt8 = 36
    /// The first byte of a Chinese, Japanese or Korean character.
    private static let eastAsianLead: UInt8 = 48
    /// The first byte of a full-width comma and its like.
    private static let fullWidthLead: UInt8 = 40
    /// The first byte of an emoji and of what else is rare.
    private static let rareLead: UInt8 = 128

    /// The weight of all bytes in `range` but the first, which only counts as the byte before the second.
    static func weight(of bytes: Span<UInt8>, in range: Range<Int>) -> Int {
        var total = 0
        var position = range.lowerBound + 1
        let raw = unsafe bytes.bytes
        while position + 16 <= range.upperBound {
            // A lane holds two bytes' weights per block, at most 2 * 150, so that 200 blocks fit into 16 bits.
            let end = min(range.upperBound, position + 200 * 16)
            var lanes = SIMD8<UInt16>.zero
            while position + 16 <= end {
                // In bounds: `position` is after the first byte of the range, and sixteen bytes lie before its end.
                let block = unsafe raw.unsafeLoadUnaligned(fromUncheckedByteOffset: position, as: SIMD16<UInt8>.self)
                let before = unsafe raw.unsafeLoadUnaligned(
                    fromUncheckedByteOffset: position - 1, as: SIMD16<UInt8>.self)
                let pairs = unsafe unsafeBitCast(Self.weights(of: block, after: before), to: SIMD8<UInt16>.self)
                lanes &+= (pairs & SIMD8(repeating: 0xFF)) &+ (pairs &>> SIMD8(repeating: 8))
                position += 16
            }
            total += Int(SIMD8<UInt32>(truncatingIfNeeded: lanes).wrappedSum())
        }
        guard position < range.upperBound else { return total }
        return total + Self.tail(of: bytes, from: position, in: range)
    }

    /// The weight of sixteen bytes, of which the first is not the first of all.
    @inline(__always)
    static func weight(ofSixteen bytes: Span<UInt8>, at position: Int) -> Int {
        let raw = unsafe bytes.bytes
        let block = unsafe raw.unsafeLoadUnaligned(fromByteOffset: position, as: SIMD16<UInt8>.self)
        let before = unsafe raw.unsafeLoadUnaligned(fromByteOffset: position - 1, as: SIMD16<UInt8>.self)
        return Self.sum(Self.weights(of: block, after: before))
    }

    /// The last bytes, fewer than a vector. When there are enough before them, a vector that ends where they end is
    /// weighed, and what of it was weighed before is left out.
    private static func tail(of bytes: Span<UInt8>, from position: Int, in range: Range<Int>) -> Int {
        var block = SIMD16<UInt8>.zero
        var before = SIMD16<UInt8>.zero
        var mask = Self.all(0xFF)
        let start = range.upperBound - 16
        if start > range.lowerBound {
            let raw = unsafe bytes.bytes
            block = unsafe raw.unsafeLoadUnaligned(fromByteOffset: start, as: SIMD16<UInt8>.self)
            before = unsafe raw.unsafeLoadUnaligned(fromByteOffset: start - 1, as: SIMD16<UInt8>.self)
            mask = Self.mask(Self.lanes .>= Self.all(UInt8(position - start)))
        } else {
            for lane in 0..<range.upperBound - position {
                block[lane] = bytes[position + lane]
                before[lane] = bytes[position + lane - 1]
            }
        }
        return Self.sum(Self.weights(of: block, after: before) & mask)
    }

    @inline(__always)
    private static func sum(_ weights: SIMD16<UInt8>) -> Int {
        let pairs = unsafe unsafeBitCast(weights, to: SIMD8<UInt16>.self)
        let sums = (pairs & SIMD8(repeating: 0xFF)) &+ (pairs &>> SIMD8(repeating: 8))
        return Int(sums.wrappedSum())
    }

    private static var lanes: SIMD16<UInt8> { SIMD16(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15) }

    /// Every operand is a whole vector and every mask a vector of ones and zeros: with a scalar operand, and in
    /// `replacing(with:where:)`, the standard library goes lane by lane, a hundred times slower (Swift 6.3).
    @inline(__always)
    private static func weights(of block: SIMD16<UInt8>, after before: SIMD16<UInt8>) -> SIMD16<UInt8> {
        let isLetter = Self.mask((block | Self.all(0x20)) &- Self.all(UInt8(ascii: "a")), below: 26)
        let followsLetter = Self.mask((before | Self.all(0x20)) &- Self.all(UInt8(ascii: "a")), below: 26)
        let isCapital = Self.mask(block &- Self.all(UInt8(ascii: "A")), below: 26)
        let followsSmallLetter = Self.mask(before &- Self.all(UInt8(ascii: "a")), below: 26)
        let isDigit = Self.mask(block &- Self.all(UInt8(ascii: "0")), below: 10)
        let isGraphic = Self.mask(block &- Self.all(0x21), below: 0x5E)
        let isBackslash = Self.mask(block .== Self.all(UInt8(ascii: "\\")))
        let isSpace = Self.mask(block .== Self.all(0x20))
        let followsSpace = Self.mask(before .== Self.all(0x20))
        var weights = isLetter & Self.all(Self.letter)
        weights |= isDigit & Self.all(Self.digit)
        weights |= isGraphic & ((isLetter | isDigit) ^ Self.all(0xFF)) & Self.all(Self.punctuation)
        weights |= isSpace & followsSpace & Self.all(Self.indentation)
        weights &+= isLetter & (followsLetter ^ Self.all(0xFF)) & Self.all(Self.wordStart)
        weights &+= isCapital & followsSmallLetter & Self.all(Self.hump)
        weights &+= isBackslash & Self.all(Self.backslash - Self.punctuation)
        // Most text is ASCII.
        let halves = unsafe unsafeBitCast(block, to: SIMD2<UInt64>.self)
        guard (halves[0] | halves[1]) & 0x8080_8080_8080_8080 != 0 else { return weights }
        weights |= Self.mask(block &- Self.all(0xC0), below: 0x04) & Self.all(Self.latinLead)
        weights |= Self.mask(block &- Self.all(0xC4), below: 0x1F) & Self.all(Self.otherLead)
        weights |= Self.mask(block &- Self.all(0xE3), below: 0x0B) & Self.all(Self.eastAsianLead)
        weights |= Self.mask(block &- Self.all(0xEE), below: 0x02) & Self.all(Self.fullWidthLead)
        weights |= Self.mask(block &- Self.all(0xF0), below: 0x10) & Self.all(Self.rareLead)
        return weights
    }

    @inline(__always)
    private static func all(_ byte: UInt8) -> SIMD16<UInt8> { SIMD16(repeating: byte) }

    @inline(__always)
    private static func mask(_ lanes: SIMD16<UInt8>, below limit: UInt8) -> SIMD16<UInt8> {
        Self.mask(lanes .< Self.all(limit))
    }

    @inline(__always)
    private static func mask(_ lanes: SIMDMask<SIMD16<Int8>>) -> SIMD16<UInt8> {
        unsafe unsafeBitCast(lanes, to: SIMD16<UInt8>.self)
    }
}
