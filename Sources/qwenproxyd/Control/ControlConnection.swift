// SPDX-License-Identifier: Apache-2.0

import Logging
import NIOCore
import Shared

/// One client's conversation: calls come in, and their answers go out in the same order.
///
/// While an answer waits for a slow client, nothing more is read from it and only this connection's task waits.
struct ControlConnection: Sendable {
    let channel: NIOAsyncChannel<ByteBuffer, ByteBuffer>
    let activity: IdleControlConnection.Activity
    let peer: PeerCredentials

    func serve(with responder: ControlResponder, limits: ControlLimits, logger: Logger) async {
        do {
            try await self.channel.executeThenClose { inbound, outbound in
                var decoder = VarlinkFrameDecoder(limit: limits.frameLength)
                for try await buffer in inbound {
                    decoder.receive(buffer.readableBytesView)
                    while let frame = try decoder.next() {
                        self.activity.isCalling = true
                        let reply = try await responder.respond(to: frame)
                        self.activity.isCalling = false
                        guard let reply else { continue }
                        try await outbound.write(ByteBuffer(bytes: reply))
                    }
                }
            }
        } catch let error as VarlinkFramingError {
            logger.debug("A control client does not speak Varlink", metadata: ["error": "\(error)"])
        } catch is CancellationError {
            // The daemon stops; whoever still waits sees the connection close.
        } catch {
            // A client that went away before it had its answer. That is its right.
            logger.trace("A control connection broke", metadata: ["error": "\(error)"])
        }
    }
}
