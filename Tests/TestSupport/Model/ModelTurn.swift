// SPDX-License-Identifier: Apache-2.0

/// One answer of the scripted model, before it is put into the upstream's wire format.
public struct ModelTurn: Sendable {
    public struct Call: Sendable {
        public var name: String
        public var arguments: JSONValue

        public init(_ name: String, _ arguments: JSONValue) {
            self.name = name
            self.arguments = arguments
        }
    }

    /// How the answer comes to its end.
    public enum Ending: Sendable {
        /// Properly, with the finish reason that fits.
        case natural
        case finish(String)
        /// The connection is reset after this many chunks of the answer.
        case cut(afterChunks: Int)
        /// An error instead of the rest, within the stream, after this many chunks.
        case error(JSONValue, afterChunks: Int)
        /// Head and `[DONE]`, and nothing between.
        case empty
    }

    public var reasoning: String?
    public var text: String?
    public var calls: [Call]
    public var ending: Ending
    /// The fragments of the calls come in turn, not one call after another.
    public var isInterleaved = false
    /// Nothing is sent before this gate is open.
    public var gate: Gate?

    public init(
        _ text: String? = nil, calls: [Call] = [], reasoning: String? = nil, ending: Ending = .natural
    ) {
        self.text = text
        self.calls = calls
        self.reasoning = reasoning
        self.ending = ending
    }

    var finishReason: String {
        switch self.ending {
        case .finish(let reason): reason
        default: self.calls.isEmpty ? "stop" : "tool_calls"
        }
    }
}
