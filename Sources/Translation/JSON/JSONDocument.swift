// SPDX-License-Identifier: Apache-2.0

/// A value inside a `JSONDocument`: an index into its tape. Meaningless with any other document.
public struct JSONNode: Sendable, Hashable {
    let index: Int
}

/// A validated JSON text over its own bytes. Nothing is decoded until it is asked for, and what is only passed on is
/// copied as it was spelled: key order, number spelling and escapes survive.
public struct JSONDocument: Sendable {
    /// What a value is.
    public enum Kind: Sendable, Equatable {
        case object
        case array
        case string
        case number
        case boolean
        case null
    }

    /// The text itself; a node is a place in it.
    public internal(set) var bytes: [UInt8]
    /// The tokens in the order of the text; after `tokenCount` there is only room.
    var tape: [JSONToken] = []
    private(set) var tokenCount = 0
    /// Some string of the document holds half a surrogate pair (see `JSONToken.hasLoneSurrogate`).
    private(set) var hasLoneSurrogate = false

    /// Checks the whole text. Throws with the place of the first mistake, or the limit that was met.
    public init(parsing bytes: [UInt8], limits: JSONLimits = JSONLimits()) throws(JSONError) {
        self.bytes = bytes
        try self.parse(limits)
    }

    /// Parses `bytes` and puts U+FFFD in the place of every half of a surrogate pair. JavaScript writes such halves for a cut
    /// emoji; servers that decode them answer 500.
    init(parsingWellFormed bytes: [UInt8], limits: JSONLimits = JSONLimits()) throws(JSONError) {
        try self.init(parsing: bytes, limits: limits)
        guard self.hasLoneSurrogate else { return }
        // Nothing moves, so that nothing has to be read again: a body of nothing else would take a second look at all of it.
        for index in 0..<self.tokenCount where self.tape[index].hasLoneSurrogate {
            JSONEscapes.replaceHalves(in: &self.bytes, within: self.contents(of: JSONNode(index: index)))
            self.tape[index].hasLoneSurrogate = false
        }
        self.hasLoneSurrogate = false
    }

    /// A document that is filled later by `replace(with:)`; until then its root is `null`.
    public init() {
        self.bytes = Array("null".utf8)
        self.tape = [JSONToken(start: 0, end: 4, next: 1)]
        self.tokenCount = 1
    }

    mutating func parse(_ limits: JSONLimits) throws(JSONError) {
        // Moved out and back: the parser borrows the bytes while it fills the tape.
        var tape = self.tape
        self.tape = []
        let room = self.bytes.count > Self.shortLength ? self.bytes.count / Self.bytesPerToken : Self.initialRoom
        if tape.count < room { tape = Array(repeating: .blank, count: room) }
        let summary = try JSONParser.parse(self.bytes.span, limits: limits, into: &tape)
        self.tape = tape
        self.tokenCount = summary.tokenCount
        self.hasLoneSurrogate = summary.hasLoneSurrogate
    }

    /// Tokens: more than the chunks of a stream have.
    private static let initialRoom = 64
    /// A longer text gets its room at once. Conversations have about so many bytes to a token; others make it grow.
    private static let shortLength = 16 << 10
    private static let bytesPerToken = 64
}

// MARK: - Structure

extension JSONDocument {
    /// The value that is the text as a whole.
    public var root: JSONNode { JSONNode(index: 0) }

    /// What the value is, without reading it.
    @inline(__always)
    public func kind(of node: JSONNode) -> Kind {
        switch self.bytes[Int(self.tape[node.index].start)] {
        case UInt8(ascii: "{"): .object
        case UInt8(ascii: "["): .array
        case UInt8(ascii: "\""): .string
        case UInt8(ascii: "t"), UInt8(ascii: "f"): .boolean
        case UInt8(ascii: "n"): .null
        default: .number
        }
    }

    /// Where the value lies in `bytes`; of a string with its quotes.
    public func range(of node: JSONNode) -> Range<Int> {
        let token = self.tape[node.index]
        return Int(token.start)..<Int(token.end)
    }

    /// Where the characters of a string lie in `bytes`, escapes as spelled, without the quotes.
    public func contents(of string: JSONNode) -> Range<Int> {
        let token = self.tape[string.index]
        return Int(token.start) + 1..<Int(token.end) - 1
    }

    /// The value of the last member called `name`; nil when `object` is not an object or has no such member.
    public func member(_ name: StaticString, of object: JSONNode) -> JSONNode? {
        let tape = self.tape.span
        let container = tape[object.index]
        guard self.bytes[Int(container.start)] == UInt8(ascii: "{") else { return nil }
        // Nearly all other names differ in length, which the tape alone tells.
        let length = UInt32(truncatingIfNeeded: name.utf8CodeUnitCount &+ 2)
        let end = container.next
        precondition(end <= tape.count)
        var found = 0
        var index = object.index &+ 1
        while index < end {
            // In bounds: between a container and its `next` a name and its value follow each other, and the value's
            // `next` is the following name or the end.
            let token = unsafe tape[unchecked: index]
            if token.end &- token.start == length || token.hasEscapes, self.isSpelled(token, name) {
                found = index &+ 1
            }
            index = unsafe tape[unchecked: index &+ 1].next
        }
        return found == 0 ? nil : JSONNode(index: found)
    }

    /// Nil for an empty array and any other value.
    func firstElement(of array: JSONNode) -> JSONNode? {
        var elements = JSONElementCursor(over: array, of: self)
        return elements.next(of: self)
    }

    /// The elements of an array, nothing for any other value.
    public func elements(of array: JSONNode) -> JSONElements {
        JSONElements(tape: self.tape, cursor: JSONElementCursor(over: array, of: self))
    }

    /// Names and values of an object in their order, nothing for any other value.
    public func members(of object: JSONNode) -> JSONMembers {
        JSONMembers(
            tape: self.tape, index: object.index + 1,
            end: self.kind(of: object) == .object ? self.tape[object.index].next : 0)
    }

    /// All strings of a value in the order of the text, names included.
    func strings(in node: JSONNode) -> some Sequence<JSONNode> {
        (node.index..<self.tape[node.index].next).lazy.map { JSONNode(index: $0) }.filter {
            self.kind(of: $0) == .string
        }
    }

    func token(of node: JSONNode) -> JSONToken { self.tape[node.index] }
}

/// The elements of an array.
public struct JSONElements: Sequence, IteratorProtocol {
    let tape: [JSONToken]
    var cursor: JSONElementCursor

    /// The next element; nil after the last.
    public mutating func next() -> JSONNode? { self.cursor.next(on: self.tape) }
}

/// A way over the elements of an array that does not keep the document. To hold and release it is much of the work where
/// arrays are short and many.
struct JSONElementCursor {
    private var index: Int
    private let end: Int

    /// Over nothing for any other value.
    @inline(__always)
    init(over array: JSONNode, of document: borrowing JSONDocument) {
        self.index = array.index + 1
        self.end = document.kind(of: array) == .array ? document.token(of: array).next : 0
    }

    @inline(__always)
    mutating func next(of document: borrowing JSONDocument) -> JSONNode? { self.next(on: document.tape) }

    @inline(__always)
    fileprivate mutating func next(on tape: borrowing [JSONToken]) -> JSONNode? {
        guard self.index < self.end else { return nil }
        let node = JSONNode(index: self.index)
        self.index = tape[self.index].next
        return node
    }
}

/// The members of an object, in the order they were written.
public struct JSONMembers: Sequence, IteratorProtocol {
    let tape: [JSONToken]
    var index: Int
    let end: Int

    /// The next member, in the order of the text; nil after the last. A name may come twice.
    public mutating func next() -> (name: JSONNode, value: JSONNode)? {
        guard self.index < self.end else { return nil }
        let name = JSONNode(index: self.index)
        let value = JSONNode(index: self.index + 1)
        self.index = self.tape[value.index].next
        return (name, value)
    }
}
