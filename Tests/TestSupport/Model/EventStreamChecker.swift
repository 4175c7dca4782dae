// SPDX-License-Identifier: Apache-2.0

/// Folds the events of an Anthropic stream into the message, and lists everything that breaks the order of events that
/// clients rely on.
public struct EventStreamChecker: Sendable {
    public struct Block: Sendable, Equatable {
        public var type: String
        /// Text, thinking, or the input's JSON text.
        public var content = ""
        public var id: String?
        public var name: String?
        public var signature = ""
        public var isClosed = false
    }

    private enum Phase: Equatable {
        case beforeMessage
        case betweenBlocks
        case inBlock
        case afterDelta
        case ended
    }

    public private(set) var problems: [String] = []
    public private(set) var blocks: [Block] = []
    public private(set) var pingCount = 0
    public private(set) var deltaCount = 0
    public private(set) var message: JSONValue = .null
    public private(set) var stopReason: String?
    public private(set) var usage: JSONValue = .null
    public private(set) var error: JSONValue?
    private var phase = Phase.beforeMessage

    public init() {}

    public static func check(_ body: [UInt8]) -> EventStreamChecker {
        var splitter = EventSplitter()
        var checker = EventStreamChecker()
        for event in splitter.receive(body) { checker.receive(event) }
        if !splitter.isBetweenEvents { checker.problems.append("the stream ends within an event") }
        checker.finish()
        return checker
    }

    public var isComplete: Bool { self.phase == .ended }

    public var text: String { self.blocks.filter { $0.type == "text" }.map(\.content).joined() }
    public var thinking: String { self.blocks.filter { $0.type == "thinking" }.map(\.content).joined() }
    public var toolUses: [Block] { self.blocks.filter { $0.type == "tool_use" } }

    public mutating func receive(_ event: ReceivedEvent) {
        let data = event.json
        guard let name = event.name else { return self.complain("data without a name: \(event.data.prefix(60))") }
        guard data["type"]?.string == name else {
            return self.complain("event \(name) carries \(event.data.prefix(60))")
        }
        if self.error != nil { return self.complain("\(name) after an error") }
        switch (name, self.phase) {
        case ("ping", _): self.pingCount += 1
        case ("error", _):
            self.error = data["error"]
            if data["error"]?["type"]?.string == nil || data["error"]?["message"]?.string == nil {
                self.complain("an error without type or message")
            }
        case ("message_start", .beforeMessage): self.begin(data["message"] ?? .null)
        case ("content_block_start", .betweenBlocks): self.open(data)
        case ("content_block_delta", .inBlock): self.extend(data)
        case ("content_block_stop", .inBlock): self.close(data)
        case ("message_delta", .betweenBlocks), ("message_delta", .inBlock): self.conclude(data)
        case ("message_stop", .afterDelta): self.phase = .ended
        default: self.complain("\(name) in phase \(self.phase)")
        }
    }

    public mutating func finish() {
        guard self.error == nil else { return }
        if self.phase != .ended { self.complain("the stream ended in phase \(self.phase)") }
        if self.blocks.isEmpty { self.complain("no content") }
    }

    private mutating func complain(_ problem: String) {
        self.problems.append(problem)
    }

    private mutating func begin(_ message: JSONValue) {
        self.message = message
        self.phase = .betweenBlocks
        for problem in Self.problems(inMessage: message) { self.complain(problem) }
        if message["content"] != [] { self.complain("message_start has content") }
    }

    /// What every message must have, streamed or not.
    public static func problems(inMessage message: JSONValue) -> [String] {
        var problems: [String] = []
        if message["type"]?.string != "message" || message["role"]?.string != "assistant" {
            problems.append("not a message")
        }
        if message["id"]?.string?.hasPrefix("msg_") != true {
            problems.append("message id \(message["id"]?.text ?? "none")")
        }
        if (message["model"]?.string ?? "").isEmpty { problems.append("no model") }
        if message["content"]?.array == nil { problems.append("no content list") }
        for key in ["input_tokens", "output_tokens"] where (message["usage"]?[key]?.integer ?? -1) < 0 {
            problems.append("usage.\(key)")
        }
        return problems
    }

    private mutating func open(_ data: JSONValue) {
        let block = data["content_block"] ?? .null
        if data["index"]?.integer != self.blocks.count { self.complain("block index \(data["index"]?.text ?? "none")") }
        self.blocks.append(
            Block(type: block["type"]?.string ?? "", id: block["id"]?.string, name: block["name"]?.string)
        )
        self.phase = .inBlock
        switch block["type"]?.string {
        case "text": if block["text"] != "" { self.complain("a text block starts with \(block.text)") }
        case "thinking": if block["thinking"] != "" { self.complain("a thinking block starts with \(block.text)") }
        case "tool_use":
            if block["input"] != [:] { self.complain("tool input in content_block_start is ignored by the client") }
            if block["id"]?.string?.hasPrefix("toolu_") != true || (block["name"]?.string ?? "").isEmpty {
                self.complain("a tool block without id or name: \(block.text)")
            }
            if self.blocks.dropLast().contains(where: { $0.id == block["id"]?.string }) {
                self.complain("tool id twice")
            }
        default: self.complain("block type \(block["type"]?.text ?? "none")")
        }
    }

    private mutating func extend(_ data: JSONValue) {
        let last = self.blocks.count - 1
        if data["index"]?.integer != last { self.complain("a delta for block \(data["index"]?.text ?? "none")") }
        let delta = data["delta"] ?? .null
        self.deltaCount += 1
        switch (self.blocks[last].type, delta["type"]?.string) {
        case ("text", "text_delta"): self.blocks[last].content += delta["text"]?.string ?? ""
        case ("thinking", "thinking_delta"): self.blocks[last].content += delta["thinking"]?.string ?? ""
        case ("thinking", "signature_delta"): self.blocks[last].signature += delta["signature"]?.string ?? ""
        case ("tool_use", "input_json_delta"): self.blocks[last].content += delta["partial_json"]?.string ?? ""
        case (let block, let type): self.complain("\(type ?? "a delta") in a \(block) block")
        }
    }

    private mutating func close(_ data: JSONValue) {
        let last = self.blocks.count - 1
        if data["index"]?.integer != last { self.complain("a stop for block \(data["index"]?.text ?? "none")") }
        self.blocks[last].isClosed = true
        self.phase = .betweenBlocks
        let block = self.blocks[last]
        guard block.type == "tool_use", !block.content.isEmpty else { return }
        // The client executes a closed call.
        if (try? JSONValue(parsing: block.content))?.object == nil {
            self.complain("closed on incomplete JSON: \(block.content)")
        }
    }

    private mutating func conclude(_ data: JSONValue) {
        self.stopReason = data["delta"]?["stop_reason"]?.string
        self.usage = data["usage"] ?? .null
        let hasCompleteCall = self.toolUses.contains(where: \.isClosed)
        // Only a call that was cut off stays open, so that the client does not run it. Calls before it run.
        let mayStayOpen = self.blocks.last?.type == "tool_use" && (self.stopReason == "max_tokens" || hasCompleteCall)
        if self.phase == .inBlock, !mayStayOpen { self.complain("message_delta while a block is open") }
        self.phase = .afterDelta
        if self.stopReason == nil { self.complain("no stop_reason") }
        if (self.stopReason == "tool_use") != hasCompleteCall, self.stopReason != "max_tokens" {
            self.complain("stop_reason \(self.stopReason ?? "none") with \(self.toolUses.count) calls")
        }
        for key in ["input_tokens", "output_tokens"] where (self.usage[key]?.integer ?? -1) < 0 {
            self.complain("message_delta without usage.\(key)")
        }
    }
}
