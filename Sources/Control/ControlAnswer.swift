// SPDX-License-Identifier: Apache-2.0

import NIOCore
import Shared

/// One call on its way to its reply, or to its replies.
struct ControlAnswer: Sendable {
    typealias Writer = NIOAsyncChannelOutboundWriter<ByteBuffer>

    let channel: any Channel
    let call: IncomingCall
    let responder: ControlResponder
    let activity: IdleControlConnection.Activity

    func send(to outbound: Writer) async throws {
        self.activity.isCalling = true
        let reply = await self.responder.respond(to: self.call)
        self.activity.isCalling = false
        guard let reply else { return }
        let bytes = ByteBuffer(bytes: reply)
        do {
            try await outbound.write(bytes)
        } catch is CancellationError {
            // The call has ended the service, and with it this task: it was not written, and the caller still waits for
            // it. The connection is closed after it, on the same event loop.
            self.channel.writeAndFlush(bytes, promise: nil)
            throw CancellationError()
        }
    }

    /// Answers without making the call.
    func send(_ error: ControlError, to outbound: Writer) async throws {
        guard self.call.wantsReply else { return }
        try await outbound.write(ByteBuffer(bytes: IncomingCall.encode(error)))
    }

    /// The method reports without ever waiting, and this task writes at the client's pace: a client that does not read
    /// loses the oldest of what waits, and one that goes away ends the method.
    func sendSeveral(to outbound: Writer, until closed: EventLoopFuture<Void>, waiting limit: Int) async throws {
        let (reports, continuation) = AsyncStream.makeStream(
            of: ControlReply.self, bufferingPolicy: .bufferingNewest(limit))
        // A method that has nothing to report for minutes would not notice by a failed write.
        closed.whenComplete { _ in continuation.finish() }
        let last = try await withThrowingTaskGroup(of: [UInt8]?.self) { group in
            group.addTask {
                defer { continuation.finish() }
                return await self.responder.respond(to: self.call) { continuation.yield($0) }
            }
            self.activity.isCalling = true
            // While a write waits for the client, the connection is idle and closed in the end.
            defer { self.activity.isCalling = false }
            for await report in reports where self.call.wantsReply {
                self.activity.isCalling = false
                try await outbound.write(ByteBuffer(bytes: self.responder.encode(report, continues: true)))
                self.activity.isCalling = true
            }
            // The stream also ends when the client has gone: then the method must end, too.
            group.cancelAll()
            return try await group.next() ?? nil
        }
        guard let last else { return }
        try await outbound.write(ByteBuffer(bytes: last))
    }
}
