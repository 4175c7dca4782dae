// SPDX-License-Identifier: Apache-2.0

/// Knows what texts weigh that were weighed before. It never changes a result: a weight depends on the text alone.
///
/// An object, because it is handed on with every text.
public protocol TextWeightMemory: AnyObject, Sendable {
    /// Nil when the text is not known.
    func weight(for key: UInt64) -> Int?
    func remember(_ weight: Int, for key: UInt64)
}

/// The weights of the latest texts. Each request of a conversation repeats all that was said, and to find a text here takes a
/// thirtieth of the time of weighing it.
///
/// Pure. Bounded: a text takes the place of another.
public struct TextWeightTable: Sendable {
    private struct Slot {
        var key: UInt64
        /// Negative when no text is here.
        var weight: Int
    }

    // Texts that share a set with four others push one another out in each request, and are weighed each time: of the 3,000
    // in a conversation of five megabytes 48, with half as many sets 168.
    /// A conversation of a megabyte has about a thousand texts. A power of two.
    private static let setCount = 4_096
    /// Texts that share a set push the oldest of them out.
    private static let setSize = 4
    /// Shorter texts, in bytes, are not looked up: to weigh them takes no longer.
    static let leastLength = 24

    // Empty until the first text: an idle process does without.
    private var slots: [Slot] = []

    /// Knows nothing yet.
    public init() {}

    /// Nil when the text is not known.
    public func weight(for key: UInt64) -> Int? {
        guard !self.slots.isEmpty else { return nil }
        for index in Self.set(of: key) where self.slots[index].key == key && self.slots[index].weight >= 0 {
            return self.slots[index].weight
        }
        return nil
    }

    /// Takes the place of the oldest of its set.
    public mutating func insert(_ weight: Int, for key: UInt64) {
        if self.slots.isEmpty {
            self.slots = Array(repeating: Slot(key: 0, weight: -1), count: Self.setCount * Self.setSize)
        }
        let set = Self.set(of: key)
        for index in set.dropFirst().reversed() { self.slots[index] = self.slots[index - 1] }
        self.slots[set.lowerBound] = Slot(key: key, weight: weight)
    }

    private static func set(of key: UInt64) -> Range<Int> {
        let first = Int(truncatingIfNeeded: key & UInt64(self.setCount - 1)) * self.setSize
        return first..<first + self.setSize
    }
}
