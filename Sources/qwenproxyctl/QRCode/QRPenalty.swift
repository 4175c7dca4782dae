// SPDX-License-Identifier: Apache-2.0

/// How hard a code is to read: what looks like a pattern, large areas of one kind, too much of either kind (section 7.8.3).
enum QRPenalty {
    static func of(_ matrix: QRMatrix) -> Int {
        let rows = matrix.isDark
        let columns = (0..<matrix.size).map { column in rows.map { $0[column] } }
        let lines = (rows + columns).map { self.runs(in: $0) + self.finders(in: $0) }.reduce(0, +)
        return lines + self.blocks(rows) + self.imbalance(rows)
    }

    private static func runs(in line: [Bool]) -> Int {
        var penalty = 0
        var length = 0
        for index in line.indices {
            length = index > 0 && line[index] == line[index - 1] ? length + 1 : 1
            // The weights are the standard's: a run of five costs 3, and each further module one more.
            if length == 5 { penalty += 3 } else if length > 5 { penalty += 1 }
        }
        return penalty
    }

    // The runs 1:1:3:1:1 by which a reader finds the corners.
    private static let finder = [true, false, true, true, true, false, true]
    private static let likeFinders = [
        Self.finder + Array(repeating: false, count: 4), Array(repeating: false, count: 4) + Self.finder,
    ]

    private static func finders(in line: [Bool]) -> Int {
        (0...line.count - 11).reduce(0) { penalty, start in
            penalty + 40 * self.likeFinders.count { $0.elementsEqual(line[start..<start + 11]) }
        }
    }

    private static func blocks(_ rows: [[Bool]]) -> Int {
        var penalty = 0
        for row in 1..<rows.count {
            for column in 1..<rows.count {
                let kind = rows[row][column]
                if rows[row - 1][column] == kind, rows[row][column - 1] == kind, rows[row - 1][column - 1] == kind {
                    penalty += 3
                }
            }
        }
        return penalty
    }

    private static func imbalance(_ rows: [[Bool]]) -> Int {
        let dark = rows.reduce(0) { $0 + $1.count { $0 } }
        let percent = dark * 100 / (rows.count * rows.count)
        return abs(percent - 50) / 5 * 10
    }
}
