// SPDX-License-Identifier: Apache-2.0

/// A strict recursive reader of RFC 8259. Slow and small; for tests.
struct JSONReader {
    private let bytes: [UInt8]
    private var position = 0
    private var depth = 0

    init(bytes: [UInt8]) {
        self.bytes = bytes
    }

    mutating func document() throws(JSONSyntaxError) -> JSONValue {
        let value = try self.value()
        self.skipSpace()
        guard self.position == self.bytes.count else { throw self.error("text after the document") }
        return value
    }

    private func error(_ reason: String) -> JSONSyntaxError {
        JSONSyntaxError(offset: self.position, reason: reason)
    }

    private var next: UInt8? { self.position < self.bytes.count ? self.bytes[self.position] : nil }

    private mutating func skipSpace() {
        while let byte = self.next, byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 { self.position += 1 }
    }

    private mutating func take(_ byte: Character) -> Bool {
        guard self.next == byte.asciiValue else { return false }
        self.position += 1
        return true
    }

    private mutating func expect(_ word: StaticString, _ value: JSONValue) throws(JSONSyntaxError) -> JSONValue {
        for character in word.description {
            guard self.take(character) else { throw self.error("expected \(word)") }
        }
        return value
    }

    private mutating func value() throws(JSONSyntaxError) -> JSONValue {
        self.skipSpace()
        guard let byte = self.next else { throw self.error("end of text") }
        guard self.depth < 512 else { throw self.error("nested too deeply") }
        self.depth += 1
        defer { self.depth -= 1 }
        switch byte {
        case UInt8(ascii: "{"): return try self.object()
        case UInt8(ascii: "["): return try self.array()
        case UInt8(ascii: "\""): return .string(try self.string())
        case UInt8(ascii: "t"): return try self.expect("true", .bool(true))
        case UInt8(ascii: "f"): return try self.expect("false", .bool(false))
        case UInt8(ascii: "n"): return try self.expect("null", .null)
        default: return try self.number()
        }
    }

    private mutating func object() throws(JSONSyntaxError) -> JSONValue {
        self.position += 1
        var members: [String: JSONValue] = [:]
        self.skipSpace()
        if self.take("}") { return .object(members) }
        repeat {
            self.skipSpace()
            guard self.next == UInt8(ascii: "\"") else { throw self.error("expected a key") }
            let key = try self.string()
            self.skipSpace()
            guard self.take(":") else { throw self.error("expected a colon") }
            guard members.updateValue(try self.value(), forKey: key) == nil else {
                throw self.error("key twice: \(key)")
            }
            self.skipSpace()
        } while self.take(",")
        guard self.take("}") else { throw self.error("expected , or }") }
        return .object(members)
    }

    private mutating func array() throws(JSONSyntaxError) -> JSONValue {
        self.position += 1
        var elements: [JSONValue] = []
        self.skipSpace()
        if self.take("]") { return .array(elements) }
        repeat {
            elements.append(try self.value())
            self.skipSpace()
        } while self.take(",")
        guard self.take("]") else { throw self.error("expected , or ]") }
        return .array(elements)
    }

    private mutating func number() throws(JSONSyntaxError) -> JSONValue {
        let start = self.position
        _ = self.take("-")
        if !self.take("0") { try self.digits() }
        if self.take(".") { try self.digits() }
        if self.take("e") || self.take("E") {
            if !self.take("+") { _ = self.take("-") }
            try self.digits()
        }
        let text = String(decoding: self.bytes[start..<self.position], as: UTF8.self)
        guard let value = Double(text) else { throw self.error("not a number") }
        return .number(value)
    }

    private mutating func digits() throws(JSONSyntaxError) {
        guard let first = self.next, 0x30...0x39 ~= first else { throw self.error("expected a digit") }
        while let byte = self.next, 0x30...0x39 ~= byte { self.position += 1 }
    }

    private mutating func string() throws(JSONSyntaxError) -> String {
        self.position += 1
        var raw: [UInt8] = []
        while let byte = self.next {
            self.position += 1
            switch byte {
            case UInt8(ascii: "\""):
                guard let text = String(validating: raw, as: UTF8.self) else { throw self.error("not UTF-8") }
                return text
            case UInt8(ascii: "\\"):
                raw.append(contentsOf: String(try self.escape()).utf8)
            case 0..<0x20:
                throw self.error("a control character in a string")
            default:
                raw.append(byte)
            }
        }
        throw self.error("unclosed string")
    }

    private mutating func escape() throws(JSONSyntaxError) -> Unicode.Scalar {
        guard let byte = self.next else { throw self.error("unclosed escape") }
        self.position += 1
        switch byte {
        case UInt8(ascii: "n"): return "\n"
        case UInt8(ascii: "t"): return "\t"
        case UInt8(ascii: "r"): return "\r"
        case UInt8(ascii: "b"): return "\u{8}"
        case UInt8(ascii: "f"): return "\u{c}"
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return Unicode.Scalar(byte)
        case UInt8(ascii: "u"): return try self.unicodeEscape()
        default: throw self.error("unknown escape")
        }
    }

    private mutating func unicodeEscape() throws(JSONSyntaxError) -> Unicode.Scalar {
        let unit = try self.hexadecimalUnit()
        guard 0xD800..<0xDC00 ~= unit else {
            guard let scalar = Unicode.Scalar(unit) else { throw self.error("lone surrogate") }
            return scalar
        }
        guard self.take("\\"), self.take("u") else { throw self.error("lone surrogate") }
        let low = try self.hexadecimalUnit()
        guard 0xDC00..<0xE000 ~= low, let scalar = Unicode.Scalar(0x10000 + (unit - 0xD800) << 10 + (low - 0xDC00))
        else {
            throw self.error("lone surrogate")
        }
        return scalar
    }

    private mutating func hexadecimalUnit() throws(JSONSyntaxError) -> UInt32 {
        let end = self.position + 4
        guard end <= self.bytes.count,
            let unit = UInt32(String(decoding: self.bytes[self.position..<end], as: UTF8.self), radix: 16)
        else { throw self.error("not a hexadecimal escape") }
        self.position = end
        return unit
    }
}
