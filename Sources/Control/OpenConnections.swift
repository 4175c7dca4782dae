// SPDX-License-Identifier: Apache-2.0

import NIOCore
import Synchronization

/// The connections that are open, so that they can be counted, and closed when they will not be served any more.
///
/// A connection that was accepted just before the end is in no task's hands; it is only known here. One that another
/// event loop still sets up at the end comes after it, and is refused.
final class OpenConnections: Sendable {
    enum Refusal: Error, Equatable {
        case tooMany
        case closed
    }

    /// Nil after the end.
    private let channels = Mutex<[ObjectIdentifier: any Channel]?>([:])

    func insert(_ channel: any Channel, limit: Int) throws(Refusal) {
        let id = ObjectIdentifier(channel)
        try self.channels.withLock { channels throws(Refusal) in
            guard let count = channels?.count else { throw .closed }
            guard count < limit else { throw .tooMany }
            channels?[id] = channel
        }
        channel.closeFuture.whenComplete { _ in
            _ = self.channels.withLock { $0?.removeValue(forKey: id) }
        }
    }

    func closeAll() {
        let open = self.channels.withLock { channels in
            defer { channels = nil }
            return channels.map { Array($0.values) } ?? []
        }
        // Outside of the lock: the close future takes the lock to remove the channel.
        for channel in open {
            channel.close(promise: nil)
        }
    }
}
