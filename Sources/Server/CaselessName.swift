// SPDX-License-Identifier: Apache-2.0

extension String {
    /// Compares two names as HTTP does: ASCII letters without case, every other byte as it is.
    func isCaselessly(_ other: String) -> Bool {
        // Not by lowercased(): it would allocate for each header of each request, and fold letters that HTTP does not
        // fold.
        self.utf8.count == other.utf8.count && self.beginsCaselessly(with: other)
    }

    /// The same for the beginning of a name.
    func beginsCaselessly(with prefix: String) -> Bool {
        let (left, right) = (self.utf8.span, prefix.utf8.span)
        guard left.count >= right.count else { return false }
        for index in right.indices where left[index] != right[index] {
            guard Self.folded(left[index]) == Self.folded(right[index]) else { return false }
        }
        return true
    }

    private static func folded(_ byte: UInt8) -> UInt8 {
        (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte) ? byte | 0x20 : byte
    }
}
