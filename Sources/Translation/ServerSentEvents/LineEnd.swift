// SPDX-License-Identifier: Apache-2.0

extension Span<UInt8> {
    /// The offset of the first carriage return or line feed at or behind `start`. This is the one search that sees
    /// every byte of a stream of events.
    func firstLineEnd(from start: Int) -> Int? {
        var position = start
        while position + ByteBlock.count <= self.count {
            let ends = ByteBlock(self, at: position).lineEnds
            if ends != 0 { return position + ends.trailingZeroBitCount }
            position += ByteBlock.count
        }
        while position < self.count {
            let byte = self[position]
            if byte == UInt8(ascii: "\n") || byte == UInt8(ascii: "\r") { return position }
            position += 1
        }
        return nil
    }
}
