// SPDX-License-Identifier: Apache-2.0

/// A size of QR code and how it divides its bytes, at error correction level M (ISO/IEC 18004, tables 7 and 9).
struct QRVersion: Equatable {
    let number: Int
    /// Data and error correction together.
    let codewords: Int
    let correctionPerBlock: Int
    let blocks: Int
    /// The centres of the alignment patterns, on both axes.
    let alignment: [Int]

    /// The largest takes 213 bytes, three times what a login's address has.
    static let all = [
        QRVersion(number: 1, codewords: 26, correctionPerBlock: 10, blocks: 1, alignment: []),
        QRVersion(number: 2, codewords: 44, correctionPerBlock: 16, blocks: 1, alignment: [6, 18]),
        QRVersion(number: 3, codewords: 70, correctionPerBlock: 26, blocks: 1, alignment: [6, 22]),
        QRVersion(number: 4, codewords: 100, correctionPerBlock: 18, blocks: 2, alignment: [6, 26]),
        QRVersion(number: 5, codewords: 134, correctionPerBlock: 24, blocks: 2, alignment: [6, 30]),
        QRVersion(number: 6, codewords: 172, correctionPerBlock: 16, blocks: 4, alignment: [6, 34]),
        QRVersion(number: 7, codewords: 196, correctionPerBlock: 18, blocks: 4, alignment: [6, 22, 38]),
        QRVersion(number: 8, codewords: 242, correctionPerBlock: 22, blocks: 4, alignment: [6, 24, 42]),
        QRVersion(number: 9, codewords: 292, correctionPerBlock: 22, blocks: 5, alignment: [6, 26, 46]),
        QRVersion(number: 10, codewords: 346, correctionPerBlock: 26, blocks: 5, alignment: [6, 28, 50]),
    ]

    /// Modules on each side.
    var size: Int { 17 + 4 * self.number }
    var dataCodewords: Int { self.codewords - self.correctionPerBlock * self.blocks }
    /// Bits of the length in front of the bytes (table 3).
    var lengthBits: Int { self.number < 10 ? 8 : 16 }
    /// Bytes of text that fit, after mode and length.
    var capacity: Int { (self.dataCodewords * 8 - 4 - self.lengthBits) / 8 }

    /// The data's length in each block: the last ones are longer by one where it does not come out even.
    var blockLengths: [Int] {
        let (short, longer) = (self.dataCodewords / self.blocks, self.dataCodewords % self.blocks)
        return (0..<self.blocks).map { $0 < self.blocks - longer ? short : short + 1 }
    }
}
