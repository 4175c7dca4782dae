// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Gateway

@Suite struct RetryPolicyTests {
    private let policy = RetryPolicy(maximumRetries: 3, delay: .seconds(1))

    private func decide(
        _ outcome: RetryPolicy.Outcome, attempt: Int = 1, elapsed: Duration = .zero, forwarded: Bool = false,
        jitter: Double = 0
    ) -> RetryPolicy.Decision {
        self.policy.decide(
            after: outcome, attempt: attempt, elapsed: elapsed, hasForwardedContent: forwarded, jitter: jitter)
    }

    @Test func `the pause doubles and half of it is chance`() {
        #expect(self.decide(.transient(retryAfter: nil), attempt: 1) == .retry(after: .milliseconds(500)))
        #expect(self.decide(.transient(retryAfter: nil), attempt: 2) == .retry(after: .seconds(1)))
        #expect(self.decide(.transient(retryAfter: nil), attempt: 3) == .retry(after: .seconds(2)))
        #expect(self.decide(.transient(retryAfter: nil), attempt: 3, jitter: 0.5) == .retry(after: .seconds(3)))
        #expect(self.decide(.transient(retryAfter: nil), attempt: 4) == .giveUp)
    }

    @Test func `the upstream's own wish counts when it is longer`() {
        #expect(self.decide(.transient(retryAfter: .seconds(7))) == .retry(after: .seconds(7)))
        #expect(self.decide(.transient(retryAfter: .milliseconds(1))) == .retry(after: .milliseconds(500)))
    }

    @Test func `nothing is retried beyond the budget`() {
        #expect(self.decide(.transient(retryAfter: .seconds(91))) == .giveUp)
        #expect(self.decide(.transient(retryAfter: nil), elapsed: .seconds(90)) == .giveUp)
    }

    @Test func `nothing is retried after content`() {
        #expect(self.decide(.transient(retryAfter: nil), forwarded: true) == .giveUp)
        #expect(self.decide(.empty, forwarded: true) == .giveUp)
    }

    @Test func `an empty answer is asked for once more, even without retries`() {
        let none = RetryPolicy(maximumRetries: 0, delay: .seconds(1))
        let first = none.decide(after: .empty, attempt: 1, elapsed: .zero, hasForwardedContent: false, jitter: 0)
        #expect(first == .retry(after: .zero))
        #expect(self.decide(.empty, attempt: 2) == .giveUp)
    }

    @Test func `a final answer is final`() {
        #expect(self.decide(.final) == .giveUp)
    }

    @Test func `a large number of attempts does not overflow`() {
        let patient = RetryPolicy(maximumRetries: 1000, delay: .seconds(300), budget: .seconds(1_000_000))
        let decision = patient.decide(
            after: .transient(retryAfter: nil), attempt: 900, elapsed: .zero, hasForwardedContent: false, jitter: 0)
        #expect(decision == .retry(after: .seconds(10)))
    }
}
