// SPDX-License-Identifier: Apache-2.0

import NIOCore

/// One request being answered. Owned by its connection, confined to its event loop.
final class Exchange {
    let requestID: String
    let writer: ResponseWriter
    var framing: ResponseFraming
    var machine = ResponseStateMachine()
    /// The responder's task has come to its end.
    var hasReturned = false
    var task: Task<Void, Never>?
    var opening: StreamOpening?
    var keepAlive: KeepAlive?
    var keepAliveTimer: Scheduled<Void>?

    init(requestID: String, writer: ResponseWriter, framing: ResponseFraming) {
        self.requestID = requestID
        self.writer = writer
        self.framing = framing
    }
}

/// What a responder fixes when it declares that its answer is an event stream.
struct StreamOpening: Sendable {
    /// The first bytes of the stream, right after the head.
    var preamble: [UInt8]
    /// What breaks a silence of `interval`.
    var keepAlive: [UInt8]
    var interval: Duration
}
