// SPDX-License-Identifier: Apache-2.0

import Shared

/// The requests that ended last, and what each model has done, for `qwenproxyctl monitor`. A pure value, of bounded size.
struct RequestHistory: Sendable {
    private struct Place: Hashable {
        var upstream: String
        var model: String
    }

    static let rememberedRequests = 32
    /// Clients may be allowed to make up names of models.
    static let rememberedModels = 64
    /// What stands for the models beyond that.
    static let otherModels = "others"

    private var newestLast: [FinishedRequestStatus] = []
    private var totals: [Place: ModelTotals] = [:]

    /// Newest first.
    var finished: [FinishedRequestStatus] { self.newestLast.reversed() }

    /// The busiest first.
    var models: [ModelTotals] {
        self.totals.values.sorted { ($1.requests, $0.upstream, $0.model) < ($0.requests, $1.upstream, $1.model) }
    }

    mutating func ended(_ request: FinishedRequestStatus) {
        self.newestLast.append(request)
        if self.newestLast.count > Self.rememberedRequests { self.newestLast.removeFirst() }
        // One that no upstream was asked for, and one whose client has gone, tell nothing of a model.
        guard let upstream = request.upstream, let model = request.upstreamModel, request.outcome != .cancelled else {
            return
        }
        var place = Place(upstream: upstream, model: model)
        if self.totals[place] == nil, self.totals.count >= Self.rememberedModels {
            place = Place(upstream: "", model: Self.otherModels)
        }
        var totals = self.totals[place] ?? ModelTotals(upstream: place.upstream, model: place.model)
        totals.requests += 1
        if request.outcome == .failed { totals.failed += 1 }
        totals.tokens.add(request.tokens)
        self.totals[place] = totals
    }
}

extension TokenCounts {
    /// An upstream may count as it likes, so the sums stay at the largest number.
    mutating func add(_ other: TokenCounts) {
        self.input = self.input.addingSaturated(other.input)
        self.output = self.output.addingSaturated(other.output)
        self.cached = self.cached.addingSaturated(other.cached)
    }
}

extension Int {
    /// The sum, or the largest or smallest number where it would be beyond that.
    func addingSaturated(_ other: Int) -> Int {
        let (sum, overflows) = self.addingReportingOverflow(other)
        return overflows ? (other > 0 ? .max : .min) : sum
    }
}
