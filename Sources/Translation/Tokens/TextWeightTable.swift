// SPDX-License-Identifier: Apache-2.0

/// Knows what texts weigh that were weighed before. It changes no result: a weight depends on the text alone. (Two long texts
/// that differ only where `PrefixHash` does not look count as one; their weights hardly differ.)
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
/// Pure. Bounded: a text takes the place of the one, of eight, that was asked for least lately.
public struct TextWeightTable: Sendable {
    private struct Slot {
        var key: UInt64 = 0
        var weight: Int32 = 0
        /// The time of the last question for it; 0 when no text is here.
        var used: UInt32 = 0
    }

    /// A conversation of five megabytes has about three thousand texts. A power of two.
    private static let setCount = 4_096
    private static let setSize = 4

    // Empty until the first text: an idle process does without.
    private var slots: [Slot] = []
    /// Counts questions and texts.
    private var clock: UInt32 = 0

    /// Knows nothing yet.
    public init() {}

    /// Nil when the text is not known.
    public mutating func weight(for key: UInt64) -> Int? {
        guard !self.slots.isEmpty else { return nil }
        for choice in 0..<2 {
            for index in Self.set(choice, of: key) where self.slots[index].key == key && self.slots[index].used != 0 {
                self.slots[index].used = self.now()
                return Int(self.slots[index].weight)
            }
        }
        return nil
    }

    /// Remembers what a text weighs that is not known.
    public mutating func insert(_ weight: Int, for key: UInt64) {
        guard let weight = Int32(exactly: weight) else { return }
        if self.slots.isEmpty { self.slots = Array(repeating: Slot(), count: Self.setCount * Self.setSize) }
        var oldest = Self.set(0, of: key).lowerBound
        var greatest: UInt32 = 0
        for choice in 0..<2 {
            for index in Self.set(choice, of: key) {
                // Wraps, like the clock. A free place is older than all others.
                let used = self.slots[index].used
                let age = used == 0 ? UInt32.max : self.clock &- used
                guard age > greatest else { continue }
                (oldest, greatest) = (index, age)
            }
        }
        self.slots[oldest] = Slot(key: key, weight: weight, used: self.now())
    }

    private mutating func now() -> UInt32 {
        self.clock &+= 1
        if self.clock == 0 { self.clock = 1 }
        return self.clock
    }

    // Two, chosen by different bits. With one, the texts of a set that has one too many push one another out in each request,
    // and are weighed each time.
    /// One of the two sets in which a text may be.
    private static func set(_ choice: Int, of key: UInt64) -> Range<Int> {
        let first = Int(truncatingIfNeeded: key >> (32 * choice) & UInt64(self.setCount - 1)) * self.setSize
        return first..<first + self.setSize
    }
}
