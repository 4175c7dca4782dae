// SPDX-License-Identifier: Apache-2.0

/// A place in a TOML document, and how to pass over what holds neither keys nor values: space, comments, the insides of
/// strings. Owned by what reads the rest.
struct TOMLScanner {
    let bytes: [UInt8]
    var position = 0
    /// Of `position`, from 1.
    private(set) var line = 1

    init(_ document: [UInt8]) {
        self.bytes = document
        // Editors of other systems begin a file with a byte order mark.
        if document.starts(with: [0xEF, 0xBB, 0xBF]) { self.position = 3 }
    }

    var current: UInt8? {
        self.position < self.bytes.count ? self.bytes[self.position] : nil
    }

    mutating func take(_ character: Unicode.Scalar) -> Bool {
        guard self.current == UInt8(ascii: character) else { return false }
        self.position += 1
        return true
    }

    mutating func skipBlanks() {
        while self.current == UInt8(ascii: " ") || self.current == UInt8(ascii: "\t") { self.position += 1 }
    }

    /// Returns whether anything is left.
    mutating func skipSpaceAndComments() -> Bool {
        while let byte = self.current {
            switch byte {
            case UInt8(ascii: "\n"):
                self.line += 1
                self.position += 1
            case UInt8(ascii: " "), UInt8(ascii: "\t"), UInt8(ascii: "\r"):
                self.position += 1
            case UInt8(ascii: "#"):
                while let byte = self.current, byte != UInt8(ascii: "\n") { self.position += 1 }
            default:
                return true
            }
        }
        return false
    }

    /// Passes a string of one of the four kinds; the position is at its first quote. Returns whether it has an end.
    @discardableResult
    mutating func skipString(_ quote: UInt8) -> Bool {
        let isMultiline = self.bytes[self.position...].starts(with: [quote, quote, quote])
        let end = [UInt8](repeating: quote, count: isMultiline ? 3 : 1)
        self.position += end.count
        while let byte = self.current {
            // Only in double quotes a backslash escapes; in single ones it is a character like any other.
            if byte == UInt8(ascii: "\\"), quote == UInt8(ascii: "\"") {
                self.position += 1
            } else if self.bytes[self.position...].starts(with: end) {
                self.position += end.count
                // Up to two quotes may stand directly before the three that end the string.
                while isMultiline, self.current == quote { self.position += 1 }
                return true
            }
            if self.current == UInt8(ascii: "\n") {
                guard isMultiline else { return false }
                self.line += 1
            }
            self.position += 1
        }
        return false
    }
}
