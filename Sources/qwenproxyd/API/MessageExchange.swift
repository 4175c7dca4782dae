// SPDX-License-Identifier: Apache-2.0

import Synchronization
import Translation

/// One attempt at one upstream: takes what the curl thread brings and turns it into what the client gets, without leaving
/// that thread. The endpoint reads the result when the transfer is over.
final class MessageExchange<Delivery: AnswerDelivery>: TransferReceiver {
    /// The body of a refusal: enough for any error message, not more.
    private static var refusalLimit: Int { 64 << 10 }

    fileprivate struct State {
        /// Both come with the head. A refusal has no translator: its body is collected.
        var head: UpstreamResponseHead?
        var translator: MessageStreamTranslator<Delivery.Sink>?
        var refusalBody: [UInt8] = []
        var end: ExchangeEnd?
        var transfer: Transfer?
    }

    private let delivery: Delivery
    private let writer: ResponseWriter
    private let context: ResponseContext
    private let live: LiveRequest
    private let state = Mutex(State())

    init(delivery: Delivery, writer: ResponseWriter, context: ResponseContext, live: LiveRequest) {
        self.live = live
        self.delivery = delivery
        self.writer = writer
        self.context = context
    }

    /// How it ended; nil until the transfer is over.
    var end: ExchangeEnd? { self.state.withLock { $0.end } }

    /// Lets the transfer go on after the client caught up.
    func resume() { self.state.withLock { $0.transfer }?.resume() }

    func starting(_ transfer: Transfer) { self.state.withLock { $0.transfer = transfer } }

    func headReceived(_ head: UpstreamResponseHead) {
        self.live.answerBegan()
        let isAnswer = (200..<300).contains(head.status)
        let translator = isAnswer ? self.makeTranslator(contentType: head.header("content-type")) : nil
        self.state.withLock {
            $0.head = head
            $0.translator = translator
        }
    }

    func bodyReceived(_ bytes: UnsafeRawBufferPointer) -> TransferDemand {
        self.state.withLock { state in
            if unsafe state.translator?.receive(bytes) == nil {
                let room = Self.refusalLimit - state.refusalBody.count
                unsafe state.refusalBody.append(contentsOf: bytes.prefix(room))
            }
        }
        return self.writer.isCongested ? .pause : .more
    }

    func flush() {
        let bytes = self.state.withLock { state -> [UInt8] in
            guard state.translator != nil else { return [] }
            self.live.answering(outputBytes: state.translator?.emittedBytes ?? 0)
            return state.translator.modify(self.delivery.ready) ?? []
        }
        if !bytes.isEmpty { self.delivery.forward(bytes) }
    }

    func finished(_ result: Result<Void, UpstreamError>) {
        let (bytes, isComplete) = self.state.withLock { state -> ([UInt8], Bool) in
            let end = state.finish(result)
            state.end = end
            state.transfer = nil
            let bytes = state.translator.modify(end.isCompleted ? self.delivery.rest : self.delivery.ready)
            return (bytes ?? [], end.isCompleted)
        }
        if isComplete {
            // From here, not from the waiting task: the client has its last byte one hop earlier.
            self.delivery.complete(bytes)
        } else if !bytes.isEmpty {
            self.delivery.forward(bytes)
        }
    }

    private func makeTranslator(contentType: String?) -> MessageStreamTranslator<Delivery.Sink> {
        MessageStreamTranslator(
            context: self.context,
            identifiers: ToolUseIdentifiers(source: ProcessRandom()),
            sink: self.delivery.makeSink(),
            contentType: contentType)
    }
}

extension MessageExchange.State {
    fileprivate mutating func finish(_ result: Result<Void, UpstreamError>) -> ExchangeEnd {
        guard let head = self.head else {
            if case .failure(let error) = result { return .disconnected(error) }
            return .disconnected(.interrupted(reason: "no answer"))
        }
        let isWhole = if case .success = result { true } else { false }
        self.translator?.finish(isWhole ? .complete : .truncated)
        switch self.translator?.outcome {
        case nil:
            let failure = UpstreamFailure(
                status: head.status, contentType: head.header("content-type"), body: self.refusalBody)
            return .refused(failure, retryAfter: head.header("retry-after"))
        case .completed(let usage, _):
            return .completed(usage)
        case .empty:
            return .empty
        case .failed(let failure):
            // A timeout explains a truncated stream better than the missing end does.
            if case .failure(let error) = result, failure.category == .interrupted { return .disconnected(error) }
            return .refused(failure, retryAfter: head.header("retry-after"))
        case .streaming:
            preconditionFailure("the translator has no outcome after its end")
        }
    }
}

extension Optional {
    /// Works on the sink of the translator in place, if there is one.
    fileprivate mutating func modify<Sink>(_ body: (inout Sink) -> [UInt8]) -> [UInt8]?
    where Wrapped == MessageStreamTranslator<Sink> {
        guard self != nil else { return nil }
        return body(&self!.sink)
    }
}
