// SPDX-License-Identifier: Apache-2.0

import Glibc

/// A moment on the monotonic clock, in the milliseconds in which libcurl and epoll count.
struct LoopTime: Comparable, Sendable {
    static let distantFuture = Self(milliseconds: .max)

    var milliseconds: Int64

    static func now() -> LoopTime {
        var time = timespec()
        unsafe clock_gettime(CLOCK_MONOTONIC, &time)
        return LoopTime(milliseconds: Int64(time.tv_sec) * 1_000 + Int64(time.tv_nsec) / 1_000_000)
    }

    static func < (left: LoopTime, right: LoopTime) -> Bool {
        left.milliseconds < right.milliseconds
    }

    func advanced(byMilliseconds milliseconds: Int64) -> LoopTime {
        let (sum, overflow) = self.milliseconds.addingReportingOverflow(milliseconds)
        return overflow ? .distantFuture : LoopTime(milliseconds: sum)
    }

    /// The `timeout` argument for a wait from `self` to `deadline`.
    func waitMilliseconds(until deadline: LoopTime) -> Int32 {
        if deadline == .distantFuture { return -1 }
        if deadline <= self { return 0 }
        // One more, so that the wait does not end early.
        return Int32(clamping: deadline.milliseconds - self.milliseconds + 1)
    }
}

extension Duration {
    /// In whole milliseconds, at least `minimum`, and never so large that libcurl or epoll could not take it.
    func clampedMilliseconds(minimum: Int64 = 1) -> Int64 {
        let (seconds, attoseconds) = self.components
        let whole = min(max(seconds, 0), Int64(Int32.max) / 1_000 - 1)
        return max(minimum, whole * 1_000 + (seconds < 0 ? 0 : attoseconds / 1_000_000_000_000_000))
    }
}
