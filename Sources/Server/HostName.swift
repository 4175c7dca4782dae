// SPDX-License-Identifier: Apache-2.0

/// The host of an authority (`localhost:8080`, `[::1]`), in lower case, without port, brackets or the root's dot.
struct HostName: Sendable, Equatable {
    var text: String

    /// Nothing when the text is not an authority at all.
    init?(authority: some StringProtocol) {
        let text = Substring(authority)
        // By bytes: as characters, a colon with a combining mark behind it would not be a colon.
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
        guard rest.isEmpty || (rest.utf8.first == UInt8(ascii: ":") && rest.utf8.dropFirst().allSatisfy(Self.isDigit))
        else { return nil }
        let name = host.utf8.last == UInt8(ascii: ".") ? host.dropLast() : host
        guard !name.isEmpty, name.utf8.allSatisfy({ $0 < 0x80 }) else { return nil }
        self.text = name.lowercased()
    }

    /// The host of an `Origin`. Nothing for the opaque origin `null`.
    init?(origin: String) {
        guard let colon = origin.utf8.firstIndex(of: UInt8(ascii: ":")) else { return nil }
        let rest = origin.utf8[colon...]
        guard rest.starts(with: "://".utf8) else { return nil }
        self.init(authority: origin[rest.index(colon, offsetBy: 3)...])
    }

    /// Whether the name leads to this machine whatever a name server says.
    var isLoopback: Bool {
        if self.text == "localhost" || self.text == "::1" { return true }
        // Exactly four numbers: "127.0.0.1.evil.example" begins like an address and is a name.
        let parts = self.text.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 4, parts[0] == "127" else { return false }
        return parts.allSatisfy { $0.utf8.allSatisfy(Self.isDigit) && UInt8($0) != nil }
    }

    private static func isDigit(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
    }
}
