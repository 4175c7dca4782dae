// SPDX-License-Identifier: Apache-2.0

import NIOCore

/// For how long a connection takes further requests.
enum DrainPhase: Sendable, Equatable {
    case open
    /// Another process accepts the new connections. This one answers what comes on the old ones, says with each answer
    /// that it is the last, and closes those that stay idle. Goes to `stopping`.
    case retiring(idleGrace: Duration)
    /// Closes as soon as nothing is under way.
    case stopping

    var idleGrace: Duration? {
        if case .retiring(let grace) = self { grace } else { nil }
    }
}

/// Tells a connection that its time is over.
struct ConnectionCut: Sendable {}

/// Tells a connection that it is `DrainPhase.retiring` from now on.
struct ConnectionRetirement: Sendable {
    let idleGrace: Duration
}
