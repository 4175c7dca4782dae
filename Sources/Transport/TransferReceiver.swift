// SPDX-License-Identifier: Apache-2.0

/// What a receiver says after it was given bytes.
package enum TransferDemand: Sendable, Equatable {
    case more
    /// The bytes were taken, but no more are wanted until `Transfer.resume()`.
    case pause
    /// The answer is whole, whatever still comes: the transfer ends well after this round. What comes after it is read
    /// and thrown away, up to a limit of bytes and time, so that the connection can be used again.
    case enough
    /// The receiver wants none of it: the transfer ends as `.cancelled`, and its connection is closed.
    case stop
}

/// The consumer of one transfer. Every method is called on the curl thread, never two at a time, never under a lock,
/// in the order head, (body, flush)*, finished. After `finished` nothing is called any more.
package protocol TransferReceiver: AnyObject, Sendable {
    /// The final head. Interim heads (1xx) are not shown; a redirect is an answer like any other and is not followed.
    func headReceived(_ head: UpstreamResponseHead)
    /// The bytes are valid during the call only.
    func bodyReceived(_ bytes: UnsafeRawBufferPointer) -> TransferDemand
    /// Once after a round of the loop that brought bytes for this receiver: what was collected can go out now.
    func flush()
    func finished(_ result: Result<Void, UpstreamError>)
}

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
