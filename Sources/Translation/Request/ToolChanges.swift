// SPDX-License-Identifier: Apache-2.0

/// What a conversation says about its tools: which were taken away, and which came later than the others.
struct ToolChanges {
    private var removed: Set<String> = []
    /// Each with its place in the order in which they came.
    private var arrived: [String: Int] = [:]

    mutating func remove(_ tool: String) { self.removed.insert(tool) }

    mutating func add(_ tool: String) {
        self.removed.remove(tool)
        self.arrive(tool)
    }

    /// A search for tools brought it.
    mutating func arrive(_ tool: String) {
        if self.arrived[tool] == nil { self.arrived[tool] = self.arrived.count }
    }

    func isRemoved(_ tool: String) -> Bool { self.removed.contains(tool) }

    /// The tools that were there from the beginning, then the others as they came.
    func ordered(_ offers: [(offer: ToolOffer, isDeferred: Bool)]) -> [ToolOffer] {
        // A deferred tool of which no block tells comes first: its block may be gone after a
        // compaction.
        let late = offers.filter(\.isDeferred).map { (self.arrived[$0.offer.declared.name] ?? -1, $0.offer) }
        let sorted = late.enumerated().sorted { ($0.element.0, $0.offset) < ($1.element.0, $1.offset) }
        // Clients sort them in by name: in front of all messages that would leave the upstream's cache little prefix.
        return offers.filter { !$0.isDeferred }.map(\.offer) + sorted.map(\.element.1)
    }
}
