// SPDX-License-Identifier: Apache-2.0

import Shared
import Testing

@testable import Gateway

@Suite struct CircuitBreakerTests {
    private let start = SteadyInstant.now

    private static func opened(at start: SteadyInstant) -> CircuitBreaker {
        var breaker = CircuitBreaker()
        for _ in 0..<CircuitBreaker.threshold { breaker.failed(breaker.attempt, at: start) }
        return breaker
    }

    // The macro takes no mutating calls.
    private func admitted(_ attempt: CircuitBreaker.Attempt?, at place: SourceLocation = #_sourceLocation) {
        #expect(attempt != nil, sourceLocation: place)
    }

    private func taken(_ attempt: CircuitBreaker.Attempt?) throws -> CircuitBreaker.Attempt { try #require(attempt) }

    private func refused(_ attempt: CircuitBreaker.Attempt?, at place: SourceLocation = #_sourceLocation) {
        #expect(attempt == nil, sourceLocation: place)
    }

    @Test func `it opens after failures in a row, not before`() {
        var breaker = CircuitBreaker()
        for _ in 1..<CircuitBreaker.threshold { breaker.failed(breaker.attempt, at: self.start) }
        self.admitted(breaker.admit(at: self.start))
        breaker.answered(breaker.attempt)
        for _ in 1..<CircuitBreaker.threshold { breaker.failed(breaker.attempt, at: self.start) }
        self.admitted(breaker.admit(at: self.start))
        breaker.failed(breaker.attempt, at: self.start)
        self.refused(breaker.admit(at: self.start))
        #expect(breaker.restsUntil(at: self.start) == self.start + CircuitBreaker.firstPause)
    }

    @Test func `one request finds out whether it is up again`() {
        var breaker = Self.opened(at: self.start)
        let later = self.start + CircuitBreaker.firstPause
        self.admitted(breaker.admit(at: later))
        self.refused(breaker.admit(at: later))
        breaker.answered(breaker.attempt)
        #expect(breaker.state == .closed(failures: 0))
        self.admitted(breaker.admit(at: later))
    }

    @Test func `a probe that fails makes the pause longer, up to a limit`() {
        var breaker = Self.opened(at: self.start)
        var now = self.start
        var pause = CircuitBreaker.firstPause
        for _ in 0..<10 {
            now = now + pause
            self.admitted(breaker.admit(at: now))
            breaker.failed(breaker.attempt, at: now)
            pause = min(pause * 2, CircuitBreaker.longestPause)
            #expect(breaker.restsUntil(at: now) == now + pause)
        }
        #expect(pause == CircuitBreaker.longestPause)
    }

    @Test func `a probe of which nothing is heard is followed by another`() {
        var breaker = Self.opened(at: self.start)
        let probed = self.start + CircuitBreaker.firstPause
        self.admitted(breaker.admit(at: probed))
        self.refused(breaker.admit(at: probed + CircuitBreaker.probePatience - .milliseconds(1)))
        self.admitted(breaker.admit(at: probed + CircuitBreaker.probePatience))
    }

    @Test func `a probe that is taken back leaves its place to the next request`() throws {
        var breaker = Self.opened(at: self.start)
        let later = self.start + CircuitBreaker.firstPause
        let probe = try self.taken(breaker.admit(at: later))
        breaker.abandoned(probe, at: later)
        self.admitted(breaker.admit(at: later))
    }

    @Test func `only the probe gives its place up`() throws {
        var breaker = CircuitBreaker()
        let early = try self.taken(breaker.admit(at: self.start))
        for _ in 0..<CircuitBreaker.threshold { breaker.failed(breaker.attempt, at: self.start) }
        let resting = breaker.attempt
        let later = self.start + CircuitBreaker.firstPause
        let lost = try self.taken(breaker.admit(at: later))
        let probed = later + CircuitBreaker.probePatience
        let probe = try self.taken(breaker.admit(at: probed))
        for other in [early, resting, lost] {
            breaker.abandoned(other, at: probed)
            self.refused(breaker.admit(at: probed))
        }
        breaker.abandoned(probe, at: probed)
        self.admitted(breaker.admit(at: probed))
    }

    @Test func `what began before it opened says nothing`() throws {
        var breaker = CircuitBreaker()
        let early = try self.taken(breaker.admit(at: self.start))
        for _ in 0..<CircuitBreaker.threshold { breaker.failed(breaker.attempt, at: self.start) }
        let opened = breaker.state
        breaker.answered(early)
        breaker.failed(early, at: self.start)
        #expect(breaker.state == opened)
        // A late failure does not make the pause of the probe longer, nor count for the next opening.
        let later = self.start + CircuitBreaker.firstPause
        let probe = try self.taken(breaker.admit(at: later))
        let probing = breaker.state
        breaker.failed(early, at: later)
        breaker.answered(early)
        #expect(breaker.state == probing)
        breaker.answered(probe)
        breaker.failed(early, at: later)
        #expect(breaker.state == .closed(failures: 0))
    }

    @Test func `an answer that began before an exclusion does not end it`() {
        var breaker = CircuitBreaker()
        let early = breaker.attempt
        breaker.excluded(for: .seconds(120), at: self.start)
        breaker.answered(early)
        #expect(breaker.restsUntil(at: self.start) == self.start + .seconds(120))
    }

    @Test func `an upstream that says for how long is left alone for as long`() {
        var breaker = CircuitBreaker()
        breaker.excluded(for: .seconds(120), at: self.start)
        breaker.excluded(for: .seconds(5), at: self.start)
        #expect(breaker.restsUntil(at: self.start) == self.start + .seconds(120))
        self.refused(breaker.admit(at: self.start + .seconds(119)))
        self.admitted(breaker.admit(at: self.start + .seconds(120)))
    }

    @Test func `a longer exclusion counts for one that rests already, a shorter one does not`() {
        var breaker = Self.opened(at: self.start)
        breaker.excluded(for: .seconds(300), at: self.start)
        #expect(breaker.restsUntil(at: self.start) == self.start + .seconds(300))
        breaker.excluded(for: .seconds(60), at: self.start)
        #expect(breaker.restsUntil(at: self.start) == self.start + .seconds(300))
    }

    @Test func `an upstream that is asked in spite of its open breaker, and answers, is asked again`() {
        var breaker = Self.opened(at: self.start)
        breaker.failed(breaker.attempt, at: self.start + .seconds(1))
        #expect(breaker.restsUntil(at: self.start) == self.start + CircuitBreaker.firstPause)
        breaker.answered(breaker.attempt)
        self.admitted(breaker.admit(at: self.start))
    }
}
