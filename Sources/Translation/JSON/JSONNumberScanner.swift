// SPDX-License-Identifier: Apache-2.0

/// Finds the end of a number and validates it: `-? (0 | [1-9] digits) (. digits)? ([eE] [+-]? digits)?`
struct JSONNumberScanner: ~Escapable {
    private let bytes: Span<UInt8>
    private var position: Int

    /// The offset after the number that begins at `start`.
    static func end(of bytes: Span<UInt8>, from start: Int) throws(JSONError) -> Int {
        var scanner = JSONNumberScanner(bytes, at: start)
        try scanner.scan()
        return scanner.position
    }

    @_lifetime(copy bytes)
    private init(_ bytes: Span<UInt8>, at position: Int) {
        self.bytes = bytes
        self.position = position
    }

    @_lifetime(self: copy self)
    private mutating func scan() throws(JSONError) {
        let start = self.position
        if self.current == UInt8(ascii: "-") { self.position += 1 }
        let hasLeadingZero = self.current == UInt8(ascii: "0")
        let integerStart = self.position
        try self.scanDigits(else: start == integerStart ? .unexpectedByte : .invalidNumber)
        if hasLeadingZero, self.position > integerStart + 1 { throw JSONError(.invalidNumber, at: start) }
        if self.current == UInt8(ascii: ".") {
            self.position += 1
            try self.scanDigits(else: .invalidNumber)
        }
        if self.current == UInt8(ascii: "e") || self.current == UInt8(ascii: "E") {
            self.position += 1
            if self.current == UInt8(ascii: "+") || self.current == UInt8(ascii: "-") { self.position += 1 }
            try self.scanDigits(else: .invalidNumber)
        }
    }

    /// At least one digit.
    @_lifetime(self: copy self)
    private mutating func scanDigits(else reason: JSONError.Reason) throws(JSONError) {
        guard let first = self.current else { throw JSONError(.unexpectedEnd, at: self.position) }
        // One comparison for both ends: bytes below the digit 0 wrap round to large numbers.
        guard first &- UInt8(ascii: "0") < 10 else { throw JSONError(reason, at: self.position) }
        repeat { self.position += 1 } while self.current.map { $0 &- UInt8(ascii: "0") < 10 } ?? false
    }

    private var current: UInt8? {
        self.position < self.bytes.count ? self.bytes[self.position] : nil
    }
}
