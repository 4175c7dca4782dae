// SPDX-License-Identifier: Apache-2.0

import ServiceLifecycle

/// Work that runs beside the requests until the stop has reached it, and then is cancelled.
struct BackgroundService: Service {
    private let work: @Sendable () async throws -> Void

    init(_ work: @escaping @Sendable () async throws -> Void) { self.work = work }

    func run() async throws {
        try await cancelWhenGracefulShutdown {
            do {
                try await self.work()
                // A part that has nothing to do must not end: the group would take that for a failure.
                try await gracefulShutdown()
            } catch is CancellationError {
                // The stop has come. An error here would make the group report a failure.
            }
        }
    }
}
