// SPDX-License-Identifier: Apache-2.0

import Shared
import Translation

/// All that was learned about one model at one upstream: of every origin its last word on every subject.
///
/// Pure. The one place that decides which of two contradicting facts is right.
struct LearnedFacts: Sendable, Equatable {
    /// At most one for each origin and subject, so there are never many.
    private(set) var all: [Fact] = []
    /// What is in force, summed up.
    private(set) var traits = LearnedTraits()

    var latest: Timestamp? { self.all.map(\.learnedAt).max() }

    /// The fact on each subject that counts.
    var inForce: [Fact] {
        var subjects: [FactSubject] = []
        for fact in self.all where !subjects.contains(fact.lesson.subject) { subjects.append(fact.lesson.subject) }
        return subjects.compactMap { subject in
            // The last one first: of two from the same second it is the newer one.
            self.all.reversed().filter { $0.lesson.subject == subject }.max(by: Self.isWeaker)
        }
    }

    /// Takes a fact in. Returns whether `traits` changed.
    mutating func observe(_ fact: Fact) -> Bool {
        guard fact.lesson.isPlausible else { return false }
        let subject = fact.lesson.subject
        let earlier = self.all.first { $0.origin == fact.origin && $0.lesson.subject == subject }
        // A server that says of itself something other than before was started anew, with other settings. What its errors
        // taught about the one before is no longer true.
        let isRestart =
            fact.origin != .errorMessage && fact.origin != .usage && earlier.map { $0.lesson != fact.lesson } ?? false
        self.all.removeAll { known in
            if known.isUseless(at: fact.learnedAt) { return true }
            guard known.lesson.subject == subject else { return false }
            return known.origin == fact.origin || isRestart || known.isExpired(at: fact.learnedAt)
        }
        self.all.append(fact)
        return self.sumUp()
    }

    private mutating func sumUp() -> Bool {
        var traits = LearnedTraits()
        for fact in self.inForce { _ = traits.learn(fact.lesson) }
        defer { self.traits = traits }
        return traits != self.traits
    }

    /// Of equally exact facts the newer one counts.
    private static func isWeaker(_ first: Fact, _ second: Fact) -> Bool {
        (first.origin.exactness, first.learnedAt) < (second.origin.exactness, second.learnedAt)
    }
}
