// SPDX-License-Identifier: Apache-2.0

/// Writes events like `EventStreamWriter`, but for the end of the message: that waits until the calls in it are judged.
public struct JudgedEventWriter: MessageEventSink, Sendable {
    public static var maximumContentBytes: Int { EventStreamWriter.maximumContentBytes }

    private struct OpenCall {
        var id: String
        var name: String
        var input: [UInt8] = []
    }

    private var writer = EventStreamWriter()
    private var open: OpenCall?
    private var calls: [AnsweredCall] = []
    /// Set with the last event but one. Nothing is written after it.
    public private(set) var end: HeldMessageEnd?

    public init() {}

    /// Writes the event as it goes to the client, or keeps it.
    public mutating func receive(_ event: MessageStreamEvent) {
        switch event {
        case .blockStart(_, .toolUse(let id, let name)):
            self.open = OpenCall(id: id, name: name)
        case .blockDelta(_, .inputJSON(let bytes)):
            self.open?.input.append(contentsOf: bytes)
        case .blockStop:
            self.close()
        case .messageDelta(let reason, let sequence, let usage):
            // The verdicts are a member of `message_delta`, so this event waits for them.
            self.end = HeldMessageEnd(
                stopReason: reason, stopSequence: sequence, usage: usage, calls: self.calls)
            return
        case .messageStop:
            return
        case .blockStart, .blockDelta:
            break
        }
        self.writer.receive(event)
    }

    /// Hands out what was written and starts again with nothing.
    public mutating func take() -> [UInt8] { self.writer.take() }

    /// A call whose end does not come is not run either.
    private mutating func close() {
        guard let call = self.open else { return }
        var input: [UInt8] = []
        // Deltas carry the arguments as they stand inside a JSON string; the judge reads them as JSON.
        JSONEscapes.appendDecoded(call.input[...], to: &input)
        self.calls.append(
            AnsweredCall(id: call.id, name: call.name, input: input.isEmpty ? Array("{}".utf8) : input))
        self.open = nil
    }
}

/// The end of a message that was not sent yet.
public struct HeldMessageEnd: Sendable, Equatable {
    let stopReason: StopReason
    let stopSequence: String?
    let usage: Usage
    /// What the client would run.
    public let calls: [AnsweredCall]

    /// `message_delta` with the results, and `message_stop`.
    public func events(with results: SafeguardResults) -> [UInt8] {
        var writer = EventStreamWriter()
        writer.writeMessageDelta(self.stopReason, self.stopSequence, self.usage, safeguards: results)
        writer.receive(.messageStop)
        return writer.take()
    }
}

/// A call in an answer, about which a model is asked before the client runs it.
public struct AnsweredCall: Sendable, Equatable {
    /// As the client got it.
    public let id: String
    /// As the client knows the tool.
    public let name: String
    /// A JSON object.
    public let input: [UInt8]

    public init(id: String, name: String, input: [UInt8]) {
        self.id = id
        self.name = name
        self.input = input
    }
}
