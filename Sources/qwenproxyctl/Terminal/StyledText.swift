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

    init(_ text: String, _ look: Look? = nil) {
        // A line is a line: its end is not the text's own affair.
        let line = Terminal.sanitized(text).replacing("\n", with: "\u{FFFD}")
        self.spans = [Span(text: line, look: look)]
    }

    init(stringLiteral value: String) {
        self.init(value)
    }

    private init(_ spans: [Span]) {
        self.spans = spans
    }

    var width: Int { self.spans.reduce(0) { $0 + TextWidth.columns($1.text) } }

    /// Without its looks.
    var plain: String { self.spans.map(\.text).joined() }

    static func + (left: StyledText, right: StyledText) -> StyledText {
        StyledText(left.spans + right.spans)
    }

    /// - Parameter isColoured: false leaves the text alone.
    func rendered(isColoured: Bool) -> String {
        guard isColoured else { return self.plain }
        return self.spans.map { span in
            guard let look = span.look, !span.text.isEmpty else { return span.text }
            return "\u{1B}[\(look.rawValue)m\(span.text)\u{1B}[0m"
        }.joined()
    }

    /// At most `columns` wide; an ellipsis stands for what had to go.
    func truncated(to columns: Int) -> StyledText {
        guard self.width > columns else { return self }
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
        return StyledText(kept)
    }

    /// Exactly `columns` wide, or as wide as it is when that is more.
    func padded(to columns: Int, isRight: Bool = false) -> StyledText {
        let missing = columns - self.width
        guard missing > 0 else { return self }
        let space = [Span(text: String(repeating: " ", count: missing), look: nil)]
        return StyledText(isRight ? space + self.spans : self.spans + space)
    }

    func looking(_ look: Look) -> StyledText {
        StyledText(self.spans.map { Span(text: $0.text, look: look) })
    }
}
