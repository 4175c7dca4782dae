// SPDX-License-Identifier: Apache-2.0

/// Where a piece of markup stands in a text that is still growing.
enum TagMatch: Equatable {
    /// The first of the tags, whole.
    case found(Range<Int>, tag: Int)
    /// The text ends with what may become a tag; it begins here.
    case possible(Int)
    case none

    /// Looks for the first of `tags`, all of which begin with `<`, at or behind `start`.
    static func first(of tags: [StaticString], in text: [UInt8], from start: Int = 0) -> TagMatch {
        var next = start
        while let index = text.span.first(UInt8(ascii: "<"), from: next) {
            let rest = text[index...]
            for (number, tag) in tags.enumerated() {
                if Self.begins(rest, with: tag) { return .found(index..<index + tag.utf8CodeUnitCount, tag: number) }
                if rest.count < tag.utf8CodeUnitCount, Self.begins(tag, with: rest) { return .possible(index) }
            }
            next = index + 1
        }
        return .none
    }

    static func begins(_ text: ArraySlice<UInt8>, with tag: StaticString) -> Bool {
        let bytes = unsafe UnsafeBufferPointer(start: tag.utf8Start, count: tag.utf8CodeUnitCount)
        return unsafe text.starts(with: bytes)
    }

    private static func begins(_ tag: StaticString, with text: ArraySlice<UInt8>) -> Bool {
        let bytes = unsafe UnsafeBufferPointer(start: tag.utf8Start, count: tag.utf8CodeUnitCount)
        return unsafe bytes.starts(with: text)
    }
}
