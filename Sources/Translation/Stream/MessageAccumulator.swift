// SPDX-License-Identifier: Apache-2.0

/// Folds the events of a stream into one message, so that a client that did not ask for a stream gets exactly what a
/// stream would have told it.
public struct MessageAccumulator: MessageEventSink, Sendable {
    private struct Block {
        var start: ContentBlockStart
        /// Text, thinking or input, as it stands inside a JSON string.
        var contents: [UInt8] = []
        var signature: [UInt8] = []
        var isComplete = false

        /// Of a call: a JSON object.
        var input: [UInt8] {
            var input: [UInt8] = []
            JSONEscapes.appendDecoded(self.contents[...], to: &input)
            return input.isEmpty ? Array("{}".utf8) : input
        }
    }

    private var blocks: [Block] = []
    private var stopReason: StopReason?
    private var stopSequence: String?
    private var usage = Usage()

    public init() {}

    /// Adds an event to the message.
    public mutating func receive(_ event: MessageStreamEvent) {
        switch event {
        case .blockStart(_, let start):
            self.blocks.append(Block(start: start))
        case .blockDelta(let index, .text(let bytes)), .blockDelta(let index, .thinking(let bytes)),
            .blockDelta(let index, .inputJSON(let bytes)):
            self.blocks[index].contents.append(contentsOf: bytes)
        case .blockDelta(let index, .signature(let bytes)):
            self.blocks[index].signature.append(contentsOf: bytes)
        case .blockStop(let index):
            self.blocks[index].isComplete = true
        case .messageDelta(let reason, let sequence, let usage):
            self.stopReason = reason
            self.stopSequence = sequence
            self.usage = usage
        case .messageStop:
            break
        }
    }

    /// What the client would run.
    public var calls: [AnsweredCall] {
        self.blocks.compactMap { block in
            guard block.isComplete, case .toolUse(let id, let name) = block.start else { return nil }
            return AnsweredCall(id: id, name: name, input: block.input)
        }
    }

    /// The body of the answer. A call that was cut off is left out, as a client of the stream would do.
    /// - Parameter safeguards: of a message whose calls were judged.
    public func message(id: String, model: String, safeguards: SafeguardResults? = nil) -> [UInt8] {
        var writer = JSONWriter(reservingCapacity: 512 + self.blocks.reduce(0) { $0 + $1.contents.count + 128 })
        writer.raw(#"{"id":"#)
        writer.string(id)
        writer.raw(#","type":"message","role":"assistant","model":"#)
        writer.string(model)
        writer.raw(#","content":["#)
        var isFirst = true
        for block in self.blocks where block.isComplete {
            if !isFirst { writer.raw(",") }
            isFirst = false
            Self.write(block, to: &writer)
        }
        writer.raw(#"],"stop_reason":"#)
        if let reason = self.stopReason { writer.string(reason.rawValue) } else { writer.raw("null") }
        writer.raw(#","stop_sequence":"#)
        if let sequence = self.stopSequence { writer.string(sequence) } else { writer.raw("null") }
        writer.raw(#","usage":"#)
        self.usage.write(to: &writer)
        if let safeguards {
            writer.raw(",")
            safeguards.write(to: &writer)
        }
        writer.raw("}")
        return writer.take()
    }

    private static func write(_ block: Block, to writer: inout JSONWriter) {
        switch block.start {
        case .text:
            writer.raw(#"{"type":"text","text":""#)
            writer.raw(block.contents)
            writer.raw(#""}"#)
        case .thinking:
            writer.raw(#"{"type":"thinking","thinking":""#)
            writer.raw(block.contents)
            writer.raw(#"","signature":""#)
            writer.raw(block.signature)
            writer.raw(#""}"#)
        case .toolUse(let id, let name):
            writer.raw(#"{"type":"tool_use","id":"#)
            writer.string(id)
            writer.raw(#","name":"#)
            writer.string(name)
            writer.raw(#","input":"#)
            writer.raw(block.input)
            writer.raw("}")
        }
    }
}
