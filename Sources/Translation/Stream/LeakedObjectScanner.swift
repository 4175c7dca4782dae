// SPDX-License-Identifier: Apache-2.0

/// Finds the end of the JSON object in a call of Hermes' form while it grows. It is as lenient as `ToolArgumentRepair`,
/// which looks at the object afterwards: strings may stand in single quotes and hold raw line ends.
struct LeakedObjectScanner: Sendable {
    enum Progress: Equatable {
        case needsMore
        /// The value of the first member `name` of the outer object, without its quotes.
        case named(Range<Int>)
        /// The last bracket is closed before this offset.
        case complete
        /// A `<` that is not part of a string: something else begins, or the object ends without its last brackets.
        case markup
        /// Not JSON.
        case broken
    }

    /// The closing brackets that are missing, a bit for each, so that one that never comes costs no storage.
    private struct OpenBrackets: Sendable {
        private var braces: UInt128 = 0
        private(set) var count = 0

        var isEmpty: Bool { self.count == 0 }

        /// The innermost one.
        var last: UInt8? { self.isEmpty ? nil : UInt8(ascii: self.braces & 1 == 1 ? "}" : "]") }

        /// All of them, the innermost first.
        var closing: [UInt8] {
            (0..<self.count).map { UInt8(ascii: self.braces >> $0 & 1 == 1 ? "}" : "]") }
        }

        /// False when there are too many.
        mutating func open(_ bracket: UInt8) -> Bool {
            guard self.count < UInt128.bitWidth else { return false }
            self.braces = self.braces << 1 | (bracket == UInt8(ascii: "}") ? 1 : 0)
            self.count += 1
            return true
        }

        mutating func close() -> UInt8? {
            let bracket = self.last
            self.braces >>= 1
            self.count = max(self.count - 1, 0)
            return bracket
        }
    }

    private enum Expectation: Sendable {
        case name
        case colon
        case value
        case commaOrEnd
    }

    private var brackets = OpenBrackets()
    private var expectation = Expectation.value
    /// The quote of the string the text is in, else zero.
    private var quote: UInt8 = 0
    private var isEscaped = false
    private var isInWord = false
    private var stringStart = 0
    private var isNameNext = false
    private var isNamed = false

    /// Behind a value that nothing can change any more. Only brackets are missing.
    var isBehindWholeValue: Bool {
        self.quote == 0 && !self.isInWord && self.expectation == .commaOrEnd && !self.brackets.isEmpty
    }
    var hasName: Bool { self.isNamed }
    /// What closes the object.
    var missingBrackets: [UInt8] { self.brackets.closing }

    /// Reads on from `position`.
    mutating func scan(_ text: [UInt8], at position: inout Int) -> Progress {
        while position < text.count {
            let byte = text[position]
            if self.quote != 0 {
                position += 1
                if let progress = self.scanInString(byte, text, end: position) { return progress }
                continue
            }
            if self.isInWord {
                if Self.isWordByte(byte) {
                    position += 1
                    continue
                }
                self.isInWord = false
                self.expectation = .commaOrEnd
            }
            // No JSON token outside a string begins with `<`.
            if byte == UInt8(ascii: "<") { return .markup }
            guard self.scanToken(byte, at: position) else { return .broken }
            position += 1
            if self.brackets.isEmpty { return .complete }
        }
        return .needsMore
    }

    private mutating func scanInString(_ byte: UInt8, _ text: [UInt8], end: Int) -> Progress? {
        if self.isEscaped {
            self.isEscaped = false
        } else if byte == UInt8(ascii: "\\") {
            self.isEscaped = true
        } else if byte == self.quote {
            self.quote = 0
            let contents = self.stringStart..<end - 1
            guard self.expectation == .name else {
                self.expectation = .commaOrEnd
                guard self.isNameNext, !self.isNamed else { return nil }
                self.isNamed = true
                return .named(contents)
            }
            self.expectation = .colon
            // Only the outer object names the tool; a `name` deeper inside is an argument.
            self.isNameNext = self.brackets.count == 1 && text[contents].elementsEqual("name".utf8)
        }
        return nil
    }

    /// False when the byte cannot stand there.
    private mutating func scanToken(_ byte: UInt8, at position: Int) -> Bool {
        if byte.isJSONWhitespace { return true }
        switch (byte, self.expectation) {
        case (UInt8(ascii: "{"), .value):
            self.isNameNext = false
            self.expectation = .name
            return self.brackets.open(UInt8(ascii: "}"))
        case (UInt8(ascii: "["), .value):
            self.isNameNext = false
            return self.brackets.open(UInt8(ascii: "]"))
        case (UInt8(ascii: "}"), .name), (UInt8(ascii: "]"), .value), (UInt8(ascii: "}"), .commaOrEnd),
            (UInt8(ascii: "]"), .commaOrEnd):
            self.expectation = .commaOrEnd
            return self.brackets.close() == byte
        case (UInt8(ascii: "\""), .name), (UInt8(ascii: "\""), .value), (UInt8(ascii: "'"), .name),
            (UInt8(ascii: "'"), .value):
            self.quote = byte
            self.stringStart = position + 1
            return true
        case (UInt8(ascii: ":"), .colon):
            self.expectation = .value
            return true
        case (UInt8(ascii: ","), .commaOrEnd):
            self.expectation = self.brackets.last == UInt8(ascii: "}") ? .name : .value
            self.isNameNext = false
            return true
        case (_, .value):
            self.isInWord = true
            return Self.isWordByte(byte)
        default:
            return false
        }
    }

    /// Numbers and literals, Python's as well.
    private static func isWordByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "z"),
            UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "-"), UInt8(ascii: "+"), UInt8(ascii: "."):
            true
        default:
            false
        }
    }

    /// The buffer lost this many bytes at its beginning.
    mutating func shift(by count: Int) { self.stringStart -= count }
}
