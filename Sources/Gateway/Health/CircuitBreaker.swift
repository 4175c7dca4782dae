// SPDX-License-Identifier: Apache-2.0

/// Whether an upstream is worth asking. Pure: the time comes in.
///
/// It never refuses the last upstream that is left; whoever asks it decides that. It only says who should be asked first.
struct CircuitBreaker: Sendable, Equatable {
    enum State: Sendable, Equatable {
        /// Asked as usual. -> open after `threshold` failures in a row, or at once when the upstream says for how long.
        case closed(failures: Int)
        /// Not asked before `until`. -> probing
        case open(until: ContinuousClock.Instant, pause: Duration)
        /// One request finds out how things are. -> closed, open, or probing anew when nothing was heard of it
        case probing(since: ContinuousClock.Instant, pause: Duration)
    }

    /// Failures in a row before it opens.
    static let threshold = 5
    /// Doubled each time that a probe fails.
    static let firstPause = Duration.seconds(10)
    static let longestPause = Duration.seconds(300)
    /// A probe can be a stream of minutes. After this long another request may find out.
    static let probePatience = Duration.seconds(10)

    private(set) var state = State.closed(failures: 0)

    /// Whether a request may go there now. Of an open breaker whose time is over, the first who asks becomes the probe.
    mutating func admits(at now: ContinuousClock.Instant) -> Bool {
        switch self.state {
        case .closed:
            return true
        case .open(let until, let pause):
            guard now >= until else { return false }
            self.state = .probing(since: now, pause: pause)
            return true
        case .probing(let since, let pause):
            guard now - since >= Self.probePatience else { return false }
            self.state = .probing(since: now, pause: pause)
            return true
        }
    }

    /// It answered, whatever it said.
    mutating func answered() {
        self.state = .closed(failures: 0)
    }

    /// It was down. An upstream that is asked although it is open tells nothing new.
    mutating func failed(at now: ContinuousClock.Instant) {
        switch self.state {
        case .closed(let failures):
            self.state =
                failures + 1 < Self.threshold
                ? .closed(failures: failures + 1) : .open(until: now + Self.firstPause, pause: Self.firstPause)
        case .probing(_, let pause):
            let longer = min(pause * 2, Self.longestPause)
            self.state = .open(until: now + longer, pause: longer)
        case .open:
            break
        }
    }

    /// It said, or it is clear, that it will not serve us before `pause` is over.
    mutating func excluded(for pause: Duration, at now: ContinuousClock.Instant) {
        if case .open(let until, _) = self.state, until >= now + pause { return }
        self.state = .open(until: now + pause, pause: Self.firstPause)
    }

    /// The request was taken back before anything was known.
    mutating func abandoned(at now: ContinuousClock.Instant) {
        guard case .probing(_, let pause) = self.state else { return }
        self.state = .open(until: now, pause: pause)
    }

    /// When it may be asked again; nil when it may be asked now.
    func restsUntil(at now: ContinuousClock.Instant) -> ContinuousClock.Instant? {
        guard case .open(let until, _) = self.state, until > now else { return nil }
        return until
    }
}
