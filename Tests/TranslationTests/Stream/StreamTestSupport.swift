// SPDX-License-Identifier: Apache-2.0

import Glibc
import Testing

@testable import Translation

/// `toolu_1`, `toolu_2`, …
struct CountingIdentifiers: ToolUseIdentifierGenerator {
    var count = 0

    mutating func next() -> String {
        self.count += 1
        return "toolu_\(self.count)"
    }
}

/// Keeps the events, and notes everything that is against the order the Messages API promises.
struct RecordingSink: MessageEventSink, Equatable {
    private(set) var events: [MessageStreamEvent] = []
    private(set) var violations: [String] = []
    private var open: Int?
    private var next = 0
    private var isOver = false

    mutating func receive(_ event: MessageStreamEvent) {
        self.check(event)
        // A copy of its own, as a real sink makes one.
        switch event {
        case .blockDelta(let index, .text(let text)):
            self.events.append(.blockDelta(index: index, .text(Array(text)[...])))
        case .blockDelta(let index, .thinking(let text)):
            self.events.append(.blockDelta(index: index, .thinking(Array(text)[...])))
        case .blockDelta(let index, .inputJSON(let text)):
            self.events.append(.blockDelta(index: index, .inputJSON(Array(text)[...])))
        case .blockDelta(_, .signature), .blockStart, .blockStop, .messageDelta, .messageStop:
            self.events.append(event)
        }
    }

    private mutating func check(_ event: MessageStreamEvent) {
        if self.isOver { self.violations.append("event behind message_stop") }
        switch event {
        case .blockStart(let index, _):
            // A call that was cut off stays open.
            if self.open != nil, self.lastStartIsNoTool { self.violations.append("block \(index) begins in another") }
            if index != self.next { self.violations.append("block \(index) instead of \(self.next)") }
            self.open = index
            self.next = index + 1
        case .blockDelta(let index, let delta):
            if index != self.open { self.violations.append("delta for block \(index), which is not open") }
            if case .text(let text) = delta, text.isEmpty { self.violations.append("empty text delta") }
        case .blockStop(let index):
            if index != self.open { self.violations.append("stop of block \(index), which is not open") }
            self.open = nil
            self.checkInput(ofBlock: index)
        case .messageDelta:
            if self.open != nil, self.lastStartIsNoTool { self.violations.append("message_delta inside a block") }
        case .messageStop:
            guard case .messageDelta = self.events.last else { return self.violations.append("message_stop alone") }
            self.isOver = true
        }
    }

    private var lastStartIsNoTool: Bool {
        for case .blockStart(_, let start) in self.events.reversed() {
            if case .toolUse = start { return false }
            return true
        }
        return true
    }

    /// A client runs a call whose stop it sees.
    private mutating func checkInput(ofBlock index: Int) {
        var isTool = false
        var input: [UInt8] = []
        for event in self.events {
            switch event {
            case .blockStart(index, .toolUse): isTool = true
            case .blockDelta(index, .inputJSON(let text)): input += text
            default: break
            }
        }
        guard isTool else { return }
        var decoded: [UInt8] = []
        JSONEscapes.appendDecoded(input[...], to: &decoded)
        guard let document = try? JSONDocument(parsing: decoded), document.kind(of: document.root) == .object else {
            return self.violations.append("block \(index) ends with input \(String(decoding: decoded, as: UTF8.self))")
        }
    }

    /// One line per block and one for the end, so that an expectation can be read. Escapes are undone.
    var transcript: [String] {
        var lines: [String] = []
        var stopped = true
        for event in self.events {
            switch event {
            case .blockStart(_, .text): lines.append("text: ")
            case .blockStart(_, .thinking): lines.append("thinking: ")
            case .blockStart(_, .toolUse(let id, let name)): lines.append("\(id) \(name): ")
            case .blockDelta(_, .signature): lines[lines.count - 1] += "§"
            case .blockDelta(_, .text(let text)), .blockDelta(_, .thinking(let text)),
                .blockDelta(_, .inputJSON(let text)):
                var decoded: [UInt8] = []
                JSONEscapes.appendDecoded(text, to: &decoded)
                lines[lines.count - 1] += String(decoding: decoded, as: UTF8.self)
            case .blockStop: stopped = true
            case .messageDelta(let reason, let sequence, let usage):
                if !stopped { lines[lines.count - 1] += " (open)" }
                lines.append(
                    "\(reason.rawValue)\(sequence.map { "(\($0))" } ?? "") \(usage.inputTokens)+\(usage.cacheReadInputTokens)"
                        + "+\(usage.cacheCreationInputTokens)/\(usage.outputTokens)")
            case .messageStop: break
            }
            if case .blockStart = event { stopped = false }
        }
        if !stopped, !self.isOver { lines[lines.count - 1] += " (open)" }
        return lines
    }
}

/// What the tests' requests offered.
let sampleTools = [
    DeclaredTool(
        name: "Bash", parameters: ["command": .string, "timeout": .integer, "background": .boolean]),
    DeclaredTool(name: "Write", parameters: ["file_path": .string, "content": .string]),
    DeclaredTool(name: "Plan", parameters: ["steps": .array, "meta": .object, "anything": []]),
    DeclaredTool(name: "find", upstreamName: "find_1"),
]

func sampleContext(
    tools: [DeclaredTool] = sampleTools, stop: [String] = [], allowsParallelCalls: Bool = true,
    maximumTokens: Int? = nil, isLimitedByWindow: Bool = false, contextWindow: Int? = nil,
    acceptsEmptyAnswer: Bool = false,
) -> ResponseContext {
    ResponseContext(
        requestedModel: "claude-x", estimatedInputTokens: 77, tools: tools, stopSequences: stop,
        renamedTools: ["find_1": "find"], allowsParallelCalls: allowsParallelCalls, maximumTokens: maximumTokens,
        isLimitedByWindow: isLimitedByWindow, contextWindow: contextWindow, acceptsEmptyAnswer: acceptsEmptyAnswer)
}

/// One event with a chunk whose only choice has this delta.
func chunk(_ delta: String, finish: String? = nil, usage: String? = nil) -> String {
    let finish = finish.map { ",\"finish_reason\":\"\($0)\"" } ?? ""
    let usage = usage.map { ",\"usage\":\($0)" } ?? ""
    return "data: {\"choices\":[{\"delta\":\(delta)\(finish)}]\(usage)}\n\n"
}

func text(_ content: String) -> String { chunk("{\"content\":\"\(content)\"}") }

/// One tool call delta; `parts` are the members behind the index.
func call(_ index: Int?, _ parts: String) -> String {
    let members = [index.map { "\"index\":\($0)" }, parts.isEmpty ? nil : parts].compactMap { $0 }.joined(
        separator: ",")
    return chunk("{\"tool_calls\":[{\(members)}]}")
}

func arguments(_ text: String) -> String { #""function":{"arguments":"\#(text)"}"# }

func function(_ id: String, _ name: String, _ arguments: String = "") -> String {
    #""id":"\#(id)","type":"function","function":{"name":"\#(name)","arguments":"\#(arguments)"}"#
}

let usageChunk =
    #"data: {"choices":[],"usage":{"prompt_tokens":100,"completion_tokens":7,"#
    + #""prompt_tokens_details":{"cached_tokens":60,"cache_creation_input_tokens":10}}}"# + "\n\n"
let done = "data: [DONE]\n\n"

/// The usual end.
func ending(_ finish: String = "stop") -> String { chunk("{}", finish: finish) + usageChunk + done }

/// Runs a body through a translator in pieces that end at `cuts`.
func translate(
    _ body: [UInt8],
    context: ResponseContext = sampleContext(),
    cuts: [Int] = [],
    end: BodyEnd = .complete,
) -> MessageStreamTranslator<RecordingSink> {
    var translator = MessageStreamTranslator(
        context: context, identifiers: CountingIdentifiers(), sink: RecordingSink())
    var start = 0
    for cut in cuts + [body.count] {
        let piece = Array(body[start..<cut])
        unsafe piece.withUnsafeBytes { unsafe translator.receive($0) }
        start = cut
    }
    translator.finish(end)
    return translator
}

func translate(_ body: String, context: ResponseContext = sampleContext()) -> MessageStreamTranslator<RecordingSink> {
    translate(Array(body.utf8), context: context)
}

extension MessageStreamTranslator<RecordingSink> {
    /// The transcript, and the outcome where it is not the end of the message.
    var result: [String] {
        switch self.outcome {
        case .completed: self.sink.transcript
        case .streaming: self.sink.transcript + ["streaming"]
        case .empty: self.sink.transcript + ["empty"]
        case .failed(let failure): self.sink.transcript + ["failed: \(failure.category)"]
        }
    }
}

/// What a test goes through by the hundred, such as all places to cut: all of it, or every seventh with
/// `QWENPROXYD_TEST_SHARE=7`. `make check-sanitizers` says so: with a sanitizer a step takes some twenty times as long, and what
/// it looks for does not depend on the place of a cut.
func share<Elements: Collection>(of all: Elements) -> [Elements.Element] {
    guard let step = unsafe getenv("QWENPROXYD_TEST_SHARE").flatMap({ unsafe Int(String(cString: $0)) }), step > 1
    else {
        return Array(all)
    }
    return all.enumerated().filter { $0.offset.isMultiple(of: step) }.map(\.element)
}
