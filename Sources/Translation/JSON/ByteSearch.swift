// SPDX-License-Identifier: Apache-2.0

extension Span<UInt8> {
    /// The offset of the first `byte` at or behind `start`.
    func first(_ byte: UInt8, from start: Int) -> Int? {
        var position = start
        while position + ByteBlock.count <= self.count {
            let found = ByteBlock(self, at: position).places(of: byte)
            if found != 0 { return position + found.trailingZeroBitCount }
            position += ByteBlock.count
        }
        while position < self.count {
            if self[position] == byte { return position }
            position += 1
        }
        return nil
    }

    /// Whether the bytes are the same. The last are compared first: generated identifiers often begin alike.
    func isEqual(to other: Span<UInt8>) -> Bool {
        guard self.count == other.count else { return false }
        let (one, other) = unsafe (self.bytes, other.bytes)
        var end = self.count
        while end >= 8 {
            end -= 8
            let words = unsafe (
                one.unsafeLoadUnaligned(fromByteOffset: end, as: UInt64.self),
                other.unsafeLoadUnaligned(fromByteOffset: end, as: UInt64.self)
            )
            guard words.0 == words.1 else { return false }
        }
        while end > 0 {
            end -= 1
            let bytes = unsafe (
                one.unsafeLoad(fromByteOffset: end, as: UInt8.self),
                other.unsafeLoad(fromByteOffset: end, as: UInt8.self)
            )
            guard bytes.0 == bytes.1 else { return false }
        }
        return true
    }
}
