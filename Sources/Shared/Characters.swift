// SPDX-License-Identifier: Apache-2.0

extension UInt8 {
    /// Of ASCII only.
    public var isDigit: Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(self) }

    /// Of ASCII only.
    public var isLetterOrDigit: Bool {
        switch self {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"):
            true
        default: false
        }
    }

    /// What the names of upstreams, models and keys in the configuration are made of.
    public var isNameCharacter: Bool {
        self.isLetterOrDigit || self == UInt8(ascii: "-") || self == UInt8(ascii: "_")
    }
}

extension Unicode.Scalar {
    /// Whether a line or a terminal that shows text of a peer would do something else than show this character.
    public var steersDisplay: Bool {
        switch self.value {
        // C0, DEL and C1 steer terminals: C1 has escape sequences of one character. At the two separators some
        // viewers break lines.
        case 0x00..<0x20, 0x7F..<0xA0, 0x2028, 0x2029: true
        // These change the direction of what follows, so that a line reads otherwise than it is (UAX #9, section 2).
        case 0x061C, 0x200E, 0x200F, 0x202A...0x202E, 0x2066...0x2069: true
        default: false
        }
    }
}

extension String {
    /// Whether it can stand in a line for people as the name of a model or a tool, whoever chose it.
    public var isShowableName: Bool {
        (1...256).contains(self.utf8.count) && !self.unicodeScalars.contains { $0.steersDisplay }
    }

    /// With `%2F` and the like (RFC 3986, section 2.1) in place of all bytes but ASCII letters, digits and those in `plain`.
    package func percentEncoded(keeping plain: String) -> String {
        let digits = Array("0123456789ABCDEF".utf8)
        var bytes: [UInt8] = []
        for byte in self.utf8 {
            if byte.isLetterOrDigit || plain.utf8.contains(byte) {
                bytes.append(byte)
            } else {
                bytes += [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}

/// A peer's own name for an error, where it is one: a short word that quotes nothing and so may stand in a log.
public struct ErrorCode: Sendable, Equatable {
    private static let longest = 64

    /// The code as the peer wrote it.
    public let text: String

    /// Nil for whatever else stands in its place.
    public init?(_ text: String) {
        guard (1...Self.longest).contains(text.utf8.count),
            text.utf8.allSatisfy({ $0.isNameCharacter || $0 == UInt8(ascii: ".") || $0 == UInt8(ascii: ":") }),
            // A key may look like a code.
            Redactor.process.hidingTraces(text) == text
        else { return nil }
        self.text = text
    }
}
