// SPDX-License-Identifier: Apache-2.0

import Translation

/// Watches the events of one message for what a client relies on.
struct MessageRecord: MessageEventSink, Equatable {
    enum Kind {
        case text
        case thinking
        case toolUse
    }

    struct Block: Equatable {
        var kind: Kind
        var contents: [UInt8] = []
        var isClosed = false

        /// Whether another block may follow. A call that is cut is never closed.
        var isOver: Bool { self.isClosed || self.kind == .toolUse }
    }

    private(set) var blocks: [Block] = []
    private(set) var events = 0
    private(set) var deltas = 0
    private(set) var violation: String?
    private var identifiers: Set<String> = []
    private var stopReason: StopReason?
    private var isStopped = false

    var isEmpty: Bool { self.events == 0 }

    mutating func receive(_ event: MessageStreamEvent) {
        self.events += 1
        if self.violation == nil { self.violation = self.judge(event) }
    }

    /// What is wrong with `event` at this place.
    private mutating func judge(_ event: MessageStreamEvent) -> String? {
        guard !self.isStopped else { return "an event behind message_stop" }
        switch event {
        case .blockStart(let index, let start):
            guard self.stopReason == nil else { return "a block behind message_delta" }
            guard self.blocks.last?.isOver ?? true else { return "a block begins inside another" }
            guard index == self.blocks.count else { return "block \(index) follows \(self.blocks.count) blocks" }
            if case .toolUse(let id, let name) = start {
                guard self.identifiers.insert(id).inserted else { return "the id \(id) comes twice" }
                guard !name.isEmpty else { return "a call without a name" }
            }
            self.blocks.append(Block(kind: Self.kind(of: start)))
        case .blockDelta(let index, let delta):
            guard index == self.blocks.count - 1, !self.blocks[index].isClosed else {
                return "a delta outside its block"
            }
            return self.judge(delta, at: index)
        case .blockStop(let index):
            guard index == self.blocks.count - 1, !self.blocks[index].isClosed else {
                return "a stop outside its block"
            }
            self.blocks[index].isClosed = true
            return self.judgeInput(of: self.blocks[index])
        case .messageDelta(let reason, _, let usage):
            guard self.stopReason == nil else { return "a second message_delta" }
            guard self.blocks.last?.isOver ?? true else { return "message_delta inside a block" }
            guard usage.inputTokens >= 0, usage.outputTokens >= 0 else { return "a negative usage" }
            self.stopReason = reason
        case .messageStop:
            guard self.stopReason != nil else { return "message_stop without message_delta" }
            self.isStopped = true
        }
        return nil
    }

    private mutating func judge(_ delta: BlockDelta, at index: Int) -> String? {
        self.deltas += 1
        let kind = self.blocks[index].kind
        switch delta {
        case .text(let text):
            guard kind == .text else { return "text in a block of \(kind)" }
            self.blocks[index].contents += text
            return Self.judgeCharacters(text)
        case .thinking(let text):
            guard kind == .thinking else { return "thinking in a block of \(kind)" }
            self.blocks[index].contents += text
            return Self.judgeCharacters(text)
        case .signature(let text):
            guard kind == .thinking else { return "a signature in a block of \(kind)" }
            return Self.judgeCharacters(text)
        case .inputJSON(let text):
            guard kind == .toolUse else { return "input in a block of \(kind)" }
            self.blocks[index].contents += text
            return Self.judgeCharacters(text)
        }
    }

    /// Every delta is a JSON string of its own.
    private static func judgeCharacters(_ text: ArraySlice<UInt8>) -> String? {
        guard !text.isEmpty else { return "an empty delta" }
        let string = [UInt8(ascii: "\"")] + text + [UInt8(ascii: "\"")]
        return (try? JSONDocument(parsing: string)) == nil
            ? "a delta that is not the inside of a string: \(String(decoding: text, as: UTF8.self))" : nil
    }

    /// A call whose block is closed is executed by the client.
    private func judgeInput(of block: Block) -> String? {
        guard block.kind == .toolUse, !block.contents.isEmpty else { return nil }
        let string = [UInt8(ascii: "\"")] + block.contents + [UInt8(ascii: "\"")]
        guard let outer = try? JSONDocument(parsing: string), let text = outer.string(outer.root) else {
            return "the pieces of an input do not fit together"
        }
        guard let inner = try? JSONDocument(parsing: Array(text.utf8)), inner.kind(of: inner.root) == .object else {
            return "a call was closed on input that is no object: \(text)"
        }
        return nil
    }

    private static func kind(of start: ContentBlockStart) -> Kind {
        switch start {
        case .text: .text
        case .thinking: .thinking
        case .toolUse: .toolUse
        }
    }

    /// What must hold at the end, given how the translator says it went.
    func finish(_ outcome: StreamOutcome, mayBeSilent: Bool) throws(Violation) {
        if let violation = self.violation { throw Violation(violation) }
        switch outcome {
        case .streaming:
            throw Violation("an outcome is missing at the end")
        case .completed(_, let reason):
            try require(self.isStopped && self.stopReason == reason, "completed, but message_stop was not sent")
            let hasCall = self.blocks.contains { $0.kind == .toolUse && $0.isClosed }
            try require((reason == .toolUse) == hasCall, "\(reason) with calls that can run: \(hasCall)")
            try require(mayBeSilent || !self.blocks.isEmpty || reason != .endTurn, "a message without content")
        case .empty:
            try require(self.isEmpty, "empty, but something was sent")
        case .failed:
            try require(!self.isStopped && self.stopReason == nil, "failed, but the message was ended")
        }
    }
}
