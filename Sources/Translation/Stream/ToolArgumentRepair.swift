// SPDX-License-Identifier: Apache-2.0

/// Makes a JSON object of what models write when they mean one: single quotes, Python's literals, trailing commas, raw
/// line feeds in strings, missing closing brackets, the whole object once more inside a string. Everything that is right
/// stays as it was spelled, so that what has been sent already remains the beginning of the result.
///
/// A text that ends in the middle is not closed: what is missing may be half a file or half a command.
struct ToolArgumentRepair {
    enum Result: Equatable {
        case object([UInt8])
        /// The text is the beginning of an object, and ends where a value or the rest of one must follow.
        case cut
        /// Nothing that can be understood as an object without guessing at values.
        case invalid
    }

    static func result(for text: [UInt8]) -> Result {
        var text = text
        // Servers that encode the arguments twice; more often than this it is no mistake of theirs any more.
        for _ in 0..<3 {
            // A call without arguments comes as an empty text from some servers.
            guard let first = text.first(where: { !$0.isJSONWhitespace }) else { return .object(Array("{}".utf8)) }
            if first == UInt8(ascii: "{") { return Self.repaired(text) }
            guard let document = try? JSONDocument(parsing: text) else {
                return Self.isCutScalar(text) ? .cut : .invalid
            }
            if document.isNull(document.root) { return .object(Array("{}".utf8)) }
            guard document.kind(of: document.root) == .string else { return .invalid }
            text.removeAll()
            JSONEscapes.appendDecoded(document.bytes[document.contents(of: document.root)], to: &text)
        }
        return .invalid
    }

    /// The object, when there is one.
    static func object(from text: [UInt8]) -> [UInt8]? {
        guard case .object(let object) = Self.result(for: text) else { return nil }
        return object
    }

    private static func repaired(_ text: [UInt8]) -> Result {
        var repair = ToolArgumentRepair(text: text)
        guard repair.copyValue(depth: 0) else { return repair.isCut ? .cut : .invalid }
        // Numbers are copied unchecked; the strict parser has the last word.
        return (try? JSONDocument(parsing: repair.output)) == nil ? .invalid : .object(repair.output)
    }

    /// Whether the text is the beginning of a string or of `null`.
    private static func isCutScalar(_ text: [UInt8]) -> Bool {
        var repair = ToolArgumentRepair(text: text)
        repair.copyWhitespace()
        if repair.current == UInt8(ascii: "\"") { return !repair.copyString() }
        return "null".utf8.starts(with: text[repair.position...])
    }

    private let text: [UInt8]
    private var position = 0
    private var output: [UInt8] = []
    /// The text ended where more had to follow.
    private var isCut = false

    private init(text: [UInt8]) {
        self.text = text
        self.output.reserveCapacity(text.count + 8)
    }

    private var current: UInt8? { self.position < self.text.count ? self.text[self.position] : nil }

    /// The text is over although it must not be.
    private mutating func cut() -> Bool {
        self.isCut = true
        return false
    }

    private mutating func copyByte() {
        self.output.append(self.text[self.position])
        self.position += 1
    }

    private mutating func copyWhitespace() {
        while let byte = self.current, byte.isJSONWhitespace { self.copyByte() }
    }

    private mutating func copyValue(depth: Int) -> Bool {
        // This recurses, and the model chooses the depth.
        guard depth < 128 else { return false }
        self.copyWhitespace()
        switch self.current {
        case UInt8(ascii: "{"): return self.copyContainer(closing: UInt8(ascii: "}"), depth: depth)
        case UInt8(ascii: "["): return self.copyContainer(closing: UInt8(ascii: "]"), depth: depth)
        case UInt8(ascii: "\""), UInt8(ascii: "'"): return self.copyString()
        case .none: return self.cut()
        default: return self.copyWord()
        }
    }

    /// An object or an array. It also ends where the text ends, after a value that is whole.
    private mutating func copyContainer(closing: UInt8, depth: Int) -> Bool {
        self.copyByte()
        var endOfLastElement: Int?
        while true {
            self.copyWhitespace()
            if self.current == closing {
                // Takes back a comma that nothing follows, and the white space after it.
                if let endOfLastElement { self.output.removeLast(self.output.count - endOfLastElement) }
                self.copyByte()
                return true
            }
            if closing == UInt8(ascii: "}") {
                guard self.copyMemberName() else { return false }
            }
            guard self.copyValue(depth: depth + 1) else { return false }
            self.copyWhitespace()
            endOfLastElement = nil
            switch self.current {
            case UInt8(ascii: ","):
                endOfLastElement = self.output.count
                self.copyByte()
            case .none:
                // The last value is whole: only brackets are missing.
                self.output.append(closing)
                return true
            case closing: break
            case .some: return false
            }
        }
    }

    private mutating func copyMemberName() -> Bool {
        if self.current == UInt8(ascii: "\"") || self.current == UInt8(ascii: "'") {
            guard self.copyString() else { return false }
        } else {
            self.output.append(UInt8(ascii: "\""))
            let start = self.position
            while let byte = self.current, Self.isNameByte(byte) { self.copyByte() }
            guard self.position > start || self.current == nil else { return false }
            self.output.append(UInt8(ascii: "\""))
        }
        self.copyWhitespace()
        guard let colon = self.current else { return self.cut() }
        guard colon == UInt8(ascii: ":") else { return false }
        self.copyByte()
        return true
    }

    /// A string in either kind of quotes.
    private mutating func copyString() -> Bool {
        let quote = self.text[self.position]
        self.output.append(UInt8(ascii: "\""))
        self.position += 1
        while let byte = self.current {
            switch byte {
            case quote:
                self.output.append(UInt8(ascii: "\""))
                self.position += 1
                return true
            case UInt8(ascii: "\\"):
                self.copyEscape()
            // A raw line end in a string, or a double quotation mark inside single ones: JSON wants both escaped.
            case UInt8(ascii: "\""), 0..<0x20:
                self.output.appendEscaped(CollectionOfOne(byte).span)
                self.position += 1
            default:
                self.copyByte()
            }
        }
        return self.cut()
    }

    private mutating func copyEscape() {
        let letter = self.position + 1 < self.text.count ? self.text[self.position + 1] : nil
        switch letter {
        case .none:
            // The text ends in the middle of an escape.
            self.position += 1
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"), UInt8(ascii: "b"), UInt8(ascii: "f"),
            UInt8(ascii: "n"), UInt8(ascii: "r"), UInt8(ascii: "t"):
            self.copyByte()
            self.copyByte()
        case UInt8(ascii: "u") where self.hasFourDigits(at: self.position + 2):
            self.output.append(contentsOf: self.text[self.position..<self.position + 6])
            self.position += 6
        case UInt8(ascii: "'"):
            self.output.append(UInt8(ascii: "'"))
            self.position += 2
        default:
            // `\d` of a regular expression, a Windows path: the backslash was meant to be one.
            self.output.append(contentsOf: #"\\"#.utf8)
            self.position += 1
        }
    }

    private func hasFourDigits(at start: Int) -> Bool {
        start + 4 <= self.text.count && self.text[start..<start + 4].allSatisfy { hexadecimalDigit($0) != nil }
    }

    /// A number or a literal.
    private mutating func copyWord() -> Bool {
        let start = self.position
        while let byte = self.current, Self.isNameByte(byte) || byte == UInt8(ascii: "+") || byte == UInt8(ascii: ".") {
            self.position += 1
        }
        let word = String(decoding: self.text[start..<self.position], as: UTF8.self)
        if let literal = Self.literals.first(where: { $0.spelling == word }) {
            self.output.append(contentsOf: literal.value.utf8)
            return true
        }
        // `12` at the end of a text may be the beginning of `128`.
        if self.current == nil, word.utf8.allSatisfy(Self.isNumberByte) || Self.isBeginningOfLiteral(word) {
            return self.cut()
        }
        // No string is made of a bare word: what it was meant to be would be a guess.
        self.output.append(contentsOf: word.utf8)
        return !word.isEmpty
    }

    /// JSON's literals and the ones of the languages that models know better.
    private static let literals: [(spelling: String, value: String)] = [
        ("true", "true"), ("false", "false"), ("null", "null"), ("True", "true"), ("False", "false"),
        ("None", "null"), ("undefined", "null"), ("NaN", "null"),
    ]

    private static func isBeginningOfLiteral(_ word: String) -> Bool {
        Self.literals.contains { $0.spelling.hasPrefix(word) }
    }

    private static func isNumberByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "+"), UInt8(ascii: "."),
            UInt8(ascii: "e"), UInt8(ascii: "E"):
            true
        default:
            false
        }
    }

    private static func isNameByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "-"), UInt8(ascii: "$"):
            true
        default:
            false
        }
    }
}
