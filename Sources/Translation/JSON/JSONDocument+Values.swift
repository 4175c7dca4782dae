// SPDX-License-Identifier: Apache-2.0

// Reading what must be understood. What is only passed on is copied by `JSONWriter` instead.
extension JSONDocument {
    /// The decoded string; half a surrogate pair becomes U+FFFD. Nil when the value is not a string.
    public func string(_ node: JSONNode) -> String? {
        guard self.kind(of: node) == .string else { return nil }
        let contents = self.bytes[self.contents(of: node)]
        guard self.tape[node.index].hasEscapes else { return String(decoding: contents, as: UTF8.self) }
        return JSONEscapes.decode(contents)
    }

    /// Whether the value is the string `text`, which must be plain ASCII.
    public func isString(_ node: JSONNode, _ text: StaticString) -> Bool {
        let token = self.tape[node.index]
        guard self.bytes[Int(token.start)] == UInt8(ascii: "\"") else { return false }
        if token.hasEscapes { return self.string(node) == text.description }
        let range = self.contents(of: node)
        guard range.count == text.utf8CodeUnitCount else { return false }
        return unsafe self.bytes[range].elementsEqual(
            UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
    }

    /// A number without fraction that fits; `1.0` and `1e3` count as integers, as they do in JSON Schema.
    public func integer(_ node: JSONNode) -> Int? {
        guard self.kind(of: node) == .number else { return nil }
        let text = String(decoding: self.bytes[self.range(of: node)], as: UTF8.self)
        if let integer = Int(text) { return integer }
        // Not `Int(exactly:)`: it needs libm, and this library links nothing.
        guard let value = Double(text), value >= -0x1p63, value < 0x1p63, Double(Int(value)) == value else { return nil }
        return Int(value)
    }

    public func double(_ node: JSONNode) -> Double? {
        guard self.kind(of: node) == .number else { return nil }
        return Double(String(decoding: self.bytes[self.range(of: node)], as: UTF8.self))
    }

    public func boolean(_ node: JSONNode) -> Bool? {
        guard self.kind(of: node) == .boolean else { return nil }
        return self.bytes[Int(self.tape[node.index].start)] == UInt8(ascii: "t")
    }

    public func isNull(_ node: JSONNode) -> Bool { self.kind(of: node) == .null }

    /// A string without characters.
    public func isEmptyString(_ node: JSONNode) -> Bool {
        self.kind(of: node) == .string && self.contents(of: node).isEmpty
    }

    /// `member(name, of:)` when it is a string.
    public func string(_ name: StaticString, of object: JSONNode) -> String? {
        self.member(name, of: object).flatMap { self.string($0) }
    }
}

/// The two directions between characters and how a JSON string spells them.
enum JSONEscapes {
    /// `contents` must have been validated by the parser.
    static func decode(_ contents: ArraySlice<UInt8>) -> String {
        var decoded: [UInt8] = []
        decoded.reserveCapacity(contents.count)
        var index = contents.startIndex
        while index < contents.endIndex {
            guard contents[index] == UInt8(ascii: "\\") else {
                decoded.append(contents[index])
                index += 1
                continue
            }
            switch contents[index + 1] {
            case UInt8(ascii: "b"): decoded.append(0x08)
            case UInt8(ascii: "f"): decoded.append(0x0C)
            case UInt8(ascii: "n"): decoded.append(0x0A)
            case UInt8(ascii: "r"): decoded.append(0x0D)
            case UInt8(ascii: "t"): decoded.append(0x09)
            case UInt8(ascii: "u"):
                let (scalar, length) = Self.scalar(contents, at: index)
                decoded.append(contentsOf: String(Character(scalar)).utf8)
                index += length
                continue
            case let byte: decoded.append(byte)
            }
            index += 2
        }
        return String(decoding: decoded, as: UTF8.self)
    }

    /// The character of a `\uXXXX` escape or of a pair of them, and how many bytes it took.
    static func scalar(_ contents: ArraySlice<UInt8>, at index: Int) -> (scalar: Unicode.Scalar, length: Int) {
        let unit = Self.codeUnit(contents, at: index)
        if let scalar = Unicode.Scalar(unit) { return (scalar, 6) }
        if unit < 0xDC00, index + 12 <= contents.endIndex, contents[index + 6] == UInt8(ascii: "\\"),
            contents[index + 7] == UInt8(ascii: "u")
        {
            let low = Self.codeUnit(contents, at: index + 6)
            if low & 0xFC00 == 0xDC00,
                let scalar = Unicode.Scalar(0x10000 + ((unit & 0x3FF) << 10) + (low & 0x3FF))
            {
                return (scalar, 12)
            }
        }
        return ("\u{FFFD}", 6)
    }

    private static func codeUnit(_ contents: ArraySlice<UInt8>, at index: Int) -> UInt32 {
        contents[index + 2..<index + 6].reduce(0) { $0 << 4 | UInt32(hexadecimalDigit($1) ?? 0) }
    }
}
