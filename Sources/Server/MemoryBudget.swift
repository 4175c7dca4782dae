// SPDX-License-Identifier: Apache-2.0

import Synchronization

/// How much memory the bodies and answers of all connections may take up together, and how much they do.
///
/// New work must fit; what is under way may go over it, because to end it would waste what was spent on it.
package final class MemoryBudget: Sendable {
    /// In bytes.
    let limit: Int
    private let taken = Atomic(0)

    /// - Parameter limit: in bytes.
    package init(limit: Int) {
        self.limit = limit
    }

    /// In bytes.
    package var used: Int { self.taken.load(ordering: .relaxed) }

    /// Returns false, and takes nothing, when there is no room for `count` more bytes. A body fits an empty budget
    /// whatever its size; nothing at all always fits.
    fileprivate func reserve(_ count: Int) -> Bool {
        guard count > 0 else { return true }
        // Taken before it is compared: of two that ask at once both may be refused, but never do both get the last
        // room.
        let before = self.taken.add(count, ordering: .relaxed).oldValue
        // What does not fit an empty budget would fit at no other time.
        if before == 0 || count <= self.limit - before { return true }
        self.take(-count)
        return false
    }

    fileprivate func take(_ count: Int) {
        self.taken.add(count, ordering: .relaxed)
    }
}

/// What one request takes up of a budget. Given back when the last reference goes. The parts may be changed from any
/// thread.
package final class MemoryShare: Sendable {
    private let budget: MemoryBudget
    /// In bytes.
    private let body: Atomic<Int>
    private let answer = Atomic(0)

    /// Nil when a body of `count` bytes does not fit.
    init?(_ budget: MemoryBudget, body count: Int) {
        guard budget.reserve(count) else { return nil }
        self.budget = budget
        self.body = Atomic(count)
    }

    deinit {
        self.budget.take(-self.body.load(ordering: .relaxed) - self.answer.load(ordering: .relaxed))
    }

    /// The size of the body.
    var count: Int { self.body.load(ordering: .relaxed) }

    /// Makes room for a body that is larger than was known. Returns false when there is none.
    func grow(to count: Int) -> Bool {
        let missing = count - self.body.load(ordering: .relaxed)
        guard missing <= 0 || self.budget.reserve(missing) else { return false }
        if missing > 0 { self.body.add(missing, ordering: .relaxed) }
        return true
    }

    /// The body is in memory no longer.
    func bodyWasReleased() {
        // An exchange, so that the size is given back once, whoever comes first.
        self.budget.take(-self.body.exchange(0, ordering: .relaxed))
    }

    /// So much of the answer waits, for its end or for its client.
    func answerHolds(_ count: Int) {
        let before = self.answer.exchange(count, ordering: .relaxed)
        if count != before { self.budget.take(count - before) }
    }
}
