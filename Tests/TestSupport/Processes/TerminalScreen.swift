// SPDX-License-Identifier: Apache-2.0

/// What a terminal of a given size shows after a program's output: text and cursor, as far as programs on the whole screen use
/// them. Colours and settings are read over, and each character is taken to be one column wide.
public struct TerminalScreen: Sendable, Equatable {
    private var cells: [[Character]]
    private var row = 0
    private var column = 0
    private let columns: Int

    public init(rows: Int, columns: Int, showing output: String) {
        self.columns = columns
        self.cells = Array(repeating: Self.empty(columns), count: rows)
        var rest = Array(output.unicodeScalars)[...]
        while let scalar = rest.popFirst() { self.take(scalar, &rest) }
    }

    /// The rows from above, without the spaces at their ends.
    public var lines: [String] {
        self.cells.map { row in
            var line = String(row)
            while line.last?.isWhitespace == true { line.removeLast() }
            return line
        }
    }

    /// All of it.
    public var text: String { self.lines.joined(separator: "\n") }

    private static func empty(_ columns: Int) -> [Character] { Array(repeating: " ", count: columns) }

    private mutating func take(_ scalar: Unicode.Scalar, _ rest: inout ArraySlice<Unicode.Scalar>) {
        switch scalar {
        case "\u{1B}": self.escape(&rest)
        case "\r": self.column = 0
        case "\n": self.lineFeed()
        case "\u{8}": self.column = max(0, self.column - 1)
        case _ where scalar.value < 0x20: break
        default: self.put(Character(scalar))
        }
    }

    private mutating func put(_ character: Character) {
        if self.column == self.columns {
            self.column = 0
            self.lineFeed()
        }
        self.cells[self.row][self.column] = character
        self.column += 1
    }

    private mutating func lineFeed() {
        guard self.row == self.cells.count - 1 else {
            self.row += 1
            return
        }
        self.cells.removeFirst()
        self.cells.append(Self.empty(self.columns))
    }

    private mutating func escape(_ rest: inout ArraySlice<Unicode.Scalar>) {
        switch rest.popFirst() {
        case "[": self.control(&rest)
        // A string for the terminal itself, such as a title, to its bell or its `ESC \`.
        case "]", "P":
            while let scalar = rest.popFirst(), scalar != "\u{7}" {
                if scalar == "\u{1B}" {
                    _ = rest.popFirst()
                    break
                }
            }
        case "(": _ = rest.popFirst()
        default: break
        }
    }

    private mutating func control(_ rest: inout ArraySlice<Unicode.Scalar>) {
        var text = ""
        while let scalar = rest.popFirst() {
            guard (0x40...0x7E).contains(scalar.value) else {
                text.unicodeScalars.append(scalar)
                continue
            }
            return self.perform(scalar, text.split(separator: ";", omittingEmptySubsequences: false).map { Int($0) })
        }
    }

    private mutating func perform(_ final: Unicode.Scalar, _ numbers: [Int?]) {
        func number(_ index: Int, else other: Int = 1) -> Int {
            index < numbers.count ? numbers[index] ?? other : other
        }
        switch final {
        case "A": self.move(row: self.row - number(0))
        case "B": self.move(row: self.row + number(0))
        case "C": self.move(column: self.column + number(0))
        case "D": self.move(column: self.column - number(0))
        case "G": self.move(column: number(0) - 1)
        case "H":
            self.move(row: number(0) - 1)
            self.move(column: number(1) - 1)
        case "J": self.erase(rows: number(0, else: 0))
        case "K": self.erase(columns: number(0, else: 0))
        default: break
        }
    }

    private mutating func move(row: Int) { self.row = min(max(0, row), self.cells.count - 1) }

    private mutating func move(column: Int) { self.column = min(max(0, column), self.columns - 1) }

    /// - Parameter kind: of the line, 0 what follows the cursor, 1 what is before it, 2 all.
    private mutating func erase(columns kind: Int) {
        let range =
            switch kind {
            case 0: min(self.column, self.columns)..<self.columns
            case 1: 0..<min(self.column + 1, self.columns)
            default: 0..<self.columns
            }
        for column in range { self.cells[self.row][column] = " " }
    }

    /// - Parameter kind: of the screen, 0 what follows the cursor, 1 what is before it, 2 all.
    private mutating func erase(rows kind: Int) {
        if kind < 2 { self.erase(columns: kind) }
        let range =
            switch kind {
            case 0: self.row + 1..<self.cells.count
            case 1: 0..<self.row
            default: 0..<self.cells.count
            }
        for row in range { self.cells[row] = Self.empty(self.columns) }
    }
}
