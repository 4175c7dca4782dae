// SPDX-License-Identifier: Apache-2.0

import NIOCore
import Synchronization

/// Closes a connection on which nothing moves. A call that takes its time is not idleness, unless its answer is stuck
/// because the client does not read it.
final class IdleControlConnection: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    /// Set by the connection's task around each call, read here on the event loop.
    final class Activity: Sendable {
        private let isBusy = Atomic<Bool>(false)

        var isCalling: Bool {
            get { self.isBusy.load(ordering: .relaxed) }
            set { self.isBusy.store(newValue, ordering: .relaxed) }
        }
    }

    private let activity: Activity

    init(activity: Activity) {
        self.activity = activity
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        guard event is IdleStateHandler.IdleStateEvent else {
            context.fireUserInboundEventTriggered(event)
            return
        }
        guard !self.activity.isCalling else { return }
        context.close(promise: nil)
    }
}
