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
        return self.isSpelled(token, text)
    }

    /// Whether `member`, the value of a member of an object, is called `name`.
    func isName(of member: JSONNode, _ name: StaticString) -> Bool {
        self.isSpelled(self.tape[member.index - 1], name)
    }

    /// `isString` for what is known to be a string.
    @inline(__always)
    func isSpelled(_ token: JSONToken, _ text: StaticString) -> Bool {
        if token.hasEscapes {
            return JSONEscapes.isSpelling(self.bytes[Int(token.start) + 1..<Int(token.end) - 1], of: text)
        }
        guard Int(token.end) - Int(token.start) - 2 == text.utf8CodeUnitCount else { return false }
        return Self.isEqual(self.bytes.span.extracting(Int(token.start) + 1..<Int(token.end) - 1), text)
    }

    /// Both have the same length. Most names differ in the first byte, and most that do not are equal.
    @inline(__always)
    private static func isEqual(_ contents: Span<UInt8>, _ text: StaticString) -> Bool {
        let start = unsafe text.utf8Start
        var index = 0
        while index < contents.count {
            // In bounds: the index is below the count of both.
            guard unsafe contents[unchecked: index] == start[index] else { return false }
            index &+= 1
        }
        return true
    }

    /// A number without fraction that fits; `1.0` and `1e3` count as integers, as they do in JSON Schema.
    public func integer(_ node: JSONNode) -> Int? {
        guard self.kind(of: node) == .number else { return nil }
        let range = self.range(of: node)
        if let integer = self.fewDigits(range) { return integer }
        let text = String(decoding: self.bytes[range], as: UTF8.self)
        if let integer = Int(text) { return integer }
        // Not `Int(exactly:)`: it needs libm, and this library links nothing.
        guard let value = Double(text), value >= -0x1p63, value < 0x1p63 else { return nil }
        return Double(Int(value)) == value ? Int(value) : nil
    }

    /// What nearly every number is, without making a string of it.
    private func fewDigits(_ range: Range<Int>) -> Int? {
        // Eighteen digits fit into 64 bits, so that the arithmetic below needs no checks.
        guard range.count <= 18 else { return nil }
        var value = 0
        for byte in self.bytes[range] {
            guard byte >= UInt8(ascii: "0"), byte <= UInt8(ascii: "9") else { return nil }
            value = value &* 10 &+ Int(byte & 15)
        }
        return value
    }

    /// Nil when the value is no number, or none that a `Double` can hold.
    public func double(_ node: JSONNode) -> Double? {
        guard self.kind(of: node) == .number else { return nil }
        let range = self.range(of: node)
        if let integer = self.fewDigits(range) { return Double(integer) }
        return Double(String(decoding: self.bytes[range], as: UTF8.self))
    }

    /// Nil when the value is neither `true` nor `false`.
    public func boolean(_ node: JSONNode) -> Bool? {
        guard self.kind(of: node) == .boolean else { return nil }
        return self.bytes[Int(self.tape[node.index].start)] == UInt8(ascii: "t")
    }

    /// Whether the value is `null`.
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
