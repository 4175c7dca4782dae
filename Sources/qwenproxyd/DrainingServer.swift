// SPDX-License-Identifier: Apache-2.0

import Configuration
import Control
import Logging
import Server
import ServiceLifecycle

/// Lets the requests that run finish, within the limit, when the daemon stops.
struct DrainingServer: Service {
    let server: HTTPServer
    let operations: DaemonOperations
    let succession: Succession
    let handOver: ControlHandOver
    let store: ConfigurationStore
    let logger: Logger

    func run() async throws {
        try? await gracefulShutdown()
        self.operations.drainingBegan()
        let limit = self.store.current.server.drainTimeout
        guard !self.succession.serviceEnds() else {
            await self.server.waitUntilEmpty(deadline: .now + limit)
            await self.handOver.waitForLastAnswer(within: .seconds(1))
            return
        }
        self.logger.info(
            "Draining",
            metadata: ["requests.active": "\(self.server.activeRequests)", "drain.limit": "\(limit)"])
        await self.server.quiesce(deadline: .now + limit)
    }
}
