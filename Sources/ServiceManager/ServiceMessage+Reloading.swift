// SPDX-License-Identifier: Apache-2.0

import Glibc

extension ServiceMessage {
    /// A reload that begins now.
    package static func reloadingNow() -> ServiceMessage {
        var time = timespec()
        unsafe clock_gettime(CLOCK_MONOTONIC, &time)
        return .reloading(monotonicMicroseconds: UInt64(time.tv_sec) * 1_000_000 + UInt64(time.tv_nsec) / 1000)
    }
}
