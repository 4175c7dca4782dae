// SPDX-License-Identifier: Apache-2.0

/// What one model at one upstream has done, since the start or on one day.
public struct ModelTotals: Codable, Sendable, Equatable {
    /// As the configuration calls it.
    public var upstream: String
    /// The model's name there.
    public var model: String
    /// Requests that ended there.
    public var requests: Int
    /// Those of `requests` that got an error.
    public var failed: Int
    /// As the upstream counted them.
    public var tokens: TokenCounts
    /// In millionths of a US dollar, by the catalogue's prices; absent where no price is known.
    public var cost: Int?

    public init(
        upstream: String, model: String, requests: Int = 0, failed: Int = 0, tokens: TokenCounts = .init(),
        cost: Int? = nil,
    ) {
        self.upstream = upstream
        self.model = model
        self.requests = requests
        self.failed = failed
        self.tokens = tokens
        self.cost = cost
    }

    fileprivate func isSameModel(as other: ModelTotals) -> Bool {
        self.model == other.model && self.upstream == other.upstream
    }

    /// Adds what was done besides.
    package mutating func add(_ other: ModelTotals) {
        self.requests = self.requests.addingSaturated(other.requests)
        self.failed = self.failed.addingSaturated(other.failed)
        self.tokens.add(other.tokens)
        // A sum without those of unknown price: nil only where no price at all is known.
        if let cost = other.cost { self.cost = (self.cost ?? 0).addingSaturated(cost) }
    }
}

/// Sums for each model at each upstream. Of bounded size: clients may be allowed to make up names of models.
package struct ModelTotalsTable: Sendable, Equatable {
    package static let rememberedModels = 64
    /// What stands for the models beyond that.
    private static let others = ModelTotals(upstream: "", model: "others")

    // Few models are in use at a time, most often the one that was used last: looking through them is faster than hashing
    // two names for each request.
    private var totals: [ModelTotals] = []
    private var last = 0

    package init(_ models: [ModelTotals] = []) {
        for model in models { self.add(model) }
    }

    package var isEmpty: Bool { self.totals.isEmpty }

    /// The busiest first.
    package var all: [ModelTotals] {
        // By name among equals, so that the order stays from one report to the next.
        self.totals.sorted { ($1.requests, $0.upstream, $0.model) < ($0.requests, $1.upstream, $1.model) }
    }

    package mutating func add(_ other: ModelTotals) {
        self.last = self.index(of: other)
        self.totals[self.last].add(other)
    }

    private mutating func index(of other: ModelTotals) -> Int {
        if self.totals.indices.contains(self.last), self.totals[self.last].isSameModel(as: other) { return self.last }
        if let index = self.totals.firstIndex(where: { $0.isSameModel(as: other) }) { return index }
        // The row for the rest takes no place of its own.
        let others = self.totals.firstIndex { $0.isSameModel(as: Self.others) }
        let named = self.totals.count - (others == nil ? 0 : 1)
        let isOther = named >= Self.rememberedModels || other.isSameModel(as: Self.others)
        if isOther, let others { return others }
        self.totals.append(isOther ? Self.others : ModelTotals(upstream: other.upstream, model: other.model))
        return self.totals.count - 1
    }

    package static func == (left: Self, right: Self) -> Bool { left.all == right.all }
}

extension TokenCounts {
    /// The sums stay at the largest number.
    package mutating func add(_ other: TokenCounts) {
        // An upstream may count as it likes.
        self.input = self.input.addingSaturated(other.input)
        self.output = self.output.addingSaturated(other.output)
        self.cached = self.cached.addingSaturated(other.cached)
    }
}
