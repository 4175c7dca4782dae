// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import Shared

/// Where the members of a JSON text's objects stand in it, so that one can be changed while every other byte stays.
struct JSONOutline {
    /// The text is no JSON (RFC 8259).
    struct Failure: Error, Equatable {
        /// Counted from one.
        var line: Int
    }

    struct Value {
        /// Without the white space around it.
        var range: Range<Int>
        /// Nil for what is no object.
        var members: [Member]?
    }

    struct Member {
        var key: String
        var keyRange: Range<Int>
        var value: Value
    }

    let root: Value

    init(_ bytes: [UInt8]) throws(Failure) {
        var scanner = JSONOutlineScanner(bytes: bytes)
        self.root = try scanner.document()
    }
}

extension JSONOutline.Value {
    /// The last one of this name, as every reader takes it.
    func member(_ key: String) -> JSONOutline.Member? { self.members?.last { $0.key == key } }
}

private struct JSONOutlineScanner {
    // Each level is a call within a call: a file full of brackets must not overflow the stack.
    private static let depthLimit = 200

    let bytes: [UInt8]
    var position = 0

    mutating func document() throws(JSONOutline.Failure) -> JSONOutline.Value {
        // Some editors put a byte order mark in front.
        if self.bytes.starts(with: [0xEF, 0xBB, 0xBF]) { self.position = 3 }
        let value = try self.value(depth: 0)
        self.skipSpace()
        guard self.position == self.bytes.count else { throw self.failure }
        return value
    }

    private var failure: JSONOutline.Failure {
        JSONOutline.Failure(line: 1 + self.bytes[..<self.position].count { $0 == UInt8(ascii: "\n") })
    }

    private var next: UInt8? { self.position < self.bytes.count ? self.bytes[self.position] : nil }

    private mutating func skipSpace() {
        while let byte = self.next, [0x20, 0x09, 0x0A, 0x0D].contains(byte) { self.position += 1 }
    }

    private mutating func take(_ byte: UInt8) -> Bool {
        self.skipSpace()
        guard self.next == byte else { return false }
        self.position += 1
        return true
    }

    private mutating func value(depth: Int) throws(JSONOutline.Failure) -> JSONOutline.Value {
        guard depth < Self.depthLimit else { throw self.failure }
        self.skipSpace()
        let start = self.position
        switch self.next {
        case UInt8(ascii: "{"):
            let members = try self.object(depth: depth)
            return JSONOutline.Value(range: start..<self.position, members: members)
        case UInt8(ascii: "["):
            try self.array(depth: depth)
        case UInt8(ascii: "\""):
            _ = try self.string()
        default:
            try self.literal()
        }
        return JSONOutline.Value(range: start..<self.position, members: nil)
    }

    private mutating func object(depth: Int) throws(JSONOutline.Failure) -> [JSONOutline.Member] {
        var members: [JSONOutline.Member] = []
        _ = self.take(UInt8(ascii: "{"))
        if self.take(UInt8(ascii: "}")) { return members }
        repeat {
            self.skipSpace()
            let start = self.position
            let key = try self.string()
            let end = self.position
            guard self.take(UInt8(ascii: ":")) else { throw self.failure }
            members.append(.init(key: key, keyRange: start..<end, value: try self.value(depth: depth + 1)))
        } while self.take(UInt8(ascii: ","))
        guard self.take(UInt8(ascii: "}")) else { throw self.failure }
        return members
    }

    private mutating func array(depth: Int) throws(JSONOutline.Failure) {
        _ = self.take(UInt8(ascii: "["))
        if self.take(UInt8(ascii: "]")) { return }
        repeat { _ = try self.value(depth: depth + 1) } while self.take(UInt8(ascii: ","))
        guard self.take(UInt8(ascii: "]")) else { throw self.failure }
    }

    private mutating func string() throws(JSONOutline.Failure) -> String {
        let start = self.position
        guard self.next == UInt8(ascii: "\"") else { throw self.failure }
        self.position += 1
        while let byte = self.next, byte != UInt8(ascii: "\"") {
            // A backslash takes the next byte with it, which may be a quotation mark. What the escape means is the
            // decoder's affair.
            self.position += byte == UInt8(ascii: "\\") ? 2 : 1
        }
        guard self.position < self.bytes.count else {
            self.position = self.bytes.count
            throw self.failure
        }
        self.position += 1
        guard let text = Self.decode(String.self, self.bytes[start..<self.position]) else { throw self.failure }
        return text
    }

    /// A number, true, false or null.
    private mutating func literal() throws(JSONOutline.Failure) {
        let start = self.position
        while let byte = self.next, byte.isLetterOrDigit || "+-.".utf8.contains(byte) { self.position += 1 }
        let token = self.bytes[start..<self.position]
        // Foundation's decoder judges numbers: it knows the grammar, and takes no leading zero or bare point.
        let isName = ["true", "false", "null"].contains { token.elementsEqual($0.utf8) }
        guard isName || Self.decode(Double.self, token) != nil else { throw self.failure }
    }

    private static func decode<Value: Decodable>(_ type: Value.Type, _ token: ArraySlice<UInt8>) -> Value? {
        try? JSONDecoder().decode([Value].self, from: Data([UInt8(ascii: "[")] + token + [UInt8(ascii: "]")])).first
    }
}
