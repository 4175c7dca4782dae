// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Gateway

/// The whole decision about upstreams and attempts, as a conversation.
@Suite struct AttemptMachineTests {
    private typealias Machine = AttemptMachine<String>
    private typealias Failure = AttemptFailure<String>
    private typealias Step = Machine.Step

    private static let budget = AttemptBudget(maximumRetries: 3, delay: .seconds(1), silence: .seconds(10))
    private static let overloaded = Failure(remedy: .time(retryAfter: nil), report: .failed, movesOn: true)
    private static let outOfQuota = Failure(remedy: .none, report: .excluded(for: .seconds(300)), movesOn: true)
    private static let mistaken = Failure(remedy: .none, report: .answered, movesOn: false)

    private func now(
        _ elapsed: Duration = .zero, written: Bool = false, resting: Bool = false, jitter: Double = 0
    ) -> Machine.Circumstances {
        .init(elapsed: elapsed, hasWrittenContent: written, isResting: resting, jitter: jitter)
    }

    /// A machine whose first request is on its way.
    private func sending(
        candidates: Int = 1, budget: AttemptBudget = Self.budget, resting: Set<Int> = []
    ) -> Machine {
        var machine = Machine(candidateCount: candidates, budget: budget)
        #expect(machine.begin { !resting.contains($0) } == Step(action: .standInLine))
        #expect(self.send(&machine) == [])
        return machine
    }

    /// From the line to the request; the corrections of the request.
    private func send(_ machine: inout Machine) -> [String]? {
        #expect(machine.lineAnswered(.now, at: .zero) == Step(action: .authorize))
        guard case .send(let corrections) = machine.authorized().action else { return nil }
        return corrections
    }

    // MARK: - One upstream

    @Test func `an answer ends it`() {
        var machine = self.sending()
        #expect(machine.answered() == Step(action: .end(.answered), report: .answered))
        #expect(machine.attempts == 1)
    }

    @Test func `what can pass is tried again after a pause that doubles`() {
        var machine = self.sending()
        var elapsed = Duration.zero
        for pause in [Duration.milliseconds(500), .seconds(1), .seconds(2)] {
            #expect(machine.failed(Self.overloaded, self.now(elapsed)) == Step(action: .wait(pause), report: .failed))
            elapsed += pause
            #expect(machine.woke() == Step(action: .standInLine))
            #expect(self.send(&machine) == [])
        }
        #expect(machine.failed(Self.overloaded, self.now(elapsed)) == Step(action: .end(.failed), report: .failed))
        #expect(machine.attempts == 4)
    }

    @Test func `half of a pause is chance, and the upstream's own wish counts when it is longer`() {
        var machine = self.sending()
        let step = machine.failed(Self.overloaded, self.now(jitter: 0.5))
        #expect(step.action == .wait(.milliseconds(750)))
        machine = self.sending()
        let asked = Failure(remedy: .time(retryAfter: .seconds(7)), report: .failed, movesOn: true)
        #expect(machine.failed(asked, self.now()).action == .wait(.seconds(7)))
    }

    @Test func `retries end before the silence that would open the client's stream`() {
        var machine = self.sending()
        let asked = Failure(remedy: .time(retryAfter: .seconds(6)), report: .failed, movesOn: true)
        #expect(machine.failed(asked, self.now(.seconds(1))).action == .wait(.seconds(6)))
        _ = machine.woke()
        _ = self.send(&machine)
        // 7 s have passed; another 6 s would be too much, and the client gets the status.
        #expect(machine.failed(asked, self.now(.seconds(7))).action == .end(.failed))
    }

    @Test func `once a silent upstream has opened the stream, the longer budget counts`() {
        var machine = self.sending()
        let asked = Failure(remedy: .time(retryAfter: .seconds(6)), report: .failed, movesOn: true)
        #expect(machine.failed(asked, self.now(.seconds(11))).action == .wait(.seconds(6)))
        _ = machine.woke()
        _ = self.send(&machine)
        #expect(machine.failed(asked, self.now(.seconds(85))).action == .end(.failed))
    }

    @Test func `an answer that is not streamed may be retried longer`() {
        var budget = Self.budget
        budget.silence = nil
        var machine = self.sending(budget: budget)
        #expect(machine.failed(Self.overloaded, self.now(.seconds(80))).action == .wait(.milliseconds(500)))
        _ = machine.woke()
        _ = self.send(&machine)
        #expect(machine.failed(Self.overloaded, self.now(.seconds(90))).action == .end(.failed))
    }

    @Test func `nothing is tried again after content`() {
        let remedies: [Failure.Remedy] = [
            .time(retryAfter: nil), .chance, .token, .correction("smaller"), Failure.Remedy.none,
        ]
        for remedy in remedies {
            var machine = self.sending(candidates: 2)
            let failure = Failure(remedy: remedy, report: .failed, movesOn: true)
            let step = machine.failed(failure, self.now(written: true))
            #expect(step == Step(action: .end(.failed), report: .failed), "\(remedy)")
        }
    }

    @Test func `a mistake in the request is final`() {
        var machine = self.sending(candidates: 2)
        #expect(machine.failed(Self.mistaken, self.now()) == Step(action: .end(.failed), report: .answered))
    }

    @Test func `many attempts with long delays do not overflow`() {
        var budget = AttemptBudget(maximumRetries: 1_000_000, delay: .seconds(300), retries: .seconds(1_000_000))
        budget.maximumDelay = .seconds(20)
        #expect(budget.pause(beforeRetry: 900_000, jitter: 0) == .seconds(10))
        #expect(budget.pause(beforeRetry: 0, jitter: 0) == .seconds(10))
    }

    // MARK: - Empty answers

    @Test func `an empty answer is asked for once more, even without retries, and the second is accepted`() {
        var machine = self.sending(budget: AttemptBudget(maximumRetries: 0, delay: .seconds(1)))
        let empty = Failure(remedy: .chance, report: .failed, movesOn: true)
        #expect(!machine.acceptsEmptyAnswer)
        #expect(machine.failed(empty, self.now()) == Step(action: .standInLine, report: .failed))
        #expect(machine.acceptsEmptyAnswer)
        #expect(self.send(&machine) == [])
        #expect(machine.failed(empty, self.now()).action == .end(.failed))
    }

    @Test func `an empty answer is not accepted while another upstream is left`() {
        var machine = self.sending(candidates: 2)
        let empty = Failure(remedy: .chance, report: .failed, movesOn: true)
        _ = machine.failed(empty, self.now())
        #expect(!machine.acceptsEmptyAnswer)
        _ = self.send(&machine)
        #expect(machine.failed(empty, self.now()).action == .moveOn)
        _ = machine.begin { _ in true }
        _ = self.send(&machine)
        #expect(!machine.acceptsEmptyAnswer)
        _ = machine.failed(empty, self.now())
        #expect(machine.acceptsEmptyAnswer)
    }

    // MARK: - Corrections

    @Test func `a request that does not fit is sent again as the upstream can take it`() {
        var machine = self.sending()
        let tooMuch = Failure(remedy: .correction("8192 tokens"), report: .answered, movesOn: false)
        #expect(machine.failed(tooMuch, self.now()) == Step(action: .standInLine, report: .answered))
        #expect(self.send(&machine) == ["8192 tokens"])
        let image = Failure(remedy: .correction("no images"), report: .answered, movesOn: false)
        #expect(machine.failed(image, self.now()).action == .standInLine)
        #expect(self.send(&machine) == ["8192 tokens", "no images"])
        // Said twice it does not help.
        #expect(machine.failed(image, self.now()).action == .end(.failed))
    }

    @Test func `corrections come to an end`() {
        var machine = self.sending()
        for number in 1...3 {
            let failure = Failure(remedy: .correction("\(number)"), report: .answered, movesOn: false)
            #expect(machine.failed(failure, self.now()).action == .standInLine)
            _ = self.send(&machine)
        }
        let failure = Failure(remedy: .correction("4"), report: .answered, movesOn: false)
        #expect(machine.failed(failure, self.now()).action == .end(.failed))
    }

    @Test func `the next upstream gets the request as it was`() {
        var machine = self.sending(candidates: 2)
        _ = machine.failed(Failure(remedy: .correction("no images"), report: .answered, movesOn: false), self.now())
        #expect(self.send(&machine) == ["no images"])
        #expect(machine.failed(Self.outOfQuota, self.now()).action == .moveOn)
        _ = machine.begin { _ in true }
        #expect(self.send(&machine) == [])
    }

    // MARK: - Credentials

    @Test func `a refused token is renewed once, and that attempt is no retry`() {
        var machine = self.sending(budget: AttemptBudget(maximumRetries: 0, delay: .seconds(1)))
        let refused = Failure(remedy: .token, report: .excluded(for: .seconds(60)), movesOn: true)
        // Whether the upstream refuses us is not known before the new token was tried.
        #expect(machine.failed(refused, self.now()) == Step(action: .renewToken))
        #expect(machine.tokenAnswered(isNew: true, self.now()) == Step(action: .standInLine))
        #expect(self.send(&machine) == [])
        #expect(
            machine.failed(refused, self.now())
                == Step(action: .end(.failed), report: .excluded(for: .seconds(60))))
    }

    @Test func `without another token the refusal stands`() {
        var machine = self.sending(candidates: 2)
        let refused = Failure(remedy: .token, report: .excluded(for: .seconds(60)), movesOn: true)
        _ = machine.failed(refused, self.now())
        #expect(
            machine.tokenAnswered(isNew: false, self.now())
                == Step(action: .moveOn, report: .excluded(for: .seconds(60))))
    }

    @Test func `nothing to present is a failure without an attempt`() {
        var machine = Machine(candidateCount: 1, budget: Self.budget)
        _ = machine.begin { _ in true }
        _ = machine.lineAnswered(.now, at: .zero)
        let missing = Failure(remedy: .none, report: .abandoned, movesOn: true)
        #expect(machine.failed(missing, self.now()) == Step(action: .end(.failed), report: .abandoned))
        #expect(machine.attempts == 0)
    }

    // MARK: - Several upstreams

    @Test func `the next upstream is asked when the first will not serve us`() {
        var machine = self.sending(candidates: 2)
        #expect(
            machine.failed(Self.outOfQuota, self.now())
                == Step(action: .moveOn, report: .excluded(for: .seconds(300))))
        _ = machine.begin { _ in true }
        #expect(machine.candidate == 1)
        #expect(self.send(&machine) == [])
        #expect(machine.answered().action == .end(.answered))
        #expect(machine.attempts == 2)
    }

    @Test(
        arguments: [([], [0, 1, 2]), ([0], [1, 2, 0]), ([0, 1, 2], [0, 1, 2])] as [(Set<Int>, [Int])])
    func `an upstream that rests is asked last, and one is always asked`(resting: Set<Int>, order: [Int]) {
        var machine = Machine(candidateCount: 3, budget: Self.budget)
        var asked: [Int] = []
        for _ in order {
            _ = machine.begin { !resting.contains($0) }
            asked.append(machine.candidate)
            _ = self.send(&machine)
            _ = machine.failed(Self.outOfQuota, self.now())
        }
        #expect(asked == order)
        #expect(!machine.hasAlternative)
    }

    @Test func `an only upstream is asked without a look at its health`() {
        var machine = Machine(candidateCount: 1, budget: Self.budget)
        _ = machine.begin { _ in
            Issue.record("admission of an only candidate")
            return false
        }
        #expect(machine.candidate == 0)
    }

    @Test func `a request that can be served elsewhere does not wait for an upstream that others found down`() {
        var machine = self.sending(candidates: 2)
        #expect(machine.failed(Self.overloaded, self.now(resting: true)).action == .moveOn)
        var only = self.sending()
        #expect(only.failed(Self.overloaded, self.now(resting: true)).action == .wait(.milliseconds(500)))
    }

    @Test func `no other upstream is asked when the client is about to give up`() {
        var machine = self.sending(candidates: 2)
        #expect(machine.failed(Self.outOfQuota, self.now(.seconds(241))).action == .end(.failed))
    }

    // MARK: - Lines and hang-ups

    @Test func `a request waits for its turn`() {
        var machine = Machine(candidateCount: 1, budget: Self.budget)
        _ = machine.begin { _ in true }
        #expect(machine.lineAnswered(.after(.seconds(4)), at: .zero) == Step(action: .wait(.seconds(4))))
        #expect(machine.woke() == Step(action: .authorize))
    }

    @Test func `a line that is too long is no failure of the upstream`() {
        var machine = Machine(candidateCount: 2, budget: Self.budget)
        _ = machine.begin { _ in true }
        #expect(machine.lineAnswered(.tooLong, at: .zero) == Step(action: .moveOn, report: .abandoned))
        _ = machine.begin { _ in true }
        #expect(machine.lineAnswered(.tooLong, at: .zero) == Step(action: .end(.failed), report: .abandoned))
    }

    @Test func `a client that hangs up in the line leaves its place`() {
        var machine = Machine(candidateCount: 1, budget: Self.budget)
        _ = machine.begin { _ in true }
        _ = machine.lineAnswered(.after(.seconds(4)), at: .zero)
        #expect(machine.cancelled() == Step(action: .end(.cancelled), report: .abandoned, leavesLine: true))
    }

    @Test func `a client that hangs up later tells nothing about the upstream`() {
        var machine = self.sending()
        #expect(machine.cancelled() == Step(action: .end(.cancelled), report: .abandoned))
        machine = self.sending()
        _ = machine.failed(Self.overloaded, self.now())
        #expect(machine.cancelled() == Step(action: .end(.cancelled), report: .abandoned))
    }
}
