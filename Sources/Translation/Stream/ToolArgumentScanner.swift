// SPDX-License-Identifier: Apache-2.0

/// Follows the arguments of one call as they grow and says how much of them may be sent. What has been sent cannot be
/// taken back, so it goes out only as long as it is the beginning of a JSON object; from the first byte that is not,
/// everything is held for `ToolArgumentRepair` to look at as a whole.
struct ToolArgumentScanner: Sendable {
    /// A string, quotes included, where the function's schema allows none.
    struct TypedString {
        let range: Range<Int>
        let types: JSONTypes
    }

    private enum State: Sendable, Equatable {
        /// Nothing but white space yet. Goes to `memberOrEnd`, or to `broken`.
        case beforeObject
        /// Behind `{`. A brace is not sent before what follows is known: some servers begin every call with `{}`.
        case memberOrEnd
        /// Behind a comma in an object. The comma is not sent before what follows is known: it may be a trailing one.
        case memberName
        case colon
        case value
        case valueOrEnd
        /// Behind a comma in an array; as above.
        case element
        case commaOrEnd
        /// Inside a number or a literal.
        case scalar
        case string(isName: Bool)
        /// Behind a backslash, or inside the digits of `\u`. Not sent before it is known to be an escape at all.
        case escape(isName: Bool, digitsLeft: Int)
        /// The object is closed. Final.
        case complete
        /// Not JSON. Final.
        case broken
    }

    private var state = State.beforeObject
    /// The open containers, innermost last.
    private var containers: [UInt8] = []
    private var position = 0
    private var hasMembers = false
    /// The name of the last member of the object itself, quotes included.
    private var name = 0..<0
    /// Set inside a string that is the value of a typed parameter.
    private var typedString: (start: Int, types: JSONTypes)?
    /// Everything before this offset may be sent.
    private(set) var sendable = 0

    /// Containers inside each other; the same as the JSON parser's.
    private static let maximumDepth = 256

    var isComplete: Bool { self.state == .complete }
    /// `{}`, which may be a server's way to begin and is sent only when the call ends.
    var isEmptyObject: Bool { self.isComplete && !self.hasMembers }
    /// Where the object ends, once it is complete.
    var end: Int { self.position }

    /// `text` is everything so far; only what was appended since the last time is read.
    /// - Parameter typed: the parameters that cannot be strings.
    /// - Returns: a string that is given for one of them, as soon as it is whole. Nothing of it is sendable; the scan must
    ///   be resumed after it, or after what was put in its place.
    @discardableResult
    mutating func scan(_ text: [UInt8], typed: [String: JSONTypes] = [:]) -> TypedString? {
        while self.position < text.count, self.state != .complete, self.state != .broken {
            if case .string(let isName) = self.state {
                self.scanString(text, isName: isName)
                if self.state == .commaOrEnd, let string = self.typedString {
                    return TypedString(range: string.start..<self.position, types: string.types)
                }
            } else {
                if self.state == .value, !typed.isEmpty { self.noteTypedString(text, typed) }
                self.scanByte(text[self.position])
            }
        }
        return nil
    }

    /// A value that is a string begins here, and the schema wants another type.
    private mutating func noteTypedString(_ text: [UInt8], _ typed: [String: JSONTypes]) {
        // Only parameters themselves are looked up: the schema's types are kept for the first level only.
        guard self.containers.count == 1, text[self.position] == UInt8(ascii: "\"") else { return }
        let name = JSONEscapes.decode(text[self.name.dropFirst().dropLast()])
        if let types = typed[name] { self.typedString = (self.position, types) }
    }

    mutating func resume(after end: Int) {
        self.typedString = nil
        self.position = end
        self.sendable = end
    }

    /// Nothing more comes: an empty object is what it seems.
    mutating func markFinished() {
        if self.isComplete { self.sendable = self.position }
    }

    private mutating func scanString(_ text: [UInt8], isName: Bool) {
        while self.position < text.count {
            let byte = text[self.position]
            if byte == UInt8(ascii: "\\") {
                self.state = .escape(isName: isName, digitsLeft: 0)
                self.markSendable()
                self.position += 1
                return
            }
            if byte < 0x20 {
                self.state = .broken
                self.markSendable()
                return
            }
            self.position += 1
            if byte == UInt8(ascii: "\"") {
                self.state = isName ? .colon : .commaOrEnd
                if isName { self.name = self.name.lowerBound..<self.position }
                break
            }
        }
        self.markSendable()
    }

    private mutating func markSendable() {
        // The string is replaced as a whole once it is complete, so nothing after its quotation mark may go out
        // before.
        self.sendable = self.typedString?.start ?? self.position
    }

    private mutating func scanByte(_ byte: UInt8) {
        if case .escape(let isName, let digitsLeft) = self.state {
            self.scanEscape(byte, isName: isName, digitsLeft: digitsLeft)
            if self.state == .broken { return }
        } else if byte.isJSONWhitespace {
            if self.state == .scalar { self.state = .commaOrEnd }
        } else {
            self.scanToken(byte)
            if self.state == .broken { return }
        }
        self.position += 1
        if self.isSettled { self.markSendable() }
    }

    private mutating func scanEscape(_ byte: UInt8, isName: Bool, digitsLeft: Int) {
        if digitsLeft > 0, hexadecimalDigit(byte) != nil {
            self.state = digitsLeft == 1 ? .string(isName: isName) : .escape(isName: isName, digitsLeft: digitsLeft - 1)
        } else if digitsLeft == 0, byte == UInt8(ascii: "u") {
            self.state = .escape(isName: isName, digitsLeft: 4)
        } else if digitsLeft == 0, Self.isEscapeLetter(byte) {
            self.state = .string(isName: isName)
        } else {
            self.state = .broken
        }
    }

    /// Nothing that may come next makes what was read so far wrong.
    private var isSettled: Bool {
        switch self.state {
        case .beforeObject, .memberName, .element, .escape, .broken: false
        case .memberOrEnd: self.containers.count > 1
        case .complete: self.hasMembers
        case .colon, .value, .valueOrEnd, .commaOrEnd, .scalar, .string: true
        }
    }

    private mutating func scanToken(_ byte: UInt8) {
        switch (self.state, byte) {
        case (.beforeObject, UInt8(ascii: "{")):
            self.open(byte)
        case (.memberOrEnd, UInt8(ascii: "\"")), (.memberName, UInt8(ascii: "\"")):
            self.hasMembers = true
            self.state = .string(isName: true)
            self.name = self.position..<self.position + 1
        case (.colon, UInt8(ascii: ":")):
            self.state = .value
        case (.commaOrEnd, UInt8(ascii: ",")), (.scalar, UInt8(ascii: ",")):
            self.state = self.containers.last == UInt8(ascii: "{") ? .memberName : .element
        case (.memberOrEnd, UInt8(ascii: "}")), (.valueOrEnd, UInt8(ascii: "]")), (.commaOrEnd, UInt8(ascii: "}")),
            (.commaOrEnd, UInt8(ascii: "]")), (.scalar, UInt8(ascii: "}")), (.scalar, UInt8(ascii: "]")):
            self.close(byte)
        case (.scalar, _):
            self.state = Self.isScalarByte(byte) ? .scalar : .broken
        case (.value, _), (.valueOrEnd, _), (.element, _):
            self.beginValue(byte)
        default:
            self.state = .broken
        }
    }

    private mutating func beginValue(_ byte: UInt8) {
        switch byte {
        case UInt8(ascii: "\""): self.state = .string(isName: false)
        case UInt8(ascii: "{"), UInt8(ascii: "["): self.open(byte)
        default: self.state = Self.isScalarByte(byte) ? .scalar : .broken
        }
    }

    private mutating func open(_ bracket: UInt8) {
        guard self.containers.count < Self.maximumDepth else {
            self.state = .broken
            return
        }
        self.containers.append(bracket)
        self.state = bracket == UInt8(ascii: "{") ? .memberOrEnd : .valueOrEnd
    }

    private mutating func close(_ bracket: UInt8) {
        let opening = bracket == UInt8(ascii: "}") ? UInt8(ascii: "{") : UInt8(ascii: "[")
        guard self.containers.popLast() == opening else {
            self.state = .broken
            return
        }
        self.state = self.containers.isEmpty ? .complete : .commaOrEnd
    }

    /// The bytes of JSON's numbers and of `true`, `false` and `null`; whether they are in order is checked at the end.
    private static func isScalarByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "+"), UInt8(ascii: "."),
            UInt8(ascii: "e"), UInt8(ascii: "E"), UInt8(ascii: "t"), UInt8(ascii: "r"), UInt8(ascii: "u"),
            UInt8(ascii: "f"), UInt8(ascii: "a"), UInt8(ascii: "l"), UInt8(ascii: "s"), UInt8(ascii: "n"):
            true
        default:
            false
        }
    }

    private static func isEscapeLetter(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"), UInt8(ascii: "b"), UInt8(ascii: "f"),
            UInt8(ascii: "n"), UInt8(ascii: "r"), UInt8(ascii: "t"):
            true
        default:
            false
        }
    }
}
