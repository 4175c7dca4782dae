// SPDX-License-Identifier: Apache-2.0

import Shared

/// The value of a `Retry-After` header (RFC 9110, section 10.2.3): a number of seconds or a date.
enum RetryAfter {
    /// Nil when the value is neither, or names the past.
    static func duration(_ value: String, now: Timestamp) -> Duration? {
        // Some servers send fractions. More than a year is taken for a mistake, and would overflow further on.
        if let seconds = Double(value), seconds.isFinite, seconds >= 0, seconds < 31_536_000 {
            return .milliseconds(Int(seconds * 1000))
        }
        guard let date = Timestamp(httpDate: value), date > now else { return nil }
        return .seconds(date.secondsSinceEpoch - now.secondsSinceEpoch)
    }
}

extension UpstreamResponseHead {
    /// How long the upstream wants to be left alone, if it says so.
    package var retryAfter: Duration? {
        self.header("retry-after").flatMap { RetryAfter.duration($0, now: .now()) }
    }
}
