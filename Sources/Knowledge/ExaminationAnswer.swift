// SPDX-License-Identifier: Apache-2.0

import Shared
package import Translation

/// What a server sent back to a tiny request of Chat Completions or of the Messages API, in one piece or as a stream, as
/// far as tests look at it.
package struct ExaminationAnswer: Sendable {
    /// Of the response.
    package let status: Int
    /// Why there is no answer; nil for one.
    package let failure: UpstreamFailure?
    /// The model as the server calls it.
    package private(set) var model: String?
    /// Tokens of the prompt as the server counted them, with those from a cache; nil when it did not.
    package private(set) var inputTokens: Int?
    /// Tokens of the answer as the server counted them; nil when it did not.
    package private(set) var outputTokens: Int?
    private(set) var text = ""
    private(set) var reasoning = ""
    /// The names of the tools that were called.
    private(set) var calls: [String] = []
    private(set) var finishReason: String?
    /// The sequence at which it ended, where the server says so.
    private(set) var stopSequence: String?
    private(set) var hasUsage = false
    /// Of the prompt; nil where the server says nothing about a cache.
    private(set) var cachedTokens: Int?
    /// Tokens of the prompt that the server said it put into a cache.
    private(set) var cacheWrittenTokens = 0
    private(set) var isStream = false

    /// - Parameter contentType: of the response, if it has one.
    package init(status: Int, contentType: String?, body: [UInt8]) {
        self.status = status
        let events = Self.events(in: body)
        // What is no JSON is dropped, such as the `[DONE]` at the end of a stream.
        let documents = (events.isEmpty ? [body] : events).compactMap { try? JSONDocument(parsing: $0) }
        // Some servers report errors with status 200.
        guard (200..<300).contains(status), documents.contains(where: Self.isAnswer) else {
            self.failure = UpstreamFailure(status: status, contentType: contentType, body: body)
            return
        }
        self.failure = nil
        self.isStream = !events.isEmpty
        for document in documents { self.read(document) }
    }

    /// Models that think may write their thoughts into the answer.
    var showsThinking: Bool {
        !self.reasoning.isEmpty || self.text.contains("<think>") || self.text.contains("</think>")
    }

    /// The answer ended because it had become too long.
    var isCut: Bool { self.finishReason == "length" || self.finishReason == "max_tokens" }

    /// The data of the events in a body; none where it is no stream.
    private static func events(in body: [UInt8]) -> [[UInt8]] {
        var parser = ServerSentEventParser()
        unsafe body.withUnsafeBytes { unsafe parser.receive($0) }
        var events: [ServerSentEvent] = []
        while let event = try? parser.next() { events.append(event) }
        // Some servers leave out the empty line after the last event.
        if let last = parser.finish() { events.append(last) }
        return events.filter { !$0.data.isEmpty }.map { Array($0.data) }
    }

    private static func isAnswer(_ document: JSONDocument) -> Bool {
        func kind(_ name: StaticString) -> JSONDocument.Kind? {
            document.member(name, of: document.root).map { document.kind(of: $0) }
        }
        return kind("choices") == .array || kind("content") == .array || kind("message") == .object
            || kind("input_tokens") == .number
    }

    private mutating func read(_ document: JSONDocument) {
        let root = document.root
        // The first event of a stream of the Messages API has the message, without its content.
        let message = document.member("message", of: root) ?? root
        self.model = self.model ?? document.string("model", of: message).flatMap { $0.isShowableName ? $0 : nil }
        if let choice = document.member("choices", of: root).flatMap({ document.elements(of: $0).first { _ in true } })
        {
            self.readChoice(choice, in: document)
        } else {
            for block in document.member("content", of: message).map({ Array(document.elements(of: $0)) }) ?? [] {
                self.readBlock(block, in: document)
            }
            for name in ["content_block", "delta"] as [StaticString] {
                if let part = document.member(name, of: root) { self.readBlock(part, in: document) }
            }
            self.readEnd(of: document.member("delta", of: root) ?? message, in: document)
            // All that an answer to the question of a prompt's size has.
            self.inputTokens =
                document.member("input_tokens", of: root).flatMap { document.integer($0) } ?? self.inputTokens
        }
        if let usage = document.member("usage", of: root) ?? document.member("usage", of: message) {
            self.readUsage(usage, in: document)
        }
    }

    /// Of Chat Completions.
    private mutating func readChoice(_ choice: JSONNode, in document: JSONDocument) {
        self.finishReason = document.string("finish_reason", of: choice) ?? self.finishReason
        guard let message = document.member("message", of: choice) ?? document.member("delta", of: choice) else {
            return
        }
        self.text += document.string("content", of: message) ?? ""
        self.reasoning +=
            document.string("reasoning_content", of: message) ?? document.string("reasoning", of: message) ?? ""
        for call in document.member("tool_calls", of: message).map({ Array(document.elements(of: $0)) }) ?? [] {
            let name = document.member("function", of: call).flatMap { document.string("name", of: $0) } ?? ""
            if !name.isEmpty { self.called(name) }
        }
    }

    /// Of the Messages API: a block, its beginning, or a piece of it.
    private mutating func readBlock(_ block: JSONNode, in document: JSONDocument) {
        self.text += document.string("text", of: block) ?? ""
        self.reasoning += document.string("thinking", of: block) ?? ""
        if document.string("type", of: block) == "tool_use", let name = document.string("name", of: block) {
            self.called(name)
        }
    }

    /// Names of tools are shown to people.
    private mutating func called(_ name: String) { self.calls.append(name.isShowableName ? name : "?") }

    private mutating func readEnd(of message: JSONNode, in document: JSONDocument) {
        self.finishReason = document.string("stop_reason", of: message) ?? self.finishReason
        self.stopSequence = document.string("stop_sequence", of: message) ?? self.stopSequence
    }

    private mutating func readUsage(_ node: JSONNode, in document: JSONDocument) {
        guard document.kind(of: node) == .object else { return }
        self.hasUsage = true
        func count(_ name: StaticString, of node: JSONNode) -> Int? {
            // The server's numbers are added up below.
            document.member(name, of: node).flatMap { document.integer($0) }.map { min(max($0, 0), 1 << 40) }
        }
        let details = document.member("prompt_tokens_details", of: node)
        let read = count("cache_read_input_tokens", of: node)
        let written =
            details.flatMap { count("cache_creation_input_tokens", of: $0) }
            ?? count("cache_creation_input_tokens", of: node)
        self.cachedTokens = details.flatMap { count("cached_tokens", of: $0) } ?? read ?? self.cachedTokens
        self.cacheWrittenTokens = max(self.cacheWrittenTokens, written ?? 0)
        // The Messages API counts what came from a cache apart.
        self.inputTokens =
            count("prompt_tokens", of: node)
            ?? count("input_tokens", of: node).map { $0 + (read ?? 0) + (written ?? 0) } ?? self.inputTokens
        self.outputTokens =
            count("completion_tokens", of: node) ?? count("output_tokens", of: node) ?? self.outputTokens
    }
}
