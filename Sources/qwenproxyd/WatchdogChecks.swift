// SPDX-License-Identifier: Apache-2.0

import NIOCore
import NIOPosix
import ServiceManager
import Transport

extension WatchdogCheck {
    /// Every event loop runs something.
    static func eventLoops(of group: MultiThreadedEventLoopGroup) -> WatchdogCheck {
        WatchdogCheck(name: "event-loop") {
            for loop in group.makeIterator() { try await loop.submit {}.get() }
        }
    }

    /// The curl thread runs something.
    static func curlThread(of upstream: UpstreamClient) -> WatchdogCheck {
        WatchdogCheck(name: "curl-thread") {
            await withCheckedContinuation { continuation in
                upstream.ping { continuation.resume() }
            }
        }
    }
}
