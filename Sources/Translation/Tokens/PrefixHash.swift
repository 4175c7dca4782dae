// SPDX-License-Identifier: Apache-2.0

/// A fingerprint of everything that was added so far, some bytes in a nanosecond. It tells prompts of one client apart; it
/// does not withstand an attack, which would only spoil the counts of the attacker's own prompts.
struct PrefixHash {
    private(set) var value: UInt64 = 0x2D35_8DCC_AA6C_78A5

    private static let first: UInt64 = 0x8BB8_4B93_962E_ACC9
    private static let second: UInt64 = 0x4B33_A62E_D433_D4A3

    mutating func add(_ number: Int) { self.mix(UInt64(truncatingIfNeeded: number), Self.second) }

    mutating func add(_ text: Span<UInt8>, in range: Range<Int>) {
        self.add(range.count)
        let raw = unsafe text.bytes
        var position = range.lowerBound
        while position + 16 <= range.upperBound {
            self.mix(
                unsafe raw.unsafeLoadUnaligned(fromByteOffset: position, as: UInt64.self),
                unsafe raw.unsafeLoadUnaligned(fromByteOffset: position + 8, as: UInt64.self))
            position += 16
        }
        var (low, high) = (UInt64(0), UInt64(0))
        while position < range.upperBound {
            high = high << 8 | low >> 56
            low = low << 8 | UInt64(text[position])
            position += 1
        }
        self.mix(low, high)
    }

    private mutating func mix(_ low: UInt64, _ high: UInt64) {
        let product = (low ^ Self.first ^ self.value).multipliedFullWidth(by: high ^ Self.second)
        self.value = (product.high ^ product.low) &+ self.value.multipliedReportingOverflow(by: Self.first).partialValue
    }
}
