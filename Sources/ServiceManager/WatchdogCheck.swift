// SPDX-License-Identifier: Apache-2.0

/// A part of the daemon that must answer for the daemon to count as alive, like an event loop or the curl thread.
package struct WatchdogCheck: Sendable {
    let name: String
    /// Returns when the part has done something by itself; an answer from elsewhere proves nothing.
    let answer: @Sendable () async throws -> Void

    /// - Parameter answer: returns when the part has done something. The watchdog waits for it within limits.
    package init(name: String, answer: @escaping @Sendable () async throws -> Void) {
        self.name = name
        self.answer = answer
    }
}
