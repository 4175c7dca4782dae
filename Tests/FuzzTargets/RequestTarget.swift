// SPDX-License-Identifier: Apache-2.0

import Translation

/// The translation of a request: whatever a client sends is refused with a reason, or becomes a body an upstream can
/// read.
struct RequestTarget: FuzzTarget {
    var seeds: [[UInt8]] { Seeds.requests.map { Array($0.utf8) } }
    var vocabulary: [String] { Vocabulary.json + Vocabulary.blocks }

    private let profiles = [
        ModelProfile(name: "qwen3-coder-plus"),
        ModelProfile(
            name: "coder-model", acceptsImages: true, thinking: .enableThinking, systemMessage: .cachedParts,
            structuredOutput: .jsonSchema, reasoningReplay: .everyTurn),
        ModelProfile(
            name: "other\"model", maximumOutputTokens: 100, thinking: .reasoningEffort, toolChoice: .auto,
            structuredOutput: .none, sendsParallelToolCalls: false, acceptsTopK: false),
    ]

    func run(_ input: [UInt8]) throws(Violation) -> Int {
        let count = try? CountTokensRequest(parsing: input)
        try require((count?.inputTokens ?? 0) >= 0, "a negative count of tokens")
        let request: MessagesRequest
        do throws(InvalidRequest) {
            request = try MessagesRequest(parsing: input)
        } catch {
            try require(!error.message.isEmpty && error.message.utf8.count < 4096, "a reason of a strange length")
            return 1 + error.path.utf8.count % 100
        }
        try require(request.facts.estimatedInputTokens >= 0, "a negative estimate")
        var kind = 200
        for profile in self.profiles {
            for stream in [false, true] {
                let body = request.chatCompletionsBody(for: profile, stream: stream).bytes
                let again = request.chatCompletionsBody(for: profile, stream: stream).bytes
                try require(body == again, "twice is not the same")
                kind = max(kind, try self.check(body, isStreaming: stream))
            }
        }
        return kind
    }

    private func check(_ body: [UInt8], isStreaming: Bool) throws(Violation) -> Int {
        let document: JSONDocument
        do {
            document = try JSONDocument(parsing: body)
        } catch {
            throw Violation("the body is not JSON, \(error): \(String(decoding: body, as: UTF8.self))")
        }
        let root = document.root
        try require(!Self.hasLoneSurrogate(body), "half a surrogate pair is sent on")
        try require(
            document.member("stream", of: root).flatMap { document.boolean($0) } == isStreaming, "stream is wrong")
        try require(document.string("model", of: root)?.isEmpty == false, "no model")
        let messages = document.member("messages", of: root).map { Array(document.elements(of: $0)) } ?? []
        try require(!messages.isEmpty, "no messages")
        var open: Set<String> = []
        var kind = 200 + min(messages.count, 15)
        for (index, message) in messages.enumerated() {
            let role = document.string("role", of: message)
            switch role {
            case "system": try require(index == 0, "a system message at \(index)")
            case "user": try require(open.isEmpty, "a user message before the results of \(open)")
            case "assistant":
                try require(open.isEmpty, "an assistant message before the results of \(open)")
                open = try self.calls(of: message, in: document)
                kind += 16
            case "tool":
                let id = document.string("tool_call_id", of: message)
                try require(id.flatMap { open.remove($0) } != nil, "a result for no call: \(id ?? "")")
            default: throw Violation("the role \(role ?? "")")
            }
        }
        try require(open.isEmpty, "the results of \(open) are missing")
        return kind
    }

    private func calls(of message: JSONNode, in document: JSONDocument) throws(Violation) -> Set<String> {
        guard let calls = document.member("tool_calls", of: message) else { return [] }
        var identifiers: Set<String> = []
        for call in document.elements(of: calls) {
            guard let id = document.string("id", of: call), identifiers.insert(id).inserted else {
                throw Violation("a call without an id of its own")
            }
            guard let function = document.member("function", of: call),
                let name = document.string("name", of: function), !name.isEmpty,
                let arguments = document.string("arguments", of: function)
            else { throw Violation("a call without a name or arguments") }
            guard let object = try? JSONDocument(parsing: Array(arguments.utf8)),
                object.kind(of: object.root) == .object
            else { throw Violation("arguments that are no object: \(arguments)") }
        }
        try require(!identifiers.isEmpty, "an empty list of calls")
        return identifiers
    }

    /// Looks for `\ud800` to `\udfff` that is not one of a pair.
    private static func hasLoneSurrogate(_ text: [UInt8]) -> Bool {
        func unit(at index: Int) -> Int? {
            guard index + 6 <= text.count, text[index] == UInt8(ascii: "\\"), text[index + 1] == UInt8(ascii: "u")
            else {
                return nil
            }
            return Int(String(decoding: text[(index + 2)..<(index + 6)], as: UTF8.self), radix: 16)
        }
        var index = 0
        while index < text.count {
            guard text[index] == UInt8(ascii: "\\") else {
                index += 1
                continue
            }
            switch unit(at: index) {
            case .some(0xD800..<0xDC00):
                guard case .some(0xDC00..<0xE000) = unit(at: index + 6) else { return true }
                index += 12
            case .some(0xDC00..<0xE000): return true
            case .some: index += 6
            case .none: index += 2
            }
        }
        return false
    }
}
