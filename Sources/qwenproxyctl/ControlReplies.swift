// SPDX-License-Identifier: Apache-2.0

import Shared

/// What the daemon answers to one call, one reply after the other.
struct ControlReplies<Reply: Codable & Sendable>: ~Copyable {
    private var connection: UnixStreamConnection

    /// - Parameter connection: on which the call has been sent.
    init(_ connection: consuming UnixStreamConnection) {
        self.connection = connection
    }

    /// Waits for the next reply. After the last one there is none.
    mutating func next() throws(ControlError) -> (parameters: Reply, isLast: Bool) {
        let frame: [UInt8]
        do {
            frame = try self.connection.receiveFrame()
        } catch {
            throw .connection(error)
        }
        // The daemon has shown that it answers. How long it takes until it has more to say is its own affair.
        self.connection.waitWithoutLimit()
        do {
            return try ControlReply.decodeOneOfSeveral(Reply.self, from: frame)
        } catch .connection(.malformedReply(_, let detail)) {
            throw .connection(.malformedReply(path: self.connection.path, detail: detail))
        }
    }
}
