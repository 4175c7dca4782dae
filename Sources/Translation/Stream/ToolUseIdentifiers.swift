// SPDX-License-Identifier: Apache-2.0

/// Gives every tool call its id. The upstream's own ids are never passed on: some count from zero in each answer, and a
/// client that meets an id twice in a conversation drops the later call.
public protocol ToolUseIdentifierGenerator: Sendable {
    mutating func next() -> String
}

/// Ids of the usual form, `toolu_` and 24 characters of base 62, out of any source of randomness.
public struct ToolUseIdentifiers<Source: RandomNumberGenerator & Sendable>: ToolUseIdentifierGenerator {
    private var source: Source

    /// - Parameter source: of the random part.
    public init(source: Source) { self.source = source }

    /// An identity that no other call has.
    public mutating func next() -> String {
        "toolu_" + Base62.text(24, from: &self.source)
    }
}

/// Random text of letters and digits.
public enum Base62 {
    private static let alphabet = Array("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz".utf8)

    /// `count` characters, of which each carries 5.95 bits.
    public static func text(_ count: Int, from generator: inout some RandomNumberGenerator) -> String {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(count)
        while bytes.count < count {
            // Ten characters of one number: 62^10 is far below 2^64, so that the characters are as good as even.
            var pool = generator.next()
            for _ in 0..<min(10, count - bytes.count) {
                bytes.append(Self.alphabet[Int(pool % 62)])
                pool /= 62
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
