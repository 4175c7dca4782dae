// SPDX-License-Identifier: Apache-2.0

import CByteMasks

/// Sixteen bytes that are looked at together. Every search through text goes through here.
///
/// The operands are whole vectors on purpose: with a scalar operand the standard library's generic operator is chosen,
/// which goes lane by lane and took thirty times as long (Swift 6.3).
struct ByteBlock {
    static let count = 16

    private let lanes: SIMD16<UInt8>

    /// The bytes at `offset`, which must all lie in `bytes`.
    @inline(__always)
    init(_ bytes: Span<UInt8>, at offset: Int) {
        // The offset is checked; unsafe is only that any bytes make a vector, and they do.
        self.lanes = unsafe bytes.bytes.unsafeLoadUnaligned(fromByteOffset: offset, as: SIMD16<UInt8>.self)
    }

    /// Writes all bytes to `destination`, where there must be room for them.
    @inline(__always)
    @unsafe func store(to destination: UnsafeMutablePointer<UInt8>) {
        unsafe UnsafeMutableRawPointer(destination).storeBytes(of: self.lanes, as: SIMD16<UInt8>.self)
    }

    // Of each, a bit for each byte; the first byte's is the lowest.

    /// Carriage returns and line feeds.
    @inline(__always)
    var lineEnds: UInt64 { Self.bits((self.lanes .== Self.lineFeed) .| (self.lanes .== Self.carriageReturn)) }

    /// What has to be escaped in a JSON string.
    @inline(__always)
    var toEscape: UInt64 {
        Self.bits((self.lanes .< Self.space) .| (self.lanes .== Self.quote) .| (self.lanes .== Self.backslash))
    }

    /// What may begin or end a quotation or a line, as it stands inside a JSON string: escapes, back quotes,
    /// apostrophes, and the first bytes of other quotation marks.
    @inline(__always)
    var quotationMarks: UInt64 {
        Self.bits(
            (self.lanes .== Self.backslash) .| (self.lanes .== Self.backQuote) .| (self.lanes .== Self.apostrophe)
                .| (self.lanes .== SIMD16(repeating: 0xC2)) .| (self.lanes .== SIMD16(repeating: 0xE2))
                .| (self.lanes .== SIMD16(repeating: 0xE3)))
    }

    @inline(__always)
    func places(of byte: UInt8) -> UInt64 { Self.bits(self.lanes .== SIMD16(repeating: byte)) }

    @inline(__always)
    func places(equalTo other: ByteBlock) -> UInt64 { Self.bits(self.lanes .== other.lanes) }

    @inline(__always)
    var quotes: UInt64 { Self.bits(self.lanes .== Self.quote) }

    @inline(__always)
    var backslashes: UInt64 { Self.bits(self.lanes .== Self.backslash) }

    /// The letters of the escapes that code is full of.
    @inline(__always)
    var commonEscapes: UInt64 { Self.bits((self.lanes .== Self.letterN) .| (self.lanes .== Self.letterT)) }

    /// What is not itself in a JSON string, or is part of a character that is not ASCII.
    @inline(__always)
    var specials: UInt64 {
        let isLow = unsafe unsafeBitCast(self.lanes, to: SIMD16<Int8>.self) .< Self.signedSpace
        return Self.bits(isLow .| (self.lanes .== Self.quote) .| (self.lanes .== Self.backslash))
    }

    /// Control characters, and what is part of a character that is not ASCII.
    @inline(__always)
    var controlsAndMultibyte: UInt64 {
        // As signed numbers, those that are not ASCII are negative.
        Self.bits(unsafe unsafeBitCast(self.lanes, to: SIMD16<Int8>.self) .< Self.signedSpace)
    }

    @inline(__always)
    private static func bits(_ matches: SIMDMask<SIMD16<Int8>>) -> UInt64 {
        // A mask's lanes are -1 where it is true, and 0 elsewhere.
        UInt64(truncatingIfNeeded: qp_bits_of_lanes(unsafe unsafeBitCast(matches, to: SIMD16<Int8>.self)))
    }

    private static var lineFeed: SIMD16<UInt8> { SIMD16(repeating: UInt8(ascii: "\n")) }
    private static var carriageReturn: SIMD16<UInt8> { SIMD16(repeating: UInt8(ascii: "\r")) }
    private static var quote: SIMD16<UInt8> { SIMD16(repeating: UInt8(ascii: "\"")) }
    private static var backslash: SIMD16<UInt8> { SIMD16(repeating: UInt8(ascii: "\\")) }
    private static var backQuote: SIMD16<UInt8> { SIMD16(repeating: UInt8(ascii: "`")) }
    private static var apostrophe: SIMD16<UInt8> { SIMD16(repeating: UInt8(ascii: "'")) }
    private static var letterN: SIMD16<UInt8> { SIMD16(repeating: UInt8(ascii: "n")) }
    private static var letterT: SIMD16<UInt8> { SIMD16(repeating: UInt8(ascii: "t")) }
    private static var space: SIMD16<UInt8> { SIMD16(repeating: UInt8(ascii: " ")) }
    private static var signedSpace: SIMD16<Int8> { SIMD16(repeating: 0x20) }
}
