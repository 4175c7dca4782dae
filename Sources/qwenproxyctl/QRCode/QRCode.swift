// SPDX-License-Identifier: Apache-2.0

/// A text as a QR code: bytes, error correction level M, the smallest version that takes it (ISO/IEC 18004).
struct QRCode {
    /// The quiet zone that a reader needs around it (section 6.3.8).
    static let margin = 4
    /// As many as readers make do with, on a screen with few rows.
    static let narrowMargin = 2

    let matrix: QRMatrix

    /// Nil for a text that is too long.
    init?(_ text: String) {
        let bytes = Array(text.utf8)
        guard let version = QRVersion.all.first(where: { $0.capacity >= bytes.count }) else { return nil }
        var matrix = QRMatrix(version)
        matrix.place(Self.interleaved(Self.dataCodewords(bytes, version), version))
        // All eight are tried, as section 7.8.3 wants it: a bad one has areas that a reader takes for a finder.
        let candidates = (0..<8).map { matrix.masked($0) }
        self.matrix = candidates.min { QRPenalty.of($0) < QRPenalty.of($1) } ?? matrix.masked(0)
    }

    /// Mode, length, text, end, and filling.
    private static func dataCodewords(_ bytes: [UInt8], _ version: QRVersion) -> [UInt8] {
        var bits: [Bool] = []
        func append(_ value: Int, _ count: Int) {
            bits += (0..<count).reversed().map { value >> $0 & 1 == 1 }
        }
        // Byte mode. Letters of both cases are in none of the shorter ones.
        append(0b0100, 4)
        append(bytes.count, version.lengthBits)
        for byte in bytes { append(Int(byte), 8) }
        // Four bits end the text, fewer where there is no room for them (section 7.4.9).
        append(0, min(4, version.dataCodewords * 8 - bits.count))
        append(0, (8 - bits.count % 8) % 8)
        var codewords = stride(from: 0, to: bits.count, by: 8).map { start in
            bits[start..<start + 8].reduce(UInt8(0)) { $0 << 1 | ($1 ? 1 : 0) }
        }
        // The two bytes that the standard names, in turn (section 7.4.10).
        var filling: UInt8 = 0xEC
        while codewords.count < version.dataCodewords {
            codewords.append(filling)
            filling ^= 0xEC ^ 0x11
        }
        return codewords
    }

    /// The blocks' bytes in turn: first all the data, then all the correction.
    private static func interleaved(_ codewords: [UInt8], _ version: QRVersion) -> [UInt8] {
        let correction = ReedSolomon(count: version.correctionPerBlock)
        var rest = codewords[...]
        let blocks = version.blockLengths.map { length in
            defer { rest = rest.dropFirst(length) }
            return Array(rest.prefix(length))
        }
        // So a stain hits a little of each block.
        return self.inTurn(blocks) + self.inTurn(blocks.map { correction.correction(for: $0) })
    }

    private static func inTurn(_ blocks: [[UInt8]]) -> [UInt8] {
        let longest = blocks.map(\.count).max() ?? 0
        return (0..<longest).flatMap { index in blocks.compactMap { index < $0.count ? $0[index] : nil } }
    }
}

extension QRCode {
    /// Columns of a terminal that it takes.
    var width: Int { self.matrix.size + 2 * Self.margin }

    /// Two modules a character, one above the other. Ink is light: most terminals have a dark ground.
    func lines(margin: Int = Self.margin) -> [String] {
        let range = -margin..<self.matrix.size + margin
        let rows = range.map { row in range.map { self.isLight(row, $0) } }
        let dark = Array(repeating: false, count: range.count)
        return stride(from: 0, to: rows.count, by: 2).map { index in
            let below = index + 1 < rows.count ? rows[index + 1] : dark
            return String(
                zip(rows[index], below).map { upper, lower -> Character in
                    switch (upper, lower) {
                    case (true, true): "█"
                    case (true, false): "▀"
                    case (false, true): "▄"
                    case (false, false): " "
                    }
                })
        }
    }

    private func isLight(_ row: Int, _ column: Int) -> Bool {
        let range = 0..<self.matrix.size
        return !range.contains(row) || !range.contains(column) || !self.matrix.isDark[row][column]
    }
}
