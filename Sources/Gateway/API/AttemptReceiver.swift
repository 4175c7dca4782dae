// SPDX-License-Identifier: Apache-2.0

import Server
import Synchronization
import Translation
import Transport

/// One attempt at one upstream: takes what the curl thread brings and passes on what the client gets, without leaving that
/// thread. The endpoint reads the result when the transfer is over.
final class AttemptReceiver<Answer: UpstreamAnswer & ~Copyable>: TransferReceiver {
    fileprivate struct State: ~Copyable {
        var head: UpstreamResponseHead?
        /// Comes with a head that says yes.
        var answer: Answer?
        /// What comes after any other.
        var refusalBody: [UInt8] = []
        var end: AttemptOutcome?
        var transfer: Transfer?
        var hasPassedContent = false
    }

    private let expectation: Answer.Expectation
    /// What goes before the first piece.
    private let opening: [UInt8]
    private let run: AttemptContext
    private let state = Mutex(State())

    init(_ expectation: Answer.Expectation, opening: [UInt8], of run: AttemptContext) {
        self.expectation = expectation
        self.opening = opening
        self.run = run
    }

    private var writer: ResponseWriter { self.run.writer }
    private var live: LiveRequest { self.run.record.live }

    /// Sends `request`, and returns when the transfer is over and the client was given all that came of it.
    func run(_ request: consuming UpstreamRequest, at client: UpstreamClient) async -> AttemptOutcome {
        // Weakly, because this object holds the writer, which keeps the closure beyond the attempt.
        self.writer.onDrained { [weak self] in self?.resume() }
        do throws(UpstreamError) {
            try await client.run(consume request, receiver: self) { transfer in
                self.state.withLock { $0.transfer = transfer }
            }
        } catch {
            // The receiver was told too, and knows what came before.
            return self.takeEnd() ?? .disconnected(error)
        }
        return self.takeEnd() ?? .noAnswer
    }

    private func takeEnd() -> AttemptOutcome? { self.state.withLock { $0.end.take() } }

    /// Lets the transfer go on after the client caught up.
    private func resume() { self.state.withLock { $0.transfer }?.resume() }

    // The curl thread knows only a receiver, so these would be called without being specialized.

    @specialized(where Answer == TranslatedAnswer<StreamForm>)
    @specialized(where Answer == TranslatedAnswer<JudgedStreamForm>)
    @specialized(where Answer == TranslatedAnswer<MessageForm>)
    @specialized(where Answer == RelayedAnswer)
    func headReceived(_ head: UpstreamResponseHead) {
        self.live.answerBegan()
        self.state.withLock { state in
            state.head = head
            if head.isSuccess { state.answer = Answer(self.expectation, head) }
        }
    }

    @specialized(where Answer == TranslatedAnswer<StreamForm>)
    @specialized(where Answer == TranslatedAnswer<JudgedStreamForm>)
    @specialized(where Answer == TranslatedAnswer<MessageForm>)
    @specialized(where Answer == RelayedAnswer)
    func bodyReceived(_ bytes: UnsafeRawBufferPointer) -> TransferDemand {
        let progress = self.state.withLock { state in
            if let progress = unsafe state.answer?.receive(bytes) { return progress }
            let room = AttemptOutcome.refusalLimit - state.refusalBody.count
            unsafe state.refusalBody.append(contentsOf: bytes.prefix(room))
            return bytes.count <= room ? .open : .complete
        }
        return switch progress {
        // A client that reads slowly makes the upstream wait, and not the memory grow.
        case .open: self.writer.isCongested ? .pause : .more
        case .complete: .enough
        case .failed: .stop
        }
    }

    @specialized(where Answer == TranslatedAnswer<StreamForm>)
    @specialized(where Answer == TranslatedAnswer<JudgedStreamForm>)
    @specialized(where Answer == TranslatedAnswer<MessageForm>)
    @specialized(where Answer == RelayedAnswer)
    func flush() {
        let (bytes, held, isFirst) = self.state.withLock { state -> ([UInt8], Int, Bool) in
            guard state.answer != nil else { return ([], 0, false) }
            self.live.answering(outputBytes: state.answer?.emittedBytes ?? 0)
            let bytes = state.answer?.take() ?? []
            let isFirst = !bytes.isEmpty && !state.hasPassedContent
            if isFirst { state.hasPassedContent = true }
            return (bytes, state.answer?.heldBytes ?? 0, isFirst)
        }
        // What waits here counts against the memory limit as well.
        if held > 0 { self.writer.collected(held) }
        // Before the client has it, whose next request may come at once.
        if isFirst { self.run.contentBegins() }
        self.pass(.part(bytes))
    }

    @specialized(where Answer == TranslatedAnswer<StreamForm>)
    @specialized(where Answer == TranslatedAnswer<JudgedStreamForm>)
    @specialized(where Answer == TranslatedAnswer<MessageForm>)
    @specialized(where Answer == RelayedAnswer)
    func finished(_ result: Result<Void, UpstreamError>) {
        let piece = self.state.withLock { state -> AnswerPiece? in
            let end = state.finish(result)
            let isCompleted = end.isCompleted
            state.end = consume end
            // The transfer holds this object in turn.
            state.transfer = nil
            return isCompleted ? state.answer?.rest() : (state.answer?.take()).map { .part($0) }
        }
        // From here, not from the waiting task: the client has its last byte one hop earlier.
        if let piece { self.pass(piece) }
    }

    private func pass(_ piece: AnswerPiece) {
        switch piece {
        case .part(let bytes):
            guard !bytes.isEmpty else { return }
            self.write(bytes)
            self.writer.flush()
        case .last(let bytes):
            self.write(bytes)
            self.writer.finish()
        case .message(let body):
            self.writer.send(.message(body))
        }
    }

    private func write(_ bytes: [UInt8]) {
        if !self.opening.isEmpty, !self.writer.hasWrittenContent { self.writer.write(self.opening) }
        self.writer.write(bytes)
    }
}

extension OutboundResponse {
    /// An answer that is not streamed.
    static func message(_ body: [UInt8]) -> Self {
        OutboundResponse(status: 200, headers: [("content-type", "application/json")], body: body)
    }
}

extension AttemptReceiver.State where Answer: ~Copyable {
    fileprivate mutating func finish(_ result: Result<Void, UpstreamError>) -> AttemptOutcome {
        guard let head = self.head else {
            if case .failure(let error) = result { return .disconnected(error) }
            return .noAnswer
        }
        let isWhole = if case .success = result { true } else { false }
        guard let end = self.answer?.finish(head, isWhole: isWhole) else {
            return .refused(head, body: self.refusalBody)
        }
        // A timeout explains a truncated stream better than the missing end does. A cancellation explains nothing: it is
        // ours, after the answer had failed.
        if case .failure(let error) = result, error != .cancelled, case .refused(let failure, _) = end,
            failure.category == .interrupted
        {
            return .disconnected(error)
        }
        return end
    }
}
