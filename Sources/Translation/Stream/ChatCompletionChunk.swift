// SPDX-License-Identifier: Apache-2.0

/// Where in one chunk of a chat completion, or in a whole completion, the parts are that matter. One pass over the
/// members; nothing is decoded or copied.
struct ChatCompletionChunk: Equatable {
    /// There was a `choices` member: this is a completion and not something else.
    private(set) var hasChoices = false
    private(set) var reasoning: JSONNode?
    private(set) var content: JSONNode?
    private(set) var refusal: JSONNode?
    private(set) var toolCalls: JSONNode?
    /// The way of calling functions before there were several calls.
    private(set) var functionCall: JSONNode?
    private(set) var finishReason: JSONNode?
    /// The same in the words of the server behind a gateway (OpenRouter).
    private(set) var nativeFinishReason: JSONNode?
    /// Which stop sequence ended the answer, on the servers that say so (vLLM, SGLang, llama.cpp).
    private(set) var matchedStop: JSONNode?
    private(set) var usage: JSONNode?
    /// The chunk reports an error instead.
    private(set) var isError = false

    /// Nothing is there.
    init() {}

    init(_ document: borrowing JSONDocument) {
        var hasErrorText = false
        document.forEachMember(of: document.root) { name, value in
            // DashScope writes every member into every chunk, most of them as null: null must mean the same as
            // absent.
            guard !document.isNull(value) else { return }
            switch name {
            case ShortString("choices"):
                self.hasChoices = true
                // More than one choice is never asked for.
                if let choice = document.firstElement(of: value) { self.readChoice(choice, of: document) }
            case ShortString("message"), ShortString("detail"): hasErrorText = true
            case ShortString("usage"): self.usage = value
            // `"error": false` says that there is none.
            case ShortString("error"): self.isError = document.boolean(value) != false
            default: break
            }
        }
        // An error in DashScope's own form has no `error` member, only `code` and `message`; FastAPI's has only
        // `detail`.
        if hasErrorText, !self.hasChoices { self.isError = true }
    }

    /// The same for a document that this was read from and that has another text now. Most chunks of a stream only say
    /// something else than the last one, in the same place.
    mutating func update(for replacement: JSONDocument.Replacement, of document: borrowing JSONDocument) {
        switch replacement {
        case .kept(changed: nil): break
        // An empty text counts as none.
        case .kept(let text?) where text == self.content || text == self.reasoning:
            if document.isEmptyString(text) { self = ChatCompletionChunk(document) }
        // Another text than the two may be the finish reason, which decides much more than where the text stands.
        case .kept, .parsed: self = ChatCompletionChunk(document)
        }
    }

    @inline(__always)
    private mutating func readChoice(_ choice: JSONNode, of document: borrowing JSONDocument) {
        document.forEachMember(of: choice) { name, value in
            switch name {
            // A whole completion has `message` where a chunk has `delta`; both have the same members.
            case ShortString("delta"), ShortString("message"): self.readDelta(value, of: document)
            case ShortString("finish_reason"): self.finishReason = value
            // Too long to be told by its `ShortString` alone.
            case ShortString("native_finish_reason") where document.isName(of: value, "native_finish_reason"):
                self.nativeFinishReason = value
            case ShortString("stop_reason"), ShortString("matched_stop"), ShortString("stopping_word"):
                self.matchedStop = value
            default: break
            }
        }
    }

    private mutating func readDelta(_ delta: JSONNode, of document: borrowing JSONDocument) {
        document.forEachMember(of: delta) { name, value in
            // An empty text opens no block: continuations and the finish chunk bring `""` as often as null.
            guard !document.isNull(value), !document.isEmptyString(value) else { return }
            switch name {
            case ShortString("content"): self.content = value
            case ShortString("refusal"): self.refusal = value
            // Too long to be told by its `ShortString` alone.
            case ShortString("reasoning_content") where document.isName(of: value, "reasoning_content"):
                self.reasoning = value
            // The same text again where a server sends both.
            case ShortString("reasoning") where self.reasoning == nil: self.reasoning = value
            case ShortString("tool_calls"): self.toolCalls = value
            case ShortString("function_call"): self.functionCall = value
            default: break
            }
        }
    }
}
