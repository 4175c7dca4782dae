// SPDX-License-Identifier: Apache-2.0

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
