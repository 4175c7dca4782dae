// SPDX-License-Identifier: Apache-2.0

/// Reads one tool call out of a growing text, after its opening tag. It goes forward only: each byte is looked at once,
/// and a tag at the end of what came once more.
struct LeakedCallReader: Sendable {
    enum Progress: Equatable {
        case needsMore
        case call(LeakedCall, end: Int)
        /// No call: up to `end` there is only text.
        case text(end: Int)
    }

    enum End: Equatable {
        case call(LeakedCall)
        /// A call, but a part that cannot be known is missing.
        case cut
        case text
    }

    private enum Form: Sendable {
        /// Behind a wrapper: white space, then one of the others.
        case undecided
        case tags(LeakedTagReader)
        case object(LeakedObjectReader)
    }

    private let tools: [DeclaredTool]
    private var form = Form.undecided
    private var start: Int

    /// Everything before it has been looked at.
    var position: Int {
        switch self.form {
        case .undecided: self.start
        case .tags(let reader): reader.position
        case .object(let reader): reader.position
        }
    }

    /// `opening` is the number of the tag among `LeakedCallSyntax.openings`, `position` the offset after it.
    init(tools: [DeclaredTool], opening: Int, position: Int) {
        self.tools = tools
        self.start = position
        let number = opening - LeakedCallSyntax.wrappers.count
        if number >= 0 { self.beginTags(LeakedCallSyntax.forms[number], isWrapped: false, at: position) }
    }

    /// The buffer lost this many bytes at its beginning.
    mutating func shift(by count: Int) {
        self.start -= count
        switch self.form {
        case .undecided: break
        case .tags(var reader):
            reader.shift(by: count)
            self.form = .tags(reader)
        case .object(var reader):
            reader.shift(by: count)
            self.form = .object(reader)
        }
    }

    mutating func read(_ text: [UInt8]) -> Progress {
        // Moved out while it reads, so that what it collects has one owner.
        let form = self.form
        self.form = .undecided
        switch consume form {
        case .undecided: return self.readOpening(text)
        case .tags(var reader):
            defer { self.form = .tags(reader) }
            return reader.read(text)
        case .object(var reader):
            defer { self.form = .object(reader) }
            return reader.read(text)
        }
    }

    /// Nothing more comes. `isCutOff`: something ended the text before the model did.
    mutating func finish(_ text: [UInt8], isCutOff: Bool) -> End {
        let isAtEnd = self.position == text.count && !isCutOff
        switch self.form {
        case .undecided: return .text
        case .tags(var reader): return reader.finish(text, isAtEnd: isAtEnd)
        case .object(var reader): return reader.finish(text, isAtEnd: isAtEnd)
        }
    }

    private mutating func readOpening(_ text: [UInt8]) -> Progress {
        while self.start < text.count, text[self.start].isJSONWhitespace { self.start += 1 }
        guard self.start < text.count else { return .needsMore }
        if text[self.start] == UInt8(ascii: "{") {
            self.form = .object(LeakedObjectReader(tools: self.tools, position: self.start))
            return self.read(text)
        }
        switch TagMatch.at(self.start, in: text, of: LeakedCallSyntax.formOpenings) {
        case .whole(let number, let end):
            self.beginTags(LeakedCallSyntax.forms[number], isWrapped: true, at: end)
            return self.read(text)
        case .partial: return .needsMore
        case .none: return .text(end: self.start)
        }
    }

    private mutating func beginTags(_ form: LeakedCallSyntax.TagForm, isWrapped: Bool, at position: Int) {
        self.form = .tags(
            LeakedTagReader(tools: self.tools, form: form, isWrapped: isWrapped, position: position))
    }
}
