// SPDX-License-Identifier: Apache-2.0

import Foundation
import Translation

/// The JSON core, compared with Foundation's reader.
struct JSONTarget: FuzzTarget {
    var seeds: [[UInt8]] { Seeds.json.map { Array($0.utf8) } }
    var vocabulary: [String] { Vocabulary.json }

    func run(_ input: [UInt8]) throws(Violation) -> Int {
        let theirs = Self.foundation(input)
        let document: JSONDocument
        do throws(JSONError) {
            document = try JSONDocument(parsing: input)
        } catch {
            try require((0...input.count).contains(error.offset), "an error at \(error.offset) of \(input.count)")
            if error.reason != .tooDeep, !Self.begins(likeAnotherEncoding: input),
                !Self.isTrailingComma(input, at: error.offset)
            {
                try require(theirs == nil, "Foundation accepts, we do not: \(error)")
            }
            return Self.number(of: error.reason)
        }
        let object = try Self.object(document.root, of: document)
        if let theirs {
            if !Self.isRounded(input) { try require(object == theirs, "\(object) is not \(theirs)") }
        } else {
            try require(Self.isFoundationStricter(about: input), "we accept, Foundation does not")
        }
        try Self.checkCopies(of: document, meaning: object)
        return 100 + min(document.members(of: document.root).reduce(0) { count, _ in count + 1 }, 20)
    }

    private static func foundation(_ bytes: [UInt8]) -> NSObject? {
        (try? JSONSerialization.jsonObject(with: Data(bytes), options: .fragmentsAllowed)) as? NSObject
    }

    private static func number(of reason: JSONError.Reason) -> Int {
        switch reason {
        case .unexpectedEnd: 1
        case .unexpectedByte: 2
        case .invalidNumber: 3
        case .invalidEscape: 4
        case .invalidUTF8: 5
        case .controlCharacterInString: 6
        case .trailingBytes: 7
        case .tooDeep: 8
        case .tooLarge: 9
        }
    }
}

// MARK: - What Foundation does otherwise

extension JSONTarget {
    /// Foundation guesses UTF-16 and UTF-32 and skips a byte order mark; JSON between programs is UTF-8 without one.
    private static func begins(likeAnotherEncoding input: [UInt8]) -> Bool {
        input.prefix(4).contains(0) || input.starts(with: [0xEF, 0xBB, 0xBF]) || input.starts(with: [0xFE, 0xFF])
            || input.starts(with: [0xFF, 0xFE])
    }

    /// Foundation lets `{"a":1,}` pass, and `[1, ]` with the space.
    private static func isTrailingComma(_ input: [UInt8], at offset: Int) -> Bool {
        (input[offset...].first == UInt8(ascii: "}") || input[offset...].first == UInt8(ascii: "]"))
            && input[..<offset].last { $0 > 0x20 } == UInt8(ascii: ",")
    }

    /// Where the RFC leaves the choice and Foundation refuses: half a surrogate pair, numbers out of range, and depth.
    private static func isFoundationStricter(about input: [UInt8]) -> Bool {
        Self.hasSurrogateEscape(input) || Self.hasExtremeNumber(input)
            || input.count(where: { $0 == UInt8(ascii: "[") || $0 == UInt8(ascii: "{") }) > 200
    }

    /// Where both accept and Foundation changes the value: it drops U+FEFF, and rounds long numbers in its own way.
    private static func isRounded(_ input: [UInt8]) -> Bool {
        Self.hasExtremeNumber(input) || Self.hasSurrogateEscape(input)
            || String(decoding: input, as: UTF8.self).lowercased().contains { $0.unicodeScalars.contains("\u{FEFF}") }
            || String(decoding: input, as: UTF8.self).lowercased().contains(#"\ufeff"#)
    }

    private static func hasSurrogateEscape(_ input: [UInt8]) -> Bool {
        String(decoding: input, as: UTF8.self).lowercased().contains(#"\ud"#)
    }

    /// More digits than a double holds, or an exponent of three and more.
    private static func hasExtremeNumber(_ input: [UInt8]) -> Bool {
        var digits = 0
        var isExponent = false
        for byte in input {
            switch byte {
            case UInt8(ascii: "0")...UInt8(ascii: "9"):
                digits += 1
                if digits > (isExponent ? 2 : 14) { return true }
            case UInt8(ascii: "e"), UInt8(ascii: "E"):
                digits = 0
                isExponent = true
            case UInt8(ascii: "."), UInt8(ascii: "+"), UInt8(ascii: "-"): break
            default:
                digits = 0
                isExponent = false
            }
        }
        return false
    }
}

// MARK: - Reading and copying

extension JSONTarget {
    /// The value as Foundation would give it.
    private static func object(_ node: JSONNode, of document: JSONDocument) throws(Violation) -> NSObject {
        switch document.kind(of: node) {
        case .null: return NSNull()
        case .boolean:
            guard let value = document.boolean(node) else { throw Violation("a boolean without a value") }
            return NSNumber(value: value)
        case .number:
            if let value = document.integer(node) { return NSNumber(value: value) }
            guard let value = document.double(node) else { throw Violation("a number without a value") }
            return NSNumber(value: value)
        case .string:
            guard let value = document.string(node) else { throw Violation("a string without a value") }
            return NSString(string: value)
        case .array:
            let array = NSMutableArray()
            for element in document.elements(of: node) { array.add(try Self.object(element, of: document)) }
            return array
        case .object:
            let dictionary = NSMutableDictionary()
            for (name, value) in document.members(of: node) {
                guard let key = document.string(name) else { throw Violation("a name that is no string") }
                dictionary.setObject(try Self.object(value, of: document), forKey: NSString(string: key))
            }
            return dictionary
        }
    }

    private static func checkCopies(of document: JSONDocument, meaning object: NSObject) throws(Violation) {
        func reading(_ bytes: [UInt8], _ what: String) throws(Violation) -> JSONDocument {
            do { return try JSONDocument(parsing: bytes) } catch { throw Violation("\(what) is not JSON: \(error)") }
        }
        var writer = JSONWriter()
        writer.value(document.root, of: document)
        let copy = try reading(writer.take(), "a copy")
        try require(Self.object(copy.root, of: copy) == object, "a copy means something else")

        writer.raw("\"")
        writer.embedded(document.root, of: document)
        writer.raw("\"")
        let embedded = try reading(writer.take(), "an embedded value")
        let inner = try reading(Array((embedded.string(embedded.root) ?? "").utf8), "what was embedded")
        try require(Self.object(inner.root, of: inner) == object, "an embedded value means something else")

        if let string = document.string(document.root) {
            writer.string(string)
            let escaped = try reading(writer.take(), "an escaped string")
            try require(escaped.string(escaped.root) == string, "an escaped string means something else")
        }

        try Self.checkReplacement(of: copy, by: document.bytes)
    }

    /// A document that takes another text in is the one that is parsed from that text, also when both are nearly the same.
    private static func checkReplacement(of used: JSONDocument, by text: [UInt8]) throws(Violation) {
        var document = used
        try Self.replace(&document, with: text)
        var generator = SplitMix64(seed: text.fingerprint)
        for _ in 0..<8 where !document.bytes.isEmpty {
            var changed = document.bytes
            let place = Int.random(in: changed.indices, using: &generator)
            let byte = UInt8.random(in: 0...255, using: &generator)
            switch Int.random(in: 0..<4, using: &generator) {
            case 0: changed.remove(at: place)
            case 1: changed.insert(byte, at: place)
            case 2: changed[place] = byte
            default: changed[place] = changed[changed.count - 1 - place]
            }
            try Self.replace(&document, with: changed)
        }
    }

    private static func replace(_ document: inout JSONDocument, with text: [UInt8]) throws(Violation) {
        let isAccepted = (try? document.replace(with: text.span)) != nil
        guard let parsed = try? JSONDocument(parsing: text) else {
            return try require(!isAccepted, "a used document accepts what a new one refuses")
        }
        try require(isAccepted, "a used document refuses what a new one accepts")
        let meaning = try Self.object(parsed.root, of: parsed)
        try require(Self.object(document.root, of: document) == meaning, "a used document reads something else")
    }
}
