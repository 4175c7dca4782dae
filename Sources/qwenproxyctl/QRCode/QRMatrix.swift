// SPDX-License-Identifier: Apache-2.0

/// The modules of a QR code. Those that are not text (the patterns by which a reader finds its way) are laid first.
struct QRMatrix: Equatable {
    let size: Int
    private(set) var isDark: [[Bool]]
    private var isReserved: [[Bool]]

    init(_ version: QRVersion) {
        let size = version.size
        self.size = size
        self.isDark = Array(repeating: Array(repeating: false, count: size), count: size)
        self.isReserved = self.isDark
        self.layTiming()
        // None at the lower right: so a reader knows which way up the code is.
        for (row, column) in [(3, 3), (3, size - 4), (size - 4, 3)] { self.layFinder(row, column) }
        self.layAlignment(version.alignment)
        // Which mask it will be is not known yet, but its place is taken.
        self.layFormat(0)
        if version.number >= 7 { self.layVersion(version.number) }
    }

    /// Bits go in pairs of columns from the right, up and down in turn (section 7.7.3).
    mutating func place(_ codewords: [UInt8]) {
        var bits = codewords.lazy.flatMap { byte in (0..<8).map { byte >> UInt8(7 - $0) & 1 == 1 } }.makeIterator()
        var isUpwards = true
        var right = self.size - 1
        while right > 0 {
            // The vertical timing pattern has a column of its own.
            if right == 6 { right -= 1 }
            for step in 0..<self.size {
                let row = isUpwards ? self.size - 1 - step : step
                for column in [right, right - 1] where !self.isReserved[row][column] {
                    // What is left over stays light.
                    self.isDark[row][column] = bits.next() ?? false
                }
            }
            isUpwards.toggle()
            right -= 2
        }
    }

    /// Inverts the text's modules by one of the eight patterns and says so in the format.
    func masked(_ mask: Int) -> QRMatrix {
        var matrix = self
        for row in 0..<self.size {
            for column in 0..<self.size where !self.isReserved[row][column] && Self.inverts(mask, row, column) {
                matrix.isDark[row][column].toggle()
            }
        }
        matrix.layFormat(mask)
        return matrix
    }

    private static func inverts(_ mask: Int, _ row: Int, _ column: Int) -> Bool {
        switch mask {
        case 0: (row + column) % 2 == 0
        case 1: row % 2 == 0
        case 2: column % 3 == 0
        case 3: (row + column) % 3 == 0
        case 4: (row / 2 + column / 3) % 2 == 0
        case 5: row * column % 2 + row * column % 3 == 0
        case 6: (row * column % 2 + row * column % 3) % 2 == 0
        default: ((row + column) % 2 + row * column % 3) % 2 == 0
        }
    }

    // MARK: - Patterns

    private mutating func reserve(_ row: Int, _ column: Int, _ isDark: Bool) {
        self.isDark[row][column] = isDark
        self.isReserved[row][column] = true
    }

    private mutating func layTiming() {
        for index in 0..<self.size {
            self.reserve(6, index, index % 2 == 0)
            self.reserve(index, 6, index % 2 == 0)
        }
    }

    /// With the light frame around it, as far as there is room.
    private mutating func layFinder(_ row: Int, _ column: Int) {
        for (down, across) in Self.offsets(4) {
            let (row, column, ring) = (row + down, column + across, max(abs(down), abs(across)))
            guard (0..<self.size).contains(row), (0..<self.size).contains(column) else { continue }
            self.reserve(row, column, ring != 2 && ring != 4)
        }
    }

    private mutating func layAlignment(_ centres: [Int]) {
        guard let first = centres.first, let last = centres.last else { return }
        for row in centres {
            for column in centres {
                // There are finders in three corners.
                if (row, column) == (first, first) || (row, column) == (first, last) || (row, column) == (last, first) {
                    continue
                }
                for (down, across) in Self.offsets(2) {
                    self.reserve(row + down, column + across, max(abs(down), abs(across)) != 1)
                }
            }
        }
    }

    /// Twice: around the finder at the top left, and in halves beside the other two (section 7.9).
    private mutating func layFormat(_ mask: Int) {
        // Level M has the number 0. The last number makes sure that no format is all light.
        let bits = Self.withCheck(mask, length: 10, polynomial: 0x537) ^ 0x5412
        func isSet(_ index: Int) -> Bool { bits >> index & 1 == 1 }
        for index in 0..<15 {
            let row = index < 6 ? index : index < 8 ? index + 1 : self.size - 15 + index
            self.reserve(row, 8, isSet(index))
            let column = index < 8 ? self.size - 1 - index : index == 8 ? 7 : 14 - index
            self.reserve(8, column, isSet(index))
        }
        // The module that is dark in every code (section 7.9.1).
        self.reserve(self.size - 8, 8, true)
    }

    private mutating func layVersion(_ number: Int) {
        let bits = Self.withCheck(number, length: 12, polynomial: 0x1F25)
        for index in 0..<18 {
            let (near, far) = (index / 3, self.size - 11 + index % 3)
            self.reserve(near, far, bits >> index & 1 == 1)
            self.reserve(far, near, bits >> index & 1 == 1)
        }
    }

    /// `value` with the check bits of a BCH code after it.
    private static func withCheck(_ value: Int, length: Int, polynomial: Int) -> Int {
        var remainder = value
        for _ in 0..<length { remainder = remainder << 1 ^ (remainder >> (length - 1)) * polynomial }
        return value << length | remainder
    }

    private static func offsets(_ reach: Int) -> [(Int, Int)] {
        (-reach...reach).flatMap { down in (-reach...reach).map { (down, $0) } }
    }
}
