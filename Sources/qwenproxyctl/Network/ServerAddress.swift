// SPDX-License-Identifier: Apache-2.0

import Shared

/// Where a URL leads.
struct ServerAddress: Equatable {
    var isSecure: Bool
    /// Without the brackets of IPv6.
    var host: String
    var port: Int
    /// Without a slash at its end; empty for the root.
    var path: String

    /// Judged by the name alone: `127.example.com` is another machine.
    var isLoopback: Bool { HostScope(self.host.lowercased()) == .loopback }

    /// Nil for what is no http or https URL.
    init?(url: String) {
        guard url.hasPrefix("http://") || url.hasPrefix("https://") else { return nil }
        self.isSecure = url.hasPrefix("https://")
        let authority = url.drop { $0 != "/" }.drop { $0 == "/" }.prefix { $0 != "/" && $0 != "?" }
        let afterHost: Substring
        if authority.hasPrefix("[") {
            self.host = String(authority.dropFirst().prefix { $0 != "]" })
            afterHost = authority.drop { $0 != "]" }.dropFirst()
        } else {
            self.host = String(authority.prefix { $0 != ":" })
            afterHost = authority.drop { $0 != ":" }
        }
        let usual = self.isSecure ? 443 : 80
        guard let port = afterHost.isEmpty ? usual : Int(afterHost.dropFirst()), !self.host.isEmpty else { return nil }
        self.port = port
        let path = url.drop { $0 != ":" }.dropFirst(3).drop { $0 != "/" }.prefix { $0 != "?" && $0 != "#" }
        // Paths are appended with a slash of their own; some servers do not take two for one.
        self.path = String(path.reversed().drop { $0 == "/" }.reversed())
    }
}
