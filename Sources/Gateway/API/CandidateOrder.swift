// SPDX-License-Identifier: Apache-2.0

/// In which order the candidates of one request are asked: as the routes say, but those that rest come last. Somebody is
/// always asked: refusing without having asked would keep an upstream down that is up again.
struct CandidateOrder<Candidate> {
    private let candidates: [Candidate]
    private var position = 0
    private var resting: [Candidate] = []

    init(_ candidates: [Candidate]) {
        self.candidates = candidates
    }

    /// Whether anybody is left who was not asked.
    var hasMore: Bool { self.position < self.candidates.count || !self.resting.isEmpty }

    /// - Parameter admits: whether a candidate should be asked now. It is not called for an only candidate.
    mutating func next(admits: (Candidate) -> Bool) -> Candidate? {
        while self.position < self.candidates.count {
            let candidate = self.candidates[self.position]
            self.position += 1
            if self.candidates.count == 1 || admits(candidate) { return candidate }
            self.resting.append(candidate)
        }
        return self.resting.isEmpty ? nil : self.resting.removeFirst()
    }
}
