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
    private static let alphabet: StaticString = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"

    /// `count` characters, of which each carries 5.95 bits.
    public static func text(_ count: Int, from generator: inout some RandomNumberGenerator) -> String {
        unsafe String(unsafeUninitializedCapacity: count) { buffer in
            let alphabet = unsafe UnsafeBufferPointer(start: Self.alphabet.utf8Start, count: 62)
            var pool: UInt64 = 0
            for index in 0..<count {
                // Ten characters of one number: 62^10 is far below 2^64, so that the characters are as good as even.
                if index % 10 == 0 { pool = generator.next() }
                // The number is a fraction of 2^64: the whole part of 62 times as much is a digit, the rest the next number.
                let (digit, rest) = pool.multipliedFullWidth(by: 62)
                unsafe buffer[index] = alphabet[Int(digit)]
                pool = rest
            }
            return count
        }
    }
}
