// SPDX-License-Identifier: Apache-2.0

/// The rules for a function's name upstream. A name that breaks them is replaced by one that is made from it alone, so
/// that it is the same in every request of a conversation and the upstream's prefix cache stays warm.
enum ToolName {
    static let maximumLength = 64

    static func isAcceptable(_ name: Span<UInt8>) -> Bool {
        guard 1...Self.maximumLength ~= name.count else { return false }
        for index in name.indices where !Self.isAcceptable(name[index]) { return false }
        // DashScope: "Tool names are not allowed to be [search]".
        return name.count != 6 || !name.indices.elementsEqual("search".utf8) { name[$0] == $1 }
    }

    /// The name to tell the upstream.
    static func upstream(_ name: String) -> String {
        guard !Self.isAcceptable(name.utf8.span) else { return name }
        // Room for `_` and eight digits.
        var bytes = name.utf8.prefix(Self.maximumLength - 9).map {
            Self.isAcceptable($0) ? $0 : UInt8(ascii: "_")
        }
        if bytes.isEmpty { bytes = Array("tool".utf8) }
        bytes.append(UInt8(ascii: "_"))
        let digits = Array("0123456789abcdef".utf8)
        let hash = Self.hash(name)
        for shift in stride(from: 28, through: 0, by: -4) { bytes.append(digits[Int(hash >> shift & 15)]) }
        return String(decoding: bytes, as: UTF8.self)
    }

    private static func isAcceptable(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "-"):
            true
        default: false
        }
    }

    /// FNV-1a: stable over releases and processes, unlike `Hasher`.
    private static func hash(_ name: String) -> UInt64 {
        let hash = name.utf8.reduce(0xcbf2_9ce4_8422_2325 as UInt64) { ($0 ^ UInt64($1)) &* 0x0000_0100_0000_01b3 }
        // Both halves count, as only the lower one is written.
        return hash ^ hash >> 32
    }
}
