// SPDX-License-Identifier: Apache-2.0

import NIOCore
import Shared
import Synchronization

/// The way for another process to take the control socket over while the service runs: its descriptor, its listener, and
/// the file's owner.
package final class ControlHandOver: Sendable {
    private struct State {
        var listener: (any Channel)?
        var isHandedOver = false
    }

    /// The file goes with the socket, unless systemd made both.
    package let ownsFile: Bool
    /// Of our own, because the listener's belongs to its channel.
    private let descriptor: OwnedDescriptor
    private let state = Mutex(State())
    private let served: AsyncStream<Never>
    private let servedEnd: AsyncStream<Never>.Continuation

    /// Copies the listening descriptor of `socket`.
    package init(of socket: borrowing ControlSocket) {
        (self.served, self.servedEnd) = AsyncStream.makeStream()
        self.ownsFile = !socket.isInherited
        // Without a copy (EMFILE) there is nothing to hand over, which `duplicate` will say.
        self.descriptor = OwnedDescriptor.copy(of: socket.descriptor.rawValue) ?? OwnedDescriptor(-1)
    }

    var isHandedOver: Bool { self.state.withLock { $0.isHandedOver } }

    /// For the other process; the caller closes it.
    package func duplicate() -> CInt? {
        OwnedDescriptor.copy(of: self.descriptor.rawValue)?.release()
    }

    func listens(on channel: any Channel) { self.state.withLock { $0.listener = channel } }

    /// No connection is accepted when this returns; those that are open are served to their end. The file stays.
    package func handOver() async {
        let listener = self.state.withLock { state in
            state.isHandedOver = true
            return state.listener
        }
        // One that is closed already accepts nothing either.
        try? await listener?.close()
    }

    func lastAnswerSent() { self.servedEnd.finish() }

    /// The client that asked for the hand-over shall read that it was done. A client that stays does not hold us up.
    package func waitForLastAnswer(within limit: Duration) async {
        await withTimeLimit(limit) { for await _ in self.served {} }
    }
}
