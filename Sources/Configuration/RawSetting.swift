// SPDX-License-Identifier: Apache-2.0

/// A value as it was written down, before its type is known.
///
/// The environment and the command line know only text, and a number there is text that reads as a number; in the file a
/// quoted number is a mistake.
enum RawSetting: Sendable, Equatable, CustomStringConvertible {
    case text(String)
    case string(String)
    case integer(Int)
    case number(Double)
    case boolean(Bool)
    case list([RawSetting])
    /// Something no setting takes; the payload names it for the error.
    case unusable(String)

    var description: String {
        switch self {
        case .text(let text), .string(let text): "\"\(Self.printable(text))\""
        case .integer(let value): "\(value)"
        case .number(let value): "\(value)"
        case .boolean(let value): "\(value)"
        case .list: "a list"
        case .unusable(let name): name
        }
    }

    /// The type alone, for values that must not be shown.
    var typeName: String {
        switch self {
        case .text, .string: "a string"
        case .integer: "an integer"
        case .number: "a number"
        case .boolean: "a boolean"
        case .list: "a list"
        case .unusable(let name): name
        }
    }

    /// The characters, whichever of the two kinds of text it is.
    var characters: String? {
        switch self {
        case .text(let text), .string(let text): text
        case .integer, .number, .boolean, .list, .unusable: nil
        }
    }

    /// An error message is one line of moderate length, whatever was written in the file.
    private static func printable(_ text: String) -> String {
        let line = String(String.UnicodeScalarView(text.unicodeScalars.map { $0.value < 0x20 ? " " : $0 }))
        return line.count > 80 ? line.prefix(77) + "..." : line
    }
}
