// SPDX-License-Identifier: Apache-2.0

import NIOCore

/// What the connections of one event loop share.
final class ServerLoop: Sendable {
    let executor: EventLoopTaskExecutor
    let deliveries: ResponseDeliveries

    var eventLoop: any EventLoop { self.deliveries.eventLoop }

    init(_ eventLoop: any EventLoop) {
        self.executor = EventLoopTaskExecutor(eventLoop: eventLoop)
        self.deliveries = ResponseDeliveries(eventLoop: eventLoop)
    }
}
