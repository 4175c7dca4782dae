// SPDX-License-Identifier: Apache-2.0

import Glibc
import NIOCore

/// The process at the other end of a Unix socket, as the kernel recorded it at `connect`.
///
/// It has the layout of `struct ucred`, which Glibc shows only to programs that define _GNU_SOURCE.
struct PeerCredentials: Sendable, Equatable {
    var processID: pid_t
    var userID: uid_t
    var groupID: gid_t

    static func of(_ channel: any Channel) -> EventLoopFuture<PeerCredentials> {
        guard let provider = channel as? any SocketOptionProvider else {
            return channel.eventLoop.makeFailedFuture(ChannelError.operationUnsupported)
        }
        return provider.unsafeGetSocketOption(level: .socket, name: NIOBSDSocket.Option(rawValue: SO_PEERCRED))
    }

    /// The file mode keeps others out already; this holds even when the mode is loosened.
    func mayControl(daemonOf owner: uid_t) -> Bool {
        // Root may read our memory anyway.
        self.userID == owner || self.userID == 0
    }
}
