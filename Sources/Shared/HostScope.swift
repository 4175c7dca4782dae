// SPDX-License-Identifier: Apache-2.0

/// How far away a host is, judged by its name alone: nothing is looked up.
public enum HostScope: Sendable, Equatable {
    /// This machine.
    case loopback
    /// A network that the user, or the user's company, runs.
    case `private`
    case `public`

    /// `host` is in lower case, without brackets.
    public init(_ host: String) {
        if let address = IPAddress(host) {
            self = Self.scope(of: address)
            return
        }
        // A dot at the end makes a name absolute for the resolver and changes nothing else.
        let name = host.hasSuffix(".") ? host.dropLast() : host[...]
        let labels = name.split(separator: ".", omittingEmptySubsequences: false)
        if name == "localhost" || name.hasSuffix(".localhost") {
            self = .loopback
        } else if host.contains(":") || Self.looksNumeric(labels) {
            // "2130706433" and "0x7f.1" are IPv4 addresses to the resolver, and no two programs agree on which.
            self = .public
        } else if labels.count == 1 || Self.privateSuffixes.contains(where: { name.hasSuffix($0) }) {
            self = .private
        } else {
            self = .public
        }
    }

    /// RFC 6762 (`local`), RFC 8375 (`home.arpa`), and what ICANN has reserved for private use (`internal`).
    private static let privateSuffixes = [".local", ".home.arpa", ".internal", ".lan"]

    /// RFC 1918, link-local addresses, carrier-grade NAT (RFC 6598), which private overlay networks use too, and the unique
    /// local and link-local addresses of IPv6.
    private static let privateNetworks: [(network: IPAddress, prefix: Int)] = [
        (.v4(0x0A00_0000), 8), (.v4(0xC0A8_0000), 16), (.v4(0xA9FE_0000), 16), (.v4(0xAC10_0000), 12),
        (.v4(0x6440_0000), 10), (.v6(high: 0xFC00 << 48, low: 0), 7), (.v6(high: 0xFE80 << 48, low: 0), 10),
    ]

    private static func scope(of address: IPAddress) -> HostScope {
        if address.isLoopback { return .loopback }
        return Self.privateNetworks.contains { address.isInside($0.network, prefix: $0.prefix) } ? .private : .public
    }

    private static func looksNumeric(_ labels: [Substring]) -> Bool {
        // The last label decides: no top-level domain is a number.
        labels.last.map { $0.hasPrefix("0x") || (!$0.isEmpty && $0.allSatisfy(\.isNumber)) } ?? false
    }
}
