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
        unsafe String(unsafeUninitializedCapacity: count) { buffer in
            var pool: UInt64 = 0
            for index in 0..<count {
                // Ten characters of one number: 62^10 is far below 2^64, so that the characters are as good as even.
                if index % 10 == 0 { pool = generator.next() }
                unsafe buffer[index] = Self.alphabet[Int(pool % 62)]
                pool /= 62
            }
            return count
        }
    }
}
