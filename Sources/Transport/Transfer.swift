// SPDX-License-Identifier: Apache-2.0

/// The caller's grip on one transfer. It may be used from any thread, any number of times, and after the end.
package final class Transfer: Sendable {
    // Owned by the curl thread from the moment `.start` is posted; the creating thread does not touch it after that.
    nonisolated(unsafe) let active: ActiveTransfer
    private let mailbox: CurlMailbox

    init(active: sending ActiveTransfer, mailbox: CurlMailbox) {
        unsafe self.active = active
        self.mailbox = mailbox
    }

    /// Ends the transfer as `.cancelled`, unless it has ended. The connection to the upstream is closed, or its stream
    /// reset, before the receiver is told.
    func cancel() {
        self.mailbox.post(.cancel(self))
    }

    /// Lets a paused transfer go on. Without effect on one that is not paused.
    package func resume() {
        self.mailbox.post(.resume(self))
    }
}
