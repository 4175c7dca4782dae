// SPDX-License-Identifier: Apache-2.0

/// Keeps web pages away from a server that only means to serve this machine.
///
/// A page can make the user's browser send requests here, by address (cross-site request forgery) or by a name of its own
/// that it lets resolve to a loopback address (DNS rebinding). The browser cannot be made to lie about either: the first
/// shows in `Origin` and `Sec-Fetch-Site`, the second in `Host`.
struct LocalOriginPolicy: Sendable {
    /// Whether there is anything to check: only a connection that came over the loopback interface is presumed to be local.
    private let isEnforced: Bool
    /// Our end of the connection.
    private let own: Authority?
    private let allowed: [Authority]
    /// What nearly every client sends, so that it need not be taken apart for each request.
    private let usual: [String]

    /// - Parameters:
    ///   - address: our end of the connection.
    ///   - allowedHosts: names by which clients may reach us, and from which pages may come; with a port, pages from that
    ///     port only.
    init(address: ListeningAddress?, allowedHosts: [String]) {
        self.own = address.flatMap { $0.port == nil ? nil : Authority($0.description) }
        let port = address?.port.map { ":\($0)" } ?? ""
        self.usual = ["127.0.0.1\(port)", "localhost\(port)", "[::1]\(port)"]
        // An IPv4 client of a listener for all addresses of IPv6 is met at ::ffff:127.0.0.1.
        self.isEnforced = self.own?.host.isLoopback ?? false
        self.allowed = allowedHosts.compactMap { Authority($0) }
    }

    /// What the request says that no local client would say, or nothing.
    func objection(host: String?, origin: String?, fetchSite: String?) -> String? {
        guard self.isEnforced else { return nil }
        // A client of HTTP/1.0 may leave the host out; a browser never does.
        if let host, !self.usual.contains(host), !self.isOurs(HostName(authority: host)) { return host }
        if let origin { return self.admits(Authority(origin: origin)) ? nil : origin }
        // A navigation or an image carries no origin, but says that it comes from elsewhere.
        if let fetchSite, fetchSite.isCaselessly("cross-site") { return fetchSite }
        return nil
    }

    private func isOurs(_ host: HostName?) -> Bool {
        guard let host else { return false }
        return host.isLoopback || host == self.own?.host || self.allowed.contains { $0.host == host }
    }

    /// Whether requests of the page are served.
    private func admits(_ page: Authority?) -> Bool {
        guard let page else { return false }
        // A page of another server on this machine is as foreign as any: what that server shows may have been written
        // by any site.
        if page.port == self.own?.port, page.host.isLoopback || page.host == self.own?.host { return true }
        return self.allowed.contains { $0.host == page.host && ($0.port == nil || $0.port == page.port) }
    }
}
