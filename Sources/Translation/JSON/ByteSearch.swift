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
}
