// SPDX-License-Identifier: Apache-2.0

/// Why the upstream says the model stopped.
enum FinishReason: Sendable, Equatable {
    case stop
    case length
    case toolCalls
    case contentFilter
    /// DashScope's `error_finish`: what came as content is the text of an error.
    case error
    /// The stream ended with `[DONE]` and without a reason, or with one we do not know.
    case unknown

    /// Nil while the model has not stopped: null, the string `"null"`, or nothing.
    init?(_ node: JSONNode, of document: JSONDocument) {
        guard document.kind(of: node) == .string, !document.isEmptyString(node) else { return nil }
        if document.isString(node, "null") { return nil }
        if document.isString(node, "stop") || document.isString(node, "eos") {
            self = .stop
        } else if document.isString(node, "length") || document.isString(node, "max_tokens") {
            self = .length
        } else if document.isString(node, "tool_calls") || document.isString(node, "function_call") {
            self = .toolCalls
        } else if document.isString(node, "content_filter") {
            self = .contentFilter
        } else if document.isString(node, "error_finish") || document.isString(node, "error") {
            self = .error
        } else {
            self = .unknown
        }
    }

    /// `tool_use` if and only if the client got a call to run: without one it reports a malformed call, whatever the
    /// upstream said, and with one it runs it. A call that the token limit cut off is not complete and does not count.
    func stopReason(completedCalls: Int, matchedStopSequence: String?) -> StopReason {
        if completedCalls > 0 { return .toolUse }
        switch self {
        case .stop: return matchedStopSequence == nil ? .endTurn : .stopSequence
        case .length: return .maximumTokens
        case .contentFilter: return .refusal
        case .toolCalls, .error, .unknown: return .endTurn
        }
    }
}
