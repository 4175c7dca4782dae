// SPDX-License-Identifier: Apache-2.0

import Shared
import Synchronization

/// One request while it is being answered, for `qwenproxyctl monitor`.
///
/// The parts that answer it say how far they are, some of them for every chunk: that is one store, without a lock. It is read
/// once in a while.
final class LiveRequest: Sendable {
    private enum State: UInt8, AtomicRepresentable {
        case waiting
        case asking
        case retrying
    }

    private struct Destination {
        var upstream: String
        var model: String
    }

    let id: String
    let isStreaming: Bool
    let start = SteadyInstant.now
    let model: String
    private let state = Atomic(State.waiting)
    private let outputBytes = Atomic(0)
    /// In nanoseconds since the start; 0 until then.
    private let firstByteTime = Atomic(Int64(0))
    private let destination = Mutex<Destination?>(nil)

    init(id: String, model: String, isStreaming: Bool) {
        self.id = id
        self.model = model
        self.isStreaming = isStreaming
    }

    func asking(upstream: String, model: String) {
        self.destination.withLock { $0 = Destination(upstream: upstream, model: model) }
        // What an earlier attempt brought was thrown away.
        self.outputBytes.store(0, ordering: .relaxed)
        self.state.store(.asking, ordering: .relaxed)
    }

    /// The upstream begins to answer.
    func answerBegan() {
        // Relaxed throughout: each value is read on its own, and a report that is one chunk old does no harm.
        self.firstByteTime.store(SteadyInstant.now.nanoseconds - self.start.nanoseconds, ordering: .relaxed)
    }

    /// From the start to the first byte of the upstream's answer, of the last attempt.
    var firstByte: Duration? {
        let time = self.firstByteTime.load(ordering: .relaxed)
        return time == 0 ? nil : .nanoseconds(time)
    }

    private var firstByteMilliseconds: Int? {
        let time = self.firstByteTime.load(ordering: .relaxed)
        return time == 0 ? nil : Int(time / 1_000_000)
    }

    /// The upstream that was asked last, if any.
    var upstream: String? { self.destination.withLock { $0?.upstream } }

    /// Whether content has come from this upstream.
    func isAnswered(by upstream: String) -> Bool {
        self.outputBytes.load(ordering: .relaxed) > 0 && self.upstream == upstream
    }

    /// - Parameter outputBytes: the length of the answer's content so far.
    func answering(outputBytes: Int) {
        self.outputBytes.store(outputBytes, ordering: .relaxed)
    }

    func retrying() { self.state.store(.retrying, ordering: .relaxed) }

    func status(at now: SteadyInstant) -> LiveRequestStatus {
        let outputBytes = self.outputBytes.load(ordering: .relaxed)
        let state: LiveRequestStatus.State =
            switch self.state.load(ordering: .relaxed) {
            case .waiting: .waiting
            case .asking: outputBytes == 0 ? .asking : .answering
            case .retrying: .retrying
            }
        let destination = self.destination.withLock { $0 }
        return LiveRequestStatus(
            id: self.id, model: self.model, upstream: destination?.upstream, upstreamModel: destination?.model,
            state: state, streaming: self.isStreaming,
            age: now.milliseconds(since: self.start), firstByte: self.firstByteMilliseconds,
            // A token of text or code has about four bytes.
            outputTokens: (outputBytes + 3) / 4)
    }

    /// What is remembered of it when it has ended.
    func finished(_ end: RequestMetrics.End) -> FinishedRequestStatus {
        let destination = self.destination.withLock { $0 }
        var (outcome, error) = (FinishedRequestStatus.Outcome.cancelled, String?.none)
        var (tokens, cost) = (TokenCounts(), Int?.none)
        switch end {
        case .completed(let inputTokens, let outputTokens, let cachedTokens, let price, _):
            outcome = .answered
            tokens = TokenCounts(input: inputTokens, output: outputTokens, cached: cachedTokens)
            cost = price
        case .failed(let failure):
            outcome = .failed
            error = failure.kind
        case .cancelled:
            break
        }
        return FinishedRequestStatus(
            id: self.id, model: self.model, upstream: destination?.upstream, upstreamModel: destination?.model,
            outcome: outcome, error: error, time: .now(), duration: SteadyInstant.now.milliseconds(since: self.start),
            firstByte: self.firstByteMilliseconds, tokens: tokens, cost: cost)
    }
}
