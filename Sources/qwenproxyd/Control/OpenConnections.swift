// SPDX-License-Identifier: Apache-2.0

import NIOCore
import Synchronization

/// The connections that are open, so that they can be counted, and closed when nobody will serve them any more.
///
/// A connection that was accepted just before the end is in no task's hands; it is only known here.
final class OpenConnections: Sendable {
    private let channels = Mutex<[ObjectIdentifier: any Channel]>([:])

    /// - Returns: false when there are as many as allowed.
    func insert(_ channel: any Channel, limit: Int) -> Bool {
        let id = ObjectIdentifier(channel)
        let isInserted = self.channels.withLock { channels in
            guard channels.count < limit else { return false }
            channels[id] = channel
            return true
        }
        guard isInserted else { return false }
        channel.closeFuture.whenComplete { _ in
            _ = self.channels.withLock { $0.removeValue(forKey: id) }
        }
        return true
    }

    func closeAll() {
        let open = self.channels.withLock { Array($0.values) }
        for channel in open {
            channel.close(promise: nil)
        }
    }
}
