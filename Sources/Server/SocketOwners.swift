// SPDX-License-Identifier: Apache-2.0

import CLinux
import Glibc
import NIOCore
import Shared
import Synchronization

/// Finds the user of the process at the other end of a connection over the loopback interface. The kernel knows it, and answers
/// in some microseconds.
final class SocketOwners: Sendable {
    private struct State {
        var sequence: UInt32 = 1
        /// Of the users who were asked for.
        var groups: [UInt32: Set<UInt32>] = [:]
    }

    private let diagnostics: OwnedDescriptor
    // The questions take turns: each has its answer before the next.
    private let state = Mutex(State())

    /// Nil where the kernel, or what confines this process, does not tell.
    init?() {
        let descriptor = qp_open_socket_diagnostics()
        guard descriptor >= 0 else { return nil }
        self.diagnostics = OwnedDescriptor(descriptor)
    }

    /// The user whose process holds the other end of `channel`, or nil when none does any more.
    ///
    /// It must be asked right after the accept.
    func owner(ofPeerOf channel: any Channel) -> UInt32? {
        guard let own = channel.localAddress, let peer = channel.remoteAddress else { return nil }
        return unsafe peer.withSockAddr { peer, _ in
            unsafe own.withSockAddr { own, _ in
                self.state.withLock { state in
                    // An answer that comes late to an earlier question has another number.
                    state.sequence &+= 1
                    var user: UInt32 = 0
                    let outcome = unsafe qp_tcp_owner(self.diagnostics.rawValue, peer, own, state.sequence, &user)
                    // A client that has closed its end has no owner.
                    return outcome == 1 ? user : nil
                }
            }
        }
    }

    /// The groups of `user`, by the system's lists.
    func groups(of user: UInt32) -> Set<UInt32> {
        // The look-up reads files or asks a directory service, so it is made once for each user; a change of groups
        // counts after a restart.
        if let known = self.state.withLock({ $0.groups[user] }) { return known }
        // Outside of the lock: a directory service may take its time.
        let groups = SystemUsers.groups(of: user)
        self.state.withLock { $0.groups[user] = groups }
        return groups
    }
}
