// SPDX-License-Identifier: Apache-2.0

import Glibc

/// A moment on the clock that never jumps and goes on while the machine sleeps (`CLOCK_BOOTTIME`), as
/// `ContinuousClock.Instant` is.
///
/// The layout of that one is known to the standard library only: whatever holds one is copied and destroyed by tables at run
/// time, and every request holds several.
package struct SteadyInstant: Sendable, Hashable, Comparable {
    /// Since the machine was started.
    package let nanoseconds: Int64

    private init(nanoseconds: Int64) {
        self.nanoseconds = nanoseconds
    }

    package static var now: SteadyInstant {
        var time = timespec()
        unsafe clock_gettime(CLOCK_BOOTTIME, &time)
        return SteadyInstant(nanoseconds: Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec))
    }

    package static func < (left: SteadyInstant, right: SteadyInstant) -> Bool {
        left.nanoseconds < right.nanoseconds
    }

    package static func - (left: SteadyInstant, right: SteadyInstant) -> Duration {
        .nanoseconds(left.nanoseconds.subtractingSaturated(right.nanoseconds))
    }

    package static func + (left: SteadyInstant, right: Duration) -> SteadyInstant {
        SteadyInstant(nanoseconds: left.nanoseconds.addingSaturated(right.wholeNanoseconds))
    }

    package static func - (left: SteadyInstant, right: Duration) -> SteadyInstant {
        SteadyInstant(nanoseconds: left.nanoseconds.subtractingSaturated(right.wholeNanoseconds))
    }

    /// Whole milliseconds since an earlier moment.
    package func milliseconds(since start: SteadyInstant) -> Int {
        Int(self.nanoseconds.subtractingSaturated(start.nanoseconds) / 1_000_000)
    }
}

extension Duration {
    /// Within the 292 years that 64 bits hold; what is beyond them counts as these.
    fileprivate var wholeNanoseconds: Int64 {
        // First, because the components of a duration of 300 thousand million years trap.
        if self >= .nanoseconds(Int64.max) { return .max }
        if self <= .nanoseconds(Int64.min) { return .min }
        let (seconds, attoseconds) = self.components
        return (seconds * 1_000_000_000).addingSaturated(attoseconds / 1_000_000_000)
    }
}

extension FixedWidthInteger {
    /// The sum, or the largest or smallest number where it would be beyond that.
    package func addingSaturated(_ other: Self) -> Self {
        let (sum, overflows) = self.addingReportingOverflow(other)
        return overflows ? (other > 0 ? .max : .min) : sum
    }

    /// The difference, or the largest or smallest number where it would be beyond that.
    package func subtractingSaturated(_ other: Self) -> Self {
        let (difference, overflows) = self.subtractingReportingOverflow(other)
        return overflows ? (other < 0 ? .max : .min) : difference
    }
}
