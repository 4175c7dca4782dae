// SPDX-License-Identifier: Apache-2.0

import CSystemd
package import Logging

/// Feeds systemd's watchdog for as long as every check answers.
///
/// A check that hangs stops the feeding by itself: the round never ends, and systemd kills us. It is named in the log
/// before that, so that the next reader knows what hung.
package struct Watchdog<Time: Clock>: Sendable where Time.Duration == Duration {
    /// How often systemd wants to hear from us at the least.
    let interval: Duration
    let checks: [WatchdogCheck]
    let clock: Time
    let logger: Logger
    let feed: @Sendable () -> Void

    /// Returns when the task is cancelled.
    package func run() async {
        // Half the interval is what sd_watchdog_enabled(3) recommends.
        let period = self.interval / 2
        while !Task.isCancelled {
            let next = self.clock.now.advanced(by: period)
            if await self.allAnswer(before: next) {
                self.feed()
            }
            do {
                try await self.clock.sleep(until: next, tolerance: nil)
            } catch {
                return
            }
        }
    }

    private enum Event: Sendable {
        case answered(WatchdogCheck)
        case failed(WatchdogCheck)
        case deadlinePassed
        case cancelled
    }

    /// Waits for the answers without a limit, and says in the log which ones are late.
    private func allAnswer(before deadline: Time.Instant) async -> Bool {
        await withTaskGroup(of: Event.self) { group in
            for check in self.checks {
                group.addTask { await self.ask(check) }
            }
            group.addTask {
                do {
                    try await self.clock.sleep(until: deadline, tolerance: nil)
                    return .deadlinePassed
                } catch {
                    return .cancelled
                }
            }
            var pending = Set(self.checks.map(\.name))
            var haveAllAnswered = true
            while !pending.isEmpty, let event = await group.next() {
                switch event {
                case .answered(let check):
                    pending.remove(check.name)
                case .failed(let check):
                    pending.remove(check.name)
                    haveAllAnswered = false
                case .deadlinePassed:
                    let late = pending.sorted().joined(separator: ",")
                    self.logger.error("The watchdog waits for an answer", metadata: ["watchdog.checks": "\(late)"])
                case .cancelled:
                    haveAllAnswered = false
                }
            }
            // Else the timer would keep the group waiting until its time is over.
            group.cancelAll()
            return haveAllAnswered
        }
    }

    private func ask(_ check: WatchdogCheck) async -> Event {
        do {
            try await check.answer()
            return .answered(check)
        } catch {
            self.logger.error(
                "A watchdog check failed", metadata: ["watchdog.check": "\(check.name)", "error": "\(error)"])
            return .failed(check)
        }
    }
}

extension Watchdog where Time == ContinuousClock {
    /// Nil when systemd does not watch this process.
    package init?(checks: [WatchdogCheck], notifier: ServiceNotifier, logger: Logger) {
        var microseconds: UInt64 = 0
        // 0 leaves the variables: the process that replaces this one reads them.
        guard unsafe sd_watchdog_enabled(0, &microseconds) > 0 else { return nil }
        self.init(
            interval: .microseconds(Int64(clamping: microseconds)),
            checks: checks,
            clock: ContinuousClock(),
            logger: logger,
            feed: { notifier.notify(.watchdog) },
        )
    }
}

/// A part of the daemon that must answer for the daemon to count as alive, like an event loop or the curl thread.
package struct WatchdogCheck: Sendable {
    let name: String
    /// Returns when the part has done something by itself; an answer from elsewhere proves nothing.
    let answer: @Sendable () async throws -> Void

    /// - Parameter answer: returns when the part has done something. The watchdog waits for it within limits.
    package init(name: String, answer: @escaping @Sendable () async throws -> Void) {
        self.name = name
        self.answer = answer
    }
}
