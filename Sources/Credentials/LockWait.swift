// SPDX-License-Identifier: Apache-2.0

/// How to wait for a lock that another program holds: the rules of `qwen`, which every program that shares its
/// credentials follows. A pure value.
struct LockWait: Sendable {
    enum Action: Sendable, Equatable {
        case wait(Duration)
        /// The program that held it is dead or stuck. Take it away and try again at once.
        case breakLock
        case giveUp
    }

    /// What the file system says about the lock that stands in the way.
    struct Sighting: Sendable, Equatable {
        /// Tells one lock from the next: inode and time of the last change.
        var identity: String
        /// By the wall clock; negative when the lock is from the future.
        var age: Duration
    }

    /// A holder that lives is done sooner, or touches its lock.
    static let staleAge: Duration = .seconds(10)
    static let firstPause: Duration = .milliseconds(100)
    static let longestPause: Duration = .seconds(2)
    static let attempts = 20

    private var attempt = 0
    private var pause = Self.firstPause
    private var first: (sighting: String, at: ContinuousClock.Instant)?

    /// The lock was taken. `sighting` is nil when it was gone a moment later.
    mutating func busy(_ sighting: Sighting?, at now: ContinuousClock.Instant) -> Action {
        self.attempt += 1
        guard self.attempt <= Self.attempts else { return .giveUp }
        guard let sighting else { return .wait(.zero) }
        // Another lock than before, or one that was touched: its holder lives, and the time counts anew.
        if self.first?.sighting != sighting.identity { self.first = (sighting.identity, now) }
        // After the clock was set back a dead lock can lie in the future for hours: what has not changed before our eyes
        // for as long is just as stale.
        let watched = self.first.map { $0.at.duration(to: now) } ?? .zero
        if sighting.age > Self.staleAge || watched > Self.staleAge { return .breakLock }
        defer { self.pause = min(self.pause * 3 / 2, Self.longestPause) }
        return .wait(self.pause)
    }
}
