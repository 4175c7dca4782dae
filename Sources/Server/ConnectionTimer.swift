// SPDX-License-Identifier: Apache-2.0

import NIOCore

/// When a connection has waited for too long. The deadline moves with every read and every request, the scheduled task
/// only when it would come too late; when it fires too early it goes back to sleep.
struct ConnectionTimer: Sendable {
    enum Outcome: Sendable, Equatable {
        case expired
        case wait(until: NIODeadline)
        /// Nothing is expected at the moment.
        case sleep
    }

    private var deadline: NIODeadline?
    private var scheduled: NIODeadline?

    /// Returns when to schedule the task, if there is none that fires early enough.
    mutating func expect(by deadline: NIODeadline?) -> NIODeadline? {
        self.deadline = deadline
        guard let deadline, self.scheduled.map({ deadline < $0 }) ?? true else { return nil }
        self.scheduled = deadline
        return deadline
    }

    mutating func fired(at now: NIODeadline) -> Outcome {
        self.scheduled = nil
        guard let deadline = self.deadline else { return .sleep }
        guard now < deadline else { return .expired }
        self.scheduled = deadline
        return .wait(until: deadline)
    }
}
