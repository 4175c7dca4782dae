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

    /// How many bytes at the beginning are the same.
    func commonPrefixCount(with other: Span<UInt8>) -> Int {
        let end = Swift.min(self.count, other.count)
        var position = 0
        while position + ByteBlock.count <= end {
            let same = ByteBlock(self, at: position).places(equalTo: ByteBlock(other, at: position))
            let count = same.trailingOnes
            if count < ByteBlock.count { return position + count }
            position += ByteBlock.count
        }
        while position < end, self[position] == other[position] { position += 1 }
        return position
    }

    /// Whether the bytes are the same. The last are compared first: generated identifiers often begin alike.
    func isEqual(to other: Span<UInt8>) -> Bool {
        guard self.count == other.count else { return false }
        var end = self.count
        while end >= ByteBlock.count {
            let start = end - ByteBlock.count
            let same = ByteBlock(self, at: start).places(equalTo: ByteBlock(other, at: start))
            guard same.trailingOnes >= ByteBlock.count else { return false }
            end = start
        }
        let (one, other) = unsafe (self.bytes, other.bytes)
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

extension UInt64 {
    /// How many of the lowest bits are set before the first that is not.
    fileprivate var trailingOnes: Int { (~self).trailingZeroBitCount }
}
