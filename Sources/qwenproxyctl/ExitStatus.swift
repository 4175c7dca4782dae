// SPDX-License-Identifier: Apache-2.0

/// The exit statuses that scripts may rely on; 3 and 4 are systemctl's (and the LSB's).
enum ExitStatus: Int32 {
    /// The daemon runs, and refused the call.
    case refused = 1
    case notRunning = 3
    /// Whether a daemon runs could not be found out.
    case unknown = 4
}
