// SPDX-License-Identifier: Apache-2.0

/// A fingerprint of everything that was added so far. It tells prompts of one client apart; it does not withstand an attack,
/// which would only spoil the counts of the attacker's own prompts.
struct PrefixHash {
    private(set) var value: UInt64 = 0x2D35_8DCC_AA6C_78A5

    private static let first: UInt64 = 0x8BB8_4B93_962E_ACC9
    private static let second: UInt64 = 0x4B33_A62E_D433_D4A3
    /// A text up to here, in bytes, is read whole.
    private static let wholeLength = 512
    /// Of a text up to here a quarter is read.
    private static let mediumLength = 4_096

    mutating func add(_ number: Int) { self.add(UInt64(truncatingIfNeeded: number)) }

    mutating func add(_ hash: UInt64) { self.mix(hash, 0) }

    /// The fingerprint of one text alone. Of a long one a part is read, evenly spread: to read it all, for each request of
    /// a conversation, would take a tenth of the request's time, and two files that differ elsewhere only, by the same number
    /// of bytes, have nearly the same number of tokens.
    static func hash(of text: Span<UInt8>, in range: Range<Int>) -> UInt64 {
        unsafe text.extracting(range).withUnsafeBytes { bytes in unsafe Self.hash(of: bytes) }
    }

    private static func hash(of bytes: UnsafeRawBufferPointer) -> UInt64 {
        // Four lanes, because a step of one has to wait for the step before.
        var (one, two, three, four) = (Self(value: 1), Self(value: 2), Self(value: 3), Self(value: 4))
        var position = 0
        let blocks = bytes.count & ~63
        let stride = bytes.count <= Self.wholeLength ? 64 : bytes.count <= Self.mediumLength ? 256 : 1_024
        while position < blocks {
            unsafe one.mix(bytes, at: position)
            unsafe two.mix(bytes, at: position &+ 16)
            unsafe three.mix(bytes, at: position &+ 32)
            unsafe four.mix(bytes, at: position &+ 48)
            position &+= stride
        }
        position = blocks
        let pairs = bytes.count & ~15
        while position < pairs {
            unsafe one.mix(bytes, at: position)
            position &+= 16
        }
        var (low, high) = (UInt64(0), UInt64(0))
        for index in pairs..<bytes.count {
            high = high << 8 | low >> 56
            low = unsafe low << 8 | UInt64(bytes[index])
        }
        two.mix(low, high)
        one.mix(two.value, three.value)
        // The length, because a text with zeros at its end would be the same as one without.
        one.mix(four.value, UInt64(truncatingIfNeeded: bytes.count))
        return one.value
    }

    /// Sixteen bytes, all of which are there.
    @inline(__always)
    private mutating func mix(_ bytes: UnsafeRawBufferPointer, at position: Int) {
        self.mix(
            unsafe bytes.loadUnaligned(fromByteOffset: position, as: UInt64.self),
            unsafe bytes.loadUnaligned(fromByteOffset: position &+ 8, as: UInt64.self))
    }

    @inline(__always)
    private mutating func mix(_ low: UInt64, _ high: UInt64) {
        let product = (low ^ Self.first ^ self.value).multipliedFullWidth(by: high ^ Self.second)
        // A product can be zero, and what was there before must not be lost then.
        self.value = (product.high ^ product.low) &+ (self.value << 23 | self.value >> 41)
    }
}
