// SPDX-License-Identifier: Apache-2.0

import Glibc
import Shared

/// The time in front of a line.
enum LogTime {
    static func now(for format: LogLineFormat) -> String {
        var time = timespec()
        unsafe clock_gettime(CLOCK_REALTIME, &time)
        let milliseconds = Self.padded(time.tv_nsec / 1_000_000, to: 3)
        switch format {
        case .journal:
            return ""
        case .terminal:
            var local = unsafe tm()
            unsafe localtime_r(&time.tv_sec, &local)
            let clock = [unsafe local.tm_hour, unsafe local.tm_min, unsafe local.tm_sec]
            return clock.map { Self.padded($0) }.joined(separator: ":") + ".\(milliseconds)"
        case .plain:
            let second = Timestamp(secondsSinceEpoch: Int64(time.tv_sec)).description
            return "\(second.dropLast()).\(milliseconds)Z"
        }
    }

    private static func padded(_ number: some BinaryInteger, to width: Int = 2) -> String {
        let digits = String(number)
        return String(repeating: "0", count: max(0, width - digits.count)) + digits
    }
}
