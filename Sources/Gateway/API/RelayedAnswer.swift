// SPDX-License-Identifier: Apache-2.0

import Translation
import Transport

/// The answer of an upstream that speaks the Messages API itself: it goes to the client as it is.
struct RelayedAnswer: ~Copyable, UpstreamAnswer {
    struct Expectation: Sendable {
        /// As the client named it.
        let model: String
        let isStreaming: Bool

        init(_ request: RequestFacts) {
            self.model = request.model
            self.isStreaming = request.isStreaming
        }
    }

    /// An answer that is not a stream.
    private static let limit = 32 << 20

    private let requestedModel: String
    /// Whether the client wants events, whatever the upstream sends.
    private let isStreaming: Bool
    /// Of an answer that is a stream of events; any other body is collected.
    private var relay: MessageStreamRelay?
    private var body: [UInt8] = []
    private var message: RelayedMessage?

    init(_ expectation: Expectation, _ head: UpstreamResponseHead) {
        self.requestedModel = expectation.model
        self.isStreaming = expectation.isStreaming
        // A parameter such as the charset may follow.
        let isEvents = head.header("content-type")?.lowercased().hasPrefix("text/event-stream") == true
        // Some servers answer with one message although a stream was asked for; it becomes events when it is whole.
        if isEvents, expectation.isStreaming { self.relay = MessageStreamRelay(requestedModel: expectation.model) }
    }

    private var isTooLarge: Bool { self.body.count == Self.limit }

    mutating func receive(_ bytes: UnsafeRawBufferPointer) -> AnswerProgress {
        if unsafe self.relay?.receive(bytes) != nil {
            return switch self.relay?.outcome {
            case .completed, .empty: .complete
            case .failed: .failed
            case .streaming, nil: .open
            }
        }
        unsafe self.body.append(contentsOf: bytes.prefix(Self.limit - self.body.count))
        return self.isTooLarge ? .failed : .open
    }

    var emittedBytes: Int { self.relay?.emittedBytes ?? 0 }

    var heldBytes: Int { self.body.count }

    mutating func take() -> [UInt8] { self.relay?.take() ?? [] }

    mutating func finish(_ head: UpstreamResponseHead, isWhole: Bool) -> AttemptOutcome {
        if self.isTooLarge { return .disconnected(.tooLarge(limit: Self.limit)) }
        self.relay?.finish(isWhole: isWhole)
        switch self.relay?.outcome {
        case .completed(let usage): return .completed(AnswerReport(usage: usage, isCounted: usage.totalInputTokens > 0))
        case .empty: return .empty
        case .failed(let failure): return .refused(failure, by: head)
        case .streaming: preconditionFailure("the relay has no outcome after its end")
        case nil: break
        }
        // A cut body is no answer, even where it can be read.
        guard isWhole else { return .refused(.interrupted, by: head) }
        self.message = RelayedMessage(self.body, requestedModel: self.requestedModel)
        if let message = self.message {
            return .completed(AnswerReport(usage: message.usage, isCounted: message.usage.totalInputTokens > 0))
        }
        return self.body.isEmpty ? .empty : .refused(head, body: self.body)
    }

    mutating func rest() -> AnswerPiece {
        guard let message = self.message else { return .last(self.take()) }
        return self.isStreaming ? .last(message.eventStream()) : .message(message.body)
    }
}
