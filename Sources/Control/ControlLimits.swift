// SPDX-License-Identifier: Apache-2.0

import NIOCore
import Shared

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
