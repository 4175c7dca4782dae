// SPDX-License-Identifier: Apache-2.0

/// One event of an Anthropic message stream, `message_start`, `ping` and `error` excepted: those belong to the owner of
/// the connection. A slice is only borrowed from the translator; a sink copies what it keeps.
public enum MessageStreamEvent: Sendable, Equatable {
    case blockStart(index: Int, ContentBlockStart)
    case blockDelta(index: Int, BlockDelta)
    case blockStop(index: Int)
    case messageDelta(StopReason, stopSequence: String?, Usage)
    case messageStop
}

/// What a content block is, known before its first delta.
public enum ContentBlockStart: Sendable, Equatable {
    case text
    case thinking
    case toolUse(id: String, name: String)
}

/// A piece of a block. The bytes are characters as they stand inside a JSON string, escapes included, so that they can
/// be written between quotes as they are.
public enum BlockDelta: Sendable, Equatable {
    case text(ArraySlice<UInt8>)
    case thinking(ArraySlice<UInt8>)
    case signature(ArraySlice<UInt8>)
    case inputJSON(ArraySlice<UInt8>)
}

/// Why the model stopped, in the words of the Messages API.
public enum StopReason: String, Sendable, Equatable {
    case endTurn = "end_turn"
    case maximumTokens = "max_tokens"
    /// The model's window is full.
    case contextWindowExceeded = "model_context_window_exceeded"
    case stopSequence = "stop_sequence"
    case toolUse = "tool_use"
    case refusal
}

/// Takes the events of one message in their order.
public protocol MessageEventSink {
    /// Bytes of content that one answer may have.
    static var maximumContentBytes: Int { get }
    mutating func receive(_ event: MessageStreamEvent)
}

extension MessageEventSink {
    /// For a sink that keeps all of it until the answer is whole.
    public static var maximumContentBytes: Int { 64 << 20 }
}
