// SPDX-License-Identifier: Apache-2.0

/// How far away a host is, judged by its name alone: nothing is looked up.
package enum HostScope: Sendable, Equatable {
    /// This machine.
    case loopback
    /// A network that the user, or the user's company, runs.
    case `private`
    case `public`

    /// `host` is in lower case, without brackets.
    package init(_ host: String) {
        let labels = host.split(separator: ".", omittingEmptySubsequences: false)
        let octets = labels.compactMap { UInt8($0) }
        if octets.count == 4, labels.count == 4 {
            self = Self.scope(ofIPv4: octets)
        } else if host.contains(":") {
            self = Self.scope(ofIPv6: host)
        } else if host == "localhost" || host.hasSuffix(".localhost") {
            self = .loopback
        } else if Self.looksNumeric(labels) {
            // "2130706433" and "0x7f.1" are IPv4 addresses to the resolver, and no two programs agree on which.
            self = .public
        } else if labels.count == 1 || Self.privateSuffixes.contains(where: { host.hasSuffix($0) }) {
            self = .private
        } else {
            self = .public
        }
    }

    /// RFC 6762 (`local`), RFC 8375 (`home.arpa`), and what ICANN has reserved for private use (`internal`).
    private static let privateSuffixes = [".local", ".home.arpa", ".internal", ".lan"]

    private static func scope(ofIPv4 octets: [UInt8]) -> HostScope {
        switch (octets[0], octets[1]) {
        case (127, _): .loopback
        case (10, _), (192, 168), (169, 254): .private
        case (172, let second) where (16...31).contains(second): .private
        // Carrier-grade NAT, RFC 6598, which private overlay networks use too.
        case (100, let second) where (64...127).contains(second): .private
        default: .public
        }
    }

    private static func scope(ofIPv6 host: String) -> HostScope {
        if host == "::1" { return .loopback }
        let first = host.prefix { $0 != ":" }
        // Unique local fc00::/7 and link-local fe80::/10.
        guard first.count == 4, let bits = UInt16(first, radix: 16) else { return .public }
        return bits & 0xfe00 == 0xfc00 || bits & 0xffc0 == 0xfe80 ? .private : .public
    }

    private static func looksNumeric(_ labels: [Substring]) -> Bool {
        labels.last.map { $0.hasPrefix("0x") || (!$0.isEmpty && $0.allSatisfy(\.isNumber)) } ?? false
    }
}
