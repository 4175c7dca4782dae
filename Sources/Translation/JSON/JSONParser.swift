// SPDX-License-Identifier: Apache-2.0

/// Validates a JSON text once, strictly after RFC 8259, and notes where its values are. It does not recurse: a document
/// cannot exhaust the stack. When the tape is full it stops between two values, and goes on there with a longer one.
struct JSONParser: ~Copyable, ~Escapable {
    struct Summary {
        /// How many tokens of the tape are written.
        let tokenCount: Int
        let hasLoneSurrogate: Bool
    }

    /// What is written between two looks at the room: a value (or the opening of a container) and a member's name.
    private static let tokensPerValue = 2

    private let bytes: Span<UInt8>
    private let limits: JSONLimits
    private var position = 0
    private var count = 0
    private var hasLoneSurrogate = false
    private var depth = 0
    /// Tape index of the innermost open container. The token of an open container has no `next` yet and holds the index
    /// of the container around it instead, so that no stack is needed.
    private var container = 0
    private var isInObject = false

    private var summary: Summary { Summary(tokenCount: self.count, hasLoneSurrogate: self.hasLoneSurrogate) }

    /// Writes the tokens of `bytes` to the beginning of `tape`, which it makes longer when they need more room. It must
    /// not be empty.
    static func parse(
        _ bytes: Span<UInt8>, limits: JSONLimits, into tape: inout [JSONToken]
    ) throws(JSONError) -> Summary {
        // All that the parser does is inlined here, so that its variables stay in registers.
        var parser = JSONParser(bytes, limits: limits)
        while true {
            var room = tape.mutableSpan
            if try parser.parse(into: &room) { return parser.summary }
            // Doubled, so that the copying of a growing tape stays in proportion to the text.
            tape.append(contentsOf: repeatElement(.blank, count: tape.count))
        }
    }

    @_lifetime(copy bytes)
    @inline(__always)
    private init(_ bytes: Span<UInt8>, limits: JSONLimits) {
        self.bytes = bytes
        self.limits = limits
    }

    /// Writes the tokens of the whole text to `tape`, or returns false when it needs a longer tape that begins with
    /// what this one holds.
    @_lifetime(self: copy self)
    @inline(__always)
    private mutating func parse(into tape: inout MutableSpan<JSONToken>) throws(JSONError) -> Bool {
        // The tape's offsets have 32 bits, and the writer of a body does arithmetic with them.
        guard self.bytes.count <= JSONToken.maximumOffset else { throw JSONError(.tooLarge, at: 0) }
        values: while try self.parseValue(into: &tape) {
            // Behind a value: closes what ends here and steps over the comma, and the name, to the next value.
            while self.depth > 0 {
                self.skipWhitespace()
                switch try self.peek() {
                case UInt8(ascii: ","):
                    self.position += 1
                    guard self.isInObject else { continue values }
                    self.skipWhitespace()
                    try self.parseMemberName(into: &tape)
                    continue values
                case UInt8(ascii: "}") where self.isInObject, UInt8(ascii: "]") where !self.isInObject:
                    self.position += 1
                    self.closeContainer(in: &tape)
                default:
                    throw JSONError(.unexpectedByte, at: self.position)
                }
            }
            self.skipWhitespace()
            if self.position < self.bytes.count { throw JSONError(.trailingBytes, at: self.position) }
            return true
        }
        return false
    }

    /// Reads one value; of a container only its opening, as many as directly follow each other. False when the tape is
    /// full: nothing of the next value has been read.
    @_lifetime(self: copy self)
    @inline(__always)
    private mutating func parseValue(into tape: inout MutableSpan<JSONToken>) throws(JSONError) -> Bool {
        while true {
            self.skipWhitespace()
            guard self.count < self.limits.values, self.count < JSONToken.maximumIndex else {
                throw JSONError(.tooLarge, at: self.position)
            }
            guard self.count + Self.tokensPerValue <= tape.count else { return false }
            switch try self.peek() {
            case UInt8(ascii: "\""):
                try self.parseString(into: &tape)
                return true
            case UInt8(ascii: "{"):
                try self.openContainer(in: &tape)
                self.isInObject = true
                self.skipWhitespace()
                if try self.peek() == UInt8(ascii: "}") { return true }
                try self.parseMemberName(into: &tape)
            case UInt8(ascii: "["):
                try self.openContainer(in: &tape)
                self.isInObject = false
                self.skipWhitespace()
                if try self.peek() == UInt8(ascii: "]") { return true }
            case UInt8(ascii: "t"):
                try self.parseLiteral("true", into: &tape)
                return true
            case UInt8(ascii: "f"):
                try self.parseLiteral("false", into: &tape)
                return true
            case UInt8(ascii: "n"):
                try self.parseLiteral("null", into: &tape)
                return true
            default:
                try self.parseNumber(into: &tape)
                return true
            }
        }
    }

    @_lifetime(self: copy self)
    @inline(__always)
    private mutating func openContainer(in tape: inout MutableSpan<JSONToken>) throws(JSONError) {
        guard self.depth < self.limits.depth else { throw JSONError(.tooDeep, at: self.position) }
        let outer = self.container
        self.depth += 1
        self.container = self.count
        self.append(JSONToken(start: self.position, end: 0, next: outer), to: &tape)
        self.position += 1
    }

    @_lifetime(self: copy self)
    @inline(__always)
    private mutating func closeContainer(in tape: inout MutableSpan<JSONToken>) {
        let token = tape[self.container]
        tape[self.container] = JSONToken(start: Int(token.start), end: self.position, next: self.count)
        self.container = token.next
        self.depth -= 1
        // Read from the text again, because the tape has no room for it. After the outermost value it is not asked
        // any more.
        self.isInObject = self.bytes[Int(tape[self.container].start)] == UInt8(ascii: "{")
    }

    @_lifetime(self: copy self)
    @inline(__always)
    private mutating func append(_ token: JSONToken, to tape: inout MutableSpan<JSONToken>) {
        tape[self.count] = token
        self.count += 1
    }
}

// MARK: - Scalars

extension JSONParser {
    @_lifetime(self: copy self)
    @inline(__always)
    private mutating func parseMemberName(into tape: inout MutableSpan<JSONToken>) throws(JSONError) {
        guard try self.peek() == UInt8(ascii: "\"") else { throw JSONError(.unexpectedByte, at: self.position) }
        try self.parseString(into: &tape)
        self.skipWhitespace()
        guard try self.peek() == UInt8(ascii: ":") else { throw JSONError(.unexpectedByte, at: self.position) }
        self.position += 1
    }

    @_lifetime(self: copy self)
    @inline(__always)
    private mutating func parseString(into tape: inout MutableSpan<JSONToken>) throws(JSONError) {
        let start = self.position
        var scanner = JSONStringScanner(self.bytes, at: start + 1)
        self.position = try scanner.scan()
        if scanner.hasLoneSurrogate { self.hasLoneSurrogate = true }
        self.append(
            JSONToken(
                start: start,
                end: self.position,
                next: self.count + 1,
                hasEscapes: scanner.hasEscapes,
                hasLoneSurrogate: scanner.hasLoneSurrogate,
            ),
            to: &tape)
    }

    @_lifetime(self: copy self)
    @inline(__always)
    private mutating func parseLiteral(
        _ literal: StaticString, into tape: inout MutableSpan<JSONToken>
    ) throws(JSONError) {
        let start = self.position
        for index in 0..<literal.utf8CodeUnitCount {
            let expected = unsafe literal.utf8Start[index]
            guard try self.peek() == expected else { throw JSONError(.unexpectedByte, at: self.position) }
            self.position += 1
        }
        self.append(JSONToken(start: start, end: self.position, next: self.count + 1), to: &tape)
    }

    @_lifetime(self: copy self)
    @inline(__always)
    private mutating func parseNumber(into tape: inout MutableSpan<JSONToken>) throws(JSONError) {
        let start = self.position
        self.position = try JSONNumberScanner.end(of: self.bytes, from: start)
        self.append(JSONToken(start: start, end: self.position, next: self.count + 1), to: &tape)
    }

    @_lifetime(self: copy self)
    @inline(__always)
    private mutating func skipWhitespace() {
        // The first comparison alone decides for nearly every byte: most tokens stand without white space around
        // them.
        while let byte = self.current, byte <= 0x20, byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 {
            self.position += 1
        }
    }

    private var current: UInt8? {
        @inline(__always) get { self.position < self.bytes.count ? self.bytes[self.position] : nil }
    }

    @inline(__always)
    private func peek() throws(JSONError) -> UInt8 {
        guard let byte = self.current else { throw JSONError(.unexpectedEnd, at: self.position) }
        return byte
    }
}
