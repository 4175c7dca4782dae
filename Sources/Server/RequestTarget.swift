// SPDX-License-Identifier: Apache-2.0

/// The second word of a request line (RFC 9112, section 3.2).
struct RequestTarget: Sendable, Equatable {
    /// Only in the absolute form, which proxies are sent; it then overrides `Host`.
    var authority: String?
    var path: String
    var query: String?

    /// Nothing when it is neither a path, nor an `http` URL, nor the asterisk of `OPTIONS *`.
    init?(_ text: String) {
        if text == "*" {
            self.init(authority: nil, pathAndQuery: text[...])
        } else if text.utf8.first == UInt8(ascii: "/") {
            self.init(authority: nil, pathAndQuery: text[...])
        } else {
            guard let scheme = ["http://", "https://"].first(where: { Self.hasPrefix(text, $0) }) else { return nil }
            let rest = text[text.utf8.index(text.startIndex, offsetBy: scheme.utf8.count)...]
            let end = rest.utf8.firstIndex { $0 == UInt8(ascii: "/") || $0 == UInt8(ascii: "?") } ?? rest.endIndex
            self.init(authority: String(rest[..<end]), pathAndQuery: rest[end...])
        }
    }

    private init(authority: String?, pathAndQuery: Substring) {
        self.authority = authority
        let mark = pathAndQuery.utf8.firstIndex(of: UInt8(ascii: "?"))
        let path = pathAndQuery[..<(mark ?? pathAndQuery.endIndex)]
        self.path = path.isEmpty ? "/" : String(path)
        self.query = mark.map { String(pathAndQuery[pathAndQuery.utf8.index(after: $0)...]) }
    }

    private static func hasPrefix(_ text: String, _ prefix: String) -> Bool {
        String(decoding: text.utf8.prefix(prefix.utf8.count), as: UTF8.self).isCaselessly(prefix)
    }
}
