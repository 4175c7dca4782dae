// SPDX-License-Identifier: Apache-2.0

import Glibc
package import Logging
package import NIOCore
import Shared

/// Lets a listener rest where no descriptor or no memory is left for the connection that waits: the next try would fail
/// like the last one, and the event loop would do nothing else.
///
/// NIO's `AcceptBackoffHandler` puts off only the next `read`. After a failure no `read` is due, because the last one
/// accepted nothing, and the listener goes on at once.
package final class AcceptRest: ChannelInboundHandler {
    package typealias InboundIn = any Channel

    static let duration = TimeAmount.seconds(1)

    private let message: Logger.Message
    private let logger: Logger

    /// - Parameter message: what is logged for each try that failed. At `debug`, because there can be one a second.
    package init(message: Logger.Message, logger: Logger) {
        self.message = message
        self.logger = logger
    }

    package func errorCaught(context: ChannelHandlerContext, error: any Error) {
        guard let failure = error as? IOError else {
            context.fireErrorCaught(error)
            return
        }
        switch failure.errnoCode {
        case EMFILE, ENFILE, ENOBUFS, ENOMEM:
            self.logger.debug(self.message, metadata: ["error": "\(SystemError.text(failure.errnoCode))"])
            self.rest(context.channel)
        // The client went away before it was accepted, and with it its place in the queue.
        case ECONNABORTED: break
        default: context.fireErrorCaught(error)
        }
    }

    private func rest(_ listener: any Channel) {
        Self.setAutoRead(false, of: listener)
        listener.eventLoop.scheduleTask(in: Self.duration) { Self.setAutoRead(true, of: listener) }
    }

    /// On the event loop of the listener. One that was closed has nothing more to accept.
    private static func setAutoRead(_ value: Bool, of listener: any Channel) {
        try? listener.syncOptions?.setOption(.autoRead, value: value)
    }
}
