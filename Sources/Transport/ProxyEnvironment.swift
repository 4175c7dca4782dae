// SPDX-License-Identifier: Apache-2.0

import Shared

/// A proxy as the environment names it.
struct Proxy: Sendable, Equatable {
    /// For libcurl, with the user and password where it has them.
    let url: String

    /// Host and port, for a message.
    var name: String {
        let rest = self.url.firstRange(of: "://").map { self.url[$0.upperBound...] } ?? self.url[...]
        let authority = rest.prefix { $0 != "/" && $0 != "?" && $0 != "#" }
        // The last one: a password may have an "@" of its own.
        return String(authority.lastIndex(of: "@").map { authority[authority.index(after: $0)...] } ?? authority)
    }
}

/// Which upstreams are asked through a proxy, by the variables that curl and most programs go by: `http_proxy`,
/// `https_proxy`, `all_proxy` and `no_proxy`.
///
/// This machine is never asked through a proxy, whatever `no_proxy` says: the proxy would look for the upstream on its own
/// machine, and would be given the key.
package struct ProxyEnvironment: Sendable, Equatable {
    private var plain: Proxy?
    private var secure: Proxy?
    private var exceptions = ProxyExceptions(list: "")
    /// Names of this machine.
    private var localNames: Set<String> = []

    /// No proxy for anything.
    package init() {}

    /// - Parameters:
    ///   - environment: the variables of the process.
    ///   - hosts: gives the text of `/etc/hosts`, whose names of loopback addresses are names of this machine. Asked for
    ///     only if there is a proxy.
    package init(_ environment: [String: String], hosts: () -> String) {
        // An empty variable says "no proxy". There is no upper-case form of the first, as with curl: a web server sets that
        // one for its programs from a header of the request.
        let all = environment["all_proxy"] ?? environment["ALL_PROXY"]
        self.plain = Self.proxy(environment["http_proxy"] ?? all)
        self.secure = Self.proxy(environment["https_proxy"] ?? environment["HTTPS_PROXY"] ?? all)
        guard self.plain != nil || self.secure != nil else { return }
        self.exceptions = ProxyExceptions(list: environment["no_proxy"] ?? environment["NO_PROXY"] ?? "")
        self.localNames = Self.loopbackNames(inHosts: hosts())
    }

    /// Nil when the upstream is asked directly.
    func proxy(for url: CurlURL) -> Proxy? {
        guard let proxy = url.isPlain ? self.plain : self.secure else { return nil }
        let host = url.host.hasSuffix(".") ? String(url.host.dropLast()) : url.host
        let isThisMachine =
            HostScope(host) == .loopback || IPAddress(host)?.isUnspecified == true || self.localNames.contains(host)
        return isThisMachine || self.exceptions.contains(host) ? nil : proxy
    }

    private static func proxy(_ value: String?) -> Proxy? {
        guard let value, !value.isEmpty else { return nil }
        return Proxy(url: value)
    }

    /// The names that hosts(5) gives to loopback addresses, in lower case.
    private static func loopbackNames(inHosts text: String) -> Set<String> {
        var names: Set<String> = []
        for line in text.split(whereSeparator: \.isNewline) {
            let words = line.prefix { $0 != "#" }.split { $0 == " " || $0 == "\t" }
            guard let address = words.first, IPAddress(String(address))?.isLoopback == true else { continue }
            for name in words.dropFirst() { names.insert(name.lowercased()) }
        }
        return names
    }
}

/// The hosts that `no_proxy` names: domains, which stand for all below them too, addresses, networks, or `*` for all.
struct ProxyExceptions: Sendable, Equatable {
    private enum Pattern: Sendable, Equatable {
        case all
        case domain(String)
        case network(IPAddress, prefix: Int)
    }

    private let patterns: [Pattern]

    /// - Parameter list: separated by commas or blanks.
    init(list: String) {
        self.patterns = list.split { $0 == "," || $0 == " " || $0 == "\t" }.compactMap { Self.pattern($0.lowercased()) }
    }

    /// `host` is in lower case, without brackets and without the root's dot.
    func contains(_ host: String) -> Bool {
        let address = IPAddress(host)
        return self.patterns.contains { pattern in
            switch pattern {
            case .all: true
            case .domain(let domain): address == nil && (host == domain || host.hasSuffix("." + domain))
            case .network(let network, let prefix): address?.isInside(network, prefix: prefix) ?? false
            }
        }
    }

    private static func pattern(_ text: String) -> Pattern? {
        if text == "*" { return .all }
        let parts = text.filter { $0 != "[" && $0 != "]" }.split(separator: "/", maxSplits: 1)
        if let address = parts.first.flatMap({ IPAddress(String($0)) }) {
            let width = if case .v4 = address { 32 } else { 128 }
            guard let prefix = parts.count == 1 ? width : Int(parts[1]) else { return nil }
            return .network(address, prefix: prefix)
        }
        // ".example.com" and "*.example.com" are other ways to write "example.com".
        let domain = text.drop { $0 == "*" || $0 == "." }
        let name = domain.hasSuffix(".") ? domain.dropLast() : domain
        return name.isEmpty ? nil : .domain(String(name))
    }
}
