// SPDX-License-Identifier: Apache-2.0

/// Which upstream is asked, how often, with what changed, and when to wait, to move on or to give up. A value: events go
/// in with the time that has passed since the request arrived, and what is to be done comes out. `MessagesEndpoint` runs it.
///
/// Candidates are positions in the plan's list, in the order in which the routes name them.
struct AttemptMachine<Correction: Sendable & Equatable>: Sendable {
    typealias Failure = AttemptFailure<Correction>

    enum Action: Sendable, Equatable {
        /// Take a place in the line of an upstream with a known rate. -> `lineAnswered`
        case standInLine
        /// Get what proves that we may ask. -> `authorized`, `failed`
        case authorize
        /// Send the request, with all these changes. -> `answered`, `failed`
        case send([Correction])
        /// Get another access token. -> `tokenAnswered`
        case renewToken
        /// -> `woke`
        case wait(Duration)
        /// Log that the next upstream is asked, and go on with it. -> `begin(admits:)`
        case moveOn
        case end(End)
    }

    enum End: Sendable, Equatable {
        /// The client has, or will have, the whole answer.
        case answered
        /// The client hung up.
        case cancelled
        /// The client is told of the failures.
        case failed
    }

    /// What to do next, and what the upstream's health is told. Each end of an attempt is told exactly once.
    struct Step: Sendable, Equatable {
        var action: Action
        var report: UpstreamHealth.Report?
        /// The place in the line goes to the next request.
        var leavesLine = false
    }

    /// How the upstream's line answered.
    enum Turn: Sendable, Equatable {
        case now
        case after(Duration)
        /// Longer than `AttemptBudget.line`.
        case tooLong
    }

    /// What is true at the time of a failure, beside the failure itself.
    struct Circumstances: Sendable, Equatable {
        /// Since the request arrived.
        var elapsed: Duration
        /// The client may have seen content: another attempt would repeat it.
        var hasWrittenContent: Bool
        /// Other requests have found the upstream down in the meantime.
        var isResting: Bool
        /// 0..<1
        var jitter: Double
    }

    private enum State: Sendable, Equatable {
        /// No upstream has been chosen. -> inLine, ended
        case choosing
        /// -> authorizing, waitingForTurn, choosing, ended
        case inLine
        /// -> authorizing, ended
        case waitingForTurn
        /// -> sending, pausing, choosing, ended
        case authorizing
        /// -> renewing, pausing, inLine, choosing, ended
        case sending
        /// -> inLine, choosing, ended
        case renewing(Failure)
        /// -> inLine, ended
        case pausing
        /// Final.
        case ended
    }

    let budget: AttemptBudget
    private let candidateCount: Int
    private var state = State.choosing
    /// The candidate that is being asked.
    private(set) var candidate = 0
    /// Those that were passed over because they rest. They are asked when no other is left: an upstream that is up again
    /// would otherwise never be found out.
    private var passedOver: [Int] = []
    private var nextCandidate = 0
    /// Requests that were sent, at all upstreams.
    private(set) var attempts = 0
    /// Of the present candidate.
    private(set) var retries = 0
    private var corrections: [Correction] = []
    private var wasEmpty = false
    private var isTokenRenewed = false
    /// When the upstream last gave a sign, or the first attempt began.
    private var lastSign = Duration.zero
    /// The client's stream was opened by a long silence: an error can no longer be a status.
    private var isStreamOpen = false

    /// - Parameter candidateCount: at least one.
    init(candidateCount: Int, budget: AttemptBudget) {
        precondition(candidateCount > 0, "a plan without candidates")
        self.candidateCount = candidateCount
        self.budget = budget
    }

    /// Whether another upstream is left that was not asked.
    var hasAlternative: Bool { self.nextCandidate < self.candidateCount || !self.passedOver.isEmpty }

    /// An answer that ends properly with nothing in it is what the client gets: the second one of its kind, when no other
    /// upstream is left.
    var acceptsEmptyAnswer: Bool { self.wasEmpty && !self.hasAlternative }

    /// Chooses the first upstream, or the next one after `moveOn`.
    ///
    /// - Parameter admits: whether the candidate should be asked now. Called once for each candidate, and not for an
    ///   only one.
    mutating func begin(admits: (Int) -> Bool) -> Step {
        guard case .choosing = self.state else { preconditionFailure("began in state \(self.state)") }
        self.candidate = self.choose(admits)
        self.retries = 0
        self.corrections = []
        self.wasEmpty = false
        self.isTokenRenewed = false
        return self.enterLine()
    }

    mutating func lineAnswered(_ turn: Turn, at elapsed: Duration) -> Step {
        guard case .inLine = self.state else { preconditionFailure("a turn in state \(self.state)") }
        switch turn {
        case .now:
            self.state = .authorizing
            return Step(action: .authorize)
        case .after(let wait):
            self.state = .waitingForTurn
            return Step(action: .wait(wait))
        case .tooLong:
            return self.leave(movesOn: true, report: .abandoned, elapsed, hasWrittenContent: false)
        }
    }

    /// A wait is over.
    mutating func woke() -> Step {
        switch self.state {
        case .waitingForTurn:
            self.state = .authorizing
            return Step(action: .authorize)
        case .pausing:
            return self.enterLine()
        case .choosing, .inLine, .authorizing, .sending, .renewing, .ended:
            preconditionFailure("woke in state \(self.state)")
        }
    }

    mutating func authorized() -> Step {
        guard case .authorizing = self.state else { preconditionFailure("authorized in state \(self.state)") }
        self.state = .sending
        self.attempts += 1
        return Step(action: .send(self.corrections))
    }

    mutating func answered() -> Step {
        self.state = .ended
        return Step(action: .end(.answered), report: .answered)
    }

    /// The client hung up, at whatever time.
    mutating func cancelled() -> Step {
        let leavesLine = self.state == .waitingForTurn
        self.state = .ended
        return Step(action: .end(.cancelled), report: .abandoned, leavesLine: leavesLine)
    }

    /// The attempt failed: there is nothing to present to the upstream, or the upstream did not answer as it should.
    mutating func failed(_ failure: Failure, _ now: Circumstances) -> Step {
        self.noticeSign(at: now.elapsed)
        // Once content has reached the client another attempt would repeat it.
        guard !now.hasWrittenContent else { return self.end(report: failure.report) }
        switch failure.remedy {
        case .none:
            break
        case .token:
            // Once: a second fresh token that is refused shows that the token is not what is wrong.
            guard !self.isTokenRenewed else { break }
            self.isTokenRenewed = true
            self.state = .renewing(failure)
            return Step(action: .renewToken)
        case .correction(let correction):
            // The same change twice would be refused twice.
            guard !self.corrections.contains(correction), self.corrections.count < self.budget.corrections else {
                break
            }
            self.corrections.append(correction)
            return self.enterLine(report: failure.report)
        case .chance:
            // Once, whatever the number of retries: it is an accident of the upstream, not a refusal.
            guard !self.wasEmpty else { break }
            self.wasEmpty = true
            return self.enterLine(report: failure.report)
        case .time(let retryAfter):
            guard let pause = self.pause(retryAfter, now) else { break }
            // A request that can be served elsewhere does not wait for an upstream that is known to be down.
            if self.hasAlternative, now.isResting { break }
            self.retries += 1
            self.state = .pausing
            return Step(action: .wait(pause), report: failure.report)
        }
        return self.leave(movesOn: failure.movesOn, report: failure.report, now.elapsed, hasWrittenContent: false)
    }

    /// - Parameter isNew: whether there is another token to try. That attempt does not count as a retry.
    mutating func tokenAnswered(isNew: Bool, _ now: Circumstances) -> Step {
        guard case .renewing(let failure) = self.state else { preconditionFailure("a token in state \(self.state)") }
        self.noticeSign(at: now.elapsed)
        // The renewed request takes a place in the line again: the upstream counts it as one more.
        if isNew { return self.enterLine() }
        return self.leave(
            movesOn: failure.movesOn, report: failure.report, now.elapsed, hasWrittenContent: now.hasWrittenContent)
    }
}

// MARK: - Choices

extension AttemptMachine {
    private mutating func choose(_ admits: (Int) -> Bool) -> Int {
        while self.nextCandidate < self.candidateCount {
            let candidate = self.nextCandidate
            self.nextCandidate += 1
            // Once for each: the question may make the request the probe of an upstream that rested. An only one is
            // asked anyway.
            if self.candidateCount == 1 || admits(candidate) { return candidate }
            self.passedOver.append(candidate)
        }
        guard !self.passedOver.isEmpty else { preconditionFailure("no upstream is left to ask") }
        return self.passedOver.removeFirst()
    }

    private mutating func enterLine(report: UpstreamHealth.Report? = nil) -> Step {
        self.state = .inLine
        return Step(action: .standInLine, report: report)
    }

    /// Gives this upstream up, for another one if that may help.
    private mutating func leave(
        movesOn: Bool, report: UpstreamHealth.Report, _ elapsed: Duration, hasWrittenContent: Bool,
    ) -> Step {
        guard movesOn, self.hasAlternative, !hasWrittenContent, elapsed <= self.budget.moves else {
            return self.end(report: report)
        }
        self.state = .choosing
        return Step(action: .moveOn, report: report)
    }

    private mutating func end(report: UpstreamHealth.Report) -> Step {
        self.state = .ended
        return Step(action: .end(.failed), report: report)
    }

    /// A failure is a sign of the upstream. If it was silent for too long before, the client's stream has been opened.
    private mutating func noticeSign(at elapsed: Duration) {
        if let silence = self.budget.silence, elapsed - self.lastSign >= silence { self.isStreamOpen = true }
        self.lastSign = elapsed
    }

    /// The pause before one more attempt at the same upstream; nil when there is to be none.
    private func pause(_ retryAfter: Duration?, _ now: Circumstances) -> Duration? {
        guard self.retries < self.budget.maximumRetries else { return nil }
        let pause = max(
            retryAfter ?? .zero, self.budget.pause(beforeRetry: self.retries + 1, jitter: now.jitter))
        var end = self.budget.retries
        // Before the silence that would open the client's stream: the client then gets the upstream's status and its
        // retry-after, and knows best what to do with them.
        if let silence = self.budget.silence, !self.isStreamOpen { end = min(end, silence) }
        return now.elapsed + pause < end ? pause : nil
    }
}
