// SPDX-License-Identifier: Apache-2.0

internal import Shared

/// An `http` or `https` URL of the plain kind that an API has: scheme, host, port, path.
///
/// It is read strictly, because a token goes where it points: what two parsers could understand differently (user
/// information, a backslash, spaces, a query) is refused rather than interpreted.
package struct HTTPAddress: Sendable, Equatable, CustomStringConvertible {
    /// The schemes that an upstream may have.
    package enum Scheme: String, Sendable {
        case http
        case https
    }

    /// Read without regard to case.
    package let scheme: Scheme
    /// In lower case; an IPv6 address without its brackets.
    package let host: String
    let port: Int?
    /// Empty, or starts with a slash. Never ends with one.
    package let path: String

    /// Nil when `text` is no absolute URL of `http` or `https` with a host and a valid port.
    package init?(_ text: String) {
        guard text.utf8.count <= 2048, let separator = text.range(ofASCII: "://"),
            let scheme = Scheme(rawValue: text[..<separator.lowerBound].lowercased())
        else { return nil }
        let rest = text[separator.upperBound...]
        let authority = rest.prefix { $0 != "/" }
        guard let (host, port) = Self.hostAndPort(authority) else { return nil }
        var path = rest.dropFirst(authority.count)
        // libcurl resolves `..` by itself, so that the request would go to another path than the one that was
        // checked.
        guard path.utf8.allSatisfy(\.isPathCharacter), !path.split(separator: "/").contains("..") else { return nil }
        // Paths are appended with a slash of their own.
        while path.last == "/" { path.removeLast() }
        self.scheme = scheme
        self.host = host
        self.port = port
        self.path = String(path)
    }

    private init(scheme: Scheme, host: String, port: Int?, path: String) {
        self.scheme = scheme
        self.host = host
        self.port = port
        self.path = path
    }

    /// The same server with another path, which begins with a slash.
    package func withPath(_ path: String) -> HTTPAddress {
        HTTPAddress(scheme: self.scheme, host: self.host, port: self.port, path: path)
    }

    /// Host and, where it was given, port: what people recognise an upstream by.
    package var authority: String {
        let host = self.host.contains(":") ? "[\(self.host)]" : self.host
        return host + (self.port.map { ":\($0)" } ?? "")
    }

    package var description: String { "\(self.scheme.rawValue)://\(self.authority)\(self.path)" }

    private static func hostAndPort(_ authority: Substring) -> (host: String, port: Int?)? {
        var rest = authority
        let host: Substring
        if authority.first == "[" {
            guard let end = authority.firstIndex(of: "]") else { return nil }
            host = authority[authority.index(after: authority.startIndex)..<end]
            rest = authority[authority.index(after: end)...]
            guard host.contains(":"),
                host.utf8.allSatisfy({ $0.isHexDigit || $0 == UInt8(ascii: ":") || $0 == UInt8(ascii: ".") })
            else { return nil }
        } else {
            host = authority.prefix { $0 != ":" }
            rest = authority[host.endIndex...]
            // An `@` in front of the host, or a backslash, would make other parsers see another host.
            guard host.utf8.allSatisfy(\.isHostCharacter), host.first != ".", !host.contains("..") else { return nil }
        }
        guard !host.isEmpty, host.utf8.count <= 255 else { return nil }
        guard !rest.isEmpty else { return (host.lowercased(), nil) }
        let digits = rest.dropFirst()
        guard rest.first == ":", digits.count <= 5, digits.utf8.allSatisfy(\.isDigit), let port = Int(digits),
            (1...65535).contains(port)
        else { return nil }
        return (host.lowercased(), port)
    }
}

extension UInt8 {
    fileprivate var isHexDigit: Bool {
        self.isDigit || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains(self | 0x20)
    }

    /// `pchar` of RFC 3986 and the slash.
    fileprivate var isPathCharacter: Bool {
        self.isLetterOrDigit || "/-._~%!$&'()*+,;=:@".utf8.contains(self)
    }
}

extension String {
    fileprivate func range(ofASCII pattern: String) -> Range<String.Index>? {
        self.firstRange(of: pattern)
    }
}
