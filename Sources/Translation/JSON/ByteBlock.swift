// SPDX-License-Identifier: Apache-2.0

/// Sixteen bytes that are looked at together. Every search through text goes through here.
///
/// The operands are whole vectors on purpose: with a scalar operand the standard library's generic operator is chosen,
/// which goes lane by lane and took thirty times as long (Swift 6.3).
struct ByteBlock {
    static let count = 16

    private let lanes: SIMD16<UInt8>

    /// The bytes at `offset`, which must all lie in `bytes`.
    init(_ bytes: Span<UInt8>, at offset: Int) {
        // The offset is checked; unsafe is only that any bytes make a vector, and they do.
        self.lanes = unsafe bytes.bytes.unsafeLoadUnaligned(fromByteOffset: offset, as: SIMD16<UInt8>.self)
    }

    /// Writes all bytes to `destination`, where there must be room for them.
    @inline(__always)
    @unsafe func store(to destination: UnsafeMutablePointer<UInt8>) {
        unsafe UnsafeMutableRawPointer(destination).storeBytes(of: self.lanes, as: SIMD16<UInt8>.self)
    }

    /// The index of the first carriage return or line feed.
    var firstLineEnd: Int? {
        Self.firstMatch((self.lanes .== Self.lineFeed) .| (self.lanes .== Self.carriageReturn))
    }

    /// One bit for each byte that is not itself in a JSON string, or is part of a character that is not ASCII; the
    /// first byte's is the lowest.
    @inline(__always)
    var notPlainInString: UInt64 {
        // Subtracting wraps what is below the space to where the bytes that are not ASCII come to lie.
        Self.bits(
            (self.lanes &- Self.space .>= Self.asciiWithoutControls)
                .| (self.lanes .== Self.quote)
                .| (self.lanes .== Self.backslash))
    }

    /// The index of the first byte that has to be escaped in a JSON string.
    var firstToEscape: Int? {
        Self.firstMatch(
            (self.lanes .< Self.space) .| (self.lanes .== Self.quote) .| (self.lanes .== Self.backslash))
    }

    /// Each lane keeps a bit of its own; multiplying adds those of a half up in its highest byte.
    @inline(__always)
    private static func bits(_ matches: SIMDMask<SIMD16<Int8>>) -> UInt64 {
        let halves = unsafe unsafeBitCast(
            unsafeBitCast(matches, to: SIMD16<UInt8>.self) & Self.bitOfLane, to: SIMD2<UInt64>.self)
        let ones: UInt64 = 0x0101_0101_0101_0101
        return (halves[0] &* ones) &>> 56 | ((halves[1] &* ones) &>> 56) &<< 8
    }

    private static func firstMatch(_ matches: SIMDMask<SIMD16<Int8>>) -> Int? {
        let halves = unsafe unsafeBitCast(matches, to: SIMD2<UInt64>.self)
        guard halves[0] | halves[1] != 0 else { return nil }
        return halves[0] != 0
            ? halves[0].trailingZeroBitCount >> 3 : Self.count / 2 + halves[1].trailingZeroBitCount >> 3
    }

    private static var bitOfLane: SIMD16<UInt8> {
        SIMD16(1, 2, 4, 8, 16, 32, 64, 128, 1, 2, 4, 8, 16, 32, 64, 128)
    }
    private static var lineFeed: SIMD16<UInt8> { SIMD16(repeating: UInt8(ascii: "\n")) }
    private static var carriageReturn: SIMD16<UInt8> { SIMD16(repeating: UInt8(ascii: "\r")) }
    private static var quote: SIMD16<UInt8> { SIMD16(repeating: UInt8(ascii: "\"")) }
    private static var backslash: SIMD16<UInt8> { SIMD16(repeating: UInt8(ascii: "\\")) }
    private static var space: SIMD16<UInt8> { SIMD16(repeating: UInt8(ascii: " ")) }
    private static var asciiWithoutControls: SIMD16<UInt8> { SIMD16(repeating: 0x60) }
}
