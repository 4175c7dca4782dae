// SPDX-License-Identifier: Apache-2.0

import Glibc

/// What a service tells systemd, in the words of sd_notify(3).
package enum ServiceMessage: Sendable, Equatable {
    /// Requests are served now.
    case ready(status: String)
    case status(String)
    /// A reload began at this moment of CLOCK_MONOTONIC; `ready` ends it.
    case reloading(monotonicMicroseconds: UInt64)
    case stopping(status: String)
    /// An orderly stop takes longer, and this much more time is needed from now on.
    case extendTimeout(microseconds: UInt64)
    case watchdog
    case mainProcess(Int32)

    var text: String {
        switch self {
        case .ready(let status): "READY=1\nSTATUS=\(Self.line(status))"
        case .status(let status): "STATUS=\(Self.line(status))"
        case .reloading(let moment): "RELOADING=1\nMONOTONIC_USEC=\(moment)"
        case .stopping(let status): "STOPPING=1\nSTATUS=\(Self.line(status))"
        case .extendTimeout(let duration): "EXTEND_TIMEOUT_USEC=\(duration)"
        case .watchdog: "WATCHDOG=1"
        case .mainProcess(let processID): "MAINPID=\(processID)"
        }
    }

    /// The status without control characters.
    private static func line(_ status: String) -> String {
        // A line break would begin another assignment, and a NUL would end the message.
        String(String.UnicodeScalarView(status.unicodeScalars.map { $0.value < 0x20 ? " " : $0 }))
    }
}

extension ServiceMessage {
    /// A reload that begins now.
    package static func reloadingNow() -> ServiceMessage {
        var time = timespec()
        // With Type=notify-reload systemd needs the moment to tell this reload from an earlier one (sd_notify(3)).
        unsafe clock_gettime(CLOCK_MONOTONIC, &time)
        return .reloading(monotonicMicroseconds: UInt64(time.tv_sec) * 1_000_000 + UInt64(time.tv_nsec) / 1000)
    }
}
