// SPDX-License-Identifier: Apache-2.0

/// Writes the messages. Neighbours on one side become one turn, because upstreams want the sides to alternate; each
/// turn is written from what stands in it and before it, never from what comes later.
struct ConversationTranslator {
    private let document: JSONDocument
    private let systemTexts: [Range<Int>]?
    private let messages: [Message]
    private let blocks: [ContentBlock]
    private let profile: ModelProfile
    private let closing: ClosingInstructions
    private let text: BlockText
    private let marks: CacheMarks
    /// The last message in which the user said something new; after it the model is in a loop of tool calls.
    private let lastPrompt: Int
    private var ledger: ToolCallLedger
    private var writer: JSONWriter
    private var isFirstMessage = true

    /// `writer` stands after the opening bracket of the messages.
    init(
        _ request: MessagesRequest, profile: ModelProfile, closing: ClosingInstructions, writer: consuming JSONWriter
    ) {
        self.document = request.document
        self.systemTexts = request.systemTexts
        self.messages = request.messages
        self.blocks = request.blocks
        self.profile = profile
        self.closing = closing
        self.text = BlockText(document: request.document)
        self.marks = CacheMarks(request, for: profile)
        self.lastPrompt =
            request.messages.lastIndex { $0.role == .user && !$0.contents.contains(.toolResult) } ?? -1
        self.ledger = ToolCallLedger(expectedCalls: request.blocks.count { $0.isToolUse })
        self.writer = writer
    }

    /// Hands the writer back.
    mutating func finish() -> JSONWriter {
        // No share in it is kept: the next byte would copy the whole text.
        let writer = self.writer
        self.writer = JSONWriter()
        return writer
    }

    mutating func translate() {
        let prompt = SystemPrompt(document: self.document, form: self.profile.systemMessage)
        if prompt.write(self.systemTexts ?? [], to: &self.writer, marks: self.marks) { self.isFirstMessage = false }
        // Upstreams refuse a conversation without a user message, and many templates one that the model begins.
        if self.messages.first?.role == .assistant { self.writeUserMessage("(The conversation goes on.)") }
        var index = 0
        while index < self.messages.count {
            let isAssistant = self.messages[index].role == .assistant
            var end = index + 1
            while end < self.messages.count, (self.messages[end].role == .assistant) == isAssistant { end += 1 }
            if isAssistant { self.writeAssistantTurn(index..<end) } else { self.writeUserTurn(index..<end) }
            index = end
        }
        if self.messages.last?.role == .assistant { self.closeAssistantTurn() }
        if self.messages.isEmpty { self.writeUserTurn(0..<0) }
    }
}

// MARK: - The model's turns

extension ConversationTranslator {
    private mutating func writeAssistantTurn(_ range: Range<Int>) {
        self.ledger.beginTurn()
        self.beginMessage()
        // Also where there are only calls: some upstreams refuse a message without content.
        self.writer.raw(#"{"role":"assistant","content":""#)
        var isFirst = true
        for message in self.messages[range] where message.contents.contains(.text) {
            for block in self.blocks[message.blocks] where self.text.isVisible(block) {
                // A paragraph, however the client cut its blocks: the same text gives the same bytes, and the prefix
                // cache stays warm.
                if !isFirst { self.writer.raw(#"\n\n"#) }
                isFirst = false
                self.text.write(block, to: &self.writer)
            }
        }
        self.writer.raw("\"")
        switch self.profile.reasoningReplay {
        case .none: break
        case .toolLoop: if range.lowerBound > self.lastPrompt { self.writeReasoning(range) }
        case .everyTurn: self.writeReasoning(range)
        }
        if self.messages[range].contains(where: { $0.contents.contains(.toolUse) }) { self.writeToolCalls(range) }
        self.writer.raw("}")
    }

    private mutating func writeReasoning(_ range: Range<Int>) {
        var isFirst = true
        for message in self.messages[range] where message.contents.contains(.thinking) {
            for case .thinking(let thinking) in self.blocks[message.blocks]
            where !self.document.isBlank(thinking) {
                self.writer.raw(isFirst ? #","reasoning_content":""# : #"\n\n"#)
                isFirst = false
                self.writer.contents(thinking, of: self.document)
            }
        }
        if !isFirst { self.writer.raw("\"") }
    }

    private mutating func writeToolCalls(_ range: Range<Int>) {
        var isFirst = true
        for message in self.messages[range] where message.contents.contains(.toolUse) {
            for case .toolUse(let use) in self.blocks[message.blocks] {
                self.writer.raw(isFirst ? #","tool_calls":["# : ",")
                isFirst = false
                // Before the id is written: the ledger decides whether the client's own id is unique.
                self.ledger.called(use, id: ToolCallID(use.id, in: self.document))
                self.writer.raw(#"{"id":""#)
                self.writer.id(of: self.ledger.calls.count - 1, in: self.ledger, from: self.document)
                self.writer.raw(#"","type":"function","function":{"name":""#)
                if let name = use.name { self.writer.toolName(name, of: self.document) }
                self.writer.raw(#"","arguments":""#)
                ToolCallArguments(document: self.document).write(use.input, to: &self.writer)
                self.writer.raw(#""}}"#)
            }
        }
        self.writer.raw("]")
    }

    /// The text of a turn the client began for the model is kept, and the model asked to go on.
    private mutating func closeAssistantTurn() {
        let hasCalls = !self.ledger.calls.isEmpty
        self.writeToolMessages(marksLast: false)
        guard !hasCalls || !self.closing.isEmpty else { return }
        self.beginMessage()
        var turn = UserTurn(hasParts: false)
        if !hasCalls {
            turn.beginText(in: &self.writer)
            // Upstreams want the user or a tool to speak last.
            self.writer.raw("Continue.")
        }
        self.writeClosing(in: &turn)
        turn.end(in: &self.writer)
    }
}

// MARK: - The user's turns

extension ConversationTranslator {
    /// First the results, in the order of the calls; then what the user said, in its order.
    private mutating func writeUserTurn(_ range: Range<Int>) {
        let hasCalls = !self.ledger.calls.isEmpty
        // The mark stands in the last message of the turn.
        let isMarked = self.marks.isAfterTurn(endingAt: range.upperBound)
        let marksResult = isMarked && hasCalls && !self.saysSomething(in: range)
        let marksText = isMarked && !marksResult
        // All results first: they may come in any order, and upstreams want them in the order of the calls.
        self.collectResults(in: range)
        self.writeToolMessages(marksLast: marksResult)
        let start = self.writer.count
        self.beginMessage()
        var turn = UserTurn(hasParts: marksText || self.showsImages(in: range))
        for message in self.messages[range] {
            switch message.role {
            case .system: self.writeReminder(message, in: &turn)
            case .user, .assistant: self.writeBlocks(of: message, in: &turn)
            }
        }
        if range.upperBound == self.messages.count { self.writeClosing(in: &turn) }
        if turn.isEmpty, hasCalls {
            // The results were all there is; the comma goes too.
            self.writer.truncate(to: start)
        } else if turn.isEmpty {
            turn.beginText(in: &self.writer)
            self.writer.raw("(empty)")
        }
        turn.end(in: &self.writer, marks: marksText ? self.marks : nil)
        self.ledger.beginTurn()
    }

    private mutating func collectResults(in range: Range<Int>) {
        for message in self.messages[range] where message.contents.contains(.toolResult) {
            for case .toolResult(let result) in self.blocks[message.blocks] {
                self.ledger.answered(result, id: ToolCallID(result.toolUseID, in: self.document))
            }
        }
    }

    /// Whether the turn has more than results.
    private func saysSomething(in range: Range<Int>) -> Bool {
        range.upperBound == self.messages.count && !self.closing.isEmpty
            || self.messages[range].contains { !$0.contents.isDisjoint(with: [.text, .image]) }
    }

    private mutating func writeToolMessages(marksLast: Bool) {
        for call in self.ledger.calls.indices {
            self.beginMessage()
            self.writer.raw(#"{"role":"tool","tool_call_id":""#)
            self.writer.id(of: call, in: self.ledger, from: self.document)
            let isMarked = marksLast && call == self.ledger.calls.count - 1
            self.writer.raw(isMarked ? #"","content":[{"type":"text","text":""# : #"","content":""#)
            if let result = self.ledger.calls[call].result {
                self.resultText.write(result, to: &self.writer)
            } else {
                // A turn that was cut. Upstreams refuse calls without results.
                self.writer.raw("(no result: the call was interrupted)")
            }
            self.writer.raw("\"")
            if isMarked {
                self.marks.write(to: &self.writer)
                self.writer.raw("}]")
            }
            self.writer.raw("}")
        }
    }

    private mutating func writeReminder(_ message: Message, in turn: inout UserTurn) {
        turn.beginText(in: &self.writer)
        var isFirst = true
        var isWrapped = true
        for block in self.blocks[message.blocks] where self.text.isVisible(block) {
            if isFirst {
                // What the client has wrapped already is not wrapped twice.
                if case .text(let text) = block { isWrapped = !self.document.hasPrefix(text, "<system-reminder>") }
                if isWrapped { self.writer.raw(#"<system-reminder>\n"#) }
            } else {
                self.writer.raw(#"\n\n"#)
            }
            isFirst = false
            self.text.write(block, to: &self.writer)
        }
        if isWrapped { self.writer.raw(#"\n</system-reminder>"#) }
    }

    private mutating func writeBlocks(of message: Message, in turn: inout UserTurn) {
        for block in self.blocks[message.blocks] {
            switch block {
            case .image(let image):
                self.writeImage(image, in: &turn)
            case .toolResult(let result):
                self.writeRest(ofResult: result, in: &turn)
            case _ where self.text.isVisible(block):
                turn.beginText(in: &self.writer)
                self.text.write(block, to: &self.writer)
            default:
                break
            }
        }
    }

    private mutating func writeImage(_ image: JSONNode, in turn: inout UserTurn) {
        // Models that cannot see refuse the whole request for one image, and the image stays in the history of every
        // later turn.
        guard self.profile.acceptsImages else {
            turn.beginText(in: &self.writer)
            self.writer.raw("[An image was left out: this model cannot see images.]")
            return
        }
        let source = ImageSource(of: image, in: self.document)
        if case .unavailable(let reason) = source {
            turn.beginText(in: &self.writer)
            self.writer.raw(reason)
        } else {
            turn.beginImage(in: &self.writer)
            source.write(to: &self.writer, from: self.document)
        }
    }

    /// What of a result a tool message could not take: its images, or all of it when it answers no call.
    private mutating func writeRest(ofResult result: ToolResult, in turn: inout UserTurn) {
        let call = self.ledger.call(answeredBy: result)
        if call == nil {
            turn.beginText(in: &self.writer)
            self.writer.raw(#"[Result of an earlier call]\n"#)
            self.resultText.write(result, to: &self.writer)
        }
        // A tool message takes text only, so its images follow as the user's.
        guard self.profile.acceptsImages, let content = result.content else { return }
        var blocks = ContentBlocks(of: content, in: self.document)
        while let block = blocks.next(in: self.document) {
            guard case .image(let image) = block else { continue }
            let source = ImageSource(of: image, in: self.document)
            if case .unavailable = source { continue }
            turn.beginText(in: &self.writer)
            self.writer.raw("[Image from the result of ")
            if let name = call.flatMap({ self.ledger.calls[$0].use.name }) {
                self.writer.toolName(name, of: self.document)
            } else {
                self.writer.raw("an earlier call")
            }
            self.writer.raw("]")
            turn.beginImage(in: &self.writer)
            source.write(to: &self.writer, from: self.document)
        }
    }

    private func showsImages(in range: Range<Int>) -> Bool {
        self.profile.acceptsImages && self.messages[range].contains { $0.contents.contains(.image) }
    }

    private var resultText: ToolResultText {
        ToolResultText(document: self.document, showsImages: self.profile.acceptsImages)
    }

    private mutating func writeClosing(in turn: inout UserTurn) {
        guard !self.closing.isEmpty else { return }
        turn.beginText(in: &self.writer)
        self.closing.write(to: &self.writer, from: self.document)
    }
}

// MARK: - Punctuation

extension ConversationTranslator {
    private mutating func writeUserMessage(_ text: StaticString) {
        self.beginMessage()
        var turn = UserTurn(hasParts: false)
        turn.beginText(in: &self.writer)
        self.writer.raw(text)
        turn.end(in: &self.writer)
    }

    private mutating func beginMessage() {
        if !self.isFirstMessage { self.writer.raw(",") }
        self.isFirstMessage = false
    }
}
