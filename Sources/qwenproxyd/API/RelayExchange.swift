// SPDX-License-Identifier: Apache-2.0

import Synchronization
import Translation

/// One attempt at an upstream that speaks the Messages API itself: what the curl thread brings goes to the client as it is,
/// without leaving that thread.
final class RelayExchange: TransferReceiver {
    fileprivate struct State {
        var head: UpstreamResponseHead?
        /// Of an answer that is a stream of events; any other body is collected.
        var relay: MessageStreamRelay?
        var body: [UInt8] = []
        var isTooLarge = false
        var end: ExchangeEnd?
        var transfer: Transfer?
        var message: RelayedMessage?
    }

    /// An answer that is not a stream.
    private static let answerLimit = 32 << 20
    /// The body of a refusal: enough for any error message, not more.
    private static let refusalLimit = 64 << 10

    private let writer: ResponseWriter
    private let requestedModel: String
    private let isStreaming: Bool
    private let live: LiveRequest
    private let state = Mutex(State())

    init(writer: ResponseWriter, message: MessagesRequest, live: LiveRequest) {
        self.writer = writer
        self.requestedModel = message.model
        self.isStreaming = message.isStreaming
        self.live = live
    }

    /// How it ended; nil until the transfer is over.
    var end: ExchangeEnd? { self.state.withLock { $0.end } }

    /// Lets the transfer go on after the client caught up.
    func resume() { self.state.withLock { $0.transfer }?.resume() }

    func starting(_ transfer: Transfer) { self.state.withLock { $0.transfer = transfer } }

    func headReceived(_ head: UpstreamResponseHead) {
        let isEvents = head.header("content-type")?.lowercased().hasPrefix("text/event-stream") == true
        self.state.withLock { state in
            state.head = head
            if head.isSuccess, isEvents, self.isStreaming {
                state.relay = MessageStreamRelay(requestedModel: self.requestedModel)
            }
        }
    }

    func bodyReceived(_ bytes: UnsafeRawBufferPointer) -> TransferDemand {
        let isWanted = self.state.withLock { state -> Bool in
            if unsafe state.relay?.receive(bytes) != nil { return true }
            let limit = state.head?.isSuccess == true ? Self.answerLimit : Self.refusalLimit
            unsafe state.body.append(contentsOf: bytes.prefix(limit - state.body.count))
            state.isTooLarge = state.body.count == limit && limit == Self.answerLimit
            return !state.isTooLarge
        }
        guard isWanted else { return .stop }
        return self.writer.isCongested ? .pause : .more
    }

    func flush() {
        let bytes = self.state.withLock { state -> [UInt8] in
            guard state.relay != nil else { return [] }
            self.live.answering(outputBytes: state.relay?.emittedBytes ?? 0)
            return state.relay?.take() ?? []
        }
        guard !bytes.isEmpty else { return }
        self.writer.write(bytes)
        self.writer.flush()
    }

    func finished(_ result: Result<Void, UpstreamError>) {
        let (bytes, message, end) = self.state.withLock { state -> ([UInt8], RelayedMessage?, ExchangeEnd) in
            let end = state.finish(result, requestedModel: self.requestedModel)
            state.end = end
            state.transfer = nil
            return (state.relay?.take() ?? [], state.message, end)
        }
        if let message {
            self.writer.send(
                OutboundResponse(status: 200, headers: [("content-type", "application/json")], body: message.body))
            return
        }
        self.writer.write(bytes)
        if end.isCompleted { self.writer.finish() } else { self.writer.flush() }
    }
}

extension RelayExchange.State {
    fileprivate mutating func finish(_ result: Result<Void, UpstreamError>, requestedModel: String) -> ExchangeEnd {
        if self.isTooLarge { return .disconnected(.tooLarge(limit: self.body.count)) }
        guard let head = self.head else {
            if case .failure(let error) = result { return .disconnected(error) }
            return .disconnected(.interrupted(reason: "no answer"))
        }
        let isWhole = if case .success = result { true } else { false }
        guard self.relay != nil else { return self.finishWhole(result, head, requestedModel: requestedModel) }
        self.relay?.finish(isWhole: isWhole)
        switch self.relay?.outcome {
        case .completed(let usage): return .completed(usage)
        case .empty: return .empty
        case .failed(let failure):
            if case .failure(let error) = result, failure.category == .interrupted { return .disconnected(error) }
            return .refused(failure, retryAfter: head.header("retry-after"))
        case .streaming, nil: preconditionFailure("the relay has no outcome after its end")
        }
    }

    private mutating func finishWhole(
        _ result: Result<Void, UpstreamError>, _ head: UpstreamResponseHead, requestedModel: String,
    ) -> ExchangeEnd {
        if head.isSuccess {
            if case .failure(let error) = result { return .disconnected(error) }
            if let message = RelayedMessage(self.body, requestedModel: requestedModel) {
                self.message = message
                return .completed(message.usage)
            }
            if self.body.isEmpty { return .empty }
        }
        let failure = UpstreamFailure(
            status: head.status, contentType: head.header("content-type"), body: self.body)
        return .refused(failure, retryAfter: head.header("retry-after"))
    }
}

extension UpstreamResponseHead {
    fileprivate var isSuccess: Bool { (200..<300).contains(self.status) }
}
