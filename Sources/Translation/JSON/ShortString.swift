// SPDX-License-Identifier: Apache-2.0

/// A string of up to sixteen bytes as two numbers, so that one name is compared with many at once. All longer strings of
/// one length are the same.
struct ShortString: Equatable {
    private let count: Int
    private let first: UInt64
    private let last: UInt64

    /// The compiler makes constants of this; it does so only for shifts without checks.
    @inline(__always)
    init(_ string: StaticString) {
        let count = string.utf8CodeUnitCount
        let readCount = count > 16 ? 0 : count
        // In bounds: below the count.
        let text = unsafe string.utf8Start
        var (first, last) = (UInt64(0), UInt64(0))
        var index = 0
        while index < min(readCount, 8) {
            first |= unsafe UInt64(truncatingIfNeeded: text[index]) &<< UInt64(truncatingIfNeeded: 8 &* index)
            index &+= 1
        }
        while index < readCount {
            last |= unsafe UInt64(truncatingIfNeeded: text[index]) &<< UInt64(truncatingIfNeeded: 8 &* (index &- 8))
            index &+= 1
        }
        (self.count, self.first, self.last) = (count, first, last)
    }

    /// The characters of a string that is spelled without escapes, at `range` of a document.
    @inline(__always)
    fileprivate init(_ text: Span<UInt8>, at range: Range<Int>) {
        self.count = range.count
        guard range.count <= 16 else {
            (self.first, self.last) = (0, 0)
            return
        }
        if range.lowerBound + 16 <= text.count {
            let raw = unsafe text.bytes
            // In bounds: checked above.
            let words = unsafe (
                UInt64(
                    littleEndian: raw.unsafeLoadUnaligned(
                        fromUncheckedByteOffset: range.lowerBound, as: UInt64.self)),
                UInt64(
                    littleEndian: raw.unsafeLoadUnaligned(
                        fromUncheckedByteOffset: range.lowerBound + 8, as: UInt64.self))
            )
            self.first = words.0 & Self.mask(range.count)
            self.last = words.1 & Self.mask(range.count - 8)
        } else {
            (self.first, self.last) = Self.words(text, at: range)
        }
    }

    /// Near the end of a text, where words would reach beyond it.
    @inline(never)
    private static func words(_ text: Span<UInt8>, at range: Range<Int>) -> (UInt64, UInt64) {
        var words = (UInt64(0), UInt64(0))
        for index in 0..<range.count {
            let byte = UInt64(text[range.lowerBound + index])
            if index < 8 { words.0 |= byte << (8 * index) } else { words.1 |= byte << (8 * (index - 8)) }
        }
        return words
    }

    /// The lowest `count` bytes, none when it is negative.
    @inline(__always)
    private static func mask(_ count: Int) -> UInt64 {
        count >= 8 ? ~0 : (1 &<< UInt64(truncatingIfNeeded: 8 * max(count, 0))) &- 1
    }
}

extension JSONDocument {
    /// Calls `body` for the members of an object in their order, and for no other value.
    @inline(__always)
    func forEachMember(of object: JSONNode, _ body: (ShortString, JSONNode) -> Void) {
        let tape = self.tape.span
        let text = self.bytes.span
        let container = tape[object.index]
        guard text[Int(container.start)] == UInt8(ascii: "{") else { return }
        var index = object.index + 1
        while index < container.next {
            let token = tape[index]
            body(self.shortString(token, in: text), JSONNode(index: index + 1))
            index = tape[index + 1].next
        }
    }

    /// The string, or nil when the value is none.
    @inline(__always)
    func shortString(_ node: JSONNode) -> ShortString? {
        let token = self.tape[node.index]
        let text = self.bytes.span
        guard text[Int(token.start)] == UInt8(ascii: "\"") else { return nil }
        return self.shortString(token, in: text)
    }

    @inline(__always)
    private func shortString(_ token: JSONToken, in text: Span<UInt8>) -> ShortString {
        let contents = Int(token.start) + 1..<Int(token.end) - 1
        return token.hasEscapes ? self.decodedShortString(contents) : ShortString(text, at: contents)
    }

    @inline(never)
    private func decodedShortString(_ contents: Range<Int>) -> ShortString {
        // Six bytes spell one at least, so that this is longer than all that is looked for.
        guard contents.count <= 6 * 64 else { return ShortString(self.bytes.span, at: contents) }
        let string = JSONEscapes.decode(self.bytes[contents])
        let text = string.utf8.span
        return ShortString(text, at: 0..<text.count)
    }
}
