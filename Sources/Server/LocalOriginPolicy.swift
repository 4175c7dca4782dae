// SPDX-License-Identifier: Apache-2.0

/// Keeps web pages away from a server that only means to serve this machine.
///
/// A page can make the user's browser send requests here, by address (cross-site request forgery) or by a name of its own
/// that it lets resolve to a loopback address (DNS rebinding). The browser cannot be made to lie about either: the first
/// shows in `Origin` and `Sec-Fetch-Site`, the second in `Host`.
struct LocalOriginPolicy: Sendable {
    /// Whether there is anything to check: only a connection that came over the loopback interface is presumed to be local.
    private let isEnforced: Bool
    private let allowed: [HostName]
    /// What nearly every client sends, so that it need not be taken apart for each request.
    private let usual: [String]

    /// `address` is our end of the connection.
    init(address: ListeningAddress?, allowedHosts: [String]) {
        let own = address.flatMap {
            HostName(authority: $0.port == nil ? "" : ListeningAddress(host: $0.host, port: 0).description)
        }
        let port = address?.port.map { ":\($0)" } ?? ""
        self.usual = ["127.0.0.1\(port)", "localhost\(port)", "[::1]\(port)"]
        self.isEnforced = own?.isLoopback ?? false
        self.allowed = allowedHosts.compactMap { HostName(authority: $0) } + (own.map { [$0] } ?? [])
    }

    /// What the request says that no local client would say, or nothing.
    func objection(host: String?, origin: String?, fetchSite: String?) -> String? {
        guard self.isEnforced else { return nil }
        // A client of HTTP/1.0 may leave the host out; a browser never does.
        if let host, !self.usual.contains(host), !self.admits(HostName(authority: host)) { return host }
        if let origin { return self.admits(HostName(origin: origin)) ? nil : origin }
        // A navigation or an image carries no origin, but says that it comes from elsewhere.
        if let fetchSite, fetchSite.isCaselessly("cross-site") { return fetchSite }
        return nil
    }

    private func admits(_ host: HostName?) -> Bool {
        guard let host else { return false }
        return host.isLoopback || self.allowed.contains(host)
    }
}
