// SPDX-License-Identifier: Apache-2.0

import Shared

/// The value of a `Retry-After` header (RFC 9110, section 10.2.3): a number of seconds or a date.
enum RetryAfter {
    private static let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]

    /// Nil when the value is neither, or names the past.
    static func duration(_ value: String, now: Timestamp) -> Duration? {
        if let seconds = Double(value), seconds.isFinite, seconds >= 0, seconds < 31_536_000 {
            return .milliseconds(Int(seconds * 1000))
        }
        guard let date = Self.date(value), date > now else { return nil }
        return .seconds(date.secondsSinceEpoch - now.secondsSinceEpoch)
    }

    /// The one form that may be generated today: `Sun, 06 Nov 1994 08:49:37 GMT`.
    private static func date(_ value: String) -> Timestamp? {
        let parts = value.split(separator: " ")
        guard parts.count == 6, parts[5] == "GMT", let month = Self.months.firstIndex(of: String(parts[2])) else {
            return nil
        }
        return Timestamp("\(parts[3])-\(month < 9 ? "0" : "")\(month + 1)-\(parts[1])T\(parts[4])Z")
    }
}

extension UpstreamResponseHead {
    /// How long the upstream wants to be left alone, if it says so.
    package var retryAfter: Duration? {
        self.header("retry-after").flatMap { RetryAfter.duration($0, now: .now()) }
    }
}
