// SPDX-License-Identifier: Apache-2.0

package import Configuration
package import Shared
import Synchronization
package import Translation

/// What the daemon counts about requests for a model. One lock, held for a few instructions.
package final class RequestMetrics: Sendable {
    /// All counters at one moment, since the start of the process.
    package struct Snapshot: Sendable, Equatable {
        /// Requests whose answer is not complete.
        package var inFlight = 0
        /// Those of `inFlight` whose answer is a stream.
        package var streaming = 0
        /// All requests.
        package var total = 0
        /// Those of `total` of which it is known what they were for.
        package var classes: [RequestClass: Int] = [:]
        /// Those that got an error.
        package var failed = 0
        /// Those whose client hung up.
        var cancelled = 0
        /// Further attempts, at the same upstream or at another one.
        var retries = 0
        /// As the upstreams counted them.
        package var inputTokens = 0
        /// As the upstreams counted them.
        package var outputTokens = 0
        /// Those of `inputTokens` that came from the upstream's cache.
        package var cachedTokens = 0
        /// Repairs, recoveries and changed requests.
        package var interventions = InterventionCounts()
        /// On calls in answers, by the name of the verdict.
        package var verdicts: [String: Int] = [:]
        /// Newest last.
        package var lastErrors: [RecordedFailure] = []
    }

    /// One failed request, for `qwenproxyctl status`. Never holds content.
    package struct RecordedFailure: Sendable, Equatable {
        /// When the request ended.
        package var time: Timestamp
        /// The `request-id` that the client got.
        package var requestID: String
        /// The error's kind as the client saw it, like `overloaded_error`.
        package var kind: String
        /// Without words of the upstream, which may quote the request.
        package var message: String
    }

    /// How a request ended.
    enum End: Sendable, Equatable {
        /// - Parameter cost: in millionths of a US dollar; nil where no price is known.
        case completed(
            inputTokens: Int, outputTokens: Int, cachedTokens: Int, cost: Int? = nil, InterventionCounts)
        case failed(RecordedFailure)
        case cancelled
    }

    private static let reportedRequests = 256

    private struct State {
        var counts = Snapshot()
        var history = RequestHistory()
        var live: [ObjectIdentifier: LiveRequest] = [:]
        /// Models and the unknown finish reasons that were told of, each pair once.
        var finishReasons: Set<[String]> = []
    }

    private let state = Mutex(State())
    private let usageSignal: AsyncStream<Void>.Continuation
    /// Brings an element after a model did something that `takeUsage` has not taken yet. For one listener.
    package let usageChanges: AsyncStream<Void>

    package init() {
        (self.usageChanges, self.usageSignal) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
    }

    /// The counters now.
    package var snapshot: Snapshot { self.state.withLock { $0.counts } }

    /// The requests in flight, the oldest first.
    package var liveRequests: [LiveRequestStatus] {
        // Sorted and described outside of the lock, which every request takes.
        let live = self.state.withLock { Array($0.live.values) }
        let now = SteadyInstant.now
        return live.sorted { $0.start < $1.start }.prefix(Self.reportedRequests).map { $0.status(at: now) }
    }

    /// The last requests that ended, newest first, and what each model has done, the busiest first.
    package var history: (finished: [FinishedRequestStatus], models: [ModelTotals]) {
        let history = self.state.withLock { $0.history }
        return (history.finished, history.models)
    }

    /// What models have done since it was asked last.
    package func takeUsage() -> [ModelTotals] { self.state.withLock { $0.history.takeUnsaved() } }

    /// Whether an answer comes from this upstream just now.
    package func isAnswering(upstream: String) -> Bool {
        let live = self.state.withLock { Array($0.live.values) }
        return live.contains { $0.isAnswered(by: upstream) }
    }

    func began(_ request: LiveRequest, as requestClass: RequestClass?) {
        self.state.withLock {
            $0.live[ObjectIdentifier(request)] = request
            $0.counts.total += 1
            if let requestClass { $0.counts.classes[requestClass, default: 0] += 1 }
            $0.counts.inFlight += 1
            if request.isStreaming { $0.counts.streaming += 1 }
        }
    }

    /// Whether an unknown finish reason was not seen before for this model. Upstreams invent them, so few are remembered.
    func isNew(finishReason: String, of model: String) -> Bool {
        self.state.withLock { state in
            state.finishReasons.count < 64 && state.finishReasons.insert([model, finishReason]).inserted
        }
    }

    /// Counts an intervention that does not wait for the end of its request.
    func steppedIn(_ intervention: Intervention) {
        self.state.withLock { $0.counts.interventions.record(intervention) }
    }

    /// Counts what was found about the calls in an answer.
    func judged(_ verdicts: [SafeguardVerdict]) {
        guard !verdicts.isEmpty else { return }
        self.state.withLock { state in
            for verdict in verdicts { state.counts.verdicts[verdict.name, default: 0] += 1 }
        }
    }

    func retried() { self.state.withLock { $0.counts.retries += 1 } }

    func ended(_ end: End, _ request: LiveRequest) {
        // Before the lock, which every request takes.
        let finished = request.finished(end)
        let isFirst = self.state.withLock {
            $0.live[ObjectIdentifier(request)] = nil
            $0.counts.ended(end, isStreaming: request.isStreaming)
            return $0.history.ended(finished)
        }
        if isFirst { self.usageSignal.yield() }
    }
}

extension RequestMetrics.Snapshot {
    private static let rememberedErrors = 8

    fileprivate mutating func ended(_ end: RequestMetrics.End, isStreaming: Bool) {
        self.inFlight -= 1
        if isStreaming { self.streaming -= 1 }
        switch end {
        case .completed(let inputTokens, let outputTokens, let cachedTokens, _, let interventions):
            // An upstream may count as it likes.
            self.inputTokens = self.inputTokens.addingSaturated(inputTokens)
            self.outputTokens = self.outputTokens.addingSaturated(outputTokens)
            self.cachedTokens = self.cachedTokens.addingSaturated(cachedTokens)
            self.interventions.add(interventions)
        case .failed(let failure):
            self.failed += 1
            self.lastErrors.append(failure)
            if self.lastErrors.count > Self.rememberedErrors { self.lastErrors.removeFirst() }
        case .cancelled:
            self.cancelled += 1
        }
    }
}
