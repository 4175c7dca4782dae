// SPDX-License-Identifier: Apache-2.0

import CLinux
import Glibc

/// Ctrl-C and the other signals that end or stop a program.
enum EndSignals {
    /// While `body` runs, they wait: what was begun is finished or taken back first. They take effect after it.
    static func held<Value: ~Copyable, Failure: Error>(_ body: () throws(Failure) -> Value) throws(Failure) -> Value {
        let wereHeld = qp_hold_end_signals(1) == 1
        // Only the outermost call lets them go, so that one within another does not end its protection.
        defer { if !wereHeld { _ = qp_hold_end_signals(0) } }
        return try body()
    }

    /// One of them waits.
    static var arePending: Bool { qp_pending_end_signal() != 0 }

    /// One of them waits that does not only stop the program for a while.
    static var isEndPending: Bool { ![0, SIGTSTP].contains(qp_pending_end_signal()) }
}
