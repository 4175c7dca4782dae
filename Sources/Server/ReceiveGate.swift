// SPDX-License-Identifier: Apache-2.0

import NIOCore

/// Stands before the decoder and counts what the decoder keeps to itself. A client can make it collect a head, a chunk
/// extension or a trailer without end; and after a refusal, bytes are taken off the wire here and go nowhere.
final class ReceiveGate: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias InboundOut = ByteBuffer

    /// Too many bytes that make up nothing yet.
    struct Overflow: Error {}

    private enum Mode {
        /// To the decoder; with the number of bytes since it last gave something out.
        case passing(unparsed: Int)
        /// To nowhere; with the number of bytes that may still come before we close.
        case discarding(remaining: Int)
    }

    private let limit: Int
    private var mode = Mode.passing(unparsed: 0)

    init(limit: Int) {
        self.limit = limit
    }

    /// Whether the decoder holds the beginning of something.
    var holdsFragment: Bool {
        switch self.mode {
        case .passing(let unparsed): unparsed > 0
        case .discarding: false
        }
    }

    /// The decoder gave something out.
    func partDecoded() {
        if case .passing = self.mode { self.mode = .passing(unparsed: 0) }
    }

    func discard(upTo limit: Int) {
        self.mode = .discarding(remaining: limit)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let count = self.unwrapInboundIn(data).readableBytes
        switch self.mode {
        case .passing(let unparsed):
            self.mode = .passing(unparsed: unparsed + count)
            context.fireChannelRead(data)
            // What the decoder gave out of these bytes has set the count back by now.
            if case .passing(let left) = self.mode, left > self.limit {
                context.fireErrorCaught(Overflow())
            }
        case .discarding(let remaining):
            self.mode = .discarding(remaining: remaining - count)
            if remaining < count { context.close(promise: nil) }
        }
    }
}
