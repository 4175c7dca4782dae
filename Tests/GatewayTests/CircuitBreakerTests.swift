// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Gateway

@Suite struct CircuitBreakerTests {
    private let start = ContinuousClock.now

    private static func opened(at start: ContinuousClock.Instant) -> CircuitBreaker {
        var breaker = CircuitBreaker()
        for _ in 0..<CircuitBreaker.threshold { breaker.failed(at: start) }
        return breaker
    }

    // The macro takes no mutating calls.
    private func admitted(_ isAdmitted: Bool, at place: SourceLocation = #_sourceLocation) {
        #expect(isAdmitted, sourceLocation: place)
    }

    private func refused(_ isAdmitted: Bool, at place: SourceLocation = #_sourceLocation) {
        #expect(!isAdmitted, sourceLocation: place)
    }

    @Test func `it opens after failures in a row, not before`() {
        var breaker = CircuitBreaker()
        for _ in 1..<CircuitBreaker.threshold { breaker.failed(at: self.start) }
        self.admitted(breaker.admits(at: self.start))
        breaker.answered()
        for _ in 1..<CircuitBreaker.threshold { breaker.failed(at: self.start) }
        self.admitted(breaker.admits(at: self.start))
        breaker.failed(at: self.start)
        self.refused(breaker.admits(at: self.start))
        #expect(breaker.restsUntil(at: self.start) == self.start + CircuitBreaker.firstPause)
    }

    @Test func `one request finds out whether it is up again`() {
        var breaker = Self.opened(at: self.start)
        let later = self.start + CircuitBreaker.firstPause
        self.admitted(breaker.admits(at: later))
        self.refused(breaker.admits(at: later))
        breaker.answered()
        #expect(breaker.state == .closed(failures: 0))
        self.admitted(breaker.admits(at: later))
    }

    @Test func `a probe that fails makes the pause longer, up to a limit`() {
        var breaker = Self.opened(at: self.start)
        var now = self.start
        var pause = CircuitBreaker.firstPause
        for _ in 0..<10 {
            now = now + pause
            self.admitted(breaker.admits(at: now))
            breaker.failed(at: now)
            pause = min(pause * 2, CircuitBreaker.longestPause)
            #expect(breaker.restsUntil(at: now) == now + pause)
        }
        #expect(pause == CircuitBreaker.longestPause)
    }

    @Test func `a probe of which nothing is heard is followed by another`() {
        var breaker = Self.opened(at: self.start)
        let probed = self.start + CircuitBreaker.firstPause
        self.admitted(breaker.admits(at: probed))
        self.refused(breaker.admits(at: probed + CircuitBreaker.probePatience - .milliseconds(1)))
        self.admitted(breaker.admits(at: probed + CircuitBreaker.probePatience))
    }

    @Test func `a probe that is taken back leaves its place to the next request`() {
        var breaker = Self.opened(at: self.start)
        let later = self.start + CircuitBreaker.firstPause
        self.admitted(breaker.admits(at: later))
        breaker.abandoned(at: later)
        self.admitted(breaker.admits(at: later))
    }

    @Test func `an upstream that says for how long is left alone for as long`() {
        var breaker = CircuitBreaker()
        breaker.excluded(for: .seconds(120), at: self.start)
        breaker.excluded(for: .seconds(5), at: self.start)
        #expect(breaker.restsUntil(at: self.start) == self.start + .seconds(120))
        self.refused(breaker.admits(at: self.start + .seconds(119)))
        self.admitted(breaker.admits(at: self.start + .seconds(120)))
    }

    @Test func `a longer exclusion counts for one that rests already, a shorter one does not`() {
        var breaker = Self.opened(at: self.start)
        breaker.excluded(for: .seconds(300), at: self.start)
        #expect(breaker.restsUntil(at: self.start) == self.start + .seconds(300))
        breaker.excluded(for: .seconds(60), at: self.start)
        #expect(breaker.restsUntil(at: self.start) == self.start + .seconds(300))
    }

    @Test func `who is asked although it rests, and answers, is asked again`() {
        var breaker = Self.opened(at: self.start)
        breaker.failed(at: self.start + .seconds(1))
        #expect(breaker.restsUntil(at: self.start) == self.start + CircuitBreaker.firstPause)
        breaker.answered()
        self.admitted(breaker.admits(at: self.start))
    }
}
