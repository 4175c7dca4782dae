// SPDX-License-Identifier: Apache-2.0

import Shared

/// Spreads requests over time for an upstream with a limit of requests per minute. Pure: the time comes in.
///
/// Every request is given its moment at once, in the order of the calls, so that no request can be overtaken (the
/// generic cell rate algorithm).
struct TokenBucket: Sendable, Equatable {
    /// A place in the line.
    struct Ticket: Sendable, Equatable {
        fileprivate var before: SteadyInstant
        fileprivate var after: SteadyInstant
    }

    enum Turn: Sendable, Equatable {
        /// Wait for so long, then go.
        case after(Duration, Ticket)
        /// The line is longer than the caller's patience.
        case tooLong(Duration)
    }

    let interval: Duration
    /// How far ahead of the steady rate a burst may get.
    private let tolerance: Duration
    /// When the next request would come at the steady rate.
    private var next: SteadyInstant

    init(requestsPerMinute: Int, now: SteadyInstant) {
        self.interval = .seconds(60) / max(1, requestsPerMinute)
        // Upstreams measure shorter times than a minute as well: a burst is a tenth of what a minute allows.
        self.tolerance = self.interval * (max(1, requestsPerMinute / 10) - 1)
        self.next = now
    }

    mutating func take(at now: SteadyInstant, patience: Duration) -> Turn {
        // Time without requests is not saved up, beyond one burst.
        let due = max(self.next, now)
        let wait = max(.zero, due - self.tolerance - now)
        guard wait <= patience else { return .tooLong(wait) }
        let ticket = Ticket(before: self.next, after: due + self.interval)
        self.next = ticket.after
        return .after(wait, ticket)
    }

    /// The request will not be sent.
    mutating func giveBack(_ ticket: Ticket) {
        // Of a request that is not the last in line the moment is lost, which costs one request of the rate and never
        // exceeds it.
        guard self.next == ticket.after else { return }
        self.next = ticket.before
    }
}
