// SPDX-License-Identifier: Apache-2.0

extension Span<UInt8> {
    /// The offset of the first carriage return or line feed at or behind `start`. Sixteen bytes at a time: this is the
    /// one thing a stream of events needs to see every byte for.
    func firstLineEnd(from start: Int) -> Int? {
        var position = start
        let raw = unsafe self.bytes
        while position + 16 <= self.count {
            let block = unsafe raw.unsafeLoadUnaligned(fromUncheckedByteOffset: position, as: SIMD16<UInt8>.self)
            let matches = (block .== UInt8(ascii: "\n")) .| (block .== UInt8(ascii: "\r"))
            let halves = unsafe unsafeBitCast(matches, to: SIMD2<UInt64>.self)
            if halves[0] != 0 { return position + halves[0].trailingZeroBitCount >> 3 }
            if halves[1] != 0 { return position + 8 + halves[1].trailingZeroBitCount >> 3 }
            position += 16
        }
        while position < self.count {
            let byte = self[position]
            if byte == UInt8(ascii: "\n") || byte == UInt8(ascii: "\r") { return position }
            position += 1
        }
        return nil
    }
}
