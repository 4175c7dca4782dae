// SPDX-License-Identifier: Apache-2.0

import Logging
import NIOCore
import Shared

/// One client's conversation: calls come in, and their answers go out in the same order.
///
/// While an answer waits for a slow client, nothing more is read from it and only this connection's task waits.
struct ControlConnection: Sendable {
    let channel: any Channel
    private let lastingCalls: LastingCalls
    private let activity = IdleControlConnection.Activity()

    init(channel: any Channel, lastingCalls: LastingCalls) {
        self.channel = channel
        self.lastingCalls = lastingCalls
    }

    /// Runs on the channel's event loop.
    func limitIdleness(to limit: TimeAmount) throws {
        try self.channel.pipeline.syncOperations.addHandlers(
            IdleStateHandler(allTimeout: limit),
            IdleControlConnection(activity: self.activity),
        )
    }

    func serve(with responder: ControlResponder, limits: ControlLimits, logger: Logger) async {
        do {
            guard let channel = try await self.makeAsyncChannel() else { return }
            try await channel.executeThenClose { inbound, outbound in
                var decoder = VarlinkFrameDecoder(limit: limits.frameLength)
                for try await buffer in inbound {
                    decoder.receive(buffer.readableBytesView)
                    while let frame = try decoder.next() {
                        let answer = ControlAnswer(
                            channel: self.channel, call: try IncomingCall(frame: frame), responder: responder,
                            activity: self.activity)
                        guard answer.call.hasSeveralReplies else {
                            try await answer.send(to: outbound)
                            continue
                        }
                        guard self.lastingCalls.begin() else {
                            try await answer.send(.busy, to: outbound)
                            continue
                        }
                        defer { self.lastingCalls.end() }
                        try await answer.sendSeveral(
                            to: outbound, until: self.channel.closeFuture, waiting: limits.waitingReplies)
                    }
                }
            }
        } catch let error as VarlinkFramingError {
            logger.debug("A control client does not speak Varlink", metadata: ["error": "\(error)"])
        } catch is CancellationError {
            // The daemon stops; a client that still waits sees the connection close.
        } catch {
            // A client that went away before it had its answer. That is its right.
            logger.trace("A control connection broke", metadata: ["error": "\(error)"])
        }
    }

    /// Made by the task that uses it, never ahead: one that is dropped unused, because the service stops before it is
    /// served, ends the process.
    ///
    /// - Returns: nil when the client has gone already.
    private func makeAsyncChannel() async throws -> NIOAsyncChannel<ByteBuffer, ByteBuffer>? {
        let channel = self.channel
        return try await channel.eventLoop.submit {
            // On the event loop, so that the client cannot go between this question and the wrapping.
            guard channel.isActive else { return nil }
            // A small window: what a client sends ahead of our answers stays in the kernel, where it is bounded.
            let configuration = NIOAsyncChannel<ByteBuffer, ByteBuffer>.Configuration(
                backPressureStrategy: .init(lowWatermark: 1, highWatermark: 2),
            )
            let wrapped = try NIOAsyncChannel<ByteBuffer, ByteBuffer>(
                wrappingChannelSynchronously: channel, configuration: configuration)
            channel.setOption(.autoRead, value: true).whenFailure { _ in channel.close(promise: nil) }
            return wrapped
        }.get()
    }
}
