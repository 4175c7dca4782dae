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
        case tags
        case object
    }

    private var form = Form.undecided
    private var start = 0
    // Both stay and begin anew for each call: a text may hold many beginnings, and to move them costs more than to read one.
    private var tags: LeakedTagReader
    private var object: LeakedObjectReader

    /// Everything before it has been looked at.
    var position: Int {
        switch self.form {
        case .undecided: self.start
        case .tags: self.tags.position
        case .object: self.object.position
        }
    }

    /// - Parameter tools: what the model was offered.
    init(tools: [DeclaredTool]) {
        self.tags = LeakedTagReader(tools: tools)
        self.object = LeakedObjectReader(tools: tools)
    }

    /// `opening` is the number of the tag among `LeakedCallSyntax.openings`, `position` the offset after it.
    mutating func begin(opening: Int, position: Int) {
        self.start = position
        self.form = .undecided
        // The wrappers stand first among the openings: after one of them the form is still open.
        let number = opening - LeakedCallSyntax.wrappers.count
        if number >= 0 { self.beginTags(LeakedCallSyntax.forms[number], isWrapped: false, at: position) }
    }

    /// The buffer lost this many bytes at its beginning.
    mutating func shift(by count: Int) {
        self.start -= count
        switch self.form {
        case .undecided: break
        case .tags: self.tags.shift(by: count)
        case .object: self.object.shift(by: count)
        }
    }

    mutating func read(_ text: [UInt8]) -> Progress {
        switch self.form {
        case .undecided: self.readOpening(text)
        case .tags: self.tags.read(text)
        case .object: self.object.read(text)
        }
    }

    /// Nothing more comes. `isCutOff`: something ended the text before the model did.
    mutating func finish(_ text: [UInt8], isCutOff: Bool) -> End {
        // A limit may have cut the text anywhere, so that what looks like a whole call may lack a parameter.
        let isAtEnd = self.position == text.count && !isCutOff
        return switch self.form {
        case .undecided: .text
        case .tags: self.tags.finish(text, isAtEnd: isAtEnd)
        case .object: self.object.finish(text, isAtEnd: isAtEnd)
        }
    }

    private mutating func readOpening(_ text: [UInt8]) -> Progress {
        while self.start < text.count, text[self.start].isJSONWhitespace { self.start += 1 }
        guard self.start < text.count else { return .needsMore }
        if text[self.start] == UInt8(ascii: "{") {
            self.form = .object
            self.object.begin(at: self.start)
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
        self.form = .tags
        self.tags.begin(form, isWrapped: isWrapped, at: position)
    }
}
