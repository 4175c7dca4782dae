// SPDX-License-Identifier: Apache-2.0

/// A peer's own name for an error, where it is one: a short word that quotes nothing and so may stand in a log.
public struct ErrorCode: Sendable, Equatable {
    private static let longest = 64

    /// The code as the peer wrote it.
    public let text: String

    /// Nil for whatever else stands in its place.
    public init?(_ text: String) {
        guard (1...Self.longest).contains(text.utf8.count),
            text.utf8.allSatisfy({ $0.isNameCharacter || $0 == UInt8(ascii: ".") || $0 == UInt8(ascii: ":") }),
            Redactor.process.hidingTraces(text) == text
        else { return nil }
        self.text = text
    }
}
