// SPDX-License-Identifier: Apache-2.0

/// Writes events as the bytes of an Anthropic event stream. Every event has its `event:` line: clients ignore data
/// without one.
public struct EventStreamWriter: MessageEventSink, Sendable {
    /// The client takes it as it comes; this only ends an answer that has no end.
    public static var maximumContentBytes: Int { 1 << 30 }

    private var writer: JSONWriter
    /// False from `take` to the next event: an idle stream keeps no memory, and a busy one does not grow it in steps.
    private var hasStorage = true

    /// - Parameter capacity: in bytes, for one round of reading.
    public init(reservingCapacity capacity: Int = 0) {
        self.writer = JSONWriter(reservingCapacity: capacity)
    }

    /// What was written since the last `take` or `removeAll`.
    public var bytes: [UInt8] { self.writer.bytes }

    /// Hands out what was written and starts again with nothing.
    public mutating func take() -> [UInt8] {
        self.hasStorage = false
        return self.writer.take()
    }

    /// Forgets what was written but keeps the storage, for a caller that has copied `bytes`.
    public mutating func removeAll() { self.writer.removeAll() }

    /// Writes the event as it goes to the client.
    public mutating func receive(_ event: MessageStreamEvent) {
        if !self.hasStorage {
            self.writer = JSONWriter(reservingCapacity: 480)
            self.hasStorage = true
        }
        switch event {
        case .blockDelta(let index, let delta):
            self.writer.raw("event: content_block_delta\ndata: {\"type\":\"content_block_delta\",\"index\":")
            self.writer.integer(index)
            self.write(delta)
        case .blockStart(let index, let start):
            self.writer.raw("event: content_block_start\ndata: {\"type\":\"content_block_start\",\"index\":")
            self.writer.integer(index)
            self.write(start)
        case .blockStop(let index):
            self.writer.raw("event: content_block_stop\ndata: {\"type\":\"content_block_stop\",\"index\":")
            self.writer.integer(index)
            self.writer.raw("}\n\n")
        case .messageDelta(let reason, let sequence, let usage):
            self.writeMessageDelta(reason, sequence, usage)
        case .messageStop:
            self.writer.raw("event: message_stop\ndata: {\"type\":\"message_stop\"}\n\n")
        }
    }

    /// - Parameter safeguards: of a message whose calls were judged.
    mutating func writeMessageDelta(
        _ reason: StopReason, _ stopSequence: String?, _ usage: Usage, safeguards: SafeguardResults? = nil,
    ) {
        self.writer.raw("event: message_delta\ndata: {\"type\":\"message_delta\",\"delta\":{\"stop_reason\":")
        self.writer.string(reason.rawValue)
        self.writer.raw(#","stop_sequence":"#)
        if let stopSequence { self.writer.string(stopSequence) } else { self.writer.raw("null") }
        if let safeguards {
            self.writer.raw(",")
            safeguards.write(to: &self.writer)
        }
        self.writer.raw(#"},"usage":"#)
        usage.write(to: &self.writer)
        self.writer.raw("}\n\n")
    }

    private mutating func write(_ delta: BlockDelta) {
        switch delta {
        case .text(let text):
            self.writer.raw(#","delta":{"type":"text_delta","text":""#)
            self.writer.raw(text)
        case .thinking(let text):
            self.writer.raw(#","delta":{"type":"thinking_delta","thinking":""#)
            self.writer.raw(text)
        case .signature(let signature):
            self.writer.raw(#","delta":{"type":"signature_delta","signature":""#)
            self.writer.raw(signature)
        case .inputJSON(let text):
            self.writer.raw(#","delta":{"type":"input_json_delta","partial_json":""#)
            self.writer.raw(text)
        }
        self.writer.raw("\"}}\n\n")
    }

    private mutating func write(_ start: ContentBlockStart) {
        switch start {
        case .text:
            self.writer.raw(#","content_block":{"type":"text","text":""}}"#)
        case .thinking:
            self.writer.raw(#","content_block":{"type":"thinking","thinking":"","signature":""}}"#)
        case .toolUse(let id, let name):
            self.writer.raw(#","content_block":{"type":"tool_use","id":"#)
            self.writer.string(id)
            self.writer.raw(#","name":"#)
            self.writer.string(name)
            self.writer.raw(#","input":{}}}"#)
        }
        self.writer.raw("\n\n")
    }
}

extension EventStreamWriter {
    /// Resets the client's silence timer; a comment line would not.
    public static let ping = Array("event: ping\ndata: {\"type\":\"ping\"}\n\n".utf8)

    /// The last event of a stream that cannot be finished. `type` is one of the error kinds of the Messages API.
    public static func errorEvent(type: String, message: String, requestID: String?) -> [UInt8] {
        var writer = JSONWriter(reservingCapacity: 160 + message.utf8.count)
        writer.raw("event: error\ndata: {\"type\":\"error\",\"error\":{\"type\":")
        writer.string(type)
        writer.raw(#","message":"#)
        writer.string(message)
        writer.raw("}")
        if let requestID {
            writer.raw(#","request_id":"#)
            writer.string(requestID)
        }
        writer.raw("}\n\n")
        return writer.take()
    }
}

/// The event that opens a stream. It says nothing the upstream would have to be asked for, so it can be sent while the
/// upstream is still silent.
public enum MessageStart {
    /// `usageEstimate` is the expected number of input tokens; the true count follows in `message_delta`.
    public static func event(id: String, model: String, usageEstimate: Int) -> [UInt8] {
        var writer = JSONWriter(reservingCapacity: 400)
        writer.raw("event: message_start\ndata: {\"type\":\"message_start\",\"message\":{\"id\":")
        writer.string(id)
        writer.raw(#","type":"message","role":"assistant","model":"#)
        writer.string(model)
        writer.raw(#","content":[],"stop_reason":null,"stop_sequence":null,"usage":"#)
        Usage(inputTokens: usageEstimate).write(to: &writer)
        writer.raw("}}\n\n")
        return writer.take()
    }
}
