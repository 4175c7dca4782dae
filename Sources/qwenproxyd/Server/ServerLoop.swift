// SPDX-License-Identifier: Apache-2.0

import NIOCore

/// What the connections of one event loop share.
final class ServerLoop: Sendable {
    let eventLoop: any EventLoop
    let executor: EventLoopTaskExecutor
    let deliveries: ResponseDeliveries

    init(_ eventLoop: any EventLoop) {
        self.eventLoop = eventLoop
        self.executor = EventLoopTaskExecutor(eventLoop: eventLoop)
        self.deliveries = ResponseDeliveries(eventLoop: eventLoop)
    }
}
