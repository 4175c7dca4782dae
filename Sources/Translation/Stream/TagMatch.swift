// SPDX-License-Identifier: Apache-2.0

/// Whether a piece of markup stands at a place in a text that is still growing.
enum TagMatch: Equatable {
    /// The tag with this number stands there, whole.
    case whole(tag: Int, end: Int)
    /// The text ends there with what may become one of the tags.
    case partial
    case none

    /// Looks for one of `tags` at `position`, and nowhere else. The first that fits wins.
    static func at(_ position: Int, in text: [UInt8], of tags: [StaticString]) -> TagMatch {
        var mayBecome = false
        for (number, tag) in tags.enumerated() {
            let length = tag.utf8CodeUnitCount
            let common = Self.commonCount(text, at: position, tag)
            if common == length { return .whole(tag: number, end: position + length) }
            // The text ended before the tag differed.
            if position + common == text.count { mayBecome = true }
        }
        return mayBecome ? .partial : .none
    }

    private static func commonCount(_ text: [UInt8], at position: Int, _ tag: StaticString) -> Int {
        let bytes = unsafe UnsafeBufferPointer(start: tag.utf8Start, count: tag.utf8CodeUnitCount)
        var count = 0
        while count < bytes.count, position + count < text.count, unsafe text[position + count] == bytes[count] {
            count += 1
        }
        return count
    }
}
