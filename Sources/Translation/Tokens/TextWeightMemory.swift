// SPDX-License-Identifier: Apache-2.0

import Synchronization

/// What texts weigh that were weighed before. Each request of a conversation repeats all that was said, and to find a text here
/// takes a thirtieth of the time of weighing it. It never changes a result: a weight depends on the text alone.
///
/// Shared by all requests of a process. Bounded: a text takes the place of another.
public final class TextWeightMemory: Sendable {
    private struct Slot {
        var key: UInt64
        /// Negative when no text is here.
        var weight: Int
    }

    /// A conversation of a megabyte has about a thousand texts. A power of two.
    private static let setCount = 2_048
    /// Texts that share a set push the oldest of them out.
    private static let setSize = 4
    /// Shorter texts, in bytes, are not looked up.
    static let leastLength = 96

    // Empty until the first request: an idle process does without.
    private let slots = Mutex<[Slot]>([])

    /// Knows nothing yet.
    public init() {}

    /// - Parameter weigh: is called when the weight is not known. The lock is not held then, so another thread need not wait.
    func weight(for key: UInt64, _ weigh: () -> Int) -> Int {
        let first = Int(truncatingIfNeeded: key & UInt64(Self.setCount - 1)) * Self.setSize
        let known: Int? = self.slots.withLock { slots in
            guard !slots.isEmpty else { return nil }
            for index in first..<first + Self.setSize where slots[index].key == key && slots[index].weight >= 0 {
                return slots[index].weight
            }
            return nil
        }
        if let known { return known }
        let weight = weigh()
        self.slots.withLock { slots in
            if slots.isEmpty {
                slots = Array(repeating: Slot(key: 0, weight: -1), count: Self.setCount * Self.setSize)
            }
            for index in (first + 1..<first + Self.setSize).reversed() { slots[index] = slots[index - 1] }
            slots[first] = Slot(key: key, weight: weight)
        }
        return weight
    }
}
