// SPDX-License-Identifier: Apache-2.0

import ServiceLifecycle

/// Ends the service group when `stop()` was called: `qwenproxyctl stop` does what SIGTERM does.
struct StopRequest: Service {
    private let requests: AsyncStream<Void>
    private let continuation: AsyncStream<Void>.Continuation

    init() { (self.requests, self.continuation) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1)) }

    func stop() { self.continuation.yield() }

    func run() async throws {
        for await _ in self.requests.cancelOnGracefulShutdown() { return }
    }
}
