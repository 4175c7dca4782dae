// SPDX-License-Identifier: Apache-2.0

/// Where in one chunk of a chat completion, or in a whole completion, the parts are that matter. One pass over the
/// members; nothing is decoded or copied.
struct ChatCompletionChunk {
    /// There was a `choices` member: this is a completion and not something else.
    private(set) var hasChoices = false
    private(set) var reasoning: JSONNode?
    private(set) var content: JSONNode?
    private(set) var refusal: JSONNode?
    private(set) var toolCalls: JSONNode?
    /// The way of calling functions before there were several calls.
    private(set) var functionCall: JSONNode?
    private(set) var finishReason: JSONNode?
    /// Which stop sequence ended the answer, on the servers that say so (vLLM, SGLang).
    private(set) var matchedStop: JSONNode?
    private(set) var usage: JSONNode?
    /// The chunk reports an error instead.
    private(set) var isError = false

    init(_ document: JSONDocument) {
        var hasErrorText = false
        for (name, value) in document.members(of: document.root) where !document.isNull(value) {
            switch document.contents(of: name).count {
            case 7 where document.isString(name, "choices"):
                self.hasChoices = true
                // More than one choice is never asked for.
                var choices = document.elements(of: value)
                if let choice = choices.next() { self.readChoice(choice, of: document) }
            case 7 where document.isString(name, "message"): hasErrorText = true
            case 6 where document.isString(name, "detail"): hasErrorText = true
            case 5 where document.isString(name, "usage"): self.usage = value
            case 5 where document.isString(name, "error"): self.isError = document.boolean(value) != false
            default: break
            }
        }
        if hasErrorText, !self.hasChoices { self.isError = true }
    }

    private mutating func readChoice(_ choice: JSONNode, of document: JSONDocument) {
        for (name, value) in document.members(of: choice) {
            switch document.contents(of: name).count {
            case 5 where document.isString(name, "delta"): self.readDelta(value, of: document)
            case 7 where document.isString(name, "message"): self.readDelta(value, of: document)
            case 13 where document.isString(name, "finish_reason"): self.finishReason = value
            case 11 where document.isString(name, "stop_reason"): self.matchedStop = value
            case 12 where document.isString(name, "matched_stop"): self.matchedStop = value
            default: break
            }
        }
    }

    private mutating func readDelta(_ delta: JSONNode, of document: JSONDocument) {
        for (name, value) in document.members(of: delta) where !document.isNull(value) && !document.isEmptyString(value)
        {
            switch document.contents(of: name).count {
            case 7 where document.isString(name, "content"): self.content = value
            case 7 where document.isString(name, "refusal"): self.refusal = value
            case 17 where document.isString(name, "reasoning_content"): self.reasoning = value
            // The same text again where a server sends both.
            case 9 where self.reasoning == nil && document.isString(name, "reasoning"): self.reasoning = value
            case 10 where document.isString(name, "tool_calls"): self.toolCalls = value
            case 13 where document.isString(name, "function_call"): self.functionCall = value
            default: break
            }
        }
    }
}
