// SPDX-License-Identifier: Apache-2.0

import Logging
import ServiceLifecycle

/// Lets the requests that run finish, within the limit, when the daemon stops.
struct DrainingServer: Service {
    let server: HTTPServer
    let operations: DaemonOperations
    let store: ConfigurationStore
    let logger: Logger

    func run() async throws {
        try? await gracefulShutdown()
        self.operations.drainingBegan()
        let limit = self.store.current.server.drainTimeout
        self.logger.info(
            "Draining",
            metadata: ["requests.active": "\(self.server.activeRequests)", "drain.limit": "\(limit)"])
        await self.server.quiesce(deadline: .now + limit)
    }
}
