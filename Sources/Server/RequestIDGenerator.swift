// SPDX-License-Identifier: Apache-2.0

import Synchronization

/// Makes the identities of requests: unique in this process, unlikely to repeat in another, and without a system call each.
final class RequestIDGenerator: Sendable {
    // Another process begins elsewhere, so that its identities are others.
    private let counter = Atomic<UInt64>(UInt64.random(in: .min ... .max))

    func next() -> String {
        var value = Self.mixed(self.counter.wrappingAdd(1, ordering: .relaxed).newValue)
        return unsafe String(unsafeUninitializedCapacity: 20) { text in
            for (index, byte) in "req_".utf8.enumerated() { unsafe text[index] = byte }
            for index in stride(from: 19, through: 4, by: -1) {
                unsafe text[index] = Self.digit(UInt8(truncatingIfNeeded: value & 15))
                value >>= 4
            }
            return 20
        }
    }

    private static func digit(_ value: UInt8) -> UInt8 {
        value < 10 ? UInt8(ascii: "0") + value : UInt8(ascii: "a") + value - 10
    }

    /// A bijection of 64-bit numbers (the finalizer of SplitMix64): neighbours look unrelated, and nothing repeats.
    private static func mixed(_ value: UInt64) -> UInt64 {
        var mixed = value
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
