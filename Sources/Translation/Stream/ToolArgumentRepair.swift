// SPDX-License-Identifier: Apache-2.0

/// Makes a JSON object of what models write when they mean one: single quotes, Python's literals, trailing commas, raw
/// line feeds in strings, missing closing quotes and brackets, the whole object once more inside a string. Everything
/// that is right stays as it was spelled, so that what has been sent already remains the beginning of the result.
struct ToolArgumentRepair {
    /// Nil when there is nothing that can be understood as an object without guessing at values.
    static func object(from text: [UInt8]) -> [UInt8]? {
        var text = text
        // Servers that encode the arguments twice; more often than this it is no mistake of theirs any more.
        for _ in 0..<3 {
            guard let first = text.first(where: { !$0.isJSONWhitespace }) else { return Array("{}".utf8) }
            if first == UInt8(ascii: "{") { return Self.repaired(text) }
            guard let document = try? JSONDocument(parsing: text) else { return nil }
            if document.isNull(document.root) { return Array("{}".utf8) }
            guard document.kind(of: document.root) == .string else { return nil }
            text.removeAll()
            JSONEscapes.appendDecoded(document.bytes[document.contents(of: document.root)], to: &text)
        }
        return nil
    }

    private static func repaired(_ text: [UInt8]) -> [UInt8]? {
        var repair = ToolArgumentRepair(text: text)
        guard repair.copyValue(depth: 0), (try? JSONDocument(parsing: repair.output)) != nil else { return nil }
        return repair.output
    }

    private let text: [UInt8]
    private var position = 0
    private var output: [UInt8] = []

    private init(text: [UInt8]) {
        self.text = text
        self.output.reserveCapacity(text.count + 8)
    }

    private var current: UInt8? { self.position < self.text.count ? self.text[self.position] : nil }

    private mutating func copyByte() {
        self.output.append(self.text[self.position])
        self.position += 1
    }

    private mutating func copyWhitespace() {
        while let byte = self.current, byte.isJSONWhitespace { self.copyByte() }
    }

    private mutating func copyValue(depth: Int) -> Bool {
        guard depth < 128 else { return false }
        self.copyWhitespace()
        switch self.current {
        case UInt8(ascii: "{"): return self.copyContainer(closing: UInt8(ascii: "}"), depth: depth)
        case UInt8(ascii: "["): return self.copyContainer(closing: UInt8(ascii: "]"), depth: depth)
        case UInt8(ascii: "\""), UInt8(ascii: "'"): return self.copyString()
        case .none: return false
        default: return self.copyWord()
        }
    }

    /// An object or an array, which also ends where the text ends.
    private mutating func copyContainer(closing: UInt8, depth: Int) -> Bool {
        self.copyByte()
        var endOfLastElement: Int?
        while true {
            self.copyWhitespace()
            if self.current == closing || self.current == nil {
                // Takes back a comma that nothing follows, and the white space behind it.
                if let endOfLastElement { self.output.removeLast(self.output.count - endOfLastElement) }
                self.output.append(closing)
                if self.current != nil { self.position += 1 }
                return true
            }
            if closing == UInt8(ascii: "}") {
                guard self.copyMemberName() else { return false }
            }
            guard self.copyValue(depth: depth + 1) else { return false }
            self.copyWhitespace()
            endOfLastElement = nil
            if self.current == UInt8(ascii: ",") {
                endOfLastElement = self.output.count
                self.copyByte()
            } else if self.current != closing, self.current != nil {
                return false
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
            guard self.position > start else { return false }
            self.output.append(UInt8(ascii: "\""))
        }
        self.copyWhitespace()
        guard self.current == UInt8(ascii: ":") else { return false }
        self.copyByte()
        return true
    }

    /// A string in either kind of quotes, which also ends where the text ends.
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
            case UInt8(ascii: "\""), 0..<0x20:
                self.output.appendEscaped(CollectionOfOne(byte).span)
                self.position += 1
            default:
                self.copyByte()
            }
        }
        self.output.append(UInt8(ascii: "\""))
        return true
    }

    private mutating func copyEscape() {
        let letter = self.position + 1 < self.text.count ? self.text[self.position + 1] : nil
        switch letter {
        case .none:
            // The text ends in the middle of an escape, whose meaning nobody knows.
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

    /// A number or a literal. A bare word is not made a string: what it was meant to be would be a guess.
    private mutating func copyWord() -> Bool {
        let start = self.position
        while let byte = self.current, Self.isNameByte(byte) || byte == UInt8(ascii: "+") || byte == UInt8(ascii: ".") {
            self.position += 1
        }
        let word = self.text[start..<self.position]
        switch String(decoding: word, as: UTF8.self) {
        case "": return false
        case "True": self.output.append(contentsOf: "true".utf8)
        case "False": self.output.append(contentsOf: "false".utf8)
        case "None", "undefined", "NaN": self.output.append(contentsOf: "null".utf8)
        default: self.output.append(contentsOf: word)
        }
        return true
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
