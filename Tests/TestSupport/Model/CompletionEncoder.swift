// SPDX-License-Identifier: Apache-2.0

/// Puts a turn of the model into Chat Completions form, with the quirks asked for.
public struct CompletionEncoder: Sendable {
    public var quirks: Set<StreamQuirk>
    /// Makes ids unique over the life of the upstream.
    public var requestNumber: Int
    public var model: String
    public var usage: JSONValue
    /// `stream_options.include_usage` was set.
    public var wantsUsage: Bool

    public init(quirks: Set<StreamQuirk> = [], requestNumber: Int = 1, model: String = "qwen3-coder-plus") {
        self.quirks = quirks
        self.requestNumber = requestNumber
        self.model = model
        self.wantsUsage = true
        self.usage = [
            "prompt_tokens": 3_019, "completion_tokens": 104, "total_tokens": 3_123,
            "prompt_tokens_details": ["cached_tokens": 2_048],
        ]
    }

    // MARK: - Not streamed

    public func completion(_ turn: ModelTurn) -> JSONValue {
        var message: [String: JSONValue] = [
            "role": "assistant", "content": turn.text.map { .string($0) } ?? (turn.calls.isEmpty ? "" : nil),
        ]
        if let reasoning = turn.reasoning { message[self.reasoningKey] = .string(reasoning) }
        if !turn.calls.isEmpty {
            message["tool_calls"] = .array(
                turn.calls.enumerated().map { position, call in
                    [
                        "id": .string(self.identifier(position)), "type": "function",
                        "function": ["name": .string(call.name), "arguments": self.arguments(of: call)],
                    ]
                }
            )
        }
        var whole: [String: JSONValue] = self.envelope("chat.completion")
        whole["choices"] = [
            ["index": 0, "message": .object(message), "finish_reason": .string(self.finishReason(turn))]
        ]
        if !self.has(.noUsage) { whole["usage"] = self.usage }
        return .object(whole)
    }

    // MARK: - Streamed

    /// The chunks of the answer without their SSE frame, up to where it is cut or fails.
    public func chunks(_ turn: ModelTurn) -> [JSONValue] {
        var deltas: [[String: JSONValue]] = [["role": "assistant", "content": ""]]
        deltas += Self.pieces(turn.reasoning ?? "", of: 5).map { [self.reasoningKey: .string($0)] }
        deltas += Self.pieces(turn.text ?? "", of: 4).map { ["content": .string($0)] }
        if self.has(.whitespaceBeforeCalls), !turn.calls.isEmpty { deltas.append(["content": "\n\n"]) }
        deltas += self.callDeltas(turn)
        if self.has(.nullFields) {
            let silent: [String: JSONValue] = [
                "role": nil, "content": nil, "tool_calls": nil, "function_call": nil, "refusal": nil,
                self.reasoningKey: nil,
            ]
            deltas = deltas.map { $0.merging(silent) { said, _ in said } }
        }
        let finish = JSONValue.string(self.finishReason(turn))
        var chunks = deltas.map { self.chunk(delta: .object($0), finish: self.has(.nullWord) ? "null" : nil) }
        if self.has(.finishWithContent), chunks.count > 1 {
            chunks[chunks.count - 1] = self.chunk(delta: .object(deltas[deltas.count - 1]), finish: finish)
        } else {
            let delta: JSONValue = self.has(.nullFields) ? ["content": "", "role": nil] : [:]
            chunks += Array(repeating: self.chunk(delta: delta, finish: finish), count: self.has(.finishTwice) ? 2 : 1)
        }
        return self.withUsage(chunks)
    }

    /// The bytes of the stream, cut into what is written at once.
    public func writes(_ turn: ModelTurn) -> [[UInt8]] {
        var frames = self.chunks(turn).map { self.frame($0.text) }
        switch turn.ending {
        case .natural, .finish:
            if !self.has(.noDone) { frames.append(self.frame("[DONE]")) }
        case .cut(let count):
            frames = Array(frames.prefix(count))
        case .error(let error, let count):
            frames = frames.prefix(count) + [self.frame(error.text)]
        case .empty:
            frames = [self.frame("[DONE]")]
        }
        guard self.has(.tinyWrites) else { return frames }
        let bytes = Array(frames.joined())
        return stride(from: 0, to: bytes.count, by: 37).map { Array(bytes[$0..<min($0 + 37, bytes.count)]) }
    }

    public func reply(_ turn: ModelTurn) -> ScriptedReply {
        var steps = [ScriptedReply.eventStreamHead] + self.writes(turn).map { .chunk($0) }
        if let gate = turn.gate { steps.insert(.wait(gate), at: 0) }
        if case .cut = turn.ending { return ScriptedReply(steps + [.reset]) }
        return ScriptedReply(steps + [.endOfChunks])
    }

    // MARK: - Parts

    private func has(_ quirk: StreamQuirk) -> Bool { self.quirks.contains(quirk) }

    private var reasoningKey: String { self.has(.otherReasoningName) ? "reasoning" : "reasoning_content" }

    private func finishReason(_ turn: ModelTurn) -> String {
        let reason = turn.finishReason
        return self.has(.stopForCalls) && reason == "tool_calls" ? "stop" : reason
    }

    private func identifier(_ position: Int) -> String {
        self.has(.sameIdentifier) ? "call_0" : "call_\(self.requestNumber)_\(position)"
    }

    private func envelope(_ object: String) -> [String: JSONValue] {
        [
            "id": .string("chatcmpl-\(self.requestNumber)"), "object": .string(object), "created": 1_735_113_344,
            "model": .string(self.model),
        ]
    }

    private func chunk(delta: JSONValue, finish: JSONValue) -> JSONValue {
        var chunk = self.envelope("chat.completion.chunk")
        chunk["choices"] = [["index": 0, "delta": delta, "finish_reason": finish, "logprobs": nil]]
        return .object(chunk)
    }

    private func withUsage(_ chunks: [JSONValue]) -> [JSONValue] {
        guard !self.has(.noUsage), self.wantsUsage || self.has(.usageEverywhere) else { return chunks }
        func adding(_ usage: JSONValue, to chunk: JSONValue) -> JSONValue {
            .object((chunk.object ?? [:]).merging(["usage": usage]) { _, new in new })
        }
        if self.has(.usageEverywhere) { return chunks.map { adding(self.usage, to: $0) } }
        var chunks = chunks.map { adding(nil, to: $0) }
        if self.has(.usageWithFinish) {
            chunks[chunks.count - 1] = adding(self.usage, to: chunks[chunks.count - 1])
        } else {
            chunks.append(
                .object(self.envelope("chat.completion.chunk").merging(["choices": [], "usage": self.usage]) { $1 }))
        }
        return chunks
    }

    private func frame(_ data: String) -> [UInt8] {
        let end = self.has(.carriageReturns) ? "\r\n" : "\n"
        var text = ""
        if self.has(.comments) { text += ": keep-alive\(end)\(end)" }
        if self.has(.otherFields) { text += "id:1\(end)event:result\(end):HTTP_STATUS/200\(end)" }
        text += "data:" + (self.has(.noSpace) ? "" : " ") + data + end + end
        return Array(text.utf8)
    }

    private static func pieces(_ text: String, of size: Int) -> [String] {
        var pieces: [String] = []
        var rest = text[...]
        while !rest.isEmpty {
            pieces.append(String(rest.prefix(size)))
            rest = rest.dropFirst(size)
        }
        return pieces
    }

    private func arguments(of call: ModelTurn.Call) -> JSONValue {
        if self.has(.objectArguments) { return call.arguments }
        if self.has(.doubleEncodedArguments) { return .string(JSONValue.string(call.arguments.text).text) }
        return .string(call.arguments.text)
    }

    private func callDeltas(_ turn: ModelTurn) -> [[String: JSONValue]] {
        var perCall = turn.calls.enumerated().map { position, call in self.fragments(position, call) }
        var fragments: [JSONValue] = []
        if turn.isInterleaved {
            while perCall.contains(where: { !$0.isEmpty }) {
                for position in perCall.indices where !perCall[position].isEmpty {
                    fragments.append(perCall[position].removeFirst())
                }
            }
        } else {
            fragments = perCall.flatMap { $0 }
        }
        if self.has(.replayedCall) {
            fragments += turn.calls.enumerated().map { position, call in
                self.fragment(
                    position, id: self.identifier(position), name: call.name, arguments: self.arguments(of: call))
            }
        }
        return fragments.map { ["tool_calls": [$0]] }
    }

    private func fragments(_ position: Int, _ call: ModelTurn.Call) -> [JSONValue] {
        let identifier = self.identifier(position)
        let arguments = self.arguments(of: call)
        guard let text = arguments.string else {
            return [self.fragment(position, id: identifier, name: call.name, arguments: arguments)]
        }
        let size = self.has(.wholeArguments) ? text.count : self.has(.singleCharacters) ? 1 : 7
        var laterID: JSONValue? = self.has(.nullFields) ? .null : nil
        var laterName: JSONValue? = self.has(.nullFields) ? .null : nil
        if self.has(.emptyIdentifiers) { (laterID, laterName) = ("", "") }
        // Without a usable index only the id tells the fragments of several calls apart.
        if self.has(.repeatedIdentifier) || self.has(.noIndex) || self.has(.collidingIndex) {
            laterID = .string(identifier)
        }
        if self.has(.repeatedName) { laterName = .string(call.name) }
        let first = self.fragment(position, id: identifier, name: call.name, arguments: "")
        return [first]
            + Self.pieces(text, of: max(1, size)).map { piece in
                self.fragment(position, id: laterID, name: laterName, arguments: .string(piece))
            }
    }

    private func fragment(_ position: Int, id: String, name: String, arguments: JSONValue) -> JSONValue {
        self.fragment(position, id: .some(.string(id)), name: .some(.string(name)), arguments: arguments)
    }

    private func fragment(_ position: Int, id: JSONValue?, name: JSONValue?, arguments: JSONValue) -> JSONValue {
        var function: [String: JSONValue] = ["arguments": arguments]
        function["name"] = name
        var fragment: [String: JSONValue] = ["function": .object(function)]
        fragment["id"] = id
        if !self.has(.noType) { fragment["type"] = "function" }
        if !self.has(.noIndex) { fragment["index"] = .number(self.has(.collidingIndex) ? 0 : Double(position)) }
        return .object(fragment)
    }
}
