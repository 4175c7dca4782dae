// SPDX-License-Identifier: Apache-2.0

import Shared

/// The host of an authority (`localhost:8080`, `[::1]`), in lower case, without port, brackets or the root's dot.
struct HostName: Sendable, Equatable {
    var text: String

    /// Nothing when the text is not an authority at all.
    init?(authority: some StringProtocol) {
        guard let authority = Authority(authority) else { return nil }
        self = authority.host
    }

    fileprivate init?(_ host: Substring) {
        let name = host.utf8.last == UInt8(ascii: ".") ? host.dropLast() : host
        // Other letters come as "xn--" names (RFC 5891); one as it is may look like another.
        guard !name.isEmpty, name.utf8.allSatisfy({ $0 < 0x80 }) else { return nil }
        self.text = name.lowercased()
    }

    /// Whether the name leads to this machine whatever a name server says.
    var isLoopback: Bool { HostScope(self.text) == .loopback }
}

/// A host with or without a port, as `Host` and `Origin` name it.
struct Authority: Sendable, Equatable {
    var host: HostName
    var port: Int?

    /// Nothing when the text is not an authority at all.
    init?(_ text: some StringProtocol) {
        let text = Substring(text)
        // By bytes: as characters, a colon with a combining mark after it would not be a colon.
        let bytes = text.utf8
        let host: Substring
        let rest: Substring
        if bytes.first == UInt8(ascii: "[") {
            guard let close = bytes.firstIndex(of: UInt8(ascii: "]")) else { return nil }
            host = text[bytes.index(after: text.startIndex)..<close]
            rest = text[bytes.index(after: close)...]
        } else {
            let colon = bytes.firstIndex(of: UInt8(ascii: ":")) ?? text.endIndex
            host = text[..<colon]
            rest = text[colon...]
        }
        // Everything after the host must be a port: "localhost:1@evil.example" names another host to a careless reader.
        guard rest.isEmpty || (rest.utf8.first == UInt8(ascii: ":") && rest.utf8.dropFirst().allSatisfy(Self.isDigit)),
            let name = HostName(host)
        else { return nil }
        self.host = name
        let digits = rest.dropFirst()
        guard digits.isEmpty || UInt16(digits) != nil else { return nil }
        self.port = Int(digits)
    }

    /// Where a page comes from, as its browser says in `Origin`; the port is never left out. Nothing for the opaque origin
    /// `null`, and for pages that were not fetched over HTTP.
    init?(origin: String) {
        for (scheme, port) in [("http://", 80), ("https://", 443)] where origin.utf8.starts(with: scheme.utf8) {
            self.init(origin.dropFirst(scheme.utf8.count))
            self.port = self.port ?? port
            return
        }
        return nil
    }

    private static func isDigit(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
    }
}
