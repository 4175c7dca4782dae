// SPDX-License-Identifier: Apache-2.0

import Glibc
import Shared

/// A moment as the user's clock shows it, with the name of its zone: journalctl beside us does the same.
enum LocalTime {
    /// 2027-01-31 12:00:00 CET
    static func text(_ moment: Timestamp) -> String { Self.text(moment, "%Y-%m-%d %H:%M:%S %Z") }

    /// 12:00:00
    static func clock(_ moment: Timestamp) -> String { Self.text(moment, "%H:%M:%S") }

    private static func text(_ moment: Timestamp, _ format: String) -> String {
        var seconds = time_t(moment.secondsSinceEpoch)
        var parts = unsafe tm()
        guard unsafe localtime_r(&seconds, &parts) != nil else { return moment.description }
        return unsafe withUnsafeTemporaryAllocation(of: CChar.self, capacity: 64) { buffer in
            guard let base = buffer.baseAddress, unsafe strftime(base, buffer.count, format, &parts) > 0 else {
                return moment.description
            }
            return unsafe String(cString: base)
        }
    }
}
