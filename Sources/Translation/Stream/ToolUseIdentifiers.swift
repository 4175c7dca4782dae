// SPDX-License-Identifier: Apache-2.0

/// Gives every tool call its id. The upstream's own ids are never passed on: some count from zero in each answer, and a
/// client that meets an id twice in a conversation drops the later call.
public protocol ToolUseIdentifierGenerator: Sendable {
    mutating func next() -> String
}

/// Ids of the usual form, `toolu_` and 24 characters of base 62, out of any source of randomness.
public struct ToolUseIdentifiers<Source: RandomNumberGenerator & Sendable>: ToolUseIdentifierGenerator {
    private static var alphabet: StaticString { "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz" }

    private var source: Source

    /// - Parameter source: of the random part.
    public init(source: Source) { self.source = source }

    /// An identity that no other call has.
    public mutating func next() -> String {
        var identifier = "toolu_"
        for _ in 0..<24 {
            let digit = Int.random(in: 0..<62, using: &self.source)
            identifier.unicodeScalars.append(Unicode.Scalar(unsafe Self.alphabet.utf8Start[digit]))
        }
        return identifier
    }
}
