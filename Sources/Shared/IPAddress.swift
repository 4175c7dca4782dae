// SPDX-License-Identifier: Apache-2.0

import Glibc

/// An IPv4 or IPv6 address. An IPv4 address inside an IPv6 one (`::ffff:127.0.0.1`, RFC 4291, section 2.5.5.2) is the
/// IPv4 address: both reach the same machine.
public enum IPAddress: Sendable, Hashable {
    case v4(UInt32)
    case v6(high: UInt64, low: UInt64)

    /// Nil unless `text` is the usual form of an address: four decimal numbers, or the hexadecimal groups of RFC 4291,
    /// without brackets and without a zone.
    public init?(_ text: String) {
        var four = in_addr()
        // Not inet_aton, which also takes `127.1` and octal numbers that other programs read differently.
        if unsafe inet_pton(AF_INET, text, &four) == 1 {
            self = .v4(UInt32(bigEndian: four.s_addr))
            return
        }
        var six = in6_addr()
        guard unsafe inet_pton(AF_INET6, text, &six) == 1 else { return nil }
        self.init(bytes: unsafe withUnsafeBytes(of: &six) { unsafe Array($0) })
    }

    /// - Parameter bytes: sixteen of them, in the order of the network.
    private init(bytes: [UInt8]) {
        func number(_ part: ArraySlice<UInt8>) -> UInt64 { part.reduce(0) { $0 << 8 | UInt64($1) } }
        let (high, low) = (number(bytes[..<8]), number(bytes[8...]))
        self = high == 0 && low >> 32 == 0xFFFF ? .v4(UInt32(truncatingIfNeeded: low)) : .v6(high: high, low: low)
    }

    /// The address of this machine for itself: 127.0.0.0/8 and `::1`.
    public var isLoopback: Bool { self.isInside(.v4(0x7F00_0000), prefix: 8) || self == .v6(high: 0, low: 1) }

    /// What a listener takes for "every address of this machine", and a client for this machine.
    public var isUnspecified: Bool { self == .v4(0) || self == .v6(high: 0, low: 0) }

    /// Whether the first `prefix` bits are those of `network`. No address of the one kind is in a network of the other.
    public func isInside(_ network: IPAddress, prefix: Int) -> Bool {
        switch (self, network) {
        case (.v4(let address), .v4(let network)):
            (0...32).contains(prefix) && (address ^ network) >> (32 - prefix) == 0
        case (.v6(let high, let low), .v6(let networkHigh, let networkLow)):
            // A shift by the whole width gives 0, by more than that as well.
            (0...128).contains(prefix)
                && (high ^ networkHigh) >> max(0, 64 - prefix) == 0
                && (prefix <= 64 || (low ^ networkLow) >> (128 - prefix) == 0)
        case (.v4, .v6), (.v6, .v4):
            false
        }
    }
}
