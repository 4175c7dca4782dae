// SPDX-License-Identifier: Apache-2.0

import Shared

/// The requests that ended last, and what each model has done, for `qwenproxyctl monitor`. A pure value, of bounded size.
struct RequestHistory: Sendable {
    static let rememberedRequests = 32

    private var requests: [FinishedRequestStatus] = []
    /// The next of `requests` that gives way, once there are enough.
    private var oldest = 0
    private var saved = ModelTotalsTable()
    /// What `takeUnsaved` has not taken yet.
    private var unsaved = ModelTotalsTable()

    /// Newest first.
    var finished: [FinishedRequestStatus] {
        self.requests[..<self.oldest].reversed() + self.requests[self.oldest...].reversed()
    }

    /// The busiest first.
    var models: [ModelTotals] { ModelTotalsTable(self.saved.all + self.unsaved.all).all }

    /// - Returns: whether it is the first since `takeUnsaved` that tells something of a model.
    @discardableResult
    mutating func ended(_ request: consuming FinishedRequestStatus) -> Bool {
        let isFirst = self.count(request)
        self.remember(request)
        return isFirst
    }

    private mutating func count(_ request: borrowing FinishedRequestStatus) -> Bool {
        // One that no upstream was asked for, and one whose client has gone, tell nothing of a model.
        guard let upstream = request.upstream, let model = request.upstreamModel, request.outcome != .cancelled else {
            return false
        }
        let isFirst = self.unsaved.isEmpty
        self.unsaved.add(
            ModelTotals(
                upstream: upstream, model: model, requests: 1, failed: request.outcome == .failed ? 1 : 0,
                tokens: request.tokens, cost: request.cost))
        return isFirst
    }

    private mutating func remember(_ request: consuming FinishedRequestStatus) {
        guard self.requests.count == Self.rememberedRequests else { return self.requests.append(request) }
        // A ring: taking the first out of an array would move all others.
        self.requests[self.oldest] = request
        self.oldest = (self.oldest + 1) % Self.rememberedRequests
    }

    /// What models have done since it was asked last.
    mutating func takeUnsaved() -> [ModelTotals] {
        let models = self.unsaved.all
        for model in models { self.saved.add(model) }
        self.unsaved = ModelTotalsTable()
        return models
    }
}
