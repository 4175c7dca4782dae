// SPDX-License-Identifier: Apache-2.0

package import Logging
import Shared
import Synchronization

/// Which answered requests get their line in the log: so many in a minute, and one line with the number of the others.
package final class RequestLog: Sendable {
    let logger: Logger
    private let allowance = Mutex(RequestLogAllowance())
    /// Has an element for each minute in which a line was left out.
    private let overflows = AsyncStream<Void>.makeStream(bufferingPolicy: .bufferingNewest(1))
    private let minute: Duration

    package init(logger: Logger, minute: Duration = .seconds(60)) {
        self.logger = logger
        self.minute = minute
    }

    /// Whether an answered request is logged. Must be called once for each of them, when it ends.
    ///
    /// - Parameter limit: `log.requests_per_minute`; 0 for none at all. At `debug` each request is logged.
    func admits(limit: Int) -> Bool {
        guard self.logger.logLevel > .debug else { return true }
        guard limit > 0, self.logger.logLevel <= .info else { return false }
        switch self.allowance.withLock({ $0.take(at: .now, limit: limit, minute: self.minute) }) {
        case .write: return true
        case .omit: return false
        case .omitFirst:
            // Once for a burst: what comes later is told with it.
            self.overflows.continuation.yield()
            return false
        }
    }

    /// Tells what was left out, after each minute in which something was. Waits for a burst without waking up in between;
    /// returns when the task is cancelled, and tells of the last burst then.
    package func run() async throws {
        defer { self.tell() }
        for await _ in self.overflows.stream {
            try await Task.sleep(for: self.minute)
            self.tell()
        }
    }

    private func tell() {
        let omitted = self.allowance.withLock { $0.close() }
        guard omitted > 0 else { return }
        self.logger.notice(
            "Answered requests are missing from the log, because there were more than log.requests_per_minute allows",
            metadata: ["requests.omitted": "\(omitted)"])
    }
}

/// Counts the lines of a minute that begins with its first line. Pure: the time comes in.
struct RequestLogAllowance: Sendable, Equatable {
    enum Verdict: Sendable, Equatable {
        case write
        case omit
        /// The first that is left out since it was told how many were.
        case omitFirst
    }

    private var start: SteadyInstant?
    private var written = 0
    private var omitted = 0

    mutating func take(at now: SteadyInstant, limit: Int, minute: Duration) -> Verdict {
        if self.start.map({ now - $0 >= minute }) ?? true {
            self.start = now
            self.written = 0
        }
        if self.written < limit {
            self.written += 1
            return .write
        }
        self.omitted += 1
        return self.omitted == 1 ? .omitFirst : .omit
    }

    /// How many were left out since it was asked last.
    mutating func close() -> Int {
        defer { self.omitted = 0 }
        return self.omitted
    }
}
