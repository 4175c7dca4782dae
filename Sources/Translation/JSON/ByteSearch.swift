// SPDX-License-Identifier: Apache-2.0

extension Span<UInt8> {
    /// The offset of the first `byte` at or after `start`.
    func first(_ byte: UInt8, from start: Int) -> Int? {
        var position = start
        while position + ByteBlock.count <= self.count {
            let found = ByteBlock(self, at: position).places(of: byte)
            if found != 0 { return position + found.trailingZeroBitCount }
            position += ByteBlock.count
        }
        // The rest byte by byte: a block must lie in the text as a whole.
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
        // Fewer than a block are left. In a longer text they are part of its first block.
        if self.count >= ByteBlock.count {
            return ByteBlock(self, at: 0).places(equalTo: ByteBlock(other, at: 0)).trailingOnes >= ByteBlock.count
        }
        for index in 0..<end where self[index] != other[index] { return false }
        return true
    }
}

extension UInt64 {
    /// How many of the lowest bits are set before the first that is not.
    fileprivate var trailingOnes: Int { (~self).trailingZeroBitCount }
}
