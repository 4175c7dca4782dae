// SPDX-License-Identifier: Apache-2.0

import NIOCore

/// When a stream has been silent for too long. A write only notes the time: the timer finds out when it fires, so that a
/// stream costs one scheduled task per interval and none per chunk.
struct KeepAlive: Sendable, Equatable {
    enum Action: Sendable, Equatable {
        /// Break the silence, and look again then.
        case ping(next: NIODeadline)
        /// Something was written in the meantime.
        case wait(until: NIODeadline)
    }

    private let interval: TimeAmount
    private var lastWrite: NIODeadline

    init(interval: TimeAmount, openedAt now: NIODeadline) {
        self.interval = interval
        self.lastWrite = now
    }

    var due: NIODeadline { self.lastWrite + self.interval }

    mutating func written(at now: NIODeadline) {
        self.lastWrite = now
    }

    mutating func timerFired(at now: NIODeadline) -> Action {
        guard now >= self.due else { return .wait(until: self.due) }
        self.lastWrite = now
        return .ping(next: self.due)
    }
}
