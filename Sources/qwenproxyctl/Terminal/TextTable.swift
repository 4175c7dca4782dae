// SPDX-License-Identifier: Apache-2.0

/// Rows under a head, in columns as wide as their widest cell.
struct TextTable {
    struct Column {
        var title: String
        var isRight = false
        /// The least that such a column can be narrowed to when the terminal is too small; nil is never narrowed.
        var minimum: Int?
        /// Left out before others are narrowed.
        var isOptional = false
        /// What tells most is at the end, as in a path: where it is too long, its beginning goes.
        var keepsEnd = false
    }

    private(set) var columns: [Column]
    var rows: [[StyledText]] = []

    init(_ columns: [Column]) {
        self.columns = columns
    }

    private static let gap = 2

    /// - Parameter width: of the terminal; nil when there is none, and nothing is cut.
    func lines(width: Int?) -> [StyledText] {
        var widths = self.naturalWidths
        if let width, Self.total(widths) > width, let index = self.columns.lastIndex(where: \.isOptional) {
            return self.without(column: index).lines(width: width)
        }
        if let width { self.narrow(&widths, to: width) }
        let head = self.line(self.columns.map { StyledText($0.title) }, widths).looking(.bold)
        return ([head] + self.rows.map { self.line($0, widths) }).map { line in
            width.map { line.truncated(to: $0) } ?? line
        }
    }

    /// Nothing has to be cut or left out on a terminal of this width.
    func fits(_ width: Int) -> Bool { Self.total(self.naturalWidths) <= width }

    private var naturalWidths: [Int] {
        self.columns.indices.map { index in
            max(TextWidth.columns(self.columns[index].title), self.rows.map { $0[index].width }.max() ?? 0)
        }
    }

    /// As long as nothing is cut.
    var startOfLastColumn: Int { self.naturalWidths.dropLast().reduce(0) { $0 + $1 + Self.gap } }

    private static func total(_ widths: [Int]) -> Int { widths.reduce(0, +) + Self.gap * (widths.count - 1) }

    private func without(column index: Int) -> TextTable {
        var table = self
        table.columns.remove(at: index)
        for row in table.rows.indices { table.rows[row].remove(at: index) }
        return table
    }

    /// Takes column after column from the widest that can give.
    private func narrow(_ widths: inout [Int], to width: Int) {
        while Self.total(widths) > width {
            let givers = self.columns.indices.filter { widths[$0] > self.columns[$0].minimum ?? .max }
            guard let giver = givers.max(by: { widths[$0] < widths[$1] }) else { return }
            // One column at a time, so that two wide ones end up alike.
            widths[giver] -= 1
        }
    }

    private func line(_ cells: [StyledText], _ widths: [Int]) -> StyledText {
        var line = StyledText("")
        for (index, cell) in cells.enumerated() {
            if index > 0 { line = line + StyledText(String(repeating: " ", count: Self.gap)) }
            let isLast = index == cells.count - 1
            let isRight = self.columns[index].isRight
            let cut = cell.truncated(to: widths[index], keepsEnd: self.columns[index].keepsEnd)
            // Spaces at a line's end would be copied with it, and could make the terminal break the line.
            line = line + (isLast && !isRight ? cut : cut.padded(to: widths[index], isRight: isRight))
        }
        return line
    }
}
