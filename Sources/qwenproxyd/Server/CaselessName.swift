// SPDX-License-Identifier: Apache-2.0

extension String {
    /// Compares two names as HTTP does: ASCII letters without case, every other byte as it is. `lowercased()` would
    /// allocate for each header of each request, and would fold letters that HTTP does not fold.
    func isCaselessly(_ other: String) -> Bool {
        guard self.utf8.count == other.utf8.count else { return false }
        return zip(self.utf8, other.utf8).allSatisfy { Self.folded($0) == Self.folded($1) }
    }

    private static func folded(_ byte: UInt8) -> UInt8 {
        (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte) ? byte | 0x20 : byte
    }
}
