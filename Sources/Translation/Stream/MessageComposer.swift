// SPDX-License-Identifier: Apache-2.0

/// Arranges what the model says into content blocks.
///
/// - All text of a turn goes into one block where that is possible, because some clients show only the last text block.
///   Thinking that comes after text has begun therefore waits until the text ends.
/// - A tool call is sent as it comes. Text and thinking that come while it is not whole wait; text after a call opens a
///   new block, because clients put it before the call when they replay it.
/// - White space alone opens no block.
struct MessageComposer: Sendable {
    private var identifiers: any ToolUseIdentifierGenerator
    private var cursor = ContentBlockCursor()
    private var tools: ToolCallTracker
    private var heldThinking: [UInt8] = []
    private var heldText: [UInt8] = []
    /// White space before the first text. It is part of the text unless something else comes first.
    private var leadingWhitespace: [UInt8] = []
    private var followsThinking = false

    /// Bytes of one answer that may wait. Text is what the user wants to read and arguments are limited by the client's
    /// own limit on tokens, so this is far above anything useful.
    static let maximumHeldBytes = 32 << 20
    init(context: ResponseContext, identifiers: any ToolUseIdentifierGenerator) {
        self.identifiers = identifiers
        self.tools = ToolCallTracker(context: context)
    }

    var hasEmitted: Bool { self.cursor.hasEmitted }
    /// Text has to wait for the end of a call.
    var isInCall: Bool { self.tools.isOpen && !self.tools.isOpenCallComplete }
    var completedCalls: Int { self.tools.completedCalls }
    var cutCalls: Int { self.tools.cutCalls }
    var interventions: InterventionCounts {
        get { self.tools.interventions }
        set { self.tools.interventions = newValue }
    }
    var emittedBytes: Int { self.cursor.emittedBytes }

    /// The upstream sends more than any answer needs. `contentLimit`: bytes that may be passed on.
    func isOverLimit(contentLimit: Int) -> Bool {
        self.tools.hasTooManyCalls || self.emittedBytes > contentLimit
            || self.heldText.count + self.heldThinking.count + self.tools.argumentBytes > Self.maximumHeldBytes
    }

    /// `text` as it stands inside a JSON string, like everywhere here.
    mutating func receiveText(_ text: ArraySlice<UInt8>, into sink: inout some MessageEventSink) {
        if self.cursor.openKind == .text {
            if !text.isEmpty { self.cursor.appendText(text, into: &sink) }
            return
        }
        if self.isInCall {
            self.heldText.append(contentsOf: text)
            return
        }
        let visible = EscapedText.withoutLeadingWhitespace(text)
        guard !visible.isEmpty else {
            // An upstream that sends nothing but white space must not make it grow without end.
            if !self.hasEmitted, !self.followsThinking, self.leadingWhitespace.count < 1024 {
                self.leadingWhitespace.append(contentsOf: text)
            }
            return
        }
        self.advanceTools(into: &sink, closes: true)
        // A call that turned out to be no JSON stays open to the end.
        guard !self.tools.isOpen else { return self.heldText.append(contentsOf: visible) }
        if self.hasEmitted || self.followsThinking {
            self.cursor.appendText(visible, into: &sink)
        } else if self.leadingWhitespace.isEmpty {
            self.cursor.appendText(text, into: &sink)
        } else {
            self.cursor.appendText((self.leadingWhitespace + text)[...], into: &sink)
        }
    }

    mutating func receiveThinking(_ text: ArraySlice<UInt8>, into sink: inout some MessageEventSink) {
        self.followsThinking = true
        if self.cursor.openKind == .thinking {
            if !text.isEmpty { self.cursor.appendThinking(text, into: &sink) }
            return
        }
        // A thinking block now would end the text block, and `claude -p` prints only the last text block.
        if self.cursor.openKind == .text || self.isInCall {
            self.heldThinking.append(contentsOf: text)
            return
        }
        let visible = EscapedText.withoutLeadingWhitespace(text)
        guard !visible.isEmpty else { return }
        self.advanceTools(into: &sink, closes: true)
        guard !self.tools.isOpen else { return self.heldThinking.append(contentsOf: visible) }
        self.cursor.appendThinking(visible, into: &sink)
    }

    mutating func receive(_ fragment: ToolCallFragment, into sink: inout some MessageEventSink) {
        self.tools.receive(fragment)
        self.advanceTools(into: &sink)
        if self.tools.isOpenCallComplete, !self.heldText.isEmpty || !self.heldThinking.isEmpty {
            self.advanceTools(into: &sink, closes: true)
            if !self.tools.isOpen { self.flushHeld(into: &sink) }
        }
    }

    /// The markup between thinking and text was seen: the white space after it is not part of the text.
    mutating func thinkingEnded() { self.followsThinking = true }

    /// Nothing more comes. With `repairs`, a call with a mistake in it is made whole; throws when that cannot be done. The
    /// block of a call that is cut stays open.
    mutating func finish(repairs: Bool, into sink: inout some MessageEventSink) throws(UpstreamFailure) {
        while let action = self.tools.finish(repairs: repairs) {
            if case .fail(let name) = action { throw .invalidArguments(ofTool: name) }
            self.perform(action, into: &sink)
        }
        self.flushHeld(into: &sink)
        self.cursor.close(into: &sink)
    }
}

extension MessageComposer {
    private mutating func advanceTools(into sink: inout some MessageEventSink, closes: Bool = false) {
        while let action = self.tools.next(closes: closes) { self.perform(action, into: &sink) }
    }

    private mutating func perform(_ action: ToolCallTracker.Action, into sink: inout some MessageEventSink) {
        switch action {
        case .open(let name):
            self.flushHeld(into: &sink)
            self.cursor.openTool(
                id: self.identifiers.next(), name: self.tools.names.clientName(of: name), into: &sink)
        case .append(let arguments): self.cursor.appendInput(arguments, into: &sink)
        case .close: self.cursor.close(into: &sink)
        case .abandon, .fail: self.cursor.abandon()
        }
    }

    /// No tool block may be open.
    private mutating func flushHeld(into sink: inout some MessageEventSink) {
        let thinking = EscapedText.withoutLeadingWhitespace(self.heldThinking[...])
        if !thinking.isEmpty { self.cursor.appendThinking(thinking, into: &sink) }
        self.heldThinking = []
        let text = EscapedText.withoutLeadingWhitespace(self.heldText[...])
        if !text.isEmpty { self.cursor.appendText(text, into: &sink) }
        self.heldText = []
    }
}
