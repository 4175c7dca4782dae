// SPDX-License-Identifier: Apache-2.0

/// Where requests go and with which head. Taken apart and written down once, it serves any number of requests, from any
/// thread.
package final class UpstreamTarget: Sendable {
    let method: UpstreamRequest.Method
    /// Absolute, as it was given.
    package let url: String
    /// How long each step of a transfer may take.
    package let timeouts: UpstreamRequest.Timeouts
    /// Nil when the URL cannot be used.
    let address: UpstreamAddress?
    /// Nil then too, and when libcurl cannot use it.
    let parsedURL: CurlURL?
    /// Wiped when the last request is done and no other can follow.
    let headers: CurlHeaderList
    let connectMilliseconds: Int
    /// To be started for each transfer.
    let silence: SilenceWatch

    package init(
        method: UpstreamRequest.Method, url: String, headers: [(name: String, value: String)],
        timeouts: UpstreamRequest.Timeouts,
    ) {
        self.method = method
        self.url = url
        self.timeouts = timeouts
        let address = UpstreamAddress(url: url)
        self.address = address
        // libcurl reads other schemes as well, such as ftp.
        self.parsedURL = address == nil ? nil : CurlURL(url)
        self.headers = CurlHeaderList(headers)
        self.connectMilliseconds = Int(timeouts.connect.clampedMilliseconds())
        self.silence = SilenceWatch(timeouts: timeouts, now: LoopTime(milliseconds: 0))
    }

    /// The upstream's name for a message.
    var host: String {
        self.address?.authority ?? "the upstream"
    }
}

/// The part of an upstream's URL that may be named in errors: `host` or `host:port`, never the user, path or query.
struct UpstreamAddress: Sendable, Equatable {
    let authority: String

    /// Nil unless `url` is absolute, `http` or `https`, and free of blanks and control characters.
    init?(url: String) {
        guard let rest = Self.afterScheme(url), url.utf8.allSatisfy({ $0 > 0x20 && $0 != 0x7F }) else { return nil }
        let end = rest.firstIndex { $0 == "/" || $0 == "?" || $0 == "#" || $0 == "\\" } ?? rest.endIndex
        let authority = rest[..<end]
        let host = authority.lastIndex(of: "@").map { authority[authority.index(after: $0)...] } ?? authority
        guard !host.isEmpty else { return nil }
        self.authority = String(host)
    }

    private static func afterScheme(_ url: String) -> Substring? {
        for scheme in ["https://", "http://"] where url.prefix(scheme.count).lowercased() == scheme {
            return url.dropFirst(scheme.count)
        }
        return nil
    }

    /// `url` without what may be secret in it, for a message about a URL that could not be understood.
    static func redacted(_ url: String) -> String {
        let withoutQuery = url.prefix { $0 != "?" && $0 != "#" }
        guard let at = withoutQuery.lastIndex(of: "@") else { return String(withoutQuery) }
        return "…" + withoutQuery[at...]
    }
}
