// SPDX-License-Identifier: Apache-2.0

import Shared

/// Whether an upstream is worth asking. Pure: the time comes in.
///
/// It never refuses the last upstream that is left; its caller decides that. It only says which should be asked first.
struct CircuitBreaker: Sendable, Equatable {
    enum State: Sendable, Equatable {
        /// Asked as usual. -> open after `threshold` failures in a row, or at once when the upstream says for how long.
        case closed(failures: Int)
        /// Not asked before `until`. -> probing
        case open(until: SteadyInstant, pause: Duration)
        /// One request, the probe, finds out how things are. -> closed, open, or probing anew when nothing was heard of it
        case probing(since: SteadyInstant, pause: Duration)
    }

    /// A request that is sent, and what its end can tell.
    struct Attempt: Sendable, Equatable {
        /// How often the breaker had opened before. One that has opened since knows better.
        fileprivate var openings = 0
        /// When it became the probe, if it is one.
        fileprivate var probe: SteadyInstant?
    }

    /// Failures in a row before it opens.
    static let threshold = 5
    /// Doubled each time that a probe fails.
    static let firstPause = Duration.seconds(10)
    static let longestPause = Duration.seconds(300)
    /// A probe can be a stream of minutes. After this long another request may find out.
    static let probePatience = Duration.seconds(10)

    private(set) var state = State.closed(failures: 0)
    private var openings = 0

    /// A request that is sent now, whether it should be or not.
    var attempt: Attempt { Attempt(openings: self.openings) }

    /// A request that may go there now; nil when it should not. Of an open breaker whose time is over, the first request
    /// becomes the probe.
    mutating func admit(at now: SteadyInstant) -> Attempt? {
        switch self.state {
        case .closed:
            return self.attempt
        case .open(let until, let pause):
            return now >= until ? self.probe(at: now, pause: pause) : nil
        case .probing(let since, let pause):
            return now - since >= Self.probePatience ? self.probe(at: now, pause: pause) : nil
        }
    }

    /// It answered, whatever it said.
    mutating func answered(_ attempt: Attempt) {
        // What was asked before it went down proves nothing.
        guard attempt.openings == self.openings else { return }
        self.state = .closed(failures: 0)
    }

    /// It was down.
    mutating func failed(_ attempt: Attempt, at now: SteadyInstant) {
        // Of one that was asked before the breaker opened, it is known by now.
        guard attempt.openings == self.openings else { return }
        switch self.state {
        case .closed(let failures):
            guard failures + 1 >= Self.threshold else {
                self.state = .closed(failures: failures + 1)
                return
            }
            self.open(until: now + Self.firstPause, pause: Self.firstPause)
        case .probing(_, let pause):
            let longer = min(pause * 2, Self.longestPause)
            self.open(until: now + longer, pause: longer)
        // It was asked although it is open, which tells nothing new.
        case .open:
            break
        }
    }

    /// It said, or it is clear, that it will not serve us before `pause` is over.
    mutating func excluded(for pause: Duration, at now: SteadyInstant) {
        // A shorter rest does not end a longer one.
        if case .open(let until, _) = self.state, until >= now + pause { return }
        self.open(until: now + pause, pause: Self.firstPause)
    }

    /// The request was taken back before anything was known. The place of the probe is only its own to give up.
    mutating func abandoned(_ attempt: Attempt, at now: SteadyInstant) {
        guard case .probing(let since, let pause) = self.state, attempt.probe == since else { return }
        // Its time is over, so the next request becomes the probe.
        self.state = .open(until: now, pause: pause)
    }

    /// When it may be asked again; nil when it may be asked now.
    func restsUntil(at now: SteadyInstant) -> SteadyInstant? {
        guard case .open(let until, _) = self.state, until > now else { return nil }
        return until
    }

    private mutating func probe(at now: SteadyInstant, pause: Duration) -> Attempt {
        self.state = .probing(since: now, pause: pause)
        return Attempt(openings: self.openings, probe: now)
    }

    private mutating func open(until: SteadyInstant, pause: Duration) {
        self.openings += 1
        self.state = .open(until: until, pause: pause)
    }
}
