// SPDX-License-Identifier: Apache-2.0

/// What stands where in sixty-four bytes of a JSON string, one bit for each; the first byte's is the lowest.
struct StringMasks {
    static let count = 4 * ByteBlock.count

    /// Quotes that end the string, or begin what is after it.
    let closingQuotes: UInt64
    /// Backslashes that begin an escape.
    let escapes: UInt64
    /// Bytes that such a backslash stands before.
    let escaped: UInt64
    /// What has to be looked at one by one: control characters, bytes that are not ASCII, uncommon escapes.
    let rare: UInt64

    /// The bytes at `offset`, which must all lie in `bytes`, and the first of which is not escaped.
    @inline(__always)
    init(_ bytes: Span<UInt8>, at offset: Int) {
        // Checked here once for all four.
        let bytes = bytes.extracting(offset..<offset &+ Self.count)
        let blocks = (
            ByteBlock(bytes, at: 0), ByteBlock(bytes, at: ByteBlock.count), ByteBlock(bytes, at: 2 * ByteBlock.count),
            ByteBlock(bytes, at: 3 * ByteBlock.count)
        )
        func joined(_ bits: (ByteBlock) -> UInt64) -> UInt64 {
            bits(blocks.0) | bits(blocks.1) &<< 16 | bits(blocks.2) &<< 32 | bits(blocks.3) &<< 48
        }
        let quotes = joined { $0.quotes }
        let backslashes = joined { $0.backslashes }
        let others = joined { $0.controlsAndMultibyte }
        guard backslashes != 0 else {
            self.closingQuotes = quotes
            self.escapes = 0
            self.escaped = 0
            self.rare = others
            return
        }
        // In a row of backslashes each other one is escaped. Subtracting the row from the odd bits carries through it,
        // and so tells on which side the row began.
        let codes = ((backslashes &<< 1 | Self.oddBits) &- backslashes) ^ Self.oddBits
        let escaped = codes ^ backslashes
        self.closingQuotes = quotes & ~escaped
        self.escapes = codes & backslashes
        self.escaped = escaped
        // Escapes that every string may have need no second look; of `\u` the digits must be checked.
        self.rare = others | escaped & ~(quotes | backslashes | joined { $0.commonEscapes })
    }

    private static var oddBits: UInt64 { 0xAAAA_AAAA_AAAA_AAAA }
}
