// SPDX-License-Identifier: Apache-2.0

/// Recovers tool calls that the model wrote into its text because the server in front of it did not recognise them.
/// Only calls of declared tools count, and none that is only shown; anything else is text and passes, byte for byte, as
/// soon as that is clear.
///
/// A call that is written into prose can be meant or shown. It is meant
///
/// - when it begins a line, and no more words follow on its last line;
/// - when it begins inside a line, and nothing follows it but other calls;
/// - when it stands in a fenced code block, and this is all of the rest of the answer and holds nothing but calls;
/// - when it ends the reasoning and begins a line there.
///
/// Each byte is looked at a bounded number of times: once to read a call, once as text.
struct LeakedToolCallParser: Sendable {
    enum Place: Sendable {
        case answer
        /// Calls count only when the answer is over, and nothing else is in it.
        case reasoning
    }

    private enum Standing: Sendable {
        case beginsLine
        case endsText
        case isFence
    }

    private enum State: Sendable {
        case text
        /// `reader` reads a call. Goes to `behindCall`, or back to `text`.
        case call
        /// Behind a call of which it is not clear whether it is meant. Goes to `call`, `closingFence`, `meant`
        /// or `text`.
        case behindCall
        /// In the run that closes the code block. Goes to `behindFence` or `text`.
        case closingFence(length: Int)
        /// Only white space came since the code block. Goes to `text`.
        case behindFence
        /// Behind a call that is meant. What closes it is left out. Goes to `call` or `text`.
        case meant
    }

    /// Calls and what they stand in: longer than this it is text.
    private static let maximumHeldSize = 4 << 20
    // The text of the answer waits while a fence is held: no info string in use is nearly as long.
    private static let maximumInfoLength = 256

    private let tools: [DeclaredTool]
    private let place: Place
    private var state = State.text
    // Most answers hold no call: the first that does makes its reader.
    private lazy var reader = LeakedCallReader(tools: self.tools)
    private var tracker = QuotationTracker()

    /// What came and has not gone.
    private var buffer: [UInt8] = []
    /// Everything before it has gone.
    private var sent = 0
    /// Everything before it is understood.
    private var position = 0
    /// Everything before it is known to the tracker, while a call is read.
    private var tracked = 0
    /// Where the code block begins that may hold nothing but calls.
    private var fence: Int?
    private var fenceLength = 0
    /// Where the calls begin.
    private var held = 0
    private var standing = Standing.beginsLine
    private var calls: [LeakedCall] = []

    /// A call was begun and its end is missing.
    private(set) var hasCutCall = false
    /// Bytes looked at, for tests that count the work.
    private(set) var examined = 0

    /// `tools`: what the model was offered.
    init(tools: [DeclaredTool], place: Place = .answer) {
        self.tools = tools
        self.place = place
    }

    /// Nothing is held.
    var isTransparent: Bool {
        guard case .text = self.state else { return false }
        return self.buffer.isEmpty
    }

    mutating func receive(_ text: [UInt8], into segments: inout [ContentSegment]) {
        // Without tools nothing can be a call, and nothing needs to wait.
        guard !self.tools.isEmpty else { return segments.append(.text(text)) }
        self.buffer.append(contentsOf: text)
        while self.advance(into: &segments) {}
        self.sendText(into: &segments)
    }

    /// Nothing more comes. `isCutOff`: the token limit ended the answer, so what is missing is not only a closing tag.
    mutating func finish(isCutOff: Bool, into segments: inout [ContentSegment]) {
        switch self.state {
        case .text, .meant: break
        case .behindCall, .closingFence, .behindFence: self.finishCalls(isCutOff: isCutOff, into: &segments)
        case .call: self.finishReading(isCutOff: isCutOff, into: &segments)
        }
        self.release(into: &segments)
    }

    /// Whatever is held is text.
    mutating func release(into segments: inout [ContentSegment]) {
        if case .meant = self.state { self.sent = self.buffer.count }
        self.position = self.buffer.count
        self.state = .text
        self.calls = []
        self.fence = nil
        self.sendText(into: &segments)
    }

    private mutating func finishCalls(isCutOff: Bool, into segments: inout [ContentSegment]) {
        switch self.standing {
        case .beginsLine: self.acceptCalls(into: &segments)
        // A limit may have cut off words that would have shown the call to be a mere example.
        case .endsText: if self.place == .answer || !isCutOff { self.acceptCalls(into: &segments) }
        case .isFence: if !isCutOff { self.acceptCalls(into: &segments) }
        }
    }

    private mutating func finishReading(isCutOff: Bool, into segments: inout [ContentSegment]) {
        switch self.reader.finish(self.buffer, isCutOff: isCutOff) {
        case .call(let call):
            self.calls.append(call)
            self.position = self.buffer.count
            self.finishCalls(isCutOff: isCutOff, into: &segments)
        case .cut:
            // In the reasoning or in a code block half a call may be an example: it is shown as text.
            guard self.place == .answer, self.standing != .isFence else { return }
            self.hasCutCall = true
            self.position = self.buffer.count
            self.acceptCalls(into: &segments)
        case .text:
            break
        }
    }
}

// MARK: - Text

extension LeakedToolCallParser {
    /// One step; false when more text is needed.
    private mutating func advance(into segments: inout [ContentSegment]) -> Bool {
        switch self.state {
        case .text: return self.advanceText()
        case .call: return self.advanceCall()
        case .behindCall: return self.advanceBehindCall(into: &segments)
        case .closingFence(let length): return self.advanceClosingFence(length)
        case .behindFence: return self.advanceBehindFence()
        case .meant: return self.advanceMeant()
        }
    }

    private mutating func advanceText() -> Bool {
        while self.position < self.buffer.count {
            let byte = self.buffer[self.position]
            self.examined += 1
            if byte == UInt8(ascii: "<"), let standing = self.standingHere {
                switch TagMatch.at(self.position, in: self.buffer, of: LeakedCallSyntax.openings) {
                case .whole(let tag, let end):
                    // In a code block the fence goes with the calls: it is left out when they are meant.
                    self.held = self.fence ?? self.position
                    self.standing = standing
                    self.tracked = self.position
                    self.beginCall(tag, end)
                    return true
                case .partial: return false
                case .none: break
                }
            }
            if self.place == .answer, self.fence == nil, self.tracker.mayBeginFence,
                byte == UInt8(ascii: "`") || byte == UInt8(ascii: "~")
            {
                self.fence = self.position
                self.fenceLength = 0
            }
            self.tracker.advance(byte)
            self.position += 1
            if let fence = self.fence { self.followFence(from: fence) }
        }
        return false
    }

    /// How a call that begins here would stand; nil where it is only shown.
    private var standingHere: Standing? {
        if self.fence != nil, self.tracker.isInFence, self.tracker.isAtLineStart { return .isFence }
        guard !self.tracker.isQuoted else { return nil }
        switch self.place {
        case .answer: return self.tracker.isAtLineStart ? .beginsLine : .endsText
        case .reasoning: return self.tracker.isAtLineStart ? .endsText : nil
        }
    }

    /// The code block is held until it is clear that it does not begin with a call.
    private mutating func followFence(from start: Int) {
        if self.tracker.isOpeningFence {
            if self.buffer[self.position - 1] == self.buffer[start], self.fenceLength == self.position - 1 - start {
                self.fenceLength += 1
            }
            if self.position - start > Self.maximumInfoLength { self.fence = nil }
        } else if !self.tracker.isInFence || !self.tracker.isAtLineStart
            || self.position - start > 2 * Self.maximumInfoLength
        {
            self.fence = nil
        }
    }

    /// Text as it stands inside a JSON string, without a `<`, that passes as it is while nothing is held. False when it
    /// must be given to `receive` instead: it may begin a code block.
    mutating func passes(_ text: ArraySlice<UInt8>) -> Bool {
        guard !self.tools.isEmpty else { return true }
        // What is held comes before this text and must be sent first.
        guard self.isTransparent else { return false }
        if self.tracker.skipsPlainText, QuotationTracker.isPlain(text.span) {
            if let last = text.last { self.tracker.plainTextPassed(last: last) }
            return true
        }
        return self.follow(text)
    }

    private mutating func follow(_ text: ArraySlice<UInt8>) -> Bool {
        // A copy: the text is read again by `receive` when this turns out to be the beginning of a code block.
        var tracker = self.tracker
        var index = text.startIndex
        while index < text.endIndex {
            var byte = text[index]
            index += 1
            if byte == UInt8(ascii: "\\") {
                switch text[index] {
                case UInt8(ascii: "n"): byte = 0x0A
                case UInt8(ascii: "r"): byte = 0x0D
                case UInt8(ascii: "t"): byte = 0x09
                // Few servers write escapes for what is no control character; they are decoded elsewhere.
                case UInt8(ascii: "u"): return false
                default: byte = text[index]
                }
                index += 1
            }
            if byte == UInt8(ascii: "`") || byte == UInt8(ascii: "~"), self.place == .answer, tracker.mayBeginFence {
                return false
            }
            tracker.advance(byte)
        }
        self.tracker = tracker
        return true
    }

    /// Sends everything that nothing can make anything else but text.
    private mutating func sendText(into segments: inout [ContentSegment]) {
        let end =
            switch self.state {
            case .text: self.fence ?? self.position
            case .meant: self.sent
            case .call, .behindCall, .closingFence, .behindFence: self.held
            }
        if end > self.sent { segments.append(.text(Array(self.buffer[self.sent..<end]))) }
        self.sent = max(end, self.sent)
        self.compact()
    }

    /// Moves what is left when it is the smaller part.
    private mutating func compact() {
        // Only then, so that no byte is moved often.
        let count = self.sent
        guard count > 0, 2 * count >= self.buffer.count else { return }
        self.buffer.removeFirst(count)
        self.sent = 0
        self.position -= count
        self.tracked -= count
        self.held -= count
        if let fence = self.fence { self.fence = fence - count }
        if case .call = self.state { self.reader.shift(by: count) }
    }
}

// MARK: - Calls

extension LeakedToolCallParser {
    private mutating func beginCall(_ tag: Int, _ end: Int) {
        self.reader.begin(opening: tag, position: end)
        self.state = .call
    }

    private mutating func advanceCall() -> Bool {
        let start = self.reader.position
        let progress = self.reader.read(self.buffer)
        self.examined += max(self.reader.position - start, 1)
        switch progress {
        case .needsMore:
            guard self.buffer.count - self.held <= Self.maximumHeldSize else {
                self.returnToText(at: self.buffer.count)
                return true
            }
            return false
        case .call(let call, let end):
            self.calls.append(call)
            self.position = end
            self.state = .behindCall
        case .text(let end):
            self.returnToText(at: end)
        }
        return true
    }

    /// What was held is text up to `end`, and so is all that began like a call in it.
    private mutating func returnToText(at end: Int) {
        while self.tracked < end {
            self.tracker.advance(self.buffer[self.tracked])
            self.tracked += 1
            self.examined += 1
        }
        self.calls = []
        self.fence = nil
        self.position = end
        self.state = .text
    }

    private mutating func advanceBehindCall(into segments: inout [ContentSegment]) -> Bool {
        while self.position < self.buffer.count {
            let byte = self.buffer[self.position]
            self.examined += 1
            if byte == 0x20 || byte == 0x09 || byte.isJSONWhitespace && self.standing != .beginsLine {
                self.position += 1
                continue
            }
            switch byte {
            case UInt8(ascii: "<"): return self.advanceTag(into: &segments)
            case 0x0A where self.standing == .beginsLine, 0x0D where self.standing == .beginsLine:
                self.acceptCalls(into: &segments)
            case UInt8(ascii: "`") where self.standing == .isFence, UInt8(ascii: "~") where self.standing == .isFence:
                self.state = .closingFence(length: 0)
            default:
                self.returnToText(at: self.position)
            }
            return true
        }
        guard self.buffer.count - self.held <= Self.maximumHeldSize else {
            self.returnToText(at: self.buffer.count)
            return true
        }
        return false
    }

    private mutating func advanceTag(into segments: inout [ContentSegment]) -> Bool {
        switch TagMatch.at(self.position, in: self.buffer, of: LeakedCallSyntax.behindCall) {
        case .partial: return false
        case .whole(let tag, let end) where tag < LeakedCallSyntax.openings.count:
            if self.standing == .beginsLine {
                self.acceptCalls(into: &segments)
            } else {
                self.beginCall(tag, end)
            }
        case .whole(let tag, let end) where tag < LeakedCallSyntax.openingsAndEnds.count:
            self.position = end
        case .whole, .none:
            // A token of the chat template that leaked as well is no prose.
            let isTemplate =
                self.buffer.count > self.position + 1 && self.buffer[self.position + 1] == UInt8(ascii: "|")
            if self.standing == .beginsLine || isTemplate && self.standing == .endsText && self.place == .answer {
                self.acceptCalls(into: &segments)
            } else {
                self.returnToText(at: self.position)
            }
        }
        return true
    }

    private mutating func advanceClosingFence(_ length: Int) -> Bool {
        var length = length
        while self.position < self.buffer.count {
            let byte = self.buffer[self.position]
            self.examined += 1
            guard byte == self.buffer[self.held] else {
                if byte.isJSONWhitespace, length >= self.fenceLength {
                    self.state = .behindFence
                } else {
                    self.returnToText(at: self.position)
                }
                return true
            }
            length += 1
            self.position += 1
        }
        self.state = .closingFence(length: length)
        return false
    }

    private mutating func advanceBehindFence() -> Bool {
        while self.position < self.buffer.count {
            self.examined += 1
            guard self.buffer[self.position].isJSONWhitespace else {
                self.returnToText(at: self.position)
                return true
            }
            self.position += 1
        }
        return false
    }

    /// The calls are meant.
    private mutating func acceptCalls(into segments: inout [ContentSegment]) {
        if self.held > self.sent { segments.append(.text(Array(self.buffer[self.sent..<self.held]))) }
        for call in self.calls { segments.append(.call(name: call.name, arguments: call.arguments)) }
        self.calls = []
        self.sent = self.position
        self.fence = nil
        // What came before a call cannot quote what comes after it.
        self.tracker.paragraphEnded()
        self.state = .meant
    }

    /// White space and closing tags after a call mean nothing.
    private mutating func advanceMeant() -> Bool {
        while self.position < self.buffer.count {
            let byte = self.buffer[self.position]
            self.examined += 1
            if byte.isJSONWhitespace {
                self.position += 1
                self.sent = self.position
                continue
            }
            switch TagMatch.at(self.position, in: self.buffer, of: LeakedCallSyntax.wrapperEnds) {
            case .whole(_, let end):
                self.position = end
                self.sent = end
            case .partial: return false
            case .none:
                self.state = .text
                return true
            }
        }
        return false
    }
}
