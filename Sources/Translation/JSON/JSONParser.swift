// SPDX-License-Identifier: Apache-2.0

/// Validates a JSON text once, strictly after RFC 8259, and notes where its values are. It does not recurse: a document
/// cannot exhaust the stack.
struct JSONParser: ~Copyable, ~Escapable {
    private let bytes: Span<UInt8>
    private let limits: JSONLimits
    private var position = 0
    /// Tape indices of the open containers, outermost first.
    private var open: [Int] = []

    @_lifetime(copy bytes)
    init(_ bytes: Span<UInt8>, limits: JSONLimits) {
        self.bytes = bytes
        self.limits = limits
    }

    /// Appends the tokens of the whole text to `tape`.
    @_lifetime(self: copy self)
    mutating func parse(into tape: inout [JSONToken]) throws(JSONError) {
        guard self.bytes.count < Int(Int32.max) else { throw JSONError(.tooLarge, at: 0) }
        repeat {
            try self.parseValue(into: &tape)
            try self.closeContainers(in: &tape)
        } while !self.open.isEmpty
        self.skipWhitespace()
        if self.position < self.bytes.count { throw JSONError(.trailingBytes, at: self.position) }
    }

    /// Reads one value; of a container only its opening, as many as directly follow each other.
    @_lifetime(self: copy self)
    private mutating func parseValue(into tape: inout [JSONToken]) throws(JSONError) {
        while true {
            self.skipWhitespace()
            guard tape.count < self.limits.values, tape.count < JSONToken.maximumIndex else {
                throw JSONError(.tooLarge, at: self.position)
            }
            switch try self.peek() {
            case UInt8(ascii: "{"):
                try self.openContainer(in: &tape)
                self.skipWhitespace()
                if try self.peek() == UInt8(ascii: "}") { return }
                try self.parseMemberName(into: &tape)
            case UInt8(ascii: "["):
                try self.openContainer(in: &tape)
                self.skipWhitespace()
                if try self.peek() == UInt8(ascii: "]") { return }
            case UInt8(ascii: "\""):
                return try self.parseString(into: &tape)
            case UInt8(ascii: "t"):
                return try self.parseLiteral("true", into: &tape)
            case UInt8(ascii: "f"):
                return try self.parseLiteral("false", into: &tape)
            case UInt8(ascii: "n"):
                return try self.parseLiteral("null", into: &tape)
            default:
                return try self.parseNumber(into: &tape)
            }
        }
    }

    /// Behind a value: closes what ends here and steps over the comma to the next value.
    @_lifetime(self: copy self)
    private mutating func closeContainers(in tape: inout [JSONToken]) throws(JSONError) {
        while let container = self.open.last {
            self.skipWhitespace()
            let isObject = self.bytes[Int(tape[container].start)] == UInt8(ascii: "{")
            switch try self.peek() {
            case UInt8(ascii: ","):
                // A container that was just opened and is empty never gets here: its closing bracket was seen.
                guard tape.count > container + 1 else { throw JSONError(.unexpectedByte, at: self.position) }
                self.position += 1
                if isObject {
                    self.skipWhitespace()
                    try self.parseMemberName(into: &tape)
                }
                return
            case UInt8(ascii: "}") where isObject, UInt8(ascii: "]") where !isObject:
                self.position += 1
                tape[container].end = UInt32(truncatingIfNeeded: self.position)
                tape[container].next = tape.count
                self.open.removeLast()
            default:
                throw JSONError(.unexpectedByte, at: self.position)
            }
        }
    }

    @_lifetime(self: copy self)
    private mutating func openContainer(in tape: inout [JSONToken]) throws(JSONError) {
        guard self.open.count < self.limits.depth else { throw JSONError(.tooDeep, at: self.position) }
        self.open.append(tape.count)
        tape.append(JSONToken(start: self.position, end: 0, next: 0))
        self.position += 1
    }

    @_lifetime(self: copy self)
    private mutating func parseMemberName(into tape: inout [JSONToken]) throws(JSONError) {
        guard try self.peek() == UInt8(ascii: "\"") else { throw JSONError(.unexpectedByte, at: self.position) }
        try self.parseString(into: &tape)
        self.skipWhitespace()
        guard try self.peek() == UInt8(ascii: ":") else { throw JSONError(.unexpectedByte, at: self.position) }
        self.position += 1
    }

    @_lifetime(self: copy self)
    private mutating func parseString(into tape: inout [JSONToken]) throws(JSONError) {
        var scanner = JSONStringScanner(self.bytes, at: self.position + 1)
        let end = try scanner.scan()
        tape.append(
            JSONToken(
                start: self.position,
                end: end,
                next: tape.count + 1,
                hasEscapes: scanner.hasEscapes,
                hasLoneSurrogate: scanner.hasLoneSurrogate,
            )
        )
        self.position = end
    }

    @_lifetime(self: copy self)
    private mutating func parseLiteral(_ literal: StaticString, into tape: inout [JSONToken]) throws(JSONError) {
        let start = self.position
        for index in 0..<literal.utf8CodeUnitCount {
            let expected = unsafe literal.utf8Start[index]
            guard try self.peek() == expected else {
                throw JSONError(.unexpectedByte, at: self.position)
            }
            self.position += 1
        }
        tape.append(JSONToken(start: start, end: self.position, next: tape.count + 1))
    }

    /// `-? (0 | [1-9] digits) (. digits)? ([eE] [+-]? digits)?`
    @_lifetime(self: copy self)
    private mutating func parseNumber(into tape: inout [JSONToken]) throws(JSONError) {
        let start = self.position
        if try self.peek() == UInt8(ascii: "-") { self.position += 1 }
        let leadingZero = try self.peek() == UInt8(ascii: "0")
        let integerDigits = self.skipDigits()
        guard integerDigits > 0 else {
            throw JSONError(start == self.position ? .unexpectedByte : .invalidNumber, at: self.position)
        }
        if leadingZero, integerDigits > 1 { throw JSONError(.invalidNumber, at: start) }
        if self.current == UInt8(ascii: ".") {
            self.position += 1
            guard self.skipDigits() > 0 else { throw JSONError(.invalidNumber, at: self.position) }
        }
        if self.current == UInt8(ascii: "e") || self.current == UInt8(ascii: "E") {
            self.position += 1
            if self.current == UInt8(ascii: "+") || self.current == UInt8(ascii: "-") { self.position += 1 }
            guard self.skipDigits() > 0 else { throw JSONError(.invalidNumber, at: self.position) }
        }
        tape.append(JSONToken(start: start, end: self.position, next: tape.count + 1))
    }

    @_lifetime(self: copy self)
    private mutating func skipDigits() -> Int {
        let start = self.position
        while let byte = self.current, byte &- UInt8(ascii: "0") < 10 { self.position += 1 }
        return self.position - start
    }

    @_lifetime(self: copy self)
    private mutating func skipWhitespace() {
        while let byte = self.current, byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 {
            self.position += 1
        }
    }

    private var current: UInt8? {
        self.position < self.bytes.count ? self.bytes[self.position] : nil
    }

    private func peek() throws(JSONError) -> UInt8 {
        guard let byte = self.current else { throw JSONError(.unexpectedEnd, at: self.position) }
        return byte
    }
}
