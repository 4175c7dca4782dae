// SPDX-License-Identifier: Apache-2.0

internal import Shared

/// A place in a document that the TOML parser must not see: there it asserts, in release builds too, what it has not checked,
/// and the process ends; or its behaviour is undefined. So the document is searched for such places before it is parsed.
///
/// They are mistakes, but for one: a line of a string in three quotes may end in a backslash and the next begin with a
/// character that is not ASCII. Up to the first mistake of a document the parser and the search see the same, so that the
/// parser stops before it comes to a place that the search took for something else.
struct TOMLPitfall {
    /// The parser must not see what follows.
    let position: Int
    let line: Int
    /// It quotes nothing of the document, which may hold secrets.
    let message: String

    /// The first of the document; nil if the parser can read all of it.
    static func first(in document: [UInt8]) -> TOMLPitfall? {
        var search = Search(document)
        return search.first()
    }

    /// The brackets that are open around the values at a place.
    private enum Bracket { case array, inlineTable }

    private struct Search {
        var scanner: TOMLScanner
        var brackets: [Bracket] = []
        /// Only blanks stand between the place and the beginning of its line, or the place is behind such a `[`.
        var isAtLineStart = true
        var isAfterEqualSign = false

        init(_ document: [UInt8]) {
            self.scanner = TOMLScanner(document)
        }

        mutating func first() -> TOMLPitfall? {
            while true {
                let line = self.scanner.line
                guard self.scanner.skipSpaceAndComments(), let byte = self.scanner.current else { return nil }
                self.isAtLineStart = self.isAtLineStart || self.scanner.line > line
                // Only there a bracket begins a table; inside of a value it begins an array.
                let isStatement = self.isAtLineStart && self.brackets.isEmpty
                self.isAtLineStart = false
                switch byte {
                case UInt8(ascii: "\""), UInt8(ascii: "'"):
                    if let pitfall = self.string(byte) { return pitfall }
                case UInt8(ascii: "["):
                    self.scanner.position += 1
                    if isStatement {
                        if let pitfall = self.header() { return pitfall }
                    } else {
                        self.open(.array)
                    }
                case UInt8(ascii: "{"):
                    self.scanner.position += 1
                    self.open(.inlineTable)
                case UInt8(ascii: "]"), UInt8(ascii: "}"):
                    if byte == UInt8(ascii: "}"), self.brackets.last == .array {
                        return self.pitfall("'}' stands where a value or ']' must be")
                    }
                    self.scanner.position += 1
                    _ = self.brackets.popLast()
                case UInt8(ascii: "="), UInt8(ascii: ","):
                    self.scanner.position += 1
                    self.isAfterEqualSign = byte == UInt8(ascii: "=")
                case 0x80...:
                    // To tell whether it is a space the parser takes a way that must not be reached.
                    return self.pitfall("a character that is not ASCII stands outside of quotes")
                default:
                    if let pitfall = self.word() { return pitfall }
                }
            }
        }

        mutating func open(_ bracket: Bracket) {
            self.brackets.append(bracket)
            self.isAfterEqualSign = false
        }

        /// At a string without an end the parser stops.
        mutating func string(_ quote: UInt8) -> TOMLPitfall? {
            self.isAfterEqualSign = false
            let start = self.scanner
            guard self.scanner.skipString(quote) else {
                self.scanner.position = self.scanner.bytes.count
                return nil
            }
            guard quote == UInt8(ascii: "\"") else { return nil }
            var rest = self.scanner.bytes[start.position..<self.scanner.position]
            while let escape = rest.firstIndex(of: UInt8(ascii: "\\")) {
                rest = rest[(escape + 1)...]
                // At the end of a line it stands for all space up to the next character.
                if let next = rest.first(where: { !" \t\r\n".utf8.contains($0) }), next >= 0x80 {
                    self.scanner = start
                    return self.pitfall("a '\\' stands before a character that is not ASCII")
                }
                rest = rest.dropFirst()
            }
            return nil
        }

        /// The parser has asked for no name before it asserts that one begins.
        mutating func header() -> TOMLPitfall? {
            self.scanner.skipBlanks()
            if self.scanner.take("[") { self.scanner.skipBlanks() }
            guard let byte = self.scanner.current, !byte.isNameCharacter, !"]\"'".utf8.contains(byte) else {
                return nil
            }
            return self.pitfall("a table's name of letters, digits, '-' and '_', or in quotes, must stand after '['")
        }

        /// A key, or a value without quotes. Behind a date the parser takes for granted that a time has digits.
        mutating func word() -> TOMLPitfall? {
            let isValue = self.isAfterEqualSign || self.brackets.last == .array
            self.isAfterEqualSign = false
            let isNumber = isValue && self.digit(at: 0)
            let start = self.scanner.position
            let ends = isValue ? " \t\r\n#,]}" : " \t\r\n#,]}[{=\"'"
            while let byte = self.scanner.current, byte < 0x80, !ends.utf8.contains(byte) {
                self.scanner.position += 1
            }
            guard isNumber else { return nil }
            let word = self.scanner.bytes[start..<self.scanner.position]
            let isDate = word.prefix(10).allSatisfy { $0.isDigit || $0 == UInt8(ascii: "-") }
            let hasTime = word.dropFirst(10).first.map { $0 | 0x20 == UInt8(ascii: "t") } ?? false
            if isDate, hasTime, word.count == 11 || !word[start + 11].isDigit {
                self.scanner.position = start + 10
                return self.pitfall("a date has no time behind it (is text without its quotes?)")
            }
            if self.scanner.current == UInt8(ascii: " "), self.digit(at: 1), !self.digit(at: 2) {
                return self.pitfall("a digit stands behind the value (is text without its quotes?)")
            }
            return nil
        }

        func digit(at offset: Int) -> Bool {
            let place = self.scanner.position + offset
            return place < self.scanner.bytes.count && self.scanner.bytes[place].isDigit
        }

        func pitfall(_ message: String) -> TOMLPitfall {
            TOMLPitfall(position: self.scanner.position, line: self.scanner.line, message: message)
        }
    }
}
