// SPDX-License-Identifier: Apache-2.0

import NIOCore
import Shared
import Synchronization

/// What a peer on the control socket may cost us.
package struct ControlLimits: Sendable {
    var connections = 32
    var frameLength = VarlinkFrameDecoder.defaultLimit
    /// How many calls with several replies may run. They last, and the other connections are for the calls that do not.
    var lastingCalls = 16
    /// How many replies of one call may wait for a client that does not read; then the oldest are left out.
    var waitingReplies = 8
    /// A connection on which nothing moves for so long is closed, unless a call is running.
    var idle = TimeAmount.seconds(60)

    package init() {}
}

/// Counts the calls with several replies that run, on all connections, so that they never take the place of all others.
final class LastingCalls: Sendable {
    private let limit: Int
    private let running = Atomic<Int>(0)

    init(limit: Int) {
        self.limit = limit
    }

    /// - Returns: false when one more would be too many. Otherwise `end` has to follow.
    func begin() -> Bool {
        // Counted first and looked at afterwards: two that come at once cannot both take the last place.
        let (_, count) = self.running.add(1, ordering: .relaxed)
        guard count <= self.limit else {
            self.end()
            return false
        }
        return true
    }

    func end() {
        self.running.subtract(1, ordering: .relaxed)
    }
}
