// SPDX-License-Identifier: Apache-2.0

import Shared

/// What the daemon answers to one call, one reply after the other.
struct ControlReplies<Reply: Codable & Sendable>: ~Copyable {
    private var connection: UnixStreamConnection

    /// - Parameter connection: on which the call has been sent.
    init(_ connection: consuming UnixStreamConnection) {
        self.connection = connection
    }

    /// To be watched together with others.
    var descriptor: CInt { self.connection.rawDescriptor }

    /// Waits for the next reply. After the last one there is none.
    mutating func next() throws(ControlError) -> (parameters: Reply, isLast: Bool) {
        let frame: [UInt8]
        do {
            frame = try self.connection.receiveFrame()
        } catch {
            throw .connection(error)
        }
        return try self.decode(frame)
    }

    /// Nil when the next reply has not come as a whole.
    mutating func nextIfReady() throws(ControlError) -> (parameters: Reply, isLast: Bool)? {
        let frame: [UInt8]?
        do {
            frame = try self.connection.receiveFrameIfReady()
        } catch {
            throw .connection(error)
        }
        guard let frame else { return nil }
        return try self.decode(frame)
    }

    private mutating func decode(_ frame: [UInt8]) throws(ControlError) -> (parameters: Reply, isLast: Bool) {
        // The daemon has shown that it answers. How long it takes until it has more to say is its own affair.
        self.connection.waitWithoutLimit()
        do {
            return try ControlReply.decodeOneOfSeveral(Reply.self, from: frame)
        } catch .connection(.malformedReply(_, let detail)) {
            throw .connection(.malformedReply(path: self.connection.path, detail: detail))
        }
    }
}
