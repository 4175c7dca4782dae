// SPDX-License-Identifier: Apache-2.0

/// Why bytes are not an acceptable JSON text (RFC 8259), and where.
public struct JSONError: Error, Sendable, Equatable {
    /// What is wrong with the text.
    public enum Reason: Sendable, Equatable {
        case unexpectedEnd
        case unexpectedByte
        case invalidNumber
        case invalidEscape
        case invalidUTF8
        case controlCharacterInString
        case trailingBytes
        /// More than `JSONLimits.depth` containers inside each other.
        case tooDeep
        /// More than `JSONLimits.values` values, or more bytes than an offset can hold.
        case tooLarge
    }

    /// What is wrong.
    public let reason: Reason
    /// Offset of the first offending byte.
    public let offset: Int

    public init(_ reason: Reason, at offset: Int) {
        self.reason = reason
        self.offset = offset
    }
}

extension JSONError: CustomStringConvertible {
    public var description: String {
        let text =
            switch self.reason {
            case .unexpectedEnd: "the text ends too early"
            case .unexpectedByte: "unexpected character"
            case .invalidNumber: "invalid number"
            case .invalidEscape: "invalid escape in a string"
            case .invalidUTF8: "invalid UTF-8"
            case .controlCharacterInString: "unescaped control character in a string"
            case .trailingBytes: "something follows the JSON value"
            case .tooDeep: "nested too deeply"
            case .tooLarge: "too many values"
            }
        return "\(text) at byte \(self.offset)"
    }
}

/// What one document may cost us: the bytes come from peers.
public struct JSONLimits: Sendable, Equatable {
    /// Containers inside each other.
    public var depth: Int
    /// Values and member names together.
    public var values: Int

    /// - Parameters:
    ///   - depth: of arrays and objects inside each other.
    ///   - values: of the whole text, names of members included.
    public init(depth: Int = 256, values: Int = 4_000_000) {
        self.depth = depth
        self.values = values
    }
}
