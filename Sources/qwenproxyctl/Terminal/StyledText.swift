// SPDX-License-Identifier: Apache-2.0

/// Text with its looks. What came from elsewhere is made harmless here, so that only our own sequences reach the terminal.
struct StyledText: Equatable, ExpressibleByStringInterpolation {
    /// The numbers of "Select Graphic Rendition".
    enum Look: Int {
        case bold = 1
        case faint = 2
        case inverse = 7
        case red = 31
        case green = 32
        case yellow = 33
        case cyan = 36
    }

    struct Span: Equatable {
        var text: String
        var look: Look?
    }

    private(set) var spans: [Span]
    /// How far the lines after the first are indented, where the text has to be broken.
    private(set) var hanging = 0

    init(_ text: String, _ look: Look? = nil) {
        // A line is a line: its end is not the text's own affair.
        let line = Terminal.sanitized(text).replacing("\n", with: "\u{FFFD}")
        self.spans = [Span(text: line, look: look)]
    }

    init(stringLiteral value: String) {
        self.init(value)
    }

    private init(_ spans: [Span], hanging: Int) {
        self.spans = spans
        self.hanging = hanging
    }

    var width: Int { self.spans.reduce(0) { $0 + TextWidth.columns($1.text) } }

    /// Without its looks.
    var plain: String { self.spans.map(\.text).joined() }

    static func + (left: StyledText, right: StyledText) -> StyledText {
        StyledText(left.spans + right.spans, hanging: left.hanging)
    }

    /// - Parameter columns: how far the lines after the first are indented, where the text has to be broken.
    func hanging(by columns: Int) -> StyledText { StyledText(self.spans, hanging: columns) }

    /// - Parameter isColoured: false leaves the text alone.
    func rendered(isColoured: Bool) -> String {
        guard isColoured else { return self.plain }
        return self.spans.map { span in
            guard let look = span.look, !span.text.isEmpty else { return span.text }
            // Reset after each span: a line that is cut after it does not colour what follows.
            return "\u{1B}[\(look.rawValue)m\(span.text)\u{1B}[0m"
        }.joined()
    }

    /// At most `columns` wide; an ellipsis stands for what had to go.
    /// - Parameter keepsEnd: the beginning goes, and not the end.
    func truncated(to columns: Int, keepsEnd: Bool = false) -> StyledText {
        guard self.width > columns else { return self }
        guard !keepsEnd else { return self.reversed.truncated(to: columns).reversed }
        // One column is the ellipsis's.
        var room = columns - 1
        var kept: [Span] = []
        for span in self.spans {
            var text = ""
            for character in span.text {
                room -= TextWidth.columns(character)
                guard room >= 0 else { break }
                text.append(character)
            }
            kept.append(Span(text: text, look: span.look))
            guard room >= 0 else { break }
        }
        if columns > 0 { kept.append(Span(text: "…", look: nil)) }
        return StyledText(kept, hanging: self.hanging)
    }

    private var reversed: StyledText {
        StyledText(
            self.spans.reversed().map { Span(text: String($0.text.reversed()), look: $0.look) }, hanging: self.hanging)
    }

    /// Exactly `columns` wide, or as wide as it is when that is more.
    func padded(to columns: Int, isRight: Bool = false) -> StyledText {
        let missing = columns - self.width
        guard missing > 0 else { return self }
        let space = [Span(text: String(repeating: " ", count: missing), look: nil)]
        return StyledText(isRight ? space + self.spans : self.spans + space, hanging: self.hanging)
    }

    func looking(_ look: Look) -> StyledText {
        StyledText(self.spans.map { Span(text: $0.text, look: look) }, hanging: self.hanging)
    }
}

extension StyledText {
    private typealias Cell = (character: Character, look: Look?)

    /// A few words fit into it.
    private static let roomForWords = 24

    /// Broken at spaces into lines of at most `columns`. What has none, such as an address, stays in one piece.
    func wrapped(to columns: Int) -> [StyledText] {
        guard self.width > columns else { return [self] }
        let cells: [Cell] = self.spans.flatMap { span in span.text.map { ($0, span.look) } }
        // On a narrow screen words need the room more than the eye needs the indentation.
        let hasRoom = self.hanging * 2 <= columns || columns - self.hanging >= Self.roomForWords
        let hanging = hasRoom ? self.hanging : 0
        var rest = cells[...]
        var lines: [StyledText] = []
        while !rest.isEmpty {
            let indent = lines.isEmpty ? 0 : hanging
            // Beyond the edge where there is no space: the terminal breaks an address, and it can still be copied.
            let end = Self.lineEnd(of: rest, room: columns - indent)
            lines.append(StyledText(Self.spans(indent, rest[..<end]), hanging: self.hanging))
            rest = rest[end...].drop { $0.character == " " }
        }
        return lines
    }

    private static func lineEnd(of cells: ArraySlice<Cell>, room: Int) -> Int {
        var width = 0
        var lastBreak: Int?
        var isInText = false
        for (index, cell) in zip(cells.indices, cells) {
            width += TextWidth.columns(cell.character)
            if cell.character == " ", isInText {
                // The space itself may stand beyond the edge, since it is dropped there.
                if width > room + 1 { return lastBreak ?? index }
                lastBreak = index
            }
            if cell.character != " " { isInText = true }
        }
        return width <= room ? cells.endIndex : lastBreak ?? cells.endIndex
    }

    private static func spans(_ indent: Int, _ cells: ArraySlice<Cell>) -> [Span] {
        var spans = indent > 0 ? [Span(text: String(repeating: " ", count: indent), look: nil)] : []
        for cell in cells {
            if let last = spans.last, last.look == cell.look {
                spans[spans.count - 1].text.append(cell.character)
            } else {
                spans.append(Span(text: String(cell.character), look: cell.look))
            }
        }
        return spans
    }
}
