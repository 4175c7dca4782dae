// SPDX-License-Identifier: Apache-2.0

/// The host of an authority (`localhost:8080`, `[::1]`), in lower case, without port, brackets or the root's dot.
struct HostName: Sendable, Equatable {
    var text: String

    /// Nothing when the text is not an authority at all.
    init?(authority: some StringProtocol) {
        let host: Substring
        let rest: Substring
        let text = Substring(authority)
        if text.first == "[" {
            guard let close = text.firstIndex(of: "]") else { return nil }
            host = text[text.index(after: text.startIndex)..<close]
            rest = text[text.index(after: close)...]
        } else {
            let colon = text.firstIndex(of: ":") ?? text.endIndex
            host = text[..<colon]
            rest = text[colon...]
        }
        // Everything after the host must be a port: "localhost:1@evil.example" names another host to a careless reader.
        guard rest.isEmpty || (rest.first == ":" && rest.dropFirst().utf8.allSatisfy(Self.isDigit)) else { return nil }
        let name = host.last == "." ? host.dropLast() : host
        guard !name.isEmpty else { return nil }
        self.text = name.lowercased()
    }

    /// The host of an `Origin`. Nothing for the opaque origin `null`.
    init?(origin: String) {
        guard let colon = origin.firstIndex(of: ":"), origin[colon...].hasPrefix("://") else { return nil }
        self.init(authority: origin[origin.index(colon, offsetBy: 3)...])
    }

    /// Whether the name leads to this machine whatever a name server says.
    var isLoopback: Bool {
        if self.text == "localhost" || self.text == "::1" { return true }
        // Exactly four numbers: "127.0.0.1.evil.example" begins like an address and is a name.
        let parts = self.text.split(separator: ".", omittingEmptySubsequences: false)
        return parts.count == 4 && parts[0] == "127"
            && parts.allSatisfy { UInt8($0) != nil && $0.utf8.allSatisfy(Self.isDigit) }
    }

    private static func isDigit(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
    }
}
