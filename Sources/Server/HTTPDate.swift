// SPDX-License-Identifier: Apache-2.0

import Glibc
import Shared

/// The text of a `Date` header (RFC 9110, section 5.6.7), made anew once a second. Confined to one event loop.
struct HTTPDate {
    private var second = Int.min
    private var text: [UInt8] = []

    /// The bytes for this second by the wall clock.
    mutating func now() -> [UInt8] {
        self.text(at: time(nil))
    }

    mutating func text(at second: Int) -> [UInt8] {
        if second != self.second {
            self.second = second
            self.text = Array(Timestamp(secondsSinceEpoch: Int64(second)).httpDate.utf8)
        }
        return self.text
    }
}
